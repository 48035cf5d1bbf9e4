// What a person chooses with.
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { address } from "../router.js";
import { speaker } from "../words.js";
import { Icon } from "./icons.js";

const t = speaker("shell");

export const Select = ({ label, value, onChange, options, all }) =>
  // options: [value, text] pairs, or plain values.
  html`<label class="field">${label}<select value=${value} onChange=${(event) => onChange(event.target.value)}>
    ${all && html`<option value="">${all === true ? t("all") : all}</option>`}
    ${options.map((one) => (Array.isArray(one) ? one : [one, one])).map(([key, text]) => html`<option key=${key} value=${key} selected=${key === value}>${text}</option>`)}
  </select></label>`;

export const Segments = ({ label, value, onChange, options }) =>
  html`<div class="segments" role="group" aria-label=${label}>
    ${options.map(([key, text]) => html`<button type="button" key=${key} aria-pressed=${key === value} onClick=${() => onChange(key)}>${text}</button>`)}
  </div>`;

export const Search = ({ value, onChange, label = t("filter") }) => {
  // What `/` goes to. It is said 150 ms after the last letter.
  const [text, set] = useState(value);
  const timer = useRef(0);
  const told = useRef(value); // what was said last: hearing it again must not undo what was typed since
  useEffect(() => {
    if (value !== told.current) set((told.current = value));
  }, [value]);
  const typed = (next) => {
    set(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange((told.current = next)), 150);
  };
  return html`<span class="search"><${Icon} name="search" size="14" /><input type="search" data-filter aria-label=${label} placeholder=${label} value=${text} onInput=${(event) => typed(event.target.value)} /></span>`;
};

export const Chip = ({ text, onRemove, label }) =>
  html`<span class="chip"><span class="clip">${text}</span><button type="button" aria-label=${`${label ?? t("clear")}: ${text}`} onClick=${onRemove}>×</button></span>`;

export const Tabs = ({ tabs, current }) =>
  html`<nav class="tabs">${tabs.map(({ name, text, path }) => html`<a key=${name} href=${address(path)} aria-current=${name === current ? "page" : undefined}>${text}</a>`)}</nav>`;

export const Field = ({ label, help, children }) =>
  html`<label>${label}${children}${help && html`<span class="help">${help}</span>`}</label>`;
