// The languages in which a call can be written, in the order in which they are offered.
import * as cpp from "./cpp.js";
import * as curl from "./curl.js";
import * as dotnet from "./dotnet.js";
import * as go from "./go.js";
import * as java from "./java.js";
import * as node from "./node.js";
import * as php from "./php.js";
import * as pytest from "./pytest.js";
import * as python from "./python.js";
import * as ruby from "./ruby.js";
import * as tccli from "./tccli.js";

export const LANGUAGES = { python, java, node, go, php, dotnet, cpp, ruby, tccli, curl, pytest };

const STREAMED = ["lkeap.ReconstructDocumentSSE"];

export function streams(action, params) {
  return STREAMED.includes(`${action.product}.${action.action}`) || (action.action === "ChatCompletions" && params.Stream === true);
}

export function written(name, { action, params, region, host, cloud = false, style }) {
  // The text of a program that makes the call: of the emulator at `host`, or of the cloud's endpoint.
  const language = LANGUAGES[name];
  const streaming = streams(action, params);
  const asked = streaming && language.cannotStream && "Stream" in params ? { ...params, Stream: false } : params;
  return language.code({
    action,
    region,
    params: asked,
    style: style ?? language.styles?.[0],
    host: cloud && !language.localOnly ? `${action.product}.tencentcloudapi.com` : host,
    secure: cloud && !language.localOnly,
    streams: streaming && !language.cannotStream,
  });
}
