// Usage by account, app, space, API key, model and API over any range: the cloud's own statistics, and the report behind them.
import { html, useMemo } from "../vendor/preact.js";
import { time } from "../account.js";
import { useCell } from "../cell.js";
import { useControl, useAsked } from "../control.js";
import * as format from "../format.js";
import { Card, Empty, Loaded, Page, ProblemBox } from "../parts/card.js";
import { Chart } from "../parts/chart.js";
import { useNow } from "../parts/clock.js";
import { Segments, Select } from "../parts/fields.js";
import { Copyable, Evidence, Figure } from "../parts/figure.js";
import { Parted, Shares } from "../parts/shares.js";
import { Table } from "../parts/table.js";
import { SECONDS, details, grouped, joined, lastMonth, rangeOf, statistics, sum, unitOf } from "../report-data.js";
import { change, useParam } from "../router.js";
import { speaker, wire } from "../words.js";

const t = speaker("report");
const PRESETS = ["today", "yesterday", "7d", "30d", "month", "last-month", "custom"];
const FILTERS = ["model", "api", "person", "app", "space", "key"];
const VIEWS = ["tokens", "models", "apis", "people", "keys", "calls", "search", "concurrency"];
const COLUMN = { models: "model", apis: "api", people: "account", keys: "api_key" };
const SERIES = 5;

function useFilter() {
  const filter = {};
  for (const name of FILTERS) [filter[name]] = useParam(name);
  return filter;
}

function Filters({ account, filter, apps, keys, spaces, choices, preset, range }) {
  const zone = account.time_zone;
  const names = (column) => [...new Set([...choices.map((row) => row[column]).filter(Boolean)])].sort();
  const chosen = (name, options) => (filter[name] && !options.some(([key]) => key === filter[name]) ? [...options, [filter[name], filter[name]]] : options);
  const field = (name, options) => html`<${Select} key=${name} label=${t(name)} value=${filter[name]} onChange=${(value) => change({ [name]: value })} options=${chosen(name, options)} all />`;
  const pair = (one) => [one, one];
  const day = (name, moment) => html`<label class="field">${t(name)}<input type="date" value=${format.day(moment, zone)} onChange=${(event) => event.target.value && change({ range: "custom", from: format.day(range[0], zone), to: format.day(range[1] - 1, zone), [name]: event.target.value })} /></label>`;
  return html`
    <div class="bar"><${Segments} label=${t("range")} value=${preset} onChange=${(value) => change(value === "custom" ? { range: value, from: format.day(range[0], zone), to: format.day(range[1] - 1, zone) } : { range: value === "30d" ? undefined : value, from: undefined, to: undefined })} options=${PRESETS.map((one) => [one, t(one)])} />
      ${preset === "custom" && html`${day("from", range[0])}${day("to", range[1] - 1)}`}</div>
    <div class="bar">
      ${field("model", names("model").map(pair))}
      ${field("api", names("api").map(pair))}
      ${field("person", [[account.uin, `${account.name || account.uin} (${t("root")})`], ...Object.entries(account.sub_accounts)])}
      ${field("app", apps.map((app) => [app.biz_id, app.name]))}
      ${field("space", spaces.map(pair))}
      ${field("key", keys.map((key) => [key.id, key.label || key.masked]))}
    </div>`;
}

function Figures({ data }) {
  const { usage } = data;
  const n = format.number;
  return html`
    <${Card} width="w3"><${Figure} name=${t("total")} value=${usage.TotalTokenUsage} more=${t("in-out", { input: n(usage.InputTokenUsage), output: n(usage.OutputTokenUsage) })} /><${Parted} parts=${[{ name: "in", value: usage.InputTokenUsage }, { name: "out", value: usage.OutputTokenUsage }]} /><//>
    <${Card} width="w3"><${Figure} name=${t("calls")} value=${usage.ApiCallStats} evidence=${data.viaReport ? undefined : "inferred"} setting="api_call_types" /><//>
    <${Card} width="w3"><${Figure} name=${t("searches")} value=${usage.SearchUsage} more=${usage.RagSearchUsage === undefined ? "" : t("searches-more", { rag: n(usage.RagSearchUsage), internet: n(usage.InternetSearchUsage) })} /><//>
    <${Card} width="w3"><${Figure} name=${t("pages")} value=${usage.PageUsage} more=${t("pages-more", { n: n(usage.SplitTokenUsage) })} /><//>`;
}

