// A request as a form shows it: the value is the one state, and the view as JSON is written from it.
import { numberOf } from "./json.js";
import { isObject, isScalar, membersOf } from "./shape.js";

const WHOLE = /^-?(0|[1-9][0-9]*)$/;
const DECIMAL = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;

export function at(value, path) {
  return path.reduce((inside, step) => (inside === undefined || inside === null ? undefined : inside[step]), value);
}

export function put(value, path, given) {
  // The value with something else at a path; `undefined` takes it out. Nothing is changed in place.
  if (!path.length) return given;
  const [step, ...rest] = path;
  if (Array.isArray(value)) {
    const list = [...value];
    if (!rest.length && given === undefined) list.splice(step, 1);
    else list[step] = put(list[step], rest, given);
    return list;
  }
  const object = { ...(isObject(value) ? value : {}) };
  const inner = put(object[step], rest, given);
  if (inner === undefined) delete object[step];
  else object[step] = inner;
  return object;
}

export function inOrder(action, name, value) {
  // The members of an object in the order of its shape, unknown ones last.
  if (!isObject(value)) return value;
  const known = membersOf(action, name).filter((member) => member.name in value);
  const sorted = known.map((member) => [member.name, innerOrder(action, member, value[member.name])]);
  const others = Object.entries(value).filter(([key]) => !known.some((member) => member.name === key));
  return Object.fromEntries([...sorted, ...others]);
}

function innerOrder(action, member, value) {
  if (isScalar(member)) return value;
  if (member.many && Array.isArray(value)) return value.map((item) => inOrder(action, member.type, item));
  return inOrder(action, member.type, value);
}

export function readScalar(type, text) {
  // What was typed, as its type if it is one; else as it was typed, so that the check can say what is wrong with it.
  if (type === "string") return text;
  if (type === "bool") return text === "" ? undefined : text === "true" ? true : text === "false" ? false : text;
  const plain = text.trim();
  if (plain === "") return undefined;
  return (type === "float" ? DECIMAL : WHOLE).test(plain) ? numberOf(plain) : text;
}

export function blank(action, member, above = []) {
  // What stands in the place of a member when it is added: needed members inside are there already.
  if (member.many) return [];
  if (isScalar(member)) return Object.keys(member.values ?? {}).length ? readScalar(member.type, Object.keys(member.values)[0]) : { string: "", bool: false }[member.type] ?? 0;
  if (above.includes(member.type)) return {};
  const needed = membersOf(action, member.type).filter((inner) => inner.required);
  return Object.fromEntries(needed.map((inner) => [inner.name, blank(action, inner, [...above, member.type])]));
}

export const blankItem = (action, member) => blank(action, { ...member, many: false });
