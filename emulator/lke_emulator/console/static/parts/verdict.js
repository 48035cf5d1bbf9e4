// How a call ended: a word and a shape, never a colour alone.
import { html } from "../vendor/preact.js";
import { speaker } from "../words.js";

const t = speaker("shell");

export const Verdict = ({ call }) =>
  html`<span class=${`badge ${{ ok: "ok", error: "bad", open: "warn" }[call.Verdict]}`} title=${call.Message}>${call.Code || t(`verdict-${call.Verdict}`)}</span>${call.Fault && html` <span class="badge warn plain">${call.Fault}</span>`}`;
