// JSON that keeps every digit: whole numbers that a double cannot hold are BigInts, for ids of 19 digits come as numbers too.
const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORDS = [["true", true], ["false", false], ["null", null]];
const DEEPEST = 200;

export class BadJson extends Error {
  // Line and column count from 1; `what` is what should stand there.
  constructor(text, at, what) {
    const before = text.slice(0, at).split("\n");
    super(what);
    Object.assign(this, { what, line: before.length, column: before.at(-1).length + 1 });
  }
}

export function parse(text) {
  let at = 0;
  const match = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found?.[0];
  };
  const fail = (what) => {
    throw new BadJson(text, at, what);
  };
  const take = (sign) => {
    match(SPACE);
    if (text[at] !== sign) return false;
    at += 1;
    return true;
  };
  const listOf = (end, depth, item) => {
    if (take(end)) return;
    do item(depth + 1);
    while (take(","));
    if (!take(end)) fail(`, ${end}`);
  };
  const key = () => {
    match(SPACE);
    const found = match(STRING) ?? fail('"');
    if (!take(":")) fail(":");
    return JSON.parse(found);
  };
  const value = (depth) => {
    if (depth > DEEPEST) fail("…");
    match(SPACE);
    if (take("{")) {
      const object = {};
      listOf("}", depth, (inner) => {
        const name = key();
        // Not by assignment: `__proto__` is a name like any other.
        Object.defineProperty(object, name, { value: value(inner), writable: true, enumerable: true, configurable: true });
      });
      return object;
    }
    if (take("[")) {
      const list = [];
      listOf("]", depth, (inner) => list.push(value(inner)));
      return list;
    }
    const string = match(STRING);
    if (string !== undefined) return JSON.parse(string);
    const number = match(NUMBER);
    if (number) return numberOf(number);
    for (const [word, meant] of WORDS)
      if (text.startsWith(word, at)) {
        at += word.length;
        return meant;
      }
    return fail("{ [ \" 0-9 true false null");
  };
  const whole = value(0);
  match(SPACE);
  return at < text.length ? fail("") : whole;
}

export function numberOf(text) {
  const near = Number(text);
  return /^-?[0-9]+$/.test(text) && !Number.isSafeInteger(near) ? BigInt(text) : near;
}

export function write(value, indent = "", inner = "") {
  // As JSON.stringify does; with an indent of blanks a line for each member.
  const below = inner + indent;
  const lines = (items, open, close) => {
    if (!items.length) return open + close;
    return indent ? `${open}\n${below}${items.join(`,\n${below}`)}\n${inner}${close}` : open + items.join(",") + close;
  };
  if (typeof value === "bigint") return String(value);
  // Written out, a large double would be read again as a whole number, which has other last digits.
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return value.toExponential();
  if (Array.isArray(value)) return lines(value.map((item) => write(item, indent, below)), "[", "]");
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const members = Object.entries(value).filter(([, item]) => item !== undefined);
  return lines(members.map(([name, item]) => `${JSON.stringify(name)}:${indent && " "}${write(item, indent, below)}`), "{", "}");
}
