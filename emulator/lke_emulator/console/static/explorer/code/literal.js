// What the languages share: names, texts, and the walk through a request in the order of its shape.
import { write } from "../json.js";
import { isObject, isScalar, membersOf } from "../shape.js";

// What cannot be seen in a source text, or turns the rest of its line around.
const HIDDEN = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const unicode = (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;

export const quoted = (text) => JSON.stringify(text.replace(LONE, "\ufffd")).replace(HIDDEN, unicode);
export const json = (value) => write(value).replace(HIDDEN, unicode);

export function single(text, escape) {
  // In single quotes where that is all there is to it, else in double ones: `escape` writes the escapes of JSON as the language's.
  const plain = quoted(text);
  return /\\[^\\"]/.test(plain.replace(/\\\\/g, "")) ? plain.replace(/\\(?:u(....)|.)|[$#]/g, escape) : `'${JSON.parse(plain).replace(/[\\']/g, "\\$&")}'`;
}

export const shell = (text) => (/^[\w./:=-]+$/.test(text) ? text : `'${text.replace(LONE, "\ufffd").replace(/'/g, "'\\''")}'`);

export const upper = (name) => name[0].toUpperCase() + name.slice(1).toLowerCase();
export const folder = (version) => `v${version.replaceAll("-", "")}`;
export const indent = (text, by) => text.replace(/^(?=.)/gm, by);
export const origin = (call) => `${call.secure ? "https" : "http"}://${call.host}`;

export function settings(call, name, value) {
  // [[member, given], ...] of what is given and what the shape has; a null counts as absent.
  if (!isObject(value)) return [];
  return membersOf(call.action, name).filter((member) => (value[member.name] ?? null) !== null).map((member) => [member, value[member.name]]);
}

export const items = (given) => (Array.isArray(given) ? given : [given]).filter((item) => item !== null);

export function nested(call, language, name, value) {
  // [[member, text], ...] with objects inside objects: `language` has scalar, scalars, object and objects, which take such lists.
  return settings(call, name, value).map(([member, given]) => {
    const inner = (item) => nested(call, language, member.type, item);
    if (isScalar(member)) return [member, member.many ? language.scalars(member.type, items(given)) : language.scalar(member.type, given)];
    return [member, member.many ? language.objects(member.type, items(given).map(inner)) : language.object(member.type, inner(given))];
  });
}

export function declared(call, language, name, value, variable) {
  // Statements, objects before what holds them: `language` has scalar, scalars, create, set and list.
  const taken = new Map([[variable, 0]]);
  const fresh = (member) => {
    const wanted = member.name[0].toLowerCase() + member.name.slice(1);
    const count = taken.get(wanted) ?? -1;
    taken.set(wanted, count + 1);
    return count < 0 && !language.reserved.has(wanted) ? wanted : `${wanted}${count + 1}`;
  };
  const lines = [];
  const object = (type, given, own) => {
    const sets = settings(call, type, given).map(([member, one]) => language.set(own, member, expression(member, one)));
    lines.push(language.create(own, type), ...sets);
    return own;
  };
  const expression = (member, given) => {
    if (isScalar(member)) return member.many ? language.scalars(member.type, items(given)) : language.scalar(member.type, given);
    if (!member.many) return object(member.type, given, fresh(member));
    return language.list(member.type, items(given).map((item) => object(member.type, item, fresh(member))));
  };
  object(name, value, variable);
  return lines;
}
