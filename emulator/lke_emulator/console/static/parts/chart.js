// The one place that knows uPlot. A canvas does not follow the theme: a chart is made again when that changes.
import uPlot from "../vendor/uplot.js";
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { useCell } from "../cell.js";
import * as format from "../format.js";
import { theme } from "../theme.js";
import { language, speaker } from "../words.js";
import words from "../words/shell.js";
import { Table } from "./table.js";

const t = speaker(words);
const DASHES = [[], [6, 3], [2, 2], [], []];

document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("../vendor/uplot.css", import.meta.url).href }));

function colour(name, element) {
  const probe = element.appendChild(document.createElement("i"));
  probe.style.color = `var(${name})`;
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

// Spans of an axis, in seconds, and how a moment on it is written.
const spread = (span) => (span <= 2 * 86400 ? "hours" : span <= 400 * 86400 ? "days" : "months");
const label = (seconds, zone, span) => ({ hours: format.clock(seconds, zone).slice(0, 5), days: format.day(seconds, zone).slice(5), months: format.day(seconds, zone).slice(0, 7) })[spread(span)];

function stacked(columns) {
  // Each on top of those before it; null where there is nothing at all.
  const sums = [];
  return columns.map((column) => column.map((value, place) => (sums[place] = (sums[place] ?? 0) + (value ?? 0))));
}

function options({ kind, series, zone, width, height, element, show, at, tip, unit }) {
  const text = colour("--muted", element), grid = colour("--grid", element);
  const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { show: false }, font: `12px ${getComputedStyle(element).fontFamily}` };
  const bars = kind === "bars";
  return {
    width, height, ms: 1, legend: { show: false }, padding: [8, 8, 0, 0],
    tzDate: (seconds) => new Date((seconds + zone) * 1000 + new Date().getTimezoneOffset() * 60_000),
    cursor: { y: false, points: { show: !bars }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: (self, low, high) => (bars ? [low - unit * 0.6, high + unit * 0.6] : low === high ? [low - unit, high + unit] : [low, high]) },
      y: { range: (self, low, high) => [0, high > 0 ? high * 1.06 : 1] },
    },
    axes: [
      { ...axis, size: 28, grid: { show: false }, space: 64, values: (self, splits) => splits.map((split) => label(split, zone, self.scales.x.max - self.scales.x.min)), splits: (self, place, low, high) => ticks(low, high, zone, Math.max(2, Math.floor(self.width / 90))) },
      { ...axis, size: 56, incrs: whole(series), values: (self, splits) => splits.map((split) => show(split, true)) },
    ],
    series: [{}, ...series.map((one, place) => {
      const stroke = colour(one.colour ?? `--c${place + 1}`, element);
      return bars
        ? { stroke, fill: stroke, width: 0, paths: uPlot.paths.bars({ size: [0.7, 36], radius: 0.08 }), points: { show: false } }
        : { stroke, width: 2, dash: DASHES[place], points: { show: at.length === 1, size: 7, fill: stroke } };
    })],
    hooks: { setCursor: [(self) => tip(self)] },
  };
}

const whole = (series) => (series.every((one) => one.fraction !== true) ? [1, 2, 5, 10, 20, 50].concat(Array.from({ length: 14 }, (_, place) => [1, 2, 2.5, 5].map((step) => step * 10 ** (place + 2))).flat()) : undefined);

const STEPS = [300, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 259_200, 604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000];
function ticks(low, high, zone, most) {
  // On the account's own hours and days.
  const step = STEPS.find((one) => (high - low) / one <= most) ?? STEPS.at(-1);
  const found = [];
  for (let at = Math.ceil((low + zone) / step) * step - zone; at <= high; at += step) found.push(at);
  return found;
}