function byColumn(rows, column, nameOf) {
  // The largest few, and the rest as one: bound to the entity, so that a colour stays what it is.
  const groups = [...grouped(rows, column)].map(([key, all]) => ({ name: nameOf(key), rows: all, total: sum(all.map((row) => row.total_tokens)) })).filter((one) => one.total).sort((a, b) => b.total - a.total);
  const shown = groups.slice(0, SERIES);
  const rest = groups.slice(SERIES).flatMap((one) => one.rows);
  if (rest.length) shown.push({ name: t("others"), rows: rest, colour: "--c-other" });
  const at = [...new Set(rows.map((row) => row.time))].sort((a, b) => a - b);
  const series = shown.map((one) => {
    const values = new Map();
    for (const row of one.rows) values.set(row.time, (values.get(row.time) ?? 0) + row.total_tokens);
    return { name: one.name, colour: one.colour, values: at.map((moment) => values.get(moment) ?? null) };
  });
  return { at, series };
}

function drawnOf(view, data, zone, nameOf) {
  if (COLUMN[view]) return byColumn(data.rows, COLUMN[view], (key) => nameOf(COLUMN[view], key));
  const one = (list, name) => {
    const { at, values } = joined([list], zone);
    return { at, series: [{ name, values: values[0] }] };
  };
  if (view === "concurrency") {
    if (!data.loads) return null;
    const { X, AvailableY, SuccessCallY } = data.loads;
    const { at, values } = joined([X.map((x, place) => ({ X: x, Y: SuccessCallY[place] })), X.map((x, place) => ({ X: x, Y: AvailableY[place] }))], zone);
    return { at, series: [{ name: t("peak"), values: values[0] }, { name: t("available"), values: values[1] }], line: true };
  }
  if (data.viaReport) {
    const at = [...grouped(data.rows, "time").keys()].sort((a, b) => a - b), times = grouped(data.rows, "time");
    const column = (name) => at.map((moment) => sum(times.get(moment).map((row) => row[name])));
    if (view === "calls") return { at, series: [{ name: t("calls"), values: column("calls") }] };
    return { at, series: [{ name: t("input"), values: column("input_tokens") }, { name: t("output"), values: column("output_tokens") }] };
  }
  if (view === "calls") return one(data.calls.List, t("calls"));
  if (view === "search") return one(data.searches.List, t("searches"));
  const { at, values } = joined([data.graph.Input, data.graph.Output], zone);
  return { at, series: [{ name: t("input"), values: values[0] }, { name: t("output"), values: values[1] }] };
}

function Drawn({ uin, data, zone, range, nameOf, filter }) {
  const [view, choose] = useParam("view", "tokens");
  const [kind, draw] = useParam("draw", "bars");
  const drawn = useMemo(() => drawnOf(view, data, zone, nameOf), [view, data]);
  const views = VIEWS.filter((one) => one !== "concurrency" || !data.viaReport);
  const lines = drawn?.line || kind === "line";
  const gaps = drawn ? drawn.at.slice(1).map((moment, place) => moment - drawn.at[place]).filter((gap) => gap > 0) : [];
  const unit = gaps.length ? Math.min(...gaps) : SECONDS[unitOf(range)];
  return html`<${Card} title=${t(view)} note=${`${format.day(range[0], zone)} – ${format.day(range[1] - 1, zone)} ${format.offset(zone)}`} actions=${html`<${Segments} label=${t("bars")} value=${kind} onChange=${draw} options=${[["bars", t("bars")], ["line", t("line")]]} />`}>
    <div class="stack">
      <${Segments} label=${t("title")} value=${view} onChange=${choose} options=${views.map((one) => [one, t(one)])} />
      ${view === "concurrency" && data.most && html`<p class="small muted">${t("peak-more", { n: data.most.ConcurrencyPeak, m: data.most.AvailableConcurrency, over: data.most.ExceedUsageTime })}</p>`}
      ${drawn === null ? html`<${Empty} text=${t("choose-model")} />` : drawn.at.length && drawn.series.some((one) => sum(one.values)) ? html`<${Chart} key=${view} title=${t(view)} kind=${lines ? "line" : "bars"} stack=${!lines} zone=${zone} height=${280} unit=${unit} at=${drawn.at} series=${drawn.series} />` : html`<${Nothing} uin=${uin} range=${range} zone=${zone} filter=${filter} />`}
    </div>
  <//>`;
}

function Nothing({ uin, range, zone, filter }) {
  const isFiltered = FILTERS.some((name) => filter[name]);
  const last = useAsked(async (signal) => (isFiltered ? undefined : lastMonth(uin, range[0], zone, signal)), [uin, range[0], isFiltered]);
  if (isFiltered) return html`<${Empty} text=${t("none")} action=${t("clear")} onClick=${() => change(Object.fromEntries(FILTERS.map((name) => [name, undefined])))} />`;
  if (!last.data) return html`<${Empty} text=${t("none")} />`;
  const [from, to] = last.data.map((moment) => format.day(moment, zone));
  return html`<${Empty} text=${t("none-there", { month: from.slice(0, 7) })} action=${t("go-there")} onClick=${() => change({ range: "custom", from, to })} />`;
}

