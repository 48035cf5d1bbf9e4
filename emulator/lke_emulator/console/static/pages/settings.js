// Postpaid switches and who may turn them, content moderation, and what the account may call at most.
import { html, useEffect, useState } from "../vendor/preact.js";
import { patch, put, useControl } from "../control.js";
import * as format from "../format.js";
import { Card, Empty, Loaded, Page, ProblemBox } from "../parts/card.js";
import { ask } from "../parts/dialog.js";
import { Select } from "../parts/fields.js";
import { Evidence, YamlButton } from "../parts/figure.js";
import { Table } from "../parts/table.js";
import { tried } from "../parts/toasts.js";
import { address, useParam } from "../router.js";
import { speaker } from "../words.js";

const t = speaker("settings");
const COUNTS = ["second", "requests", "tokens", "flight"];
const EVENTS = ["clock", "change"];

const Turn = ({ label, on, onTurn, disabled }) => html`<button type="button" role="switch" aria-checked=${on} aria-label=${label} class="switch" disabled=${disabled} onClick=${() => onTurn(!on)}><i></i><span>${t(on ? "on" : "off")}</span></button>`;

function Postpaid({ account, now, wallet }) {
  const { uin, time_zone: zone } = account;
  const at = `/accounts/${uin}/postpaid`;
  const [caller, act] = useParam("as");
  const [problem, fail] = useState(null);
  const postpaid = useControl(at, undefined, EVENTS);
  const turn = async (api, on) => {
    fail(null);
    try {
      await put(`${at}/${api}`, { on, caller });
      await tried(async () => true, t(on ? "is-on" : "is-off", { api }));
    } catch (refused) {
      fail({ api, refused });
    }
    postpaid.again();
  };
  const people = Object.entries(account.sub_accounts).map(([owner, name]) => [owner, name || owner]);
  const until = (one, cooldown) => (one.changed !== null && one.changed <= now && now < one.changed + cooldown ? one.changed + cooldown : null);
  const actions = html`${wallet && html`<span class="small tabular">${t("balance", { amount: format.money(wallet.balance, wallet.currency) })}</span>`}<a class="button" href=${address("wallet")}>${t("top-up")}</a>`;
  return html`<${Card} title=${t("postpaid")} note=${t("postpaid-note")} actions=${actions}>
    <${Loaded} of=${postpaid} height=${300}>${({ switches, cooldown, overdue_since: overdue }) => html`<div class="stack">
      ${overdue && html`<${ProblemBox}>${t("overdue", { time: format.minute(overdue, zone) })}<//>`}
      <div class="bar"><${Select} label=${t("as")} value=${caller} onChange=${act} options=${people} all=${t("root")} /><span class="small muted">${t("order")} <${Evidence} kind="documented" /></span></div>
      <ul class="switches">${Object.entries(switches).map(([api, one]) => {
        const lock = until(one, cooldown);
        return html`<li key=${api}><span class="clip mono" title=${api}>${api}</span>
          ${lock ? html`<span class="tiny muted nowrap">${t("locked", { time: format.clock(lock, zone) })}<${Evidence} kind="documented" /></span>` : html`<span></span>`}
          <${Turn} label=${api} on=${one.on} onTurn=${(on) => turn(api, on)} />
          ${problem?.api === api && html`<div class="wide"><${ProblemBox} problem=${problem.refused} /></div>`}</li>`;
      })}</ul>
      <p class="small muted">${t("often")} ${t("watch")}</p></div>`}<//>
  <//>`;
}

function Permissions({ uin }) {
  const at = `/accounts/${uin}/permissions`;
  const list = useControl(at, undefined, EVENTS);
  const give = async (one, on) => {
    await tried(() => put(`${at}/${one.sub_account}`, { postpaid_settings: on }), t(on ? "granted" : "taken", { name: one.name || one.sub_account }));
    list.again();
  };
  return html`<${Card} title=${t("permissions")} note=${t("permissions-note")}><${Loaded} of=${list}>${({ permissions }) =>
    permissions.length ? html`<ul class="switches one">${permissions.map((one) => html`<li key=${one.sub_account}><span class="clip">${one.name} <span class="muted mono">${one.sub_account}</span></span><span></span><${Turn} label=${`${t("may")}: ${one.name || one.sub_account}`} on=${one.postpaid_settings} onTurn=${(on) => give(one, on)} /></li>`)}</ul>` : html`<${Empty} text=${t("permissions-none")} />`}<//><//>`;
}

