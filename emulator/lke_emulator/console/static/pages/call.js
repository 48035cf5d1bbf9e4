// One call: why it went so, what it was, as code, and a fault for those that come after it.
import { html, useState } from "../vendor/preact.js";
import { get, post, useAsked, useControl } from "../control.js";
import { LANGUAGES, program } from "../explorer/code/languages.js";
import * as format from "../format.js";
import { Card, Empty, Loaded, ProblemBox } from "../parts/card.js";
import { Changes } from "../parts/changes.js";
import { show } from "../parts/dialog.js";
import { Field, Segments } from "../parts/fields.js";
import { CopyButton, Copyable } from "../parts/figure.js";
import { Icon } from "../parts/icons.js";
import { Json } from "../parts/json.js";
import { tried } from "../parts/toasts.js";
import { Verdict } from "../parts/verdict.js";
import { address, useParam } from "../router.js";
import { heard, speaker } from "../words.js";

const t = speaker("calls");

function Facts({ call, zone }) {
  const rows = [
    [t("request-id"), html`<${Copyable} mono value=${call.RequestId} />`],
    [t("time"), html`<span title=${format.utc(call.Time)}>${format.moment(call.Time, zone)} ${format.offset(zone)}</span>`],
    [t("surface"), call.Surface],
    [t("caller"), call.Caller],
    [t("key"), call.Key],
    [t("model"), call.Model],
    [t("tokens"), call.InputTokens || call.OutputTokens ? `${format.number(call.InputTokens)} + ${format.number(call.OutputTokens)}` : ""],
    [t("took"), format.took(call.LatencyUs)],
    [t("streamed"), call.Streamed ? t("yes") : ""],
    [t("source"), call.Source && t(`source-${call.Source}`)],
    [t("fault"), call.Fault],
  ];
  return html`<dl class="pairs">${rows.filter(([, value]) => value).map(([name, value]) => html`<dt key=${name}>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function Why({ call, why }) {
  if (call.Verdict !== "error") return html`<p class="small muted">${t("no-cause")}</p>`;
  const { causes = [], secret_ids = [] } = why ?? {};
  const near_misses = (why?.near_misses ?? []).filter((miss) => !causes.some((cause) => cause.text.includes(miss.name)));
  return html`<div class="stack">
    <${ProblemBox}><strong>${call.Code}</strong> ${call.Message}<//>
    ${causes.map((cause, place) => html`<div key=${place} class="cause"><${Icon} name="info" size="14" /><p>${heard(cause.text)}${cause.advice && html`<br /><span class="muted">${heard(cause.advice)}</span>`}</p></div>`)}
    ${near_misses.map((miss, place) => html`<div key=${place} class="cause"><${Icon} name="info" size="14" /><p><code>${miss.name}</code> ${heard(miss.message)} ${miss.nearest.length > 0 && t("nearest", { names: miss.nearest.join(", ") })}</p></div>`)}
    ${secret_ids.length > 0 && html`<p class="small">${t("nearest", { names: secret_ids.join(", ") })}</p>`}
    ${!causes.length && !near_misses.length && html`<p class="small muted">${t("no-more")}</p>`}
  </div>`;
}

function Side({ title, text, line }) {
  return html`<div class="stack"><h3>${title}</h3><pre class="json lines" tabindex="0">${text.split("\n").map((one, place) => html`<span key=${place} class=${place + 1 === line ? "differs" : ""}>${one || " "}${"\n"}</span>`)}</pre></div>`;
}

function Signature({ signature }) {
  const { client, server, difference, is_certain } = signature;
  const texts = (side) => (side.canonical_request && difference?.text !== "string to sign" ? side.canonical_request : side.string_to_sign);
  return html`<div class="stack">
    <${ProblemBox} kind="warning">${difference ? t("differ", { n: difference.line }) : t("same")} ${!is_certain && t("uncertain")}<//>
    ${difference && html`<${Side} title=${t("your-side")} text=${texts(client)} line=${difference.line} />`}
    <${Side} title=${t("our-side")} text=${texts(server)} line=${difference?.line} />
  </div>`;
}

const COMMON = ["Action", "Version", "Region", "Timestamp", "Nonce", "SecretId", "Signature", "SignatureMethod", "Token", "Language", "RequestClient"];
const LONGEST = 4000; // letters that an address may well have
const PATHS = { "openai.chat.completions": "/v1/chat/completions", "openai.embeddings": "/v1/embeddings", "openai.images.generations": "/v1/images/generations" };
const plain = (call) => `curl -sN ${location.origin}${PATHS[call.Action] ?? "/v1/models"} \\\n  -H "Authorization: Bearer $OPENAI_API_KEY" -H "Content-Type: application/json" \\\n  -d '${JSON.stringify(call.Params).replaceAll("'", `'\\''`)}'\n`;

function Code({ call }) {
  // A signed call in every language of the explorer, any other one as curl.
  const signed = call.Surface === "gateway";
  const action = useControl(signed ? `/catalogue/${encodeURIComponent(call.Action)}` : null);
  const [language, choose] = useParam("code-in", "python");
  const file = useAsked(async () => signed && (LANGUAGES[language] ?? LANGUAGES.python).load(), [language]);
  if (signed && !(action.data && file.data)) return html`<${Loaded} of=${{ problem: action.problem ?? file.problem }} />`;
  const params = Object.fromEntries(Object.entries(call.Params ?? {}).filter(([name]) => !COMMON.includes(name)));
  const asJson = Object.keys(params).length === Object.keys(call.Params ?? {}).length; // those of a query are all texts
  const text = signed ? program(file.data, { action: action.data, params, region: "ap-guangzhou", host: location.host }) : plain(call);
  return html`<div class="stack">
    <div class="bar">${signed && html`<${Segments} label=${t("code")} value=${language} onChange=${choose} options=${Object.entries(LANGUAGES).map(([name, one]) => [name, one.title])} />`}<span class="grow"></span>
      ${signed && html`<a class="button" href=${address(`explorer/${call.Action.replace(".", "/")}`, { params: asJson && text.length < LONGEST ? JSON.stringify(params) : undefined })}>${t("explorer")}</a>`}<${CopyButton} text=${text} /></div>
    <pre class="json code" tabindex="0">${text}</pre>
  </div>`;
}

const EFFECTS = {
  error: ({ code }) => ({ error: code }),
  latency: ({ seconds }) => ({ latency: Number(seconds) }),
  status: () => ({ status: 503 }),
  reset: () => ({ reset: true }),
  malformed: () => ({ malformed: true }),
  drop: () => ({ drop_after: 3 }),
};

export function FaultForm({ operation, close, uin }) {
  const [form, set] = useState({ operation: operation || "*", effect: "error", code: "InternalError", seconds: "2", first: "1" });
  const input = (name, more = {}) => html`<input value=${form[name]} onInput=${(event) => set({ ...form, [name]: event.target.value })} ...${more} />`;
  const submit = async (event) => {
    event.preventDefault();
    const rule = { operation: form.operation, first: Number(form.first), ...EFFECTS[form.effect](form) };
    if (await tried(() => post(`/accounts/${uin}/faults`, rule), t("set-done", { n: form.first, action: form.operation }))) close(true);
  };
  return html`<form class="form" onSubmit=${submit}>
    <h2>${t("set-title", { action: form.operation })}</h2>
    <${Field} label=${t("action")}>${input("operation", { required: true })}<//>
    <${Field} label=${t("set-how")}><select value=${form.effect} onChange=${(event) => set({ ...form, effect: event.target.value })}>${Object.keys(EFFECTS).map((one) => html`<option key=${one} value=${one}>${t(`set-${one}`)}</option>`)}</select><//>
    <div class="two">
      ${form.effect === "error" && html`<${Field} label=${t("set-code")}>${input("code", { required: true })}<//>`}
      ${form.effect === "latency" && html`<${Field} label=${t("set-wait")}>${input("seconds", { type: "number", min: 0, max: 3600, step: "any" })}<//>`}
      <${Field} label=${t("set-many")}>${input("first", { type: "number", min: 0, max: 1e6 })}<//>
    </div>
    <div class="end"><button type="button" class="button" onClick=${() => close()}>${t("close")}</button><button class="button primary">${t("set-go")}</button></div>
  </form>`;
}

export const askForFault = (uin, operation) => show((close) => html`<${FaultForm} uin=${uin} operation=${operation} close=${close} />`);

export function OneCall({ id, known, account, close }) {
  const found = useAsked(async (signal) => known ?? (await post("/journal/find", { request_id: id, limit: 1 })).calls[0] ?? null, [id, known?.Verdict]);
  const why = useAsked(async (signal) => (found.data?.Verdict === "error" ? get(`/explain/${id}`, undefined, { signal }) : null), [id, found.data?.Verdict]);
  const [tab, choose] = useParam("tab", "facts");
  const call = found.data;
  const actions = html`<button type="button" class="button icon plain" aria-label=${t("close")} title="Esc" onClick=${close}><${Icon} name="close" /></button>`;
  if (call === undefined) return html`<${Card} title=${id} actions=${actions}><div class="skeleton" aria-busy="true"></div><//>`;
  if (call === null) return html`<${Card} title=${id} actions=${actions}><${Empty} text=${t("gone", { id })} /><//>`;
  const tabs = [["facts", t("facts")], ["params", t("params")], ["changes", t("changed")], ...(why.data?.signature ? [["signature", t("signature")]] : []), ["code", t("code")]];
  const chosen = tabs.some(([name]) => name === tab) ? tab : "facts";
  return html`<${Card} title=${html`<span class="clip">${call.Action || call.Surface}</span>`} note=${html`<${Verdict} call=${call} />`} actions=${actions}>
    <div class="stack" aria-busy=${why.loading}>
      ${call.Verdict === "error" && html`<${Why} call=${call} why=${why.data} />`}
      <div class="bar"><${Segments} label=${call.Action} value=${chosen} onChange=${choose} options=${tabs} /><span class="grow"></span>
        <button type="button" class="button" onClick=${() => askForFault(account.uin, call.Action)}>${t("set-fault")}</button></div>
      ${chosen === "facts" && html`<${Facts} call=${call} zone=${account.time_zone} />`}
      ${chosen === "params" && html`<${Json} value=${call.Params ?? {}} label=${t("params")} />`}
      ${chosen === "changes" && html`<${Changes} changes=${call.Changes ?? []} />`}
      ${chosen === "signature" && html`<${Signature} signature=${why.data.signature} />`}
      ${chosen === "code" && html`<${Code} call=${call} />`}
    </div>
  <//>`;
}
