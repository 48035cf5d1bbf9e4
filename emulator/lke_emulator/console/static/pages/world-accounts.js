// The accounts of the world: open, copy, reset, close; snapshots down and up.
import { html, useState } from "../vendor/preact.js";
import { accounts } from "../account.js";
import { useCell } from "../cell.js";
import { control, fetched, post, PREFIX, remove, useControl } from "../control.js";
import * as format from "../format.js";
import { tell } from "../live.js";
import { Card } from "../parts/card.js";
import { ask, show } from "../parts/dialog.js";
import { Field } from "../parts/fields.js";
import { CopyButton, Copyable, YamlButton } from "../parts/figure.js";
import { save } from "../parts/table.js";
import { say, tried } from "../parts/toasts.js";
import { change, usePlace } from "../router.js";
import { speaker } from "../words.js";

const t = speaker("world", "shell");

const seenAgain = () => tell("account", "change", "clock");

function Credentials({ given, close }) {
  const keys = given.keys ?? (given.key ? [given.key] : []);
  const text = JSON.stringify({ credentials: given.credentials, keys: keys.map((key) => ({ label: key.key.label, secret: key.secret })) }, null, 2);
  return html`<div class="inside"><h2>${t("opened")}</h2><p class="small">${t("opened-warning")}</p>
    <dl class="pairs">
      <dt>${t("uin")}</dt><dd><${Copyable} value=${given.account.uin} mono /></dd>
      ${given.credentials.map((one) => html`<dt>SecretId</dt><dd><${Copyable} value=${one.secret_id} mono /></dd><dt>SecretKey</dt><dd><${Copyable} value=${one.secret_key} mono /></dd>`)}
      ${keys.map((key) => html`<dt>${t("key")} ${key.key.label}</dt><dd><${Copyable} value=${key.secret} mono /></dd>`)}
    </dl>
    <div class="end"><${CopyButton} text=${text} /><button class="button primary" autofocus onClick=${() => close()}>${t("done")}</button></div></div>`;
}

const told = (given) => show((close) => html`<${Credentials} given=${given} close=${close} />`, { wide: true });

function Opening({ close }) {
  const [form, set] = useState({ name: "", scenario: "" });
  const known = useControl("/scenarios");
  const submit = async (event) => {
    event.preventDefault();
    const given = await tried(() => post("/accounts", form));
    if (!given) return;
    close();
    seenAgain();
    told(given);
  };
  return html`<form class="form" onSubmit=${submit}><h2>${t("open")}</h2>
    <${Field} label=${t("name")}><input autofocus value=${form.name} onInput=${(event) => set({ ...form, name: event.target.value })} /><//>
    <${Field} label=${t("template")}><select value=${form.scenario} onChange=${(event) => set({ ...form, scenario: event.target.value })}><option value="">${t("template-none")}</option>${(known.data?.scenarios ?? []).map((one) => html`<option key=${one.name} value=${one.name}>${one.name}</option>`)}</select><//>
    <div class="end"><button type="button" class="button" onClick=${() => close()}>${t("cancel")}</button><button class="button primary">${t("create")}</button></div></form>`;
}

const snapshotOf = async (uin) => (await fetched(`${PREFIX}/accounts/${uin}/snapshot`)).text();
const putSnapshot = (uin, text) => control("PUT", `/accounts/${uin}/snapshot`, JSON.parse(text));

function One({ row, first }) {
  const { query } = usePlace();
  const { uin, time_zone: zone } = row;
  const name = row.name || uin;
  const copied = async () => {
    const given = await tried(() => post(`/accounts/${uin}/copy`));
    if (!given) return;
    seenAgain();
    told(given);
  };
  const undoable = async (doing, done) => {
    const before = await tried(() => snapshotOf(uin));
    if (!before || (await tried(doing)) === undefined) return false;
    seenAgain();
    const undo = async () => {
      const given = await tried(() => putSnapshot(uin, before), t("was-restored", { name }));
      seenAgain();
      if (given?.credentials.length) told(given);
    };
    say(done, { action: t("undo"), run: undo });
    return true;
  };
  const reset = () => undoable(() => post(`/accounts/${uin}/reset`), t("was-reset", { name }));
  const upload = (event) => {
    const [file] = event.target.files;
    if (file) undoable(async () => putSnapshot(uin, await file.text()), t("was-loaded", { name }));
    event.target.value = "";
  };
  const download = () => tried(async () => save(`account-${uin}.json`, await snapshotOf(uin), "application/json"));
  const close = async () => {
    if (!(await ask({ title: t("close-sure", { name }), text: t("close-text"), action: t("close"), danger: true }))) return;
    if ((await undoable(() => remove(`/accounts/${uin}`), t("closed", { uin }))) && query.account === uin) change({ account: undefined });
  };
  const shown = query.account ? query.account === uin : first;
  return html`<li class=${shown ? "chosen" : ""}>
    <div class="grow"><strong class="clip block">${name}</strong> <span class="small muted"><${Copyable} value=${uin} mono /> · ${format.minute(row.now, zone)} ${format.offset(zone)}</span>
      <p class="small muted clamp">${t("people")}: ${Object.values(row.sub_accounts).join(", ") || format.NONE} · ${t("secrets")}: ${row.secret_ids.join(", ") || format.NONE}</p></div>
    <div class="bar">
      <button type="button" class="button" disabled=${shown} onClick=${() => change({ account: uin })}>${t("show")}</button>
      <button type="button" class="button" onClick=${copied}>${t("copy")}</button>
      <${YamlButton} uin=${uin} />
      <button type="button" class="button" onClick=${download}>${t("download")}</button>
      <label class="button">${t("upload")}<input class="hidden" type="file" accept=".json" onChange=${upload} /></label>
      <button type="button" class="button danger" onClick=${reset}>${t("reset")}</button>
      <button type="button" class="button danger" disabled=${first} onClick=${close}>${t("close")}</button>
    </div></li>`;
}

export function Accounts() {
  const rows = useCell(accounts) ?? [];
  const open = () => show((close) => html`<${Opening} close=${close} />`);
  return html`<${Card} title=${t("accounts")} actions=${html`<button type="button" class="button primary" onClick=${open}>${t("open")}</button>`}>
    <ul class="choices">${rows.map((row, place) => html`<${One} key=${row.uin} row=${row} first=${place === 0} />`)}</ul>
  <//>`;
}
