// Dialogs that ask. The browser's own: it holds the focus, closes on Escape and gives the focus back.
import { html, useEffect, useRef } from "../vendor/preact.js";
import { cell, useCell } from "../cell.js";
import { speaker } from "../words.js";

const t = speaker("shell");
const open = cell(null);
let count = 0;

export const show = (content, { wide = false, kind = "" } = {}) =>
  // content(close): what is inside. Resolves to what `close` was given.
  new Promise((done) => {
    document.querySelector("dialog[open]")?.close(); // the one before gives the focus back first, so that this one gives it back to the same
    open.value?.done(undefined);
    open.set({ id: ++count, content, wide, kind, done });
  });

export const ask = ({ title, text, action, danger = false }) =>
  show(
    (close) => html`<form method="dialog" onSubmit=${(event) => (event.preventDefault(), close(true))}>
      <h2>${title}</h2>
      ${text && html`<p class="small">${text}</p>`}
      <div class="end">
        <button type="button" class="button" onClick=${() => close(false)}>${t("cancel")}</button>
        <button class=${`button ${danger ? "danger" : "primary"}`} autofocus>${action}</button>
      </div>
    </form>`,
  );

export function Dialogs() {
  const one = useCell(open);
  const element = useRef(null);
  useEffect(() => {
    if (one && !element.current.open) element.current.showModal();
  }, [one]);
  if (!one) return null;
  const close = (value) => {
    element.current?.close();
    if (open.value === one) open.set(null);
    one.done(value);
  };
  return html`<dialog key=${one.id} ref=${element} class=${`${one.wide ? "wide" : ""} ${one.kind}`} onClose=${() => open.value === one && close(undefined)} onClick=${(event) => event.target === element.current && close(undefined)}>
    ${one.content(close)}
  </dialog>`;
}
