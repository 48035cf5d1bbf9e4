// Numbers, money and moments as a person reads them. Moments are Unix seconds, zones seconds east of UTC.
import { language } from "./words.js";

const cache = new Map();
const numbers = (options) => {
  const key = JSON.stringify(options);
  if (!cache.has(key)) cache.set(key, new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en-US", options));
  return cache.get(key);
};

export const NONE = "–";
const missing = (value) => value === undefined || value === null || value === "";

export const number = (value, digits = 0) =>
  missing(value) ? NONE : numbers({ maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value);
export const short = (value) =>
  missing(value) ? NONE : numbers({ notation: "compact", maximumSignificantDigits: 3 }).format(value);
export const money = (value, currency, digits = 2) =>
  missing(value) ? NONE : numbers({ style: "currency", currency, currencyDisplay: "narrowSymbol", minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
export const percent = (share, digits = 1) =>
  missing(share) ? NONE : numbers({ style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits }).format(share);

export const bytes = (value) => {
  for (const [unit, size] of [["GiB", 2 ** 30], ["MiB", 2 ** 20], ["KiB", 2 ** 10]])
    if (value >= size) return `${number(value / size, 1)} ${unit}`;
  return `${number(value)} B`;
};

const iso = (seconds, zone) => new Date((seconds + zone) * 1000).toISOString();
export const offset = (zone) => {
  const minutes = Math.round(Math.abs(zone) / 60);
  const two = (value) => String(value).padStart(2, "0");
  return `${zone < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
};
export const day = (seconds, zone) => (missing(seconds) ? NONE : iso(seconds, zone).slice(0, 10));
export const clock = (seconds, zone) => (missing(seconds) ? NONE : iso(seconds, zone).slice(11, 19));
export const moment = (seconds, zone) => (missing(seconds) ? NONE : `${day(seconds, zone)} ${clock(seconds, zone)}`);
export const minute = (seconds, zone) => (missing(seconds) ? NONE : moment(seconds, zone).slice(0, 16));
export const utc = (seconds) => `${iso(seconds, 0).slice(0, 19).replace("T", " ")} UTC`;
export const weekday = (seconds, zone) =>
  new Intl.DateTimeFormat(language, { weekday: "short", timeZone: "UTC" }).format(new Date((seconds + zone) * 1000));

export const startOfDay = (seconds, zone) => Math.floor((seconds + zone) / 86400) * 86400 - zone;

export const took = (microseconds) =>
  microseconds < 1000 ? `${microseconds} µs` : microseconds < 1e6 ? `${number(microseconds / 1000, 1)} ms` : `${number(microseconds / 1e6, 2)} s`;

const UNITS = { en: ["d", "h", "min", "s"], zh: ["天", "小时", "分", "秒"] };
export const length = (seconds) => {
  const total = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(total / 86400), Math.floor(total / 3600) % 24, Math.floor(total / 60) % 60, total % 60];
  const first = parts.findIndex(Boolean);
  if (first < 0) return `0 ${UNITS[language][3]}`;
  return parts.map((part, place) => `${part} ${UNITS[language][place]}`).slice(first, first + 2).join(" ");
};
