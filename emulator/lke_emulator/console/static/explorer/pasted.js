// What somebody pastes to find out why it is refused: a curl command, a request as it goes over the wire, an address, or a text
// that he signed himself.
import { ALGORITHM } from "./signature.js";

const CURL = /^\$?\s*curl(?:\.exe)?\s/;

export function paste(text) {
  // {kind: "canonical" | "string" | "source", text} or {kind: "request", method, host, query, headers, body}; undefined is none.
  const plain = text.replace(/\r\n/g, "\n").trim();
  if (/^(GET|POST)\n\//.test(plain)) return { kind: "canonical", text: plain };
  if (plain.startsWith(`${ALGORITHM}\n`)) return { kind: "string", text: plain };
  if (/^(GET|POST)[^\s/]+\/[^\s?]*\?/.test(plain)) return { kind: "source", text: plain };
  if (CURL.test(plain)) return ofCurl(shellWords(plain.replace(CURL, "")));
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

const LONG = { "--request": "X", "--header": "H", "--data": "d", "--data-raw": "d", "--data-binary": "d", "--data-ascii": "d", "--json": "json", "--url": "url", "--get": "G" };
const VALUED = /^--(user-agent|output|max-time|connect-timeout|proxy|user|cookie|referer|resolve|cacert|retry|write-out)$/;
const SHORT = /^-([a-zA-Z]*?)([XHdAombuexTw])(.*)$/s; // flags, then one that takes a value, which may follow at once

function ofCurl(words) {
  const headers = {};
  const found = { X: "", url: "", d: [], G: false };
  for (let place = 0; place < words.length; place++) {
    const word = words[place];
    const [long, glued] = /^--[a-z-]+=/.test(word) ? word.split(/=(.*)/s) : [word];
    const [, flags = word, letter, rest = ""] = (!word.startsWith("--") && SHORT.exec(word)) || [];
    if (flags.includes("G") && /^-[a-zA-Z]+$/.test(word)) found.G = true;
    if (!word.startsWith("-")) found.url = word;
    else if (LONG[long] === "G") found.G = true;
    else if (letter || LONG[long] || VALUED.test(long)) {
      const value = glued ?? (rest || words[++place] || "");
      const name = letter ?? LONG[long];
      if (name === "H") Object.assign(headers, Object.fromEntries([headerOf(value)]));
      else if (name === "X" || name === "url") found[name] = value;
      else if (name === "d" || name === "json") found.d.push(value);
      if (name === "json") headers["content-type"] ??= "application/json";
    }
  }
  const data = found.d.join("&");
  if (found.G) return ofAddress(data ? `${found.url}${found.url.includes("?") ? "&" : "?"}${data}` : found.url, found.X || "GET", headers, "");
  if (found.d.length) headers["content-type"] ??= "application/x-www-form-urlencoded";
  return ofAddress(found.url, found.X || (found.d.length ? "POST" : "GET"), headers, data);
}

const ESCAPES = { n: "\n", t: "\t", r: "\r" };

function ansiText(text) {
  // Inside of $'...', as browsers copy what is not ASCII.
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/gs, (all, four, two, one) => (one ? ESCAPES[one] ?? one : String.fromCharCode(parseInt(four ?? two, 16))));
}

export function shellWords(text) {
  // As a POSIX shell splits a line, without anything that it would put in their place. A line of cmd goes on after ^.
  const words = [];
  let word;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === "$" && text[at + 1] === "'") {
      const [all, inside] = /^\$'((?:\\.|[^'\\])*)'?/s.exec(text.slice(at));
      word = (word ?? "") + ansiText(inside);
      at += all.length - 1;
    } else if (sign === "^" && text[at + 1] === "\n") at++;
    else if (sign === "'") {
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
