// What a call changed of the account, as a list.
import { html } from "../vendor/preact.js";
import { speaker } from "../words.js";

const t = speaker("changes");
const KINDS = { created: "ok", changed: "warn", deleted: "bad" };
const shown = (value) => (typeof value === "string" ? `"${value}"` : String(value));

function Change({ change }) {
  const { part, noun, id, name, count } = change;
  const members = Object.entries(change.members).map(([member, [before, after]]) => (before === null && after === null ? member : `${member} ${shown(before)} → ${shown(after)}`));
  const rest = [noun !== part && noun, id, name !== id && name, count > 1 && t("many", { n: count })].filter(Boolean);
  return html`<li><span class=${`badge ${KINDS[change.change]} plain`}>${t(change.change)}</span> <strong>${t(part)}</strong> <bdi>${rest.join(" · ")}</bdi>${members.length > 0 && html`<br /><bdi class="mono small">${members.join(", ")}</bdi>`}</li>`;
}

export const Changes = ({ changes }) =>
  changes.length ? html`<ul class="changes" data-part="changes">${changes.map((change, place) => html`<${Change} key=${place} change=${change} />`)}</ul>` : html`<p class="small muted">${t("nothing")}</p>`;
