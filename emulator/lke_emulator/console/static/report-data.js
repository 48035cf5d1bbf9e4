// The statistics of an account over a range: what the cloud's own actions answer, and the report behind them.
import { get, post } from "./control.js";
import { startOfDay } from "./format.js";

const DAY = 86_400;
const DETAILS = 1000;
const YEARS = 20 * 366 * DAY; // before a range without usage, in which the last month with some is looked for

export const look = (uin, action, params, signal) => post(`/accounts/${uin}/look`, { action, params }, { signal });

const monthStart = (moment, zone, back = 0) => {
  const day = new Date((moment + zone) * 1000);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - back, 1) / 1000 - zone;
};

export const dayOf = (text, zone) => Date.parse(`${text}T00:00:00Z`) / 1000 - zone;

export function rangeOf(...asked) {
  // [start, stop) of whole days in the account's zone. There is no moment before 1970.
  const [start, stop] = daysOf(...asked);
  return [Math.max(0, start), Math.max(1, stop)];
}

function daysOf(preset, from, to, now, zone) {
  const today = startOfDay(now, zone), tomorrow = today + DAY;
  if (preset === "custom" && from) return [dayOf(from, zone), dayOf(to || from, zone) + DAY];
  return { today: [today, tomorrow], yesterday: [today - DAY, today], "7d": [today - 6 * DAY, tomorrow], month: [monthStart(now, zone), tomorrow], "last-month": [monthStart(now, zone, 1), monthStart(now, zone)] }[preset] ?? [today - 29 * DAY, tomorrow];
}

export const unitOf = ([start, stop]) => (stop - start <= 3 * DAY ? "hour" : stop - start <= 400 * DAY ? "day" : "month");
export const SECONDS = { hour: 3600, day: DAY, month: 30.4 * DAY };

export function momentOf(label, zone) {
  // yyyyMMdd, yyyyMMddHH or yyyyMMddHHmm.
  const [, year, month, day, hour = 0, minute = 0] = /^(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?$/.exec(label).map(Number).map((one) => one || 0);
  return Date.UTC(year, month - 1, day, hour, minute) / 1000 - zone;
}

export function joined(lists, zone) {
  // Series of {X, Y} come unsorted: they are joined by X. What is not there is null, which is no zero.
  const labels = [...new Set(lists.flatMap((list) => list.map((stat) => stat.X)))].sort();
  const maps = lists.map((list) => new Map(list.map((stat) => [stat.X, stat.Y])));
  return { at: labels.map((label) => momentOf(label, zone)), values: maps.map((map) => labels.map((label) => map.get(label) ?? null)) };
}

export const sum = (values) => values.reduce((total, value) => total + (value ?? 0), 0);

function total(rows) {
  const of = (name) => sum(rows.map((row) => row[name]));
  return { TotalTokenUsage: of("total_tokens"), InputTokenUsage: of("input_tokens"), OutputTokenUsage: of("output_tokens"), ApiCallStats: of("calls"), PageUsage: of("pages"), SplitTokenUsage: of("split_tokens"), SearchUsage: of("searches") };
}

export async function statistics(uin, [start, stop], filter, signal) {
  // {choices}: rows with all there is to choose from in the range.
  const isFiltered = Object.values(filter).some(Boolean);
  const viaReport = Boolean(filter.key || filter.api || filter.space);
  const days = { StatStartTime: start, StatEndTime: stop - 1 };
  const params = { ...days, ...(filter.person && { UinAccount: [filter.person] }), ...(filter.app && { AppBizIds: [filter.app] }), ...(filter.space && { SpaceId: filter.space }), ...(filter.model && { ModelName: filter.model }) };
  const { UinAccount, ...load } = params; // concurrency is not counted by account
  const answers = { StartTime: start, EndTime: stop - 1, ...(filter.app && { AppBizId: [filter.app] }) };
  const ask = (action, given = params) => look(uin, `lke.${action}`, given, signal);
  const report = get(`/accounts/${uin}/report`, { start, stop, unit: unitOf([start, stop]), api: filter.api, model: filter.model, account: filter.person, api_key: filter.key, app: filter.app, space: filter.space }, { signal });
  const own = viaReport ? [] : [ask("DescribeTokenUsage"), ask("DescribeTokenUsageGraph"), ask("DescribeCallStatsGraph"), ask("DescribeSearchStatsGraph")];
  const [{ rows }, choices, types, likes, knowledge, pie, most, loads, usage, graph, calls, searches] = await Promise.all([
    report,
    isFiltered ? get(`/accounts/${uin}/report`, { start, stop, unit: "month" }, { signal }) : report,
    ask("GetAnswerTypeDataCount", answers),
    ask("GetLikeDataCount", answers),
    ask("DescribeKnowledgeUsage", {}),
    ask("DescribeKnowledgeUsagePieGraph", {}),
    filter.model ? ask("DescribeConcurrencyUsage", load) : null,
    filter.model ? ask("DescribeConcurrencyUsageGraph", load) : null,
    ...own,
  ]);
  return { rows, choices: choices.rows, types, likes, knowledge, pie, most, loads, usage: usage ?? total(rows), graph, calls, searches, viaReport };
}

export async function lastMonth(uin, before, zone, signal) {
  // [its first day, its last]; undefined where there was never any usage.
  const { rows } = await get(`/accounts/${uin}/report`, { start: Math.max(0, before - YEARS), unit: "month" }, { signal });
  if (!rows.length) return undefined;
  const first = Math.max(...rows.map((row) => row.time));
  return [first, monthStart(first, zone, -1) - DAY];
}

export const details = (uin, [start, stop], filter, signal) =>
  // A page of what no model was named for cannot be asked for: the action needs one.
  look(uin, "lke.ListUsageCallDetail", { StatStartTime: start, StatEndTime: stop - 1, ModelName: filter.model, PageNumber: 1, PageSize: DETAILS, ...(filter.person && { UinAccount: [filter.person] }), ...(filter.app && { AppBizIds: [filter.app] }), ...(filter.space && { SpaceId: filter.space }) }, signal);

export function grouped(rows, name) {
  const found = new Map();
  for (const row of rows) found.get(row[name])?.push(row) ?? found.set(row[name], [row]);
  return found;
}
