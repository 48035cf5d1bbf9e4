import { folder, indent, single, upper } from "./literal.js";
import { isObject } from "../shape.js";

export const install = ({ action }) => `gem install tencentcloud-sdk-common tencentcloud-sdk-${action.product}`;
export const cannotStream = true;

const text = (given) => single(given, (sign) => (sign === "#" ? "\\#" : sign));
const lines = (texts, open, close) => (texts.length ? `${open}\n${texts.map((one) => `${indent(one, "  ")},\n`).join("")}${close}` : open + close);

function literal(value) {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return value.some(isObject) ? lines(value.map(literal), "[", "]") : `[${value.map(literal).join(", ")}]`;
  if (!isObject(value)) return String(value);
  const given = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return lines(given.map(([name, inner]) => `${text(name)} => ${literal(inner)}`), "{", "}");
}

export function code(call) {
  const { action, params, region } = call;
  const product = upper(action.product);
  const space = `TencentCloud::${product}::${folder(action.version).toUpperCase()}`;
  // The SDK takes an endpoint with a port for a host's name, so that the emulator is its proxy.
  const local = call.secure ? "" : `ENV['http_proxy'] = ${text(`http://${call.host}`)}\n`;
  return `require 'json'
require 'tencentcloud-sdk-common'
require 'tencentcloud-sdk-${action.product}'

${local}credential = TencentCloud::Common::Credential.new(ENV.fetch('TENCENTCLOUD_SECRET_ID'), ENV.fetch('TENCENTCLOUD_SECRET_KEY'))
profile = TencentCloud::Common::ClientProfile.new
profile.http_profile = TencentCloud::Common::HttpProfile.new
profile.http_profile.scheme = '${call.secure ? "https" : "http"}'
profile.http_profile.endpoint = '${action.product}.tencentcloudapi.com'
client = ${space}::Client.new(credential, ${text(region)}, profile)

request = ${space}::${action.action}Request.new
request.deserialize(${literal(params)})
puts JSON.generate(client.${action.action}(request).serialize)
`;
}
