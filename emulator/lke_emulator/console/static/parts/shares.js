// Parts of a whole as bars, the largest first, with their shares; and amounts of two or three parts in one line.
import { html } from "../vendor/preact.js";
import { number, percent } from "../format.js";
import { Copyable } from "./figure.js";

export const Shares = ({ rows, show = number, total = rows.reduce((sum, row) => sum + row.value, 0), label }) => {
  const most = Math.max(...rows.map((row) => row.value), 1);
  return html`<ul class="shares" aria-label=${label}>
    ${rows.map((row) => html`<li key=${row.name}>
      <span class="clip" title=${row.name}>${row.href ? html`<a href=${row.href}>${row.name}</a>` : row.name}</span>
      <span class="meter" style=${{ color: `var(${row.colour ?? "--c1"})` }}><i style=${{ inlineSize: `${(100 * row.value) / most}%` }}></i></span>
      <span class="num"><${Copyable} value=${row.value}>${show(row.value)}<//></span>
      <span class="num muted">${total ? percent(row.value / total) : ""}</span>
    </li>`)}
  </ul>`;
};

export const Parted = ({ parts }) =>
  html`<div class="parted" aria-hidden="true">${parts.map((part, place) => html`<i key=${part.name} style=${{ flexGrow: part.value || 0, color: `var(${part.colour ?? `--c${place + 1}`})` }}></i>`)}</div>`;
