import { declared, folder, quoted, upper } from "./literal.js";
import { write } from "../json.js";

export const styles = ["product", "common"];
export const install = () => "com.tencentcloudapi:tencentcloud-sdk-java:3.1.1436";

const LONG = 2n ** 63n - 1n;
const TYPES = { string: "String", int64: "Long", uint64: "Long", float: "Float", bool: "Boolean" };

function scalar(type, given) {
  if (type === "string") return quoted(String(given));
  if (type === "bool") return given ? "true" : "false";
  if (type === "float") return `${given}F`;
  return given > LONG ? `Long.parseUnsignedLong("${given}")` : `${given}L`;
}

const values = {
  reserved: new Set(["default", "class", "switch", "enum", "final", "import", "package", "public", "client", "profile", "credential", "http", "request", "response"]),
  scalar,
  scalars: (type, given) => `new ${TYPES[type]}[] {${given.map((item) => scalar(type, item)).join(", ")}}`,
  list: (type, names) => `new ${type}[] {${names.join(", ")}}`,
  create: (own, type) => `${type} ${own} = new ${type}();`,
  set: (own, member, text) => `${own}.set${member.name}(${text});`,
};

export function code(call) {
  const { action, params, region } = call;
  const [client, models] = [`${upper(action.product)}Client`, `com.tencentcloudapi.${action.product}.${folder(action.version)}`];
  const common = call.style === "common";
  const imports = common ? ["com.tencentcloudapi.common.CommonClient"] : [`${models}.${client}`, `${models}.models.*`];
  const answered = `${action.action}Response`;
  const lines = common
    ? [
        `CommonClient client = new CommonClient(${quoted(action.product)}, ${quoted(action.version)}, credential, ${quoted(region)}, profile);`,
        `System.out.println(client.call(${quoted(action.action)}, ${quoted(write(params))}));`,
      ]
    : [
        `${client} client = new ${client}(credential, ${quoted(region)}, profile);`,
        "",
        ...declared(call, values, action.request, params, "request"),
        ...(call.streams
          ? [
              `${answered} response = client.${action.action}(request);`,
              "for (SSEResponseModel.SSE event : response) {",
              "    System.out.println(event.Data);",
              "}",
              "response.close();",
            ]
          : [`System.out.println(${answered}.toJsonString(client.${action.action}(request)));`]),
      ];
  if (call.streams && !common) imports.unshift("com.tencentcloudapi.common.SSEResponseModel");
  return `import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
${imports.map((one) => `import ${one};`).join("\n")}

public class Main {
    public static void main(String[] arguments) throws Exception {
        Credential credential = new Credential(System.getenv("TENCENTCLOUD_SECRET_ID"), System.getenv("TENCENTCLOUD_SECRET_KEY"));
        HttpProfile http = new HttpProfile();
        http.setProtocol(HttpProfile.${call.secure ? "REQ_HTTPS" : "REQ_HTTP"});
        http.setEndpoint(${quoted(call.host)});
        ClientProfile profile = new ClientProfile();
        profile.setHttpProfile(http);
${lines.map((line) => (line ? `        ${line}` : "")).join("\n")}
    }
}
`;
}
