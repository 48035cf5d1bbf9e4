import { folder, indent, quoted } from "./literal.js";
import { isObject } from "../shape.js";

export const styles = ["product", "common"];
export const install = () => "npm install tencentcloud-sdk-nodejs";

export function literal(value) {
  // As a person writes it: names without quotes, short lists on one line.
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return value.some(isObject) ? `[\n${value.map((item) => `${indent(literal(item), "  ")},\n`).join("")}]` : `[${value.map(literal).join(", ")}]`;
  if (!isObject(value)) return String(value);
  const lines = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined).map(([name, inner]) => `${indent(`${/^[A-Za-z_]\w*$/.test(name) ? name : quoted(name)}: ${literal(inner)}`, "  ")},\n`);
  return lines.length ? `{\n${lines.join("")}}` : "{}";
}

export function code(call) {
  const { action, params, region } = call;
  const answer = call.streams ? "for await (const event of answer) console.log(event.data);" : "console.log(JSON.stringify(answer));";
  const common = call.style === "common";
  const [name, module] = common ? ["CommonClient", "common"] : [action.product, `services/${action.product}`];
  const made = common ? `CommonClient("${action.product}.tencentcloudapi.com", "${action.version}", ` : `${action.product}.${folder(action.version)}.Client(`;
  const called = common ? `request("${action.action}", ` : `${action.action}(`;
  return `const { ${name} } = require("tencentcloud-sdk-nodejs/tencentcloud/${module}");

const client = new ${made}{
  credential: {
    secretId: process.env.TENCENTCLOUD_SECRET_ID,
    secretKey: process.env.TENCENTCLOUD_SECRET_KEY,
  },
  region: ${quoted(region)},
  profile: { httpProfile: { protocol: "${call.secure ? "https" : "http"}://", endpoint: ${quoted(call.host)} } },
});

async function main() {
  const answer = await client.${called}${indent(literal(params), "  ").trimStart()});
  ${answer}
}

main().catch((error) => {
  console.error(error.code, error.message, error.requestId);
  process.exitCode = 1;
});
`;
}