function Service({ uin }) {
  const postpaid = useControl(`/accounts/${uin}/postpaid`, undefined, EVENTS);
  const turn = async (activated) => {
    await tried(() => put(`/accounts/${uin}/service`, { activated }));
    postpaid.again();
  };
  return html`<${Card} title=${t("service")} note=${t("service-note")}><${Loaded} of=${postpaid} height=${32}>${({ activated }) => html`<ul class="switches one"><li><span>${t("activated")}</span><span></span><${Turn} label=${t("activated")} on=${activated} onTurn=${turn} /></li></ul>`}<//><//>`;
}

function Moderation({ uin }) {
  const at = `/accounts/${uin}/moderation`;
  const state = useControl(at, undefined, EVENTS);
  const [text, type] = useState("");
  const known = state.data?.words.join("\n") ?? "";
  useEffect(() => type(known), [known]);
  const turn = async (on) => {
    if (!on && !(await ask({ title: t("off-title"), text: t("off-text"), action: t("turn-off"), danger: true }))) return;
    await tried(() => patch(at, { on }));
    state.again();
  };
  const save = async (event) => {
    event.preventDefault();
    await tried(() => patch(at, { words: text.split("\n").map((word) => word.trim()).filter(Boolean) }), t("saved"));
    state.again();
  };
  return html`<${Card} title=${t("moderation")} note=${t("moderation-note")} width="w6"><${Loaded} of=${state}>${({ on }) => html`<form class="form" onSubmit=${save}>
    <ul class="switches one"><li><span>${t("filter")}</span><span></span><${Turn} label=${t("filter")} on=${on} onTurn=${turn} /></li></ul>
    ${!on && html`<${ProblemBox} kind="warning">${t("off-text")}<//>`}
    <label>${t("words")}<textarea rows="4" value=${text} onInput=${(event) => type(event.target.value)}></textarea></label>
    <div><button class="button" disabled=${text === known}>${t("save-words")}</button></div></form>`}<//><//>`;
}

function Limits({ uin }) {
  const limits = useControl(`/accounts/${uin}/limits`, undefined, EVENTS);
  const most = (value) => (value === null ? t("none") : format.number(value)); // 0 is no limit but of places for a model
  const column = (head) => ({ title: t(head), value: (row) => row[head], ...(COUNTS.includes(head) && { num: true, width: "152px", show: (row) => most(row[head]) }) });
  const table = (name, heads, rows) => html`<div class="stack"><h3>${t(name)}</h3><${Table} name=${t(name)} sort=${`sort-${name}`} columns=${heads.map(column)} rows=${rows} /></div>`;
  return html`<${Card} title=${t("limits")} note=${t("limits-note")} actions=${html`<${YamlButton} uin=${uin} section="rate_limits,limits" />`}><${Loaded} of=${limits} height=${200}>${(data) => html`<div class="stack roomy"><div class="thirds">
    ${table("signed", ["action", "second"], [...Object.entries(data.actions).map(([action, second]) => ({ action, second: second || null })), { action: t("others"), second: data.calls_per_second || null }])}
    ${table("by-model", ["model", "flight"], data.models.map(({ model, concurrency }) => ({ model, flight: concurrency })))}
  </div>${table("by-key", ["model", "key", "requests", "tokens", "flight"], [...data.keys, { model: "*", key: "*", limit: data.otherwise }].map(({ model, key, limit }) => ({ model, key, requests: limit.requests_per_minute || null, tokens: limit.tokens_per_minute || null, flight: limit.concurrency || null })))}
<p class="small muted">${t("timeout", { n: data.timeout })} <${Evidence} kind="documented" setting="request_timeout_s" /></p></div>`}<//><//>`;
}

export default function Settings({ account }) {
  const { uin } = account;
  const wallet = useControl(`/accounts/${uin}/wallet`, undefined, ["call", ...EVENTS]);
  const clock = useControl(`/accounts/${uin}/clock`, undefined, EVENTS);
  return html`<${Page} title=${t("title")} actions=${html`<${YamlButton} uin=${uin} section="billing,moderation" />`}><div class="cards">
    <${Postpaid} account=${account} now=${clock.data?.now ?? 0} wallet=${wallet.data} />
    <div class="w6 stack"><${Permissions} uin=${uin} /><${Service} uin=${uin} /></div><${Moderation} uin=${uin} />
    <${Limits} uin=${uin} />
  </div><//>`;
}
