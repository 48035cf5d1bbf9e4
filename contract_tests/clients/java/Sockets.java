// A question asked over a socket with socket.io-client: one argument, one answer (the events, and why it ended).

import io.socket.client.IO;
import io.socket.client.Manager;
import io.socket.client.Socket;
import io.socket.engineio.client.Transport;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.json.JSONArray;
import org.json.JSONObject;

class Sockets {
    static final LinkedBlockingQueue<String> ends = new LinkedBlockingQueue<>();
    static final JSONArray events = new JSONArray();

    public static void main(String[] arguments) throws Exception {
        JSONObject asked = new JSONObject(arguments[0]);
        IO.Options options = new IO.Options();
        options.path = asked.getString("path");
        options.auth = Map.of("token", asked.getString("token"));
        options.reconnection = false;
        JSONArray transports = asked.getJSONArray("transports");
        options.transports = new String[transports.length()];
        for (int place = 0; place < transports.length(); place++) {
            options.transports[place] = transports.getString(place);
        }
        Socket socket = IO.socket(URI.create(asked.getString("url")), options);
        socket.on(Socket.EVENT_CONNECT, told -> {
            if (!asked.optString("name").isEmpty()) {
                socket.emit(asked.optString("name"), asked.optJSONObject("question"));
            }
        });
        socket.on(Socket.EVENT_CONNECT_ERROR, told -> ends.add("connect_error " + told[0]));
        socket.on(Socket.EVENT_DISCONNECT, told -> ends.add("disconnect " + told[0]));
        String[] transport = {""};
        socket.io().on(Manager.EVENT_TRANSPORT, told -> transport[0] = ((Transport) told[0]).name);
        socket.onAnyIncoming(told -> {
            String name = (String) told[0];
            JSONObject data = (JSONObject) told[1];
            events.put(new JSONArray().put(name).put(data));
            JSONObject payload = data.optJSONObject("payload");
            boolean counted = name.equals("token_stat") && payload.optString("status_summary").equals("success");
            if (counted || name.equals("response.completed")) {
                ends.add(transport[0]);
            }
        });
        socket.connect();
        String why = ends.poll(20, TimeUnit.SECONDS);
        System.out.println(new JSONObject().put("events", events).put("why", why == null ? "timeout" : why));
        System.exit(0);
    }
}
