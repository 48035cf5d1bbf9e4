// The API keys of root and sub-accounts: made, shown once, changed, suspended, deleted.
import { html, useState } from "../vendor/preact.js";
import { patch, post, remove, useControl } from "../control.js";
import * as format from "../format.js";
import { Card, Loaded, Page, ProblemBox } from "../parts/card.js";
import { ask, show } from "../parts/dialog.js";
import { Field, Select } from "../parts/fields.js";
import { CopyButton, Evidence, YamlButton } from "../parts/figure.js";
import { Table } from "../parts/table.js";
import { tried } from "../parts/toasts.js";
import { address } from "../router.js";
import { speaker } from "../words.js";

const t = speaker("keys");
const SHAPE = { enabled: "ok", disabled: "warn", expired: "bad", exhausted: "bad" };
const GUIDE = [
  ["chat", ["deepseek-chat", "qwen-plus"]],
  ["reason", ["deepseek-reasoner", "claude-sonnet"]],
  ["long", ["kimi-k2", "doubao-pro"]],
  ["write", ["glm-4", "qwen-max"]],
  ["turns", ["gpt-4o", "claude-sonnet"]],
];

const named = (key) => key.label || t("unnamed");

function Form({ given = {}, people, title, action, send, close }) {
  // Gives close() what `send` gave; a refusal stands in the form.
  const [values, set] = useState({ label: "", remark: "", group: "", owner: "", ...given });
  const [problem, fail] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    try {
      close(await send(values));
    } catch (refused) {
      fail(refused);
    }
  };
  const input = (name, help) => html`<${Field} label=${t(name)} help=${help}><input value=${values[name]} onInput=${(event) => set({ ...values, [name]: event.target.value })} autofocus=${name === "label"} /><//>`;
  return html`<form class="form" onSubmit=${submit}>
    <h2 class="wrap">${title}</h2>
    ${problem && html`<${ProblemBox} problem=${problem} />`}
    ${input("label", t("label-help"))}${input("remark")}
    <div class="two">${input("group", t("group-help"))}
      ${people && html`<${Select} label=${t("owner")} value=${values.owner} onChange=${(owner) => set({ ...values, owner })} options=${people} />`}</div>
    <div class="end"><button type="button" class="button" onClick=${() => close()}>${t("cancel")}</button><button class="button primary">${action}</button></div>
  </form>`;
}

const curl = (secret) =>
  `curl ${location.origin}/v1/chat/completions -H 'Authorization: Bearer ${secret}' -H 'Content-Type: application/json' -d '{"model": "deepseek-chat", "messages": [{"role": "user", "content": "Hello"}]}'`;

const Secret = ({ made, close }) => html`<div class="inside">
  <h2 class="wrap">${t("new", { label: named(made.key) })}</h2>
  <p>${t("once")}</p>
  <code class="json" data-secret>${made.secret}</code>
  <p class="small muted">${t("safe")}</p>
  <div class="end"><${CopyButton} text=${curl(made.secret)} label=${t("try")} /><${CopyButton} text=${made.secret} /><button class="button primary" onClick=${() => close()} autofocus>${t("done")}</button></div>
</div>`;

function Guide() {
  const columns = [
    { title: t("use"), value: ([use]) => t(use) },
    { title: t("models"), value: ([, models]) => models.join(", "), show: ([, models]) => html`<code>${models.join(", ")}</code>` },
    { title: t("why"), value: ([use]) => t(`${use}-why`) },
  ];
  return html`<${Card} title=${t("guide")} note=${t("fallback")} actions=${html`<a class="button plain" href=${address("world/faults", { surface: "openai" })}>${t("fallback-try")}</a>`} flush><${Table} name=${t("guide")} sort="sort-guide" columns=${columns} rows=${GUIDE} /><//>`;
}

