// A call of the journal as code that makes it again. Keys are read from the environment.
const quoted = (text) => `'${String(text).replaceAll("'", `'\\''`)}'`;
const python = (value, depth = 1) => {
  const pad = "    ".repeat(depth), end = "    ".repeat(depth - 1);
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return value.length ? `[${value.map((one) => python(one, depth)).join(", ")}]` : "[]";
  if (typeof value === "object") {
    const rows = Object.entries(value).map(([name, one]) => `${pad}${JSON.stringify(name)}: ${python(one, depth + 1)},\n`);
    return rows.length ? `{\n${rows.join("")}${end}}` : "{}";
  }
  return JSON.stringify(value);
};

function parts(call) {
  const [product, action] = call.Surface === "gateway" ? call.Action.split(".") : ["", ""];
  const params = Object.fromEntries(Object.entries(call.Params ?? {}).filter(([name]) => !COMMON.includes(name)));
  return { product, action, params };
}

const COMMON = ["Action", "Version", "Region", "Timestamp", "Nonce", "SecretId", "Signature", "SignatureMethod", "Token", "Language", "RequestClient"];
const VERSIONS = { lke: "2023-11-30", lkeap: "2024-05-22", adp: "2026-05-20" };
const PATHS = { "openai.chat.completions": "/v1/chat/completions", "openai.embeddings": "/v1/embeddings", "openai.images.generations": "/v1/images/generations" };

const WRITERS = {
  curl(call) {
    const { product, action, params } = parts(call);
    const body = quoted(JSON.stringify(params));
    if (!product) return `curl -sN ${location.origin}${PATHS[call.Action] ?? "/v1/models"} \\\n  -H "Authorization: Bearer $OPENAI_API_KEY" -H 'Content-Type: application/json' \\\n  -d ${body}\n`;
    return `BODY=${body}
DAY=$(date -u +%F) NOW=$(date +%s) HOST=${location.host}
sign() { printf %s "$2" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$1" -r | cut -d' ' -f1; }
hash() { printf %s "$1" | openssl dgst -sha256 -r | cut -d' ' -f1; }
CANONICAL=$(printf 'POST\\n/\\n\\ncontent-type:application/json\\nhost:%s\\n\\ncontent-type;host\\n%s' "$HOST" "$(hash "$BODY")")
TEXT=$(printf 'TC3-HMAC-SHA256\\n%s\\n%s/${product}/tc3_request\\n%s' "$NOW" "$DAY" "$(hash "$CANONICAL")")
KEY=$(printf 'TC3%s' "$TENCENTCLOUD_SECRET_KEY" | od -An -tx1 -v | tr -d ' \\n')
for PART in "$DAY" ${product} tc3_request; do KEY=$(sign "$KEY" "$PART"); done
curl -sN "http://$HOST/" -H 'Content-Type: application/json' \\
  -H 'X-TC-Action: ${action}' -H 'X-TC-Version: ${VERSIONS[product]}' -H 'X-TC-Region: ap-guangzhou' -H "X-TC-Timestamp: $NOW" \\
  -H "Authorization: TC3-HMAC-SHA256 Credential=$TENCENTCLOUD_SECRET_ID/$DAY/${product}/tc3_request, SignedHeaders=content-type;host, Signature=$(sign "$KEY" "$TEXT")" \\
  -d "$BODY"
`;
  },
  python(call) {
    const { product, action, params } = parts(call);
    if (!product) return `from openai import OpenAI\n\nclient = OpenAI(base_url="${location.origin}/v1")\nprint(client.chat.completions.create(**${python(params)}))\n`;
    return `import os

from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

credential = Credential(os.environ["TENCENTCLOUD_SECRET_ID"], os.environ["TENCENTCLOUD_SECRET_KEY"])
profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint="${location.host}"))
client = CommonClient("${product}", "${VERSIONS[product]}", credential, "ap-guangzhou", profile)
print(client.call_json("${action}", ${python(params)}))
`;
  },
  pytest(call) {
    const { product, action, params } = parts(call);
    if (!product) return `def test_it(lke):\n    answer = lke.openai().chat.completions.create(**${python(params, 2)})\n    lke.calls.expect(operation="${call.Action}", times=1)\n`;
    return `def test_it(lke):\n    answer = lke.client("${product}").call_json("${action}", ${python(params, 2)})\n    lke.calls.expect(operation="${product}.${action}", times=1)\n`;
  },
};

export const codeOf = (language, call) => WRITERS[language](call);
