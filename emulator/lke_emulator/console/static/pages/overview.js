// Balance, requests, tokens, models, spending, and what needs attention now.
import { html } from "../vendor/preact.js";
import { useControl } from "../control.js";
import * as format from "../format.js";
import { Card, Empty, Loaded, Page, ProblemBox } from "../parts/card.js";
import { Chart } from "../parts/chart.js";
import { Segments } from "../parts/fields.js";
import { Copyable, Figure } from "../parts/figure.js";
import { bannersOf, noticeText } from "../parts/notices.js";
import { Parted, Shares } from "../parts/shares.js";
import { Table } from "../parts/table.js";
import { Verdict } from "../parts/verdict.js";
import { address, go, useParam } from "../router.js";
import { speaker } from "../words.js";

const t = speaker("overview");
const MODELS = 5;
const DAY = 86_400;
const FEW = 6;

const counted = (text, part, currency) => ({ name: text, value: part.requests, more: t("spent", { amount: format.money(part.spending, currency) }) });

function Figures({ board, wallet, zone }) {
  const { currency } = wallet;
  const more = wallet.pending ? t("balance-more", { amount: format.money(wallet.pending, currency, wallet.pending < 0.01 ? 6 : 2), time: format.minute(wallet.due, zone).slice(11) }) : t("balance-rest");
  return html`
    <${Card} width="w3"><${Figure} name=${t("balance")} value=${board.balance} shown=${format.money(board.balance, currency)} more=${more} /><//>
    ${["today", "week", "month"].map((period) => html`<${Card} key=${period} width="w3"><${Figure} ...${counted(t(period), board[period], currency)} /><//>`)}`;
}

function Spending({ board, wallet, zone }) {
  const [unit, choose] = useParam("unit", "daily");
  const rows = board[unit];
  const options = [["daily", t("day")], ["weekly", t("weeks")], ["monthly", t("months")]];
  const money = (value, short) => format.money(value, wallet.currency, short && value % 1 === 0 ? 0 : 2);
  return html`<${Card} title=${t("spending")} note=${t("zone-note", { zone: format.offset(zone) })} width="w8" actions=${html`<${Segments} label=${t("spending")} value=${unit} onChange=${choose} options=${options} />`}>
    ${rows.some((row) => row.amount) ? html`<${Chart} title=${t("spending")} kind="bars" zone=${zone} height=${224} unit=${{ daily: DAY, weekly: 7 * DAY, monthly: 30.4 * DAY }[unit]} at=${rows.map((row) => row.start)} series=${[{ name: wallet.currency, values: rows.map((row) => row.amount), fraction: true }]} show=${money} />` : html`<${Empty} text=${t("spending-none")} />`}
  <//>`;
}

function Models({ models }) {
  const first = models.slice(0, MODELS).map((one) => ({ name: one.model, value: one.requests, href: address("report", { model: one.model }) }));
  const rest = models.slice(MODELS);
  if (rest.length) first.push({ name: t("others", { n: rest.length }), value: rest.reduce((sum, one) => sum + one.requests, 0), colour: "--c-other" });
  return html`<${Card} title=${t("models")} note=${t("requests")} width="w4">${first.length ? html`<${Shares} rows=${first} label=${t("models")} />` : html`<${Empty} text=${t("models-none")} />`}<//>`;
}

function Tokens({ board }) {
  const row = (name, part) => html`<div class="stack" key=${name}>
    <div class="bar"><span class="muted small grow">${t(`in-${name}`)}</span><strong class="tabular"><${Copyable} value=${part.input_tokens + part.output_tokens}>${format.number(part.input_tokens + part.output_tokens)}<//></strong></div>
    <${Parted} parts=${[{ name: "in", value: part.input_tokens }, { name: "out", value: part.output_tokens }]} />
    <div class="bar tiny muted"><span class="grow"><i class="swatch s1"></i> ${t("input")} <${Copyable} value=${part.input_tokens}>${format.number(part.input_tokens)}<//></span><span><i class="swatch s2"></i> ${t("output")} <${Copyable} value=${part.output_tokens}>${format.number(part.output_tokens)}<//></span></div>
  </div>`;
  return html`<${Card} title=${t("tokens")} width="w4"><div class="stack roomy">${["today", "week", "month"].map((period) => row(period, board[period]))}</div><//>`;
}

