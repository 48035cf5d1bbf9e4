// A reply with the type of each member beside it.
import { html, useState } from "../vendor/preact.js";
import { number } from "../format.js";
import { speaker } from "../words.js";
import { isObject, membersOf, typeOf } from "./shape.js";

const t = speaker("explorer");
const MOST = 1000; // lines

export function lines(action, name, value) {
  // [{depth, name, text, kind, type}, ...]: a line for each member, bracket and item.
  const found = [];
  const put = (depth, key, text, kind, type) => found.push({ depth, key, text, kind, type });
  const show = (inner, key, depth, member, end) => {
    const type = member ? typeOf(member) : "";
    if (Array.isArray(inner) && inner.length) {
      put(depth, key, "[", "", type);
      inner.forEach((item, index) => show(item, undefined, depth + 1, member && { ...member, many: false, item: true }, index < inner.length - 1 ? "," : ""));
      put(depth, undefined, `]${end}`, "", "");
    } else if (isObject(inner) && Object.keys(inner).length) {
      put(depth, key, "{", "", member?.item ? "" : type);
      object(inner, member?.type, depth + 1);
      put(depth, undefined, `}${end}`, "", "");
    } else {
      const text = typeof inner === "bigint" ? String(inner) : JSON.stringify(inner);
      put(depth, key, text + end, typeof inner === "string" ? "string" : typeof inner === "number" || typeof inner === "bigint" ? "number" : "word", member?.item ? "" : type);
    }
  };
  const object = (whole, shape, depth) => {
    const members = new Map(membersOf(action, shape).map((member) => [member.name, member]));
    const entries = Object.entries(whole);
    entries.forEach(([key, inner], index) => show(inner, key, depth, members.get(key), index < entries.length - 1 ? "," : ""));
  };
  show(value, undefined, 0, { name: "", type: name, item: true }, "");
  return found;
}

export function Typed({ action, name, value, label }) {
  const [whole, show] = useState(false);
  const all = lines(action, name, value);
  return html`<pre class="json typed" tabindex="0" aria-label=${label}>${all.slice(0, whole ? undefined : MOST).map((line, place) => html`<span class="line" key=${place}><span>${"  ".repeat(line.depth)}${line.key !== undefined && html`<span class="key">${JSON.stringify(line.key)}</span>: `}<span class=${line.kind}>${line.text}</span></span>${line.type && html`<span class="type">${line.type}</span>`}</span>`)}</pre>
    ${!whole && all.length > MOST && html`<button type="button" class="button" onClick=${() => show(true)}>${t("whole", { n: number(all.length) })}</button>`}`;
}
