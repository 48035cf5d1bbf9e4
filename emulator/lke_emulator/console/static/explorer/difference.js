// Where two texts that were signed first differ, and what a refused signature was probably made of.
import { base64, dateOf, hmac, sourceOf, tc3, v1 } from "./signature.js";

const WINDOW = 300; // seconds that a timestamp may be off (documented)
const AUTHORIZATION = /^TC3-HMAC-SHA256\s+Credential=([^/,\s]*)\/([^/,\s]*)\/([^/,\s]*)\/tc3_request\s*,\s*SignedHeaders=([^,\s]*)\s*,\s*Signature=([0-9a-f]{64})$/;

export function firstDifference(ours, theirs) {
  // {line, column, ours, theirs}, counted from 1; undefined where they are the same.
  const [mine, other] = [ours.split("\n"), theirs.split("\n")];
  for (let line = 0; line < Math.max(mine.length, other.length); line++) {
    if (mine[line] === other[line]) continue;
    const [one, two] = [mine[line] ?? "", other[line] ?? ""];
    let column = 0;
    while (column < one.length && one[column] === two[column]) column++;
    return { line: line + 1, column: column + 1, ours: mine[line], theirs: other[line] };
  }
  return undefined;
}

const withoutPort = (host) => host.replace(/^https?:\/\//, "").replace(/:\d+$/, "");

function reencoded(body) {
  // The same JSON as other encoders write it.
  try {
    const value = JSON.parse(body);
    const spaced = JSON.stringify(value, null, 1).replace(/\n\s*/g, " ").replace(/([[{]) | ([\]}])/g, "$1$2");
    return [JSON.stringify(value), spaced];
  } catch {
    return [];
  }
}

export async function judged(pasted, credentials, now) {
  // {verdict: "right" | "near" | "wrong" | "unsigned" | "stranger", slips, ours, theirs, notes}: `slips` names what was signed
  // otherwise than it was sent. `ours` and `theirs` are the texts that were hashed, `bodies` what was sent and what was signed.
  const credentialOf = (secretId) => credentials.find((one) => one.secret_id === secretId);
  if (pasted.headers.authorization !== undefined) return judgedTc3(pasted, credentialOf, now);
  const params = Object.fromEntries(new URLSearchParams(pasted.method === "GET" ? pasted.query : pasted.body));
  return params.Signature === undefined ? { verdict: "unsigned", slips: [], notes: [] } : judgedV1(pasted, params, credentialOf, now);
}

async function judgedTc3(pasted, credentialOf, now) {
  const header = AUTHORIZATION.exec(pasted.headers.authorization.trim());
  if (!header) return { verdict: "malformed", slips: [], notes: [] };
  const [, secretId, date, service, listed, signature] = header;
  const timestamp = pasted.headers["x-tc-timestamp"] ?? "";
  const notes = [...lateness(timestamp, now)];
  if (timestamp && !Number.isNaN(Number(timestamp)) && date !== dateOf(timestamp)) notes.push({ note: "date", sent: date, right: dateOf(timestamp) });
  for (const name of ["x-tc-action", "x-tc-version", "x-tc-timestamp"]) if (!pasted.headers[name]) notes.push({ note: "missing", sent: name });
  const signed = listed.split(";");
  for (const name of ["content-type", "host"]) if (!signed.includes(name)) notes.push({ note: "unsigned", sent: name });
  const credential = credentialOf(secretId);
  if (!credential) return { verdict: "stranger", secretId, slips: [], notes };
  const headers = { ...pasted.headers, host: pasted.host };
  const plain = { method: pasted.method, query: pasted.method === "GET" ? pasted.query : "", headers, signed, body: pasted.body, timestamp, date, service, secretId, secretKey: credential.secret_key };
  const ours = await tc3(plain);
  const accepted = [{}, ...hostSlips(plain, service).slice(0, 4).map(({ change }) => change), { headers: lowered(headers) }];
  for (const change of accepted) if ((await tc3({ ...plain, ...change })).signature === signature) return { verdict: "right", slips: [], notes, ours: ours.canonical };
  const found = await nearMiss(plain, slipsOf(plain, service), async (asked) => (await tc3(asked)).signature === signature);
  if (!found) return { verdict: "wrong", slips: [], notes, ours: ours.canonical, text: ours.text };
  const theirs = await tc3(found.asked);
  const same = theirs.canonical === ours.canonical;
  const bodies = found.asked.body === plain.body ? undefined : [plain.body, found.asked.body];
  return { verdict: "near", slips: found.names, notes, bodies, ours: same ? ours.text : ours.canonical, theirs: same ? theirs.text : theirs.canonical, what: same ? "string" : "canonical" };
}

const lowered = (headers) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.toLowerCase()]));

