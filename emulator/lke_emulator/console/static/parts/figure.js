// Figures that can be copied, and where they are from.
import { html } from "../vendor/preact.js";
import { curlOfPage, fetched, PREFIX } from "../control.js";
import { number } from "../format.js";
import { speaker } from "../words.js";
import { Icon } from "./icons.js";
import { say, tried } from "./toasts.js";

const t = speaker("shell");

export async function copy(text) {
  await navigator.clipboard.writeText(text);
  say(t("copied", { text: text.length > 60 ? `${text.slice(0, 60)}…` : text }));
}

export const Copyable = ({ value, children, mono = false }) =>
  html`<button type="button" class=${`copyable ${mono ? "mono" : ""}`} title=${`${t("copy")}: ${value}`} onClick=${(event) => (event.stopPropagation(), copy(String(value)))}>${children ?? value}</button>`;

export const CopyButton = ({ text, label }) =>
  html`<button type="button" class="button" onClick=${() => copy(typeof text === "function" ? text() : text)}><${Icon} name="copy" />${label ?? t("copy")}</button>`;

export const YamlButton = ({ uin, section = "" }) =>
  // The sections of a scenario that would make the account so.
  html`<button type="button" class="button" title=${t("copy-yaml-without")} aria-label=${t("copy-yaml")} onClick=${() => tried(async () => copy(await (await fetched(`${PREFIX}/accounts/${uin}/scenario?sections=${section}`)).text()))}>YAML</button>`;

export const CurlButton = () => html`<button type="button" class="button plain" title=${t("copy-curl")} aria-label=${t("copy-curl")} onClick=${() => copy(curlOfPage())}>curl</button>`;

export const Evidence = ({ kind, setting }) => {
  const said = t(`evidence-${kind}${kind === "inferred" && !setting ? "-" : ""}`, { setting });
  return html`<button type="button" class=${`evidence ${kind}`} title=${said} aria-label=${said} onClick=${() => say(said)}>${{ documented: "D", observed: "O", inferred: "?" }[kind]}</button>`;
};

export const Figure = ({ name, value, shown, more, evidence, setting }) =>
  html`<div class="figure">
    <span class="name">${name}${evidence && html`<${Evidence} kind=${evidence} setting=${setting} />`}</span>
    <span class="value"><${Copyable} value=${value}>${shown ?? number(value)}<//></span>
    ${more && html`<span class="more">${more}</span>`}
  </div>`;
