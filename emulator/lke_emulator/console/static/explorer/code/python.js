import { declared, folder, quoted, upper } from "./literal.js";

export const install = ({ action }) => `pip install tencentcloud-sdk-python-${action.product}`;

export const scalar = (type, given) => (type === "bool" ? (given ? "True" : "False") : type === "string" ? quoted(String(given)) : String(given));

export const values = {
  reserved: new Set(["from", "is", "in", "models", "client", "profile", "credential", "request"]),
  scalar,
  scalars: (type, given) => `[${given.map((item) => scalar(type, item)).join(", ")}]`,
  list: (_, names) => `[${names.join(", ")}]`,
  create: (own, type) => `${own} = models.${type}()`,
  set: (own, member, text) => `${own}.${member.name} = ${text}`,
};

export function code(call) {
  const { action, params, region } = call;
  const module = `tencentcloud.${action.product}.${folder(action.version)}`;
  const called = `client.${action.action}(request)`;
  const answer = call.streams ? `for event in ${called}:\n    print(event["data"])` : `print(${called}.to_json_string())`;
  return `import os

from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from ${module} import ${action.product}_client, models

credential = Credential(os.environ["TENCENTCLOUD_SECRET_ID"], os.environ["TENCENTCLOUD_SECRET_KEY"])
profile = ClientProfile(httpProfile=HttpProfile(protocol="${call.secure ? "https" : "http"}", endpoint=${quoted(call.host)}))
client = ${action.product}_client.${upper(action.product)}Client(credential, ${quoted(region)}, profile)

${declared(call, values, action.request, params, "request").join("\n")}
${answer}
`;
}