function Attention({ wallet, notices, faults, refusals, zone }) {
  const all = [];
  if (wallet.overdue_since) all.push(["bad", t("overdue", { time: format.minute(wallet.overdue_since, zone) }), "wallet"]);
  for (const one of notices) all.push([one.event === "expiring" ? "info" : "warn", noticeText(one), "notifications"]);
  for (const one of faults) all.push(["info", t("fault", { what: faultName(one) }), "world/faults"]);
  for (const one of refusals) all.push(["warn", t("refused", one), "calls", { code: one.code }]);
  if (!all.length) return html`<p class="badge ok">${t("attention-none")}</p>`;
  const worst = all.some(([kind]) => kind === "bad") ? "" : all.some(([kind]) => kind === "warn") ? "warning" : "info";
  return html`<${ProblemBox} kind=${worst}><h2 class="hidden">${t("attention")}</h2>
    <ul>${all.slice(0, FEW).map(([, text, path, query], place) => html`<li key=${place}><a href=${address(path, query)}>${text}</a></li>`)}</ul>
  <//>`;
}

const faultName = ({ rule }) => [rule?.operation || "*", ...Object.entries(rule ?? {}).filter(([name]) => ["error", "status", "latency", "reset", "silence", "drop_after"].includes(name)).map(([name, value]) => `${name}=${value}`)].join(" ");

function refusalsOf(calls) {
  const found = new Map();
  for (const call of calls.filter((one) => one.Verdict === "error")) {
    const key = `${call.Action} ${call.Code}`;
    found.set(key, { action: call.Action || call.Surface, code: call.Code, n: (found.get(key)?.n ?? 0) + 1 });
  }
  return [...found.values()].slice(0, 3);
}

function Recent({ calls, zone }) {
  const columns = [
    { title: t("time"), value: (row) => row.Time, show: (row) => format.clock(row.Time, zone), width: "90px", wide: true },
    { title: t("action"), value: (row) => row.Action || row.Surface },
    { title: t("verdict"), value: (row) => row.Code || row.Verdict, show: (row) => html`<${Verdict} call=${row} />`, width: "200px" },
    { title: t("latency"), value: (row) => row.LatencyUs, show: (row) => format.took(row.LatencyUs), num: true, width: "90px", wide: true },
  ];
  const actions = html`<a class="button plain" href=${address("calls")}>${t("all-calls")}</a>`;
  return html`<${Card} title=${t("recent")} actions=${actions} width="w8" flush>
    <${Table} name=${t("recent")} columns=${columns} narrow=${innerWidth < 640} rows=${calls} keyOf=${(row) => row.RequestId} open=${(row) => go(`calls/${row.RequestId}`)} empty=${{ text: t("recent-none", { url: location.origin }) }} />
  <//>`;
}

export default function Overview({ account }) {
  const { uin, time_zone: zone } = account;
  const kinds = ["call", "clock", "change"];
  const board = useControl(`/accounts/${uin}/dashboard`, undefined, kinds);
  const wallet = useControl(`/accounts/${uin}/wallet`, undefined, kinds);
  const notices = useControl(`/accounts/${uin}/notifications`, { sender: "console" }, ["notice", "clock", "change"]);
  const faults = useControl(`/accounts/${uin}/faults`, undefined, ["change"]);
  const journal = useControl("/journal", { limit: 200 }, ["call", "world"]);
  const calls = (journal.data?.calls ?? []).filter((call) => !call.Account || call.Account === uin); // nobody is known for some that are refused
  const now = board.data?.today.start ?? 0;
  const recent = bannersOf(notices.data?.notifications ?? [], now);
  return html`<${Page} title=${t("title")}>
    ${board.problem && !board.data && html`<${ProblemBox} problem=${board.problem} again=${board.again} />`}
    ${wallet.data && html`<${Attention} wallet=${wallet.data} notices=${recent} faults=${faults.data?.faults ?? []} refusals=${refusalsOf(calls)} zone=${zone} />`}
    <${Loaded} of=${{ ...board, data: wallet.data && board.data }} height=${420}>${() => html`<div class="cards">
      <${Figures} board=${board.data} wallet=${wallet.data} zone=${zone} />
      <${Spending} board=${board.data} wallet=${wallet.data} zone=${zone} />
      <${Models} models=${board.data.models} />
      <${Tokens} board=${board.data} />
      <${Recent} calls=${calls.slice(0, 8)} zone=${zone} />
    </div>`}<//>
  <//>`;
}