function hostSlips({ headers }, service) {
  const hosts = [withoutPort(headers.host), `http://${headers.host}`, `${service}.tencentcloudapi.com`, `${service}.intl.tencentcloudapi.com`, "localhost", "127.0.0.1"];
  return hosts.filter((host) => host !== headers.host).map((host) => ({ name: "host", change: { headers: { ...headers, host } } }));
}

function slipsOf(asked, service) {
  const { headers, signed, timestamp, body, method, query, secretKey } = asked;
  const local = new Date((Number(timestamp) + 8 * 3600) * 1000);
  const types = ["application/json", "application/json; charset=utf-8", "application/json;charset=utf-8", "application/x-www-form-urlencoded", ""];
  return [
    ...hostSlips(asked, service),
    ...types.filter((type) => type !== headers["content-type"]).map((type) => ({ name: "type", change: { headers: { ...headers, "content-type": type } } })),
    ...[...reencoded(body), body.trim(), `${body}\n`, ""].filter((text) => text !== body).map((text) => ({ name: text ? "body" : "empty", change: { body: text } })),
    ...(method === "GET" ? [{ name: "query", change: { query: "" } }, { name: "query", change: { query: decodeURIComponent(query) } }, { name: "query", change: { query: query.split("&").sort().join("&") } }] : []),
    ...(Number.isNaN(local.getTime()) ? [] : [dateOf(timestamp), local.toISOString().slice(0, 10)].filter((date) => date !== asked.date).map((date) => ({ name: "date", change: { date } }))),
    ...["lke", "lkeap", "adp"].filter((one) => one !== asked.service).map((one) => ({ name: "service", change: { service: one } })),
    { name: "order", change: { signed: [...signed].sort() } },
    { name: "order", change: { signed: [...signed].reverse() } },
    { name: "timestamp", change: { timestamp: `${timestamp}000` } },
    { name: "method", change: { method: method === "GET" ? "POST" : "GET" } },
    { name: "prefix", change: { prefix: "" } },
    { name: "key", change: { secretKey: secretKey.trim() } },
    { name: "key", change: { secretKey: `${secretKey}\n` } },
  ];
}

async function nearMiss(asked, slips, fits) {
  // The one slip, or the two, with which it would have been signed so.
  for (const one of slips) if (await fits({ ...asked, ...one.change })) return { asked: { ...asked, ...one.change }, names: [one.name] };
  for (const [place, one] of slips.entries())
    for (const two of slips.slice(place + 1)) {
      if (Object.keys(one.change).some((name) => name in two.change)) continue;
      const both = { ...asked, ...one.change, ...two.change };
      if (await fits(both)) return { asked: both, names: [one.name, two.name] };
    }
  return undefined;
}

async function judgedV1(pasted, params, credentialOf, now) {
  const notes = [...lateness(params.Timestamp ?? "", now)];
  for (const name of ["Timestamp", "Action", "Version", "Nonce", "SecretId"]) if (!params[name]) notes.push({ note: "missing", sent: name });
  const credential = credentialOf(params.SecretId);
  if (!credential) return { verdict: "stranger", secretId: params.SecretId ?? "", slips: [], notes };
  const { method, host } = pasted;
  const sent = params.Signature.trim().replace(/ /g, "+");
  const ours = await v1({ method, host, params, secretKey: credential.secret_key });
  const sources = [
    ["", ours.source],
    ["", sourceOf(method, withoutPort(host), params)],
    // Behind a proxy the real host is signed, which is taken too.
    ...["lke", "lkeap", "adp"].map((product) => ["", sourceOf(method, `${product}.tencentcloudapi.com`, params)]),
    ["host", sourceOf(method, "localhost", params)],
    ["method", sourceOf(method === "GET" ? "POST" : "GET", host, params)],
    ["encoded", sourceOf(method, host, Object.fromEntries(Object.entries(params).map(([name, value]) => [name, encodeURIComponent(value)])))],
    ["order", `${method}${host}/?${Object.entries(params).filter(([name]) => name !== "Signature").map((pair) => pair.join("=")).join("&")}`],
    ["path", ours.source.replace("/?", "?")],
    ["region", sourceOf(method, host, Object.fromEntries(Object.entries(params).filter(([name]) => name !== "Region")))],
  ];
  for (const [slip, source] of sources)
    for (const hash of ["SHA-1", "SHA-256"]) {
      if (base64(await hmac(credential.secret_key, source, hash)) !== sent) continue;
      const other = hash !== { HmacSHA1: "SHA-1", HmacSHA256: "SHA-256" }[ours.used];
      const slips = [slip, other ? "hash" : ""].filter(Boolean);
      return { verdict: slips.length ? "near" : "right", slips, notes, ours: ours.source, theirs: source, what: "source" };
    }
  return { verdict: "wrong", slips: [], notes, ours: ours.source };
}

function* lateness(timestamp, now) {
  const off = Number(timestamp) - now;
  if (timestamp !== "" && Math.abs(off) > WINDOW) yield { note: "late", sent: timestamp, seconds: Math.round(off) };
}

