import { json, origin, shell } from "./literal.js";

export const install = () => "curl, openssl";

export function code(call) {
  const { action, params, region } = call;
  return `#!/bin/sh
set -eu

host=${shell(call.host)}
service=${action.product}
body=${shell(json(params))}
timestamp=$(date +%s)
date=$(date -u -d "@$timestamp" +%F 2>/dev/null || date -u -r "$timestamp" +%F)

sha256() { printf %s "$1" | openssl dgst -sha256 | sed 's/^.* //'; }
hmac() { printf %s "$2" | openssl dgst -sha256 -mac HMAC -macopt "$1" | sed 's/^.* //'; }

canonical=$(printf 'POST\\n/\\n\\ncontent-type:application/json\\nhost:%s\\n\\ncontent-type;host\\n%s' "$host" "$(sha256 "$body")")
scope=$date/$service/tc3_request
text=$(printf 'TC3-HMAC-SHA256\\n%s\\n%s\\n%s' "$timestamp" "$scope" "$(sha256 "$canonical")")
key=$(hmac "key:TC3$TENCENTCLOUD_SECRET_KEY" "$date")
key=$(hmac "hexkey:$key" "$service")
key=$(hmac "hexkey:$key" tc3_request)
signature=$(hmac "hexkey:$key" "$text")

curl -sS${call.streams ? "N" : ""} ${origin(call)}/ \\
  -H "Authorization: TC3-HMAC-SHA256 Credential=$TENCENTCLOUD_SECRET_ID/$scope, SignedHeaders=content-type;host, Signature=$signature" \\
  -H "Content-Type: application/json" \\
  -H "X-TC-Action: ${action.action}" \\
  -H "X-TC-Version: ${action.version}" \\
  -H "X-TC-Region: ${region}" \\
  -H "X-TC-Timestamp: $timestamp" \\
  --data-binary "$body"
`;
}
