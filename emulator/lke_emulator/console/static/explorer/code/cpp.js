import { declared, folder, quoted, upper } from "./literal.js";
import { isScalar, membersOf } from "../shape.js";

export const install = () => "vcpkg install tencentcloud-sdk-cpp";
export const cannotStream = true;

const TYPES = { string: "std::string", int64: "int64_t", uint64: "uint64_t", float: "double", bool: "bool" };
// A universal character name may not be one of a control character.
const text = (given) => quoted(given).replace(/\\u00([01789][0-9a-f])/g, (_, code) => `\\${Number.parseInt(code, 16).toString(8).padStart(3, "0")}`);

function scalar(type, given) {
  if (type === "string") return text(String(given));
  return type === "uint64" ? `${given}ULL` : type === "int64" ? `${given}LL` : String(given);
}

const values = {
  reserved: new Set(["default", "class", "switch", "enum", "operator", "namespace", "public", "template", "union", "register", "client", "profile", "credential", "http", "request", "outcome"]),
  scalar,
  scalars: (type, given) => `std::vector<${TYPES[type]}>{${given.map((item) => scalar(type, item)).join(", ")}}`,
  list: (type, names) => `std::vector<Model::${type}>{${names.join(", ")}}`,
  create: (own, type) => `Model::${type} ${own};`,
  set: (own, member, given) => `${own}.Set${member.name}(${given});`,
};

function headers(call) {
  // The header of every shape that is used is a file of its own.
  const found = new Set();
  const look = (name, value) => {
    found.add(name);
    for (const member of membersOf(call.action, name)) {
      const given = value?.[member.name];
      if (!isScalar(member) && given) for (const item of member.many ? given : [given]) look(member.type, item);
    }
  };
  look(call.action.request, call.params);
  return [...found, call.action.response];
}

export function code(call) {
  const { action, params, region } = call;
  const product = upper(action.product);
  const version = folder(action.version);
  const base = `tencentcloud/${action.product}/${version}`;
  return `#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include <tencentcloud/core/Credential.h>
#include <tencentcloud/core/TencentCloud.h>
#include <tencentcloud/core/profile/ClientProfile.h>
#include <tencentcloud/core/profile/HttpProfile.h>
#include <${base}/${product}Client.h>
${headers(call).map((name) => `#include <${base}/model/${name}.h>`).join("\n")}

using namespace TencentCloud;
using namespace TencentCloud::${product}::${version.toUpperCase()};

int main() {
    InitAPI();
    Credential credential(std::getenv("TENCENTCLOUD_SECRET_ID"), std::getenv("TENCENTCLOUD_SECRET_KEY"));
    HttpProfile http;
    http.SetProtocol(HttpProfile::Scheme::${call.secure ? "HTTPS" : "HTTP"});
    http.SetEndpoint(${text(call.host)});
    ClientProfile profile;
    profile.SetHttpProfile(http);
    ${product}Client client(credential, ${text(region)}, profile);

${declared(call, values, action.request, params, "request").map((line) => `    ${line}`).join("\n")}
    auto outcome = client.${action.action}(request);
    if (outcome.IsSuccess()) {
        std::cout << outcome.GetResult().ToJsonString() << std::endl;
    } else {
        std::cerr << outcome.GetError().PrintAll() << std::endl;
    }
    ShutdownAPI();
}
`;
}
