// What has happened, said in one place. A refusal stays until it is read.
import { html } from "../vendor/preact.js";
import { cell, useCell } from "../cell.js";
import { heard, speaker } from "../words.js";

const t = speaker("shell");
const toasts = cell([]);
let count = 0;

export const dismiss = (id) => toasts.set(toasts.value.filter((one) => one.id !== id));

export function say(text, { action, run, bad = false } = {}) {
  const id = ++count;
  toasts.set([...toasts.value.slice(-3), { id, text, action, run, bad }]);
  if (!bad) setTimeout(dismiss, action ? 12_000 : 4000, id);
}

export const explain = (problem) => (problem.message === "unreachable" ? t("unreachable") : heard(problem.message));
export const complain = (problem) => {
  if (problem?.name !== "AbortError") say(explain(problem), { bad: true });
};

export async function tried(doing, done) {
  // Do it, and say that it is done or why not. Gives whether it was.
  try {
    const given = await doing();
    if (done) say(typeof done === "function" ? done(given) : done);
    return given ?? true;
  } catch (problem) {
    complain(problem);
    return undefined;
  }
}

export const Toasts = () =>
  html`<div class="toasts" role="status" aria-live="polite">
    ${useCell(toasts).map(
      (one) => html`<div key=${one.id} class=${`toast ${one.bad ? "bad" : ""}`} role=${one.bad ? "alert" : undefined}>
        <span class="grow">${one.text}</span>
        ${one.action && html`<button onClick=${() => (dismiss(one.id), one.run())}>${one.action}</button>`}
        ${one.bad && html`<button onClick=${() => dismiss(one.id)}>${t("close")}</button>`}
      </div>`,
    )}
  </div>`;
