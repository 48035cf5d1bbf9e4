// What somebody pastes to find out why it is refused: a curl command, a request as it goes over the wire, an address, or a text
// that he signed himself.
import { ALGORITHM } from "./signature.js";

export function paste(text) {
  // {kind: "canonical" | "string" | "source", text} or {kind: "request", method, host, query, headers, body}; undefined is none.
  const plain = text.replace(/\r\n/g, "\n").trim();
  if (/^(GET|POST)\n\//.test(plain)) return { kind: "canonical", text: plain };
  if (plain.startsWith(`${ALGORITHM}\n`)) return { kind: "string", text: plain };
  if (/^(GET|POST)[^\s/]+\/[^\s?]*\?/.test(plain)) return { kind: "source", text: plain };
  if (/^\$?\s*curl\s/.test(plain)) return ofCurl(shellWords(plain.replace(/^\$?\s*curl\s/, "")));
  if (/^[A-Z]+ \S+( HTTP\/[\d.]+)?$/m.test(plain.split("\n")[0])) return ofWire(text.replace(/\r\n/g, "\n").replace(/^\s+/, ""));
  if (/^https?:\/\/\S+$/.test(plain)) return ofAddress(plain, "GET", {}, "");
  return undefined;
}

function ofWire(text) {
  const end = text.indexOf("\n\n");
  const [first, ...lines] = (end < 0 ? text.trimEnd() : text.slice(0, end)).split("\n");
  const [method, target] = first.split(" ");
  const headers = Object.fromEntries(lines.map(headerOf));
  return ofAddress(target, method, headers, end < 0 ? "" : text.slice(end + 2));
}

function headerOf(line) {
  const at = line.indexOf(":");
  return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()];
}

function ofAddress(target, method, headers, body) {
  // The query stays as it came: it is signed so.
  const [, origin = "", query = ""] = /^(?:https?:\/\/)?([^/?]*)\/?(?:[^?]*)(?:\?(.*))?$/.exec(target) ?? [];
  return { kind: "request", method, host: headers.host ?? origin, query, headers, body };
}

const VALUED = new Set(["-X", "--request", "-H", "--header", "-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--url", "-A", "--user-agent", "-o", "--output", "-m", "--max-time"]);

function ofCurl(words) {
  const headers = {};
  let method = "";
  let address = "";
  const data = [];
  for (let place = 0; place < words.length; place++) {
    const [name, glued] = /^--[a-z-]+=/.test(words[place]) ? words[place].split(/=(.*)/s) : [words[place]];
    if (!name.startsWith("-")) address = name;
    else if (VALUED.has(name)) {
      const value = glued ?? words[++place] ?? "";
      if (name === "-X" || name === "--request") method = value;
      else if (name === "-H" || name === "--header") Object.assign(headers, Object.fromEntries([headerOf(value)]));
      else if (name === "--url") address = value;
      else if (name === "-d" || name.startsWith("--data")) data.push(value);
    }
  }
  const body = data.join("&");
  if (data.length && !headers["content-type"]) headers["content-type"] = "application/x-www-form-urlencoded";
  return ofAddress(address, method || (data.length ? "POST" : "GET"), headers, body);
}

export function shellWords(text) {
  // As a POSIX shell splits a line, without anything that it would put in their place.
  const words = [];
  let word;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === "'") {
      const end = text.indexOf("'", at + 1);
      word = (word ?? "") + text.slice(at + 1, end < 0 ? undefined : end);
      at = end < 0 ? text.length : end;
    } else if (sign === '"') {
      word ??= "";
      for (at++; at < text.length && text[at] !== '"'; at++) {
        if (text[at] === "\\" && '"\\$`\n'.includes(text[at + 1])) at++;
        if (text[at] !== "\n" || text[at - 1] !== "\\") word += text[at];
      }
    } else if (sign === "\\") {
      if (text[++at] !== "\n") word = (word ?? "") + (text[at] ?? "");
    } else if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + sign;
  }
  return word === undefined ? words : [...words, word];
}
