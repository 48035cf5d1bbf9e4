// JSON as text with its tokens told apart. They are nodes of text: nothing in them is read as markup.
import { html, useState } from "../vendor/preact.js";
import { number } from "../format.js";
import { CopyButton } from "./figure.js";

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/g;
const LIMIT = 256 * 1024;

export function tokens(text) {
  const found = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > end) found.push(text.slice(end, match.index));
    const kind = match[2] !== undefined ? "key" : match[1] !== undefined ? "string" : /^[-\d]/.test(match[0]) ? "number" : "word";
    found.push(html`<span class=${kind}>${match[1] ?? match[0]}</span>`, match[2] ?? "");
    end = match.index + match[0].length;
  }
  found.push(text.slice(end));
  return found;
}

export function Json({ value, label }) {
  const [whole, show] = useState(false);
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const cut = !whole && text.length > LIMIT;
  return html`<pre class="json" tabindex="0" aria-label=${label}>${tokens(cut ? text.slice(0, LIMIT) : text)}</pre>
    ${cut && html`<button type="button" class="button" onClick=${() => show(true)}>… ${number(text.length)}</button>`}`;
}

export const JsonCard = ({ value, label }) => html`<div class="stack"><${Json} value=${value} label=${label} /><div><${CopyButton} text=${() => JSON.stringify(value, null, 2)} /></div></div>`;
