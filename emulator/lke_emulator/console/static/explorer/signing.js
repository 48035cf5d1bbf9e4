// How the request is signed, step by step; and a request of somebody's own, with the place where it first differs.
import { html, useEffect, useState } from "../vendor/preact.js";
import { Card, ProblemBox } from "../parts/card.js";
import { CopyButton } from "../parts/figure.js";
import { speaker } from "../words.js";
import { now, toSign } from "./calling.js";
import { firstDifference, judged } from "./difference.js";
import { paste } from "./pasted.js";
import { ALGORITHM, canSign, hex, signedRequest } from "./signature.js";

const t = speaker("explorer");
const MASK = "•".repeat(16);

function Step({ number, title, why, children, text }) {
  return html`<li class="step"><div class="bar"><span class="ordinal" aria-hidden="true">${number}</span><h3>${title}</h3><span class="grow"></span>${text && html`<${CopyButton} text=${text} />`}</div>
    ${why && html`<p class="tiny muted">${why}</p>`}${children ?? html`<pre class="json wrap" tabindex="0" aria-label=${title}>${text}</pre>`}</li>`;
}

function Keys({ steps, secret }) {
  const [shown, show] = useState(false);
  const rows = [["SecretKey", secret], ["SecretDate", hex(steps.keys.date)], ["SecretService", hex(steps.keys.service)], ["SecretSigning", hex(steps.keys.signing)]];
  return html`<dl class="pairs keys">${rows.map(([name, value]) => html`<dt key=${name}>${name}</dt><dd class="mono">${shown ? value : MASK}</dd>`)}</dl>
    <div><button type="button" class="button" aria-pressed=${shown} onClick=${() => show(!shown)}>${shown ? t("hide") : t("reveal")}</button></div>`;
}

const wire = ({ method, path, headers, body }) => `${method} ${path} HTTP/1.1\nHost: ${location.host}\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join("\n")}\n\n${body}`;

function Steps({ made, credential, algorithm }) {
  const { steps } = made;
  const isNew = algorithm === ALGORITHM;
  return html`<ol class="steps">
    ${isNew ? html`
      <${Step} number="1" title=${t("step-canonical")} why=${t("step-canonical-why")} text=${steps.canonical} />
      <${Step} number="2" title=${t("step-hash")} text=${steps.canonicalHash} />
      <${Step} number="3" title=${t("step-string")} why=${t("step-string-why")} text=${steps.text} />
      <${Step} number="4" title=${t("step-keys")} why=${t("step-keys-why")}><${Keys} steps=${steps} secret=${credential.secret_key} /><//>
      <${Step} number="5" title=${t("step-signature")} text=${steps.signature} />` : html`
      <${Step} number="1" title=${t("step-source")} why=${t("step-source-why")} text=${steps.source} />
      <${Step} number="2" title=${`${t("step-signature")}: ${steps.used}`} why=${t("step-v1-why")} text=${steps.signature} />`}
    <${Step} number=${isNew ? "6" : "3"} title=${t("step-header")} text=${wire(made)} />
  </ol>`;
}

function Side({ title, text, difference }) {
  return html`<div class="stack"><h3>${title}</h3><pre class="json lines wrap" tabindex="0" aria-label=${title}>${text.split("\n").map((line, place) => {
    const here = difference && place + 1 === difference.line;
    const at = here ? difference.column - 1 : 0;
    return html`<span key=${place} class=${here ? "differs" : ""}>${here ? html`${line.slice(0, at)}<mark>${line.slice(at) || "∅"}</mark>` : line || " "}${"\n"}</span>`;
  })}</pre></div>`;
}

function Compared({ ours, theirs, names = [t("ours"), t("yours")] }) {
  const difference = firstDifference(ours, theirs);
  return html`<div class="stack">
    <${ProblemBox} kind=${difference ? "warning" : "info"}>${difference ? t("first-difference", difference) : t("equal")}<//>
    <${Side} title=${names[0]} text=${ours} difference=${difference} />
    <${Side} title=${names[1]} text=${theirs} difference=${difference} />
  </div>`;
}

function Own({ made, credentials, isNew }) {
  const [text, type] = useState("");
  const [told, tell] = useState(null);
  const pasted = text.trim() ? paste(text) : null;
  useEffect(() => {
    let wanted = true;
    tell(null);
    if (pasted?.kind === "request") judged(pasted, credentials, Number(now())).then((given) => wanted && tell(given));
    return () => (wanted = false);
  }, [text, credentials]);
  const against = pasted && { canonical: made.steps.canonical, string: made.steps.text, source: made.steps.source }[pasted.kind];
  const slips = told?.slips.map((one) => t(`slip-${one}`)).join(", ");
  return html`<${Card} title=${t("own")}><div class="stack">
    <p class="small muted">${t("own-why")}</p>
    <textarea rows="6" aria-label=${t("own")} spellcheck="false" value=${text} onInput=${(event) => type(event.target.value)}></textarea>
    ${(pasted === undefined || (pasted && pasted.kind !== "request" && against === undefined)) && html`<p class="complaint" role="status">${t("own-none")}</p>`}
    ${against !== undefined && against !== null && html`<${Compared} ours=${against} theirs=${pasted.text} />`}
    ${told && html`<div class="stack" data-part="verdict" role="status">
      <${ProblemBox} kind=${told.verdict === "right" ? "info" : told.verdict === "near" ? "warning" : ""}>${t(`verdict-${told.verdict}`, { slips, id: told.secretId })}<//>
      ${told.notes.map((note, place) => html`<p key=${place} class="complaint">${t(`note-${note.note}`, note)}</p>`)}
      ${told.bodies && html`<${Compared} ours=${told.bodies[0]} theirs=${told.bodies[1]} names=${[t("body-sent"), t("body-signed")]} />`}
      ${told.theirs !== undefined ? html`<${Compared} ours=${told.ours} theirs=${told.theirs} />` : told.verdict === "wrong" && html`<${Side} title=${t("ours")} text=${told.ours} />`}
    </div>`}
  </div><//>`;
}

export function Signing({ request, account, way, credentials }) {
  const [moment, again] = useState(0);
  const [made, make] = useState(null);
  const { credential, algorithm, method, region } = way;
  useEffect(() => {
    let wanted = true;
    if (credential && canSign()) signedRequest(toSign(request, account, way)).then((given) => wanted && make({ ...given, algorithm }));
    return () => (wanted = false);
  }, [moment, request.value, credential?.secret_id, algorithm, method, region]);
  if (!canSign()) return html`<${ProblemBox}>${t("cannot-sign")}<//>`;
  if (!credential) return html`<${ProblemBox}>${t("no-credential")}<//>`;
  if (made?.algorithm !== algorithm) return html`<div class="skeleton" aria-busy="true"></div>`;
  const actions = html`<button type="button" class="button" title=${t("again-title")} onClick=${() => again(moment + 1)}>${t("again")}</button>`;
  return html`<div class="stack">
    <${Card} title=${t("steps")} note=${algorithm} actions=${actions}><${Steps} made=${made} credential=${credential} algorithm=${algorithm} /><//>
    <${Own} made=${made} credentials=${credentials} />
  </div>`;
}
