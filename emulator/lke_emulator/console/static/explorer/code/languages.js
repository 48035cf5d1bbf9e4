// The languages in which a call can be written, in the order in which they are offered; each file comes when it is chosen.
export const LANGUAGES = {
  python: { title: "Python", load: () => import("./python.js") },
  java: { title: "Java", load: () => import("./java.js") },
  node: { title: "Node.js", load: () => import("./node.js") },
  go: { title: "Go", load: () => import("./go.js") },
  php: { title: "PHP", load: () => import("./php.js") },
  dotnet: { title: ".NET", load: () => import("./dotnet.js") },
  cpp: { title: "C++", load: () => import("./cpp.js") },
  ruby: { title: "Ruby", load: () => import("./ruby.js") },
  tccli: { title: "tccli", load: () => import("./tccli.js") },
  curl: { title: "curl", load: () => import("./curl.js") },
  pytest: { title: "pytest", load: () => import("./pytest.js") },
};

const STREAMED = ["lkeap.ReconstructDocumentSSE"];

export function streams(action, params) {
  return STREAMED.includes(`${action.product}.${action.action}`) || (action.action === "ChatCompletions" && params.Stream === true);
}

export const written = async (name, call) => program(await LANGUAGES[name].load(), call);

export function program(language, { action, params, region, host, cloud = false, style }) {
  // Its text, in a language that has been loaded: it calls the emulator at `host`, or the cloud's endpoint.
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
