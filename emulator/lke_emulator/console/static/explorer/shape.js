// What a request may hold, by the shape that control tells: {request, response, shapes: {name: [member, ...]}}.
const RANGES = { int64: [-(2n ** 63n), 2n ** 63n - 1n], uint64: [0n, 2n ** 64n - 1n] };
const ORDER = ["type", "unknown", "missing", "value"];
export const SCALARS = ["string", "int64", "uint64", "float", "bool"];

export const isScalar = (member) => SCALARS.includes(member.type);
export const typeOf = (member) => (member.many ? `[${member.type}]` : member.type);
export const membersOf = (action, name) => action.shapes[name] ?? [];
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
export const placeOf = (path) => path.join(".");

export function problems(action, value, name = action.request, path = []) {
  // [{path, reason, wanted}] in the order in which the cloud would tell them; a null counts as absent.
  const found = [];
  look(action, value, name, path, found);
  return found.sort((one, other) => ORDER.indexOf(one.reason) - ORDER.indexOf(other.reason));
}

function look(action, value, name, path, found) {
  const members = new Map(membersOf(action, name).map((member) => [member.name, member]));
  for (const [key, given] of Object.entries(value)) {
    const at = [...path, key];
    if (!members.has(key)) found.push({ path: at, reason: "unknown", wanted: "" });
    else if (given !== null && given !== undefined) judge(action, members.get(key), given, at, found);
  }
  for (const member of members.values())
    if (member.required && (value[member.name] ?? null) === null) found.push({ path: [...path, member.name], reason: "missing", wanted: typeOf(member) });
}

function judge(action, member, value, path, found) {
  if (member.many) {
    if (Array.isArray(value)) value.forEach((item, index) => judge(action, { ...member, many: false }, item, [...path, index], found));
    else found.push({ path, reason: "type", wanted: typeOf(member) });
  } else if (isScalar(member)) {
    const reason = misfit(member.type, value);
    if (reason) found.push({ path, reason, wanted: member.type });
  } else if (isObject(value)) look(action, value, member.type, path, found);
  else found.push({ path, reason: "type", wanted: "object" });
}

export function misfit(type, value) {
  if (type === "string") return typeof value === "string" ? "" : "type";
  if (type === "bool") return typeof value === "boolean" ? "" : "type";
  if (type === "float") return typeof value === "number" || typeof value === "bigint" ? "" : "type";
  if (!(typeof value === "bigint" || Number.isInteger(value))) return "type";
  const [least, most] = RANGES[type];
  return BigInt(value) >= least && BigInt(value) <= most ? "" : "value";
}
