// Questions asked over sockets with socket.io-client, one after the other: of each the events, and why it ended.

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
    public static void main(String[] arguments) throws Exception {
        JSONObject given = new JSONObject(arguments[0]);
        JSONArray asked = given.getJSONArray("asked");
        JSONArray answers = new JSONArray();
        for (int place = 0; place < asked.length(); place++) {
            answers.put(answer(URI.create(given.getString("url")), asked.getJSONObject(place)));
        }
        System.out.println(answers);
        System.exit(0);
    }

    static JSONObject answer(URI url, JSONObject asked) throws Exception {
        LinkedBlockingQueue<String> ends = new LinkedBlockingQueue<>();
        JSONArray events = new JSONArray();
        IO.Options options = new IO.Options();
        options.path = asked.getString("path");
        options.auth = Map.of("token", asked.getString("token"));
        options.reconnection = false;
        options.forceNew = true;
        JSONArray transports = asked.getJSONArray("transports");
        options.transports = new String[transports.length()];
        for (int place = 0; place < transports.length(); place++) {
            options.transports[place] = transports.getString(place);
        }
        Socket socket = IO.socket(url, options);
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
        socket.close();
        return new JSONObject().put("events", events).put("why", why == null ? "timeout" : why);
    }
}
