// The balance, paying in, what was paid and settled, and the bills.
import { html, useState } from "../vendor/preact.js";
import { post, useControl } from "../control.js";
import * as format from "../format.js";
import { pageOf, tabsOf } from "../pages.js";
import { Card, Loaded, Page, ProblemBox } from "../parts/card.js";
import { Segments, Select, Tabs } from "../parts/fields.js";
import { Evidence, Figure, YamlButton } from "../parts/figure.js";
import { Table } from "../parts/table.js";
import { say } from "../parts/toasts.js";
import { useParam } from "../router.js";
import { speaker } from "../words.js";

const t = speaker("wallet");
const TABS = tabsOf(pageOf("wallet"));
const KINDS = ["call", "clock", "change"];
const DAY = 86_400;
const MEASURES = ["input_tokens", "output_tokens", "split_tokens", "pages", "searches", "calls"]; // calls: images, which are paid apiece
const RANGES = ["today", "7", "30", "all"];

const whole = (amount) => amount > 0 && Math.abs(amount * 100 - Math.round(amount * 100)) < 1e-6;

function TopUp({ wallet, uin, again }) {
  const [chosen, choose] = useState(wallet.presets[0].amount);
  const [custom, type] = useState("");
  const [method, by] = useState(wallet.methods[0]);
  const [problem, fail] = useState(null);
  const amount = chosen ?? Number(custom);
  const money = (value) => format.money(value, wallet.currency);
  const told = useControl(whole(amount) ? `/accounts/${uin}/wallet/credit` : undefined, { amount });
  const credit = told.data?.amount === amount ? told.data.credit : undefined;
  const submit = async (event) => {
    event.preventDefault();
    try {
      const entry = await post(`/accounts/${uin}/wallet/top-up`, { amount, method });
      fail(null);
      say(t("paid", { amount: money(entry.amount), balance: money(entry.balance) }));
      again();
    } catch (refused) {
      fail(refused);
    }
  };
  return html`<${Card} title=${t("top")} note=${t("instant")} width="w8"><form class="form" onSubmit=${submit}>
    <div class="amounts" role="radiogroup" aria-label=${t("amount")}>
      ${wallet.presets.map((one) => html`<label key=${one.amount} class="choice"><input type="radio" name="amount" checked=${chosen === one.amount} onChange=${() => choose(one.amount)} />
        <strong>${format.money(one.amount, wallet.currency, 0)}</strong><span class="tiny muted">${one.bonus ? t("bonus", { n: one.bonus }) : t("none")}</span></label>`)}
      <label class="choice"><input type="radio" name="amount" checked=${chosen === null} onChange=${() => choose(null)} /><strong>${t("custom")}</strong>
        <input type="number" min="0.01" step="0.01" aria-label=${t("custom")} value=${custom} onInput=${(event) => (choose(null), type(event.target.value))} /></label>
    </div>
    <div class="amounts" role="radiogroup" aria-label=${t("method")}>
      ${[...wallet.methods, ...wallet.coming_soon].map((name) => html`<label key=${name} class="choice"><input type="radio" name="method" checked=${method === name} disabled=${wallet.coming_soon.includes(name)} onChange=${() => by(name)} />
        <span>${t(name)}</span>${wallet.coming_soon.includes(name) && html`<span class="tiny muted">${t("soon")}</span>`}</label>`)}
    </div>
    ${problem && html`<${ProblemBox} problem=${problem} />`}
    <dl class="pairs sum"><dt>${t("pay")}</dt><dd class="num">${money(whole(amount) ? amount : 0)}</dd>
      <dt>${t("extra")}${chosen === null ? html` <${Evidence} kind="inferred" setting="custom_top_up_bonus" />` : html` <${Evidence} kind="documented" />`}</dt><dd class="num">${money(credit && credit - amount)}</dd>
      <dt><strong>${t("credit")}</strong></dt><dd class="num"><strong>${money(credit)}</strong></dd></dl>
    <div><button class="button primary" disabled=${!whole(amount)}>${t("pay-now", { amount: money(whole(amount) ? amount : 0) })}</button></div>
  </form><//>`;
}

function State({ wallet, zone }) {
  const due = wallet.due ? t("due", { time: format.minute(wallet.due, zone) }) : t("due-none");
  const overdue = wallet.overdue_since;
  return html`<div class="w4 stack">
    <${Card}><${Figure} name=${t("balance")} value=${wallet.balance} shown=${format.money(wallet.balance, wallet.currency)} more=${overdue ? html`<span class="badge bad">${t("overdue", { time: format.minute(overdue, zone) })}</span>` : html`<span class="badge ok">${t("not-overdue")}</span>`} /><//>
    <${Card}><${Figure} name=${t("pending")} value=${wallet.pending} shown=${format.money(wallet.pending, wallet.currency)} more=${due} /><//>
  </div>`;
}