function Breakdown({ data, nameOf }) {
  const [by, choose] = useParam("by", "model");
  const rows = [...grouped(data.rows, by)].map(([key, all]) => ({ key, name: nameOf(by, key), value: sum(all.map((row) => row.total_tokens)) })).filter((row) => row.value).sort((a, b) => b.value - a.value);
  const total = sum(rows.map((row) => row.value));
  const shown = rows.slice(0, 8);
  if (rows.length > 8) shown.push({ name: t("others"), value: sum(rows.slice(8).map((row) => row.value)), colour: "--c-other" });
  const options = Object.values(COLUMN).map((column) => [column, t({ account: "person", api_key: "key" }[column] ?? column)]);
  return html`<${Card} title=${t("breakdown")} note=${t("total")} width="w6" actions=${html`<${Select} label=${html`<span class="hidden">${t("by")}</span>`} value=${by} onChange=${choose} options=${options} />`}>
    ${shown.length ? html`<${Shares} rows=${shown} total=${total} label=${t("breakdown")} />` : html`<${Empty} text=${t("none")} />`}
  <//>`;
}

function Laws({ data }) {
  const { usage, graph, calls, rows, viaReport } = data;
  if (viaReport) return html`<${Card} title=${t("laws")} width="w6"><${ProblemBox} kind="info">${t("via-report")}<//><//>`;
  const laws = [
    ["law-sum", usage.InputTokenUsage + usage.OutputTokenUsage, usage.TotalTokenUsage],
    ["law-graph", sum(graph.Total.map((stat) => stat.Y)), usage.TotalTokenUsage],
    ["law-calls", sum(calls.List.map((stat) => stat.Y)), usage.ApiCallStats],
    ["law-report", sum(rows.map((row) => row.total_tokens)), usage.TotalTokenUsage],
  ];
  return html`<${Card} title=${t("laws")} width="w6"><ul class="laws">${laws.map(([name, one, other]) => html`<li key=${name}><span class=${one === other ? "ok" : "bad"} aria-hidden="true">${one === other ? "✓" : "≠"}</span><span class="grow">${t(name)}</span><span class="num"><${Copyable} value=${one}>${format.number(one)}<//></span><span>${one === other ? "=" : "≠"}</span><span class="num"><${Copyable} value=${other}>${format.number(other)}<//></span></li>`)}</ul><//>`;
}

function Rows({ data, zone, unit, nameOf }) {
  const written = { time: (value) => (unit === "hour" ? format.minute(value, zone) : unit === "month" ? format.day(value, zone).slice(0, 7) : format.day(value, zone)), model: (value) => nameOf("model", value), account: (value) => nameOf("account", value), api_key: (value) => nameOf("api_key", value) };
  const titles = { time: t(`time-${unit}`), api: t("api"), model: t("model"), account: t("person"), api_key: t("key"), calls: t("calls"), input_tokens: t("input"), output_tokens: t("output"), total_tokens: t("total"), pages: t("pages"), searches: t("searches") };
  const columns = Object.keys(data.rows[0] ?? {}).map((name) => ({ title: titles[name] ?? name, num: !["time", "api", "model", "account", "api_key"].includes(name), value: (row) => (name === "time" ? row.time : written[name] ? written[name](row[name]) : row[name]), show: name === "time" ? (row) => written.time(row.time) : undefined, width: { time: "116px", account: "124px", api_key: "108px", calls: "72px", pages: "72px", searches: "72px", input_tokens: "88px", output_tokens: "88px", total_tokens: "96px" }[name] }));
  return html`<${Card} title=${t("rows")} note=${html`${t("rows-note")} <${Evidence} kind="inferred" setting="data_report_columns" />`} flush><${Table} name=${t("rows")} columns=${columns} rows=${data.rows} height=${360} empty=${{ text: t("none") }} sorted="-1" /><//>`;
}

