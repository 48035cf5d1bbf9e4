// A card, and the four things that stand where data is not: not yet, nothing, not allowed, failed.
import { html } from "../vendor/preact.js";
import { speaker } from "../words.js";
import { CurlButton, copy } from "./figure.js";
import { Icon } from "./icons.js";
import { explain } from "./toasts.js";

const t = speaker("shell");

export const Card = ({ title, note, actions, width = "", flush = false, children, level = "h2" }) =>
  html`<section class=${`card ${width}`}>
    ${(title || actions) && html`<header>${html`<${level}>${title}<//>`}${note && html`<span class="note">${note}</span>`}<span class="grow"></span>${actions}</header>`}
    <div class=${`body ${flush ? "flush" : ""}`}>${children}</div>
  </section>`;

export const ProblemBox = ({ problem, again, kind = "", children }) =>
  html`<div class=${`problem ${kind}`} role=${problem || again ? "alert" : "note"}>
    <${Icon} name=${kind === "info" ? "info" : "warning"} />
    <div class="grow">${problem ? explain(problem) : children}</div>
    ${again && html`<button class="button" onClick=${again}>${t("retry")}</button>`}
  </div>`;

export const Empty = ({ text, action, onClick, href }) =>
  html`<div class="empty">
    <p>${text ?? t("nothing")}</p>
    ${action && (href ? html`<a class="button" href=${href}>${action}</a>` : html`<button class="button" onClick=${onClick}>${action}</button>`)}
  </div>`;

export const Loaded = ({ of, height = 120, children }) => {
  // The data of useAsked: children(data) once it is there, dimmed while it is asked for again.
  if (of.data === undefined) return of.problem ? html`<${ProblemBox} problem=${of.problem} again=${of.again} />` : html`<div class="skeleton" style=${{ blockSize: `${height}px` }} aria-busy="true"></div>`;
  return html`${of.problem && html`<${ProblemBox} problem=${of.problem} again=${of.again} />`}<div aria-busy=${of.loading}>${children(of.data)}</div>`;
};

export const Page = ({ title, note, actions, children }) =>
  html`<div class="page"><header><h1>${title}</h1>${note && html`<p>${note}</p>`}<span class="grow"></span>${actions}<span class="nowrap"><${CurlButton} /><button type="button" class="button icon plain" title=${t("copy-link")} aria-label=${t("copy-link")} onClick=${() => copy(location.href)}><${Icon} name="link" /></button></span></header>${children}</div>`;