function History({ uin, wallet, zone }) {
  const history = useControl(`/accounts/${uin}/wallet/history`, undefined, KINDS);
  const money = (value) => format.money(value, wallet.currency);
  const columns = [
    { title: t("time"), value: (row) => row.time, show: (row) => format.moment(row.time, zone), width: "170px" },
    { title: t("kind"), value: (row) => row.kind, show: (row) => t(row.kind), width: "120px" },
    { title: t("pay"), value: (row) => row.paid, show: (row) => (row.paid ? money(row.paid) : format.NONE), num: true },
    { title: t("change"), value: (row) => row.amount, show: (row) => money(row.amount), num: true },
    { title: t("after"), value: (row) => row.balance, show: (row) => money(row.balance), num: true },
    { title: t("reference"), value: (row) => row.package || row.method, show: (row) => (row.package ? html`<code>${row.package}</code>` : row.method ? t(row.method) : "") },
  ];
  return html`<${Loaded} of=${history} height=${320}>${(data) => html`<${Table} name=${t("tab-history")} columns=${columns} rows=${data.entries.toReversed()} keyOf=${(row) => row.id} empty=${{ text: t("history-none") }} />`}<//>`;
}

function Bills({ uin, wallet, zone, now }) {
  const [range, choose] = useParam("range", "7");
  const [api, ofApi] = useParam("api");
  const [model, ofModel] = useParam("model");
  const today = format.startOfDay(now ?? 0, zone);
  const days = range === "today" ? 1 : Number(range);
  const start = range === "all" ? undefined : Math.max(0, today - (days - 1) * DAY);
  const bills = useControl(now === undefined ? undefined : `/accounts/${uin}/bills`, { start, api, model }, KINDS);
  const money = (value) => format.money(value, wallet.currency, 4);
  const used = MEASURES.filter((name) => (bills.data?.bills ?? []).some((row) => row[name]));
  const columns = [
    { title: t("hour"), value: (row) => row.hour, show: (row) => format.minute(row.hour, zone), width: "150px" },
    { title: t("api"), value: (row) => row.api, width: "150px" },
    { title: t("model"), value: (row) => row.model },
    ...used.map((name) => ({ title: t(name), value: (row) => row[name], num: true, width: "136px" })),
    { title: t("charge"), value: (row) => row.charge, show: (row) => money(row.charge), num: true, width: "110px" },
  ];
  const among = (name) => [...new Set((bills.data?.bills ?? []).map((row) => row[name]).filter(Boolean))].sort();
  const kept = (value, values) => (value && !values.includes(value) ? [value, ...values] : values);
  return html`<div class="bar inset"><${Segments} label=${t("range")} value=${range} onChange=${choose} options=${RANGES.map((name) => [name, t(name)])} />
      <${Select} label=${t("api")} value=${api} onChange=${ofApi} options=${kept(api, among("api"))} all />
      <${Select} label=${t("model")} value=${model} onChange=${ofModel} options=${kept(model, among("model"))} all /></div>
    <${Loaded} of=${bills} height=${320}>${(data) => data && html`<${Table} name=${t("tab-bills")} columns=${columns} rows=${data.bills.toReversed()} keyOf=${(row) => `${row.hour} ${row.api} ${row.model}`} foot=${t("sum", { n: format.number(data.bills.length), amount: money(data.charge) })} empty=${{ text: t("bills-none") }} />`}<//>`;
}

export default function Wallet({ account, rest }) {
  const { uin, time_zone: zone } = account;
  const wallet = useControl(`/accounts/${uin}/wallet`, undefined, KINDS);
  const clock = useControl(`/accounts/${uin}/clock`, undefined, ["clock"]);
  const tab = rest[0] === "history" ? "history" : "bills";
  return html`<${Page} title=${t("title")} actions=${html`<${YamlButton} uin=${uin} section="billing" />`}>
    <${Loaded} of=${wallet} height=${420}>${(data) => html`
      ${data.overdue_since && html`<${ProblemBox}>${t("overdue-text", { time: format.minute(data.overdue_since, zone) })}<//>`}
      <div class="cards">
        <${TopUp} wallet=${data} uin=${uin} again=${wallet.again} />
        <${State} wallet=${data} zone=${zone} />
        <${Card} flush>
          <div class="inset"><${Tabs} tabs=${TABS} current=${tab} /></div>
          ${tab === "history" ? html`<${History} uin=${uin} wallet=${data} zone=${zone} />` : html`<${Bills} uin=${uin} wallet=${data} zone=${zone} now=${clock.data?.now} />`}
        <//>
      </div>`}<//>
  <//>`;
}