function Details({ account, range, filter, model }) {
  const zone = account.time_zone;
  const found = useAsked((signal) => (model ? details(account.uin, range, { ...filter, model }, signal) : { List: [], Total: 0 }), [range.join(), JSON.stringify(filter), model], ["call", "clock"]);
  const columns = [
    { title: t("time"), value: (row) => Number(row.CallTime), show: (row) => format.moment(Number(row.CallTime), zone), width: "176px" },
    { title: t("model"), value: (row) => row.ModelName, tip: (row) => row.ModelName, width: "128px" },
    { title: t("type"), value: (row) => wire(row.CallType), tip: (row) => wire(row.CallType), width: "132px" },
    { title: t("person"), value: (row) => account.sub_accounts[row.UinAccount] ?? row.UinAccount, width: "108px" },
    { title: t("app"), value: (row) => row.AppName, tip: (row) => row.AppName },
    { title: t("input"), value: (row) => row.InputTokenUsage, num: true, width: "72px" },
    { title: t("output"), value: (row) => row.OutputTokenUsage, num: true, width: "72px" },
    { title: t("total"), value: (row) => row.TotalTokenUsage, num: true, width: "72px" },
    { title: "Id", value: (row) => row.Id, show: (row) => html`<code>${row.Id}</code>`, tip: (row) => row.Id, width: "92px" },
  ];
  return html`<${Card} title=${t("details")} note=${found.data && html`<code>${model}</code> · ${t("details-note", { n: format.number(found.data.List.length), total: format.number(Number(found.data.Total)) })}`} flush>
    <${Loaded} of=${found}>${({ List }) => html`<${Table} name=${t("details")} sort="sort-details" columns=${columns} rows=${List} keyOf=${(row) => row.Id} height=${360} empty=${{ text: t("none") }} />`}<//>
  <//>`;
}

function Others({ data }) {
  const types = Object.entries(data.types).filter(([name, value]) => name !== "Total" && value).map(([name, value]) => ({ name: t(name), value })).sort((a, b) => b.value - a.value);
  const { likes, knowledge, pie } = data;
  const parts = pie.List.map((row) => ({ name: wire(row.AppName), value: Number(row.UsedCharSize), colour: row.AppName === "未使用" ? "--c-other" : "--c1" }));
  return html`
    <${Card} title=${t("answers")} width="w6">${types.length ? html`<${Shares} rows=${types} total=${data.types.Total} label=${t("answers")} />` : html`<${Empty} text=${t("none")} />`}
      <p class="small muted">${t("likes")}: ${t("likes-more", { n: format.number(likes.AppraisalTotal), total: format.number(likes.Total), likes: format.percent(likes.LikeRate, 0), dislikes: format.percent(likes.DislikeRate, 0) })}</p><//>
    <${Card} title=${t("knowledge")} note=${t("knowledge-more", { used: format.number(Number(knowledge.UsedCharSize)), total: format.number(Number(knowledge.AvailableCharSize)) })} width="w6"><${Shares} rows=${parts} label=${t("knowledge")} /><//>`;
}

export default function Report({ account }) {
  const { uin, time_zone: zone } = account;
  const [preset] = useParam("range", "30d");
  const [from] = useParam("from");
  const [to] = useParam("to");
  const filter = useFilter();
  const now = useNow(60_000);
  const range = useCell(time) ? rangeOf(preset, from, to, now, zone) : null;
  const key = JSON.stringify([range, filter]);
  const apps = useControl(`/accounts/${uin}/apps`, undefined, ["change"]);
  const keys = useControl(`/accounts/${uin}/keys`, undefined, ["change"]);
  const found = useAsked(async (signal) => (range ? { key, range, ...(await statistics(uin, range, filter, signal)) } : undefined), [key], ["call", "clock", "world"], `report ${uin} ${key}`);
  const spaces = [...new Set(apps.data?.apps.map((app) => app.space) ?? [])];
  const nameOf = (column, value) => {
    if (column === "account") return value === uin ? account.name || uin : account.sub_accounts[value] ?? value;
    if (column === "api_key") return value ? keys.data?.keys.find((one) => one.id === value)?.label || value : t("signed");
    return value || t("no-model");
  };
  const most = found.data && [...grouped(found.data.rows, "model")].filter(([name]) => name).sort(([, a], [, b]) => sum(b.map((row) => row.calls)) - sum(a.map((row) => row.calls)))[0]?.[0];
  return html`<${Page} title=${t("title")}>
    ${range && html`<${Filters} account=${account} filter=${filter} apps=${apps.data?.apps ?? []} keys=${keys.data?.keys ?? []} spaces=${spaces} choices=${found.data?.choices ?? []} preset=${preset} range=${range} />`}
    <${Loaded} of=${found} height=${520}>${(data) => html`<div class=${`cards ${data.key === key ? "" : "stale"}`}>
      <${Figures} data=${data} />
      <${Drawn} uin=${uin} data=${data} zone=${zone} range=${data.range} nameOf=${nameOf} filter=${filter} />
      <${Breakdown} data=${data} nameOf=${nameOf} />
      <${Laws} data=${data} />
      <${Rows} data=${data} zone=${zone} unit=${unitOf(data.range)} nameOf=${nameOf} />
      <${Details} account=${account} range=${data.range} filter=${filter} model=${filter.model || most} />
      <${Others} data=${data} />
    </div>`}<//>
  <//>`;
}
