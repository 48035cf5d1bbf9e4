// The three signatures of API 3.0, step by step. Texts are strings, keys and signatures bytes until they are written.
// Browsers have crypto.subtle only where a page is secure: https, or this machine.
export const ALGORITHM = "TC3-HMAC-SHA256";
export const METHODS = ["TC3-HMAC-SHA256", "HmacSHA256", "HmacSHA1"];
const HASHES = { HmacSHA1: "SHA-1", HmacSHA256: "SHA-256" };

const bytes = (text) => (typeof text === "string" ? new TextEncoder().encode(text) : text);
export const hex = (given) => [...new Uint8Array(given)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export const base64 = (given) => btoa(String.fromCharCode(...new Uint8Array(given)));
export const canSign = () => Boolean(globalThis.crypto?.subtle);

export const sha256 = async (text) => hex(await crypto.subtle.digest("SHA-256", bytes(text)));

export async function hmac(key, text, hash = "SHA-256") {
  const imported = await crypto.subtle.importKey("raw", bytes(key), { name: "HMAC", hash }, false, ["sign"]);
  return crypto.subtle.sign("HMAC", imported, bytes(text));
}

export const dateOf = (timestamp) => new Date(Number(timestamp) * 1000).toISOString().slice(0, 10);
export const headerBlock = (headers, names) => names.map((name) => `${name}:${headers[name] ?? ""}\n`).join("");

export const canonicalRequest = ({ method, query, headers, signed, payload }) =>
  [method, "/", query, headerBlock(headers, signed), signed.join(";"), payload].join("\n");

export async function derivedKeys(secretKey, date, service, prefix = "TC3") {
  const ofDate = await hmac(`${prefix}${secretKey}`, date);
  const ofService = await hmac(ofDate, service);
  return { date: ofDate, service: ofService, signing: await hmac(ofService, "tc3_request") };
}

export async function tc3({ method, query = "", headers, signed, body, payload, timestamp, date, service, secretId, secretKey, prefix }) {
  // `headers` by lower-case names, `signed` the names that are signed in their order. A GET has the empty body.
  const hashed = payload ?? (await sha256(method === "GET" ? "" : body));
  const canonical = canonicalRequest({ method, query, headers, signed, payload: hashed });
  const day = date ?? dateOf(timestamp);
  const scope = `${day}/${service}/tc3_request`;
  const canonicalHash = await sha256(canonical);
  const text = [ALGORITHM, timestamp, scope, canonicalHash].join("\n");
  const keys = await derivedKeys(secretKey, day, service, prefix);
  const signature = hex(await hmac(keys.signing, text));
  const authorization = `${ALGORITHM} Credential=${secretId}/${scope}, SignedHeaders=${signed.join(";")}, Signature=${signature}`;
  return { payload: hashed, canonical, canonicalHash, text, keys, signature, authorization };
}

export const sourceOf = (method, host, params) =>
  `${method}${host}/?` +
  Object.keys(params)
    .filter((name) => name !== "Signature")
    .sort()
    .map((name) => `${name}=${params[name]}`)
    .join("&");

export async function v1({ method, host, params, secretKey }) {
  // HmacSHA256 only by exactly that SignatureMethod, else HmacSHA1 (documented).
  const source = sourceOf(method, host, params);
  const used = params.SignatureMethod === "HmacSHA256" ? "HmacSHA256" : "HmacSHA1";
  return { source, used, signature: base64(await hmac(secretKey, source, HASHES[used])) };
}

export function flat(value, prefix = "", found = {}) {
  // {"Filters": [{"Name": "x"}]} is {"Filters.0.Name": "x"} in a query or a form.
  for (const [name, inner] of Object.entries(value)) {
    const place = prefix + name;
    if (inner === null || inner === undefined) continue;
    if (typeof inner === "object") flat(inner, `${place}.`, found);
    else found[place] = String(inner);
  }
  return found;
}

const encoded = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
export const pairs = (params) => Object.entries(params).map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join("&");

export async function signedRequest({ algorithm, method, host, product, version, action, region, params, body, credential, timestamp, nonce, language }) {
  // What is sent: {method, path, headers, body}, and the steps that led to its signature.
  const { secret_id: secretId, secret_key: secretKey, token } = credential;
  if (algorithm === ALGORITHM) {
    const isGet = method === "GET";
    const type = isGet ? "application/x-www-form-urlencoded" : "application/json";
    const query = isGet ? pairs(flat(params)) : "";
    const headers = { "content-type": type, host };
    const steps = await tc3({ method, query, headers, signed: ["content-type", "host"], body, timestamp, service: product, secretId, secretKey });
    const common = { "X-TC-Action": action, "X-TC-Version": version, "X-TC-Region": region, "X-TC-Timestamp": timestamp };
    if (token) common["X-TC-Token"] = token;
    if (language) common["X-TC-Language"] = language;
    return { steps, method, path: query ? `/?${query}` : "/", headers: { "Content-Type": type, ...common, Authorization: steps.authorization }, body: isGet ? "" : body };
  }
  const all = { ...flat(params), Action: action, Version: version, Region: region, Timestamp: timestamp, Nonce: nonce, SecretId: secretId, SignatureMethod: algorithm };
  if (token) all.Token = token;
  if (language) all.Language = language;
  const steps = await v1({ method, host, params: all, secretKey });
  const text = pairs({ ...all, Signature: steps.signature });
  const type = { "Content-Type": "application/x-www-form-urlencoded" };
  return { steps, method, path: method === "GET" ? `/?${text}` : "/", headers: type, body: method === "GET" ? "" : text };
}