// at: Unix seconds of the buckets; series: {name, values (null: not in the answer), colour, fraction}; show(value, short).
export function Chart({ title, at, series, kind = "line", zone, height = 220, unit, show = (value, short) => (short ? format.short(value) : format.number(value)), stack = kind === "bars", canSwitch = true }) {
  const box = useRef(null), tipBox = useRef(null), live = useRef("");
  const [view, setView] = useState("chart");
  const [spoken, speak] = useState("");
  const [pointed, point] = useState(null);
  const palette = useCell(theme), words = useCell(language);
  const width = unit ?? (at.length > 1 ? at[1] - at[0] : 3600);
  const key = JSON.stringify([at, series.map((one) => [one.name, one.values])]);
  const total = (place) => series.reduce((sum, one) => sum + (one.values[place] ?? 0), 0);
  const when = (place) => (width >= 86_400 ? `${format.day(at[place], zone)} ${format.weekday(at[place], zone)}` : format.minute(at[place], zone));
  useEffect(() => {
    if (view !== "chart" || !at.length) return;
    const element = box.current;
    const columns = stack ? stacked(series.map((one) => one.values)) : series.map((one) => one.values);
    // The highest first: what lies before it is drawn over it.
    const data = [at, ...(stack ? columns.toReversed() : columns)];
    const drawn = stack ? series.map((one, place) => ({ ...one, colour: one.colour ?? `--c${place + 1}` })).toReversed() : series;
    const tip = (self) => {
      const place = self.cursor.idx;
      point(place ?? null);
      if (place === null || place === undefined) return;
      const left = self.valToPos(at[place], "x") + self.over.offsetLeft;
      tipBox.current.style.transform = `translate(${left > self.width / 2 ? `calc(${left - 14}px - 100%)` : `${left + 14}px`}, 12px)`;
    };
    const make = () => new uPlot(options({ kind, series: drawn, zone, width: element.clientWidth, height, element, show, at, tip, unit: width }), data, element);
    let plot = make();
    const size = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    size.observe(element);
    live.current = plot;
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const again = () => {
      plot.destroy();
      live.current = plot = make();
    };
    scheme.addEventListener("change", again);
    return () => {
      scheme.removeEventListener("change", again);
      size.disconnect();
      plot.destroy();
    };
  }, [key, view, palette, words, kind, height, zone]);
  const keys = (event) => {
    const place = pointed ?? -1;
    const by = event.shiftKey ? 12 : 1;
    const to = { ArrowRight: place + by, ArrowLeft: place < 0 ? at.length - 1 : place - by, Home: 0, End: at.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.min(at.length - 1, Math.max(0, to));
    const plot = live.current;
    plot.setCursor({ left: plot.valToPos(at[next], "x"), top: 10 });
    clearTimeout(keys.timer);
    keys.timer = setTimeout(() => speak(`${when(next)}: ${series.map((one) => `${one.name} ${show(one.values[next])}`).join(", ")}`), 250);
  };
  const columns = [
    { title: t("chart-time"), value: (row) => format.moment(row.at, zone), width: "170px" },
    ...series.map((one, index) => ({ title: one.name, num: true, value: (row) => one.values[row.place], show: (row) => show(one.values[row.place]) })),
  ];
  return html`<figure class="stack chart-box" aria-label=${title}>
    ${view === "table"
      ? html`<${Table} name=${title} columns=${columns} rows=${at.map((moment, place) => ({ at: moment, place }))} height=${height} />`
      : html`<div class="chart" ref=${box} tabindex="0" role="img" aria-label=${title} style=${{ minBlockSize: `${height}px` }} onKeyDown=${keys} onBlur=${() => point(null)}>
          <div class="tip" ref=${tipBox} style=${{ visibility: pointed === null ? "hidden" : "visible" }}>
            ${pointed !== null && pointed < at.length && html`<table><caption class="nowrap">${when(pointed)}</caption><tbody>
              ${series.map((one, place) => html`<tr key=${one.name}><td><i class="swatch" style=${{ display: "inline-block", color: `var(${one.colour ?? `--c${place + 1}`})` }}></i> ${one.name}</td><td class="num">${show(one.values[pointed])}</td></tr>`)}
              ${stack && series.length > 1 && html`<tr><td>Σ</td><td class="num">${show(total(pointed))}</td></tr>`}
            </tbody></table>`}
          </div></div>`}
    <div class="bar"><div class="legend grow">${series.length > 1 && view === "chart" && series.map((one, place) => html`<span key=${one.name}><i class=${`swatch ${kind === "line" ? `line dash-${place}` : ""}`} style=${{ color: `var(${one.colour ?? `--c${place + 1}`})` }}></i>${one.name}</span>`)}</div>
      ${canSwitch && html`<button type="button" class="button plain tiny" onClick=${() => setView(view === "chart" ? "table" : "chart")}>${t(view === "chart" ? "as-table" : "chart")}</button>`}</div>
    <span class="hidden" aria-live="polite">${spoken}</span>
  </figure>`;
}
