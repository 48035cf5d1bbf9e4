// One action called through the official SDK: one argument, one answer.

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.tencentcloudapi.common.CommonClient;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;

class Calls {
    public static void main(String[] arguments) throws Exception {
        JsonObject asked = JsonParser.parseString(arguments[0]).getAsJsonObject();
        HttpProfile http = new HttpProfile();
        http.setProtocol(HttpProfile.REQ_HTTP);
        http.setEndpoint(asked.get("Host").getAsString());
        ClientProfile local = new ClientProfile();
        local.setHttpProfile(http);
        Credential credential = new Credential(asked.get("SecretId").getAsString(), asked.get("SecretKey").getAsString());
        String version = asked.get("Version").getAsString();
        CommonClient client = new CommonClient(asked.get("Service").getAsString(), version, credential, asked.get("Region").getAsString(), local);
        System.out.println(client.call(asked.get("Action").getAsString(), asked.get("Params").toString()));
    }
}