export default function Keys({ account }) {
  const { uin, time_zone: zone } = account;
  const at = `/accounts/${uin}/keys`;
  const keys = useControl(at, undefined, ["call", "clock", "change"]);
  const wallet = useControl(`/accounts/${uin}/wallet`);
  const owners = [[uin, t("root")], ...Object.entries(account.sub_accounts).map(([owner, name]) => [owner, name || owner])];
  const full = keys.data && keys.data.keys.length >= keys.data.limit;

  const create = async () => {
    const made = await show((close) => html`<${Form} people=${owners} given=${{ owner: uin }} title=${t("create")} action=${t("create")} send=${(values) => post(at, values)} close=${close} />`);
    if (made) await show((close) => html`<${Secret} made=${made} close=${close} />`);
    keys.again();
  };
  const change = async (key) => {
    const send = ({ label, remark, group }) => patch(`${at}/${key.id}`, { label, remark, group });
    const { label, remark, group } = key;
    if (await show((close) => html`<${Form} given=${{ label, remark, group }} title=${t("change", { label: named(key) })} action=${t("save")} send=${send} close=${close} />`)) keys.again();
  };
  const turn = async (key, verb) => (await tried(() => post(`${at}/${key.id}/${verb}`), t(`is-${verb}d`, { label: named(key) }))) && keys.again();
  const erase = async (key) => {
    if (!(await ask({ title: t("remove-title", { label: named(key) }), text: t("remove-text"), action: t("remove"), danger: true }))) return;
    await tried(() => remove(`${at}/${key.id}`).then(() => true), t("removed", { label: named(key) }));
    keys.again();
  };
  const actions = (key) => html`<span class="row-actions">
    <button class="button plain" onClick=${() => change(key)}>${t("edit")}</button>
    ${key.status === "enabled" ? html`<button class="button plain" onClick=${() => turn(key, "disable")}>${t("disable")}</button>` : html`<button class="button plain" onClick=${() => turn(key, "enable")}>${t("enable")}</button>`}
    <button class="button plain bad" onClick=${() => erase(key)}>${t("remove")}</button></span>`;
  const columns = [
    { title: t("label"), value: (key) => key.label, show: (key) => html`${named(key)}${key.remark && html` <span class="muted">${key.remark}</span>`}`, tip: (key) => `${named(key)}\n${key.remark}` },
    { title: t("key"), value: (key) => key.masked, show: (key) => html`<code>${key.masked}</code>`, width: "182px" },
    { title: t("status"), value: (key) => key.status, show: (key) => html`<span class=${`badge ${SHAPE[key.status]}`}>${t(key.status)}</span>`, width: "106px" },
    { title: t("last"), value: (key) => key.last_used ?? 0, show: (key) => (key.last_used ? format.moment(key.last_used, zone) : html`<span class="muted">${t("never")}</span>`), tip: (key) => `${t("created")}: ${format.moment(key.created, zone)}`, width: "164px" },
    { title: t("spent"), value: (key) => key.used, show: (key) => format.money(key.used, wallet.data?.currency ?? "CNY"), num: true, width: "80px" },
    { title: t("group"), value: (key) => key.group, width: "76px" },
    { title: t("owner"), value: (key) => owners.find(([owner]) => owner === key.owner)?.[1] ?? key.owner, width: "96px" },
    { title: "", value: () => "", show: actions, sort: false, width: "172px" },
  ];
  return html`<${Page} title=${t("title")} actions=${html`<${YamlButton} uin=${uin} section="keys" /><button class="button primary" disabled=${full} onClick=${create}>${t("create")}</button>`}>
    <${ProblemBox} kind="info">${t("safe")}<//>
    ${full && html`<${ProblemBox} kind="warning">${t("full", { limit: keys.data.limit })}<//>`}
    <${Loaded} of=${keys} height=${240}>${(data) => html`<${Card} title=${html`${t("title")}`} note=${html`${t("used", { n: data.keys.length, limit: data.limit })} <${Evidence} kind="documented" />`} flush>
      <${Table} name=${t("title")} columns=${columns} rows=${data.keys} keyOf=${(key) => key.id} empty=${{ text: t("none"), action: t("create"), onClick: create }} /><//>`}<//>
    <${Guide} />
  <//>`;
}
