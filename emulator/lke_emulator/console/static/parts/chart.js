// A chart over time: pointed at, walked by keys, told to whoever cannot see it, and shown as a table.
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../vendor/preact.js";
import * as format from "../format.js";
import { useParam } from "../router.js";
import { speaker } from "../words.js";
import { Plot, colourOf, scaleOf, stacked } from "./plot.js";
import { Table } from "./table.js";

const t = speaker("shell");

function useWidth(box) {
  const [width, set] = useState(0);
  useLayoutEffect(() => {
    if (!box.current) return undefined;
    const size = new ResizeObserver(() => set(box.current.clientWidth));
    size.observe(box.current);
    set(box.current.clientWidth);
    return () => size.disconnect();
  }, []);
  return width;
}

function Drawn({ title, at, series, kind, zone, height, unit, show, stack, when }) {
  const box = useRef(null);
  const width = useWidth(box);
  const [pointed, point] = useState(null);
  const [spoken, speak] = useState("");
  const here = pointed === null ? null : Math.min(pointed, at.length - 1);
  useEffect(() => {
    if (here === null) return undefined;
    const timer = setTimeout(() => speak(`${when(here)}: ${series.map((one) => `${one.name} ${show(one.values[here])}`).join(", ")}`), 250);
    return () => clearTimeout(timer);
  }, [here]);
  const spans = useMemo(() => (stack ? stacked(series.map((one) => one.values)) : series.map((one) => one.values.map((value) => [0, value ?? 0]))), [series, stack]);
  const scale = scaleOf({ kind, at, spans, unit, width, height });
  const moved = (event) => {
    const from = event.clientX - box.current.getBoundingClientRect().left;
    const away = at.map((moment) => Math.abs(scale.x(moment) - from));
    point(away.indexOf(Math.min(...away)));
  };
  const keys = (event) => {
    const by = event.shiftKey ? 12 : 1;
    const to = { ArrowRight: (here ?? -1) + by, ArrowLeft: (here ?? at.length) - by, Home: 0, End: at.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    point(Math.min(at.length - 1, Math.max(0, to)));
  };
  const left = here === null ? 0 : scale.x(at[here]);
  const tip = { visibility: here === null ? "hidden" : "visible", transform: `translate(${left > width / 2 ? `calc(${left - 14}px - 100%)` : `${left + 14}px`}, 12px)` };
  return html`<div class="chart" ref=${box} tabindex="0" role="img" aria-label=${title} style=${{ blockSize: `${height}px` }} onKeyDown=${keys} onPointerMove=${moved} onPointerLeave=${() => point(null)} onBlur=${() => point(null)}>
      ${width > 0 && html`<${Plot} ...${{ kind, at, series, spans, scale, zone, width, height, show, pointed: here }} />`}
      <div class="tip" style=${tip}>${here !== null && html`<table><caption class="nowrap">${when(here)}</caption><tbody>
        ${series.map((one, place) => html`<tr key=${one.name}><td><i class="swatch" style=${{ display: "inline-block", color: colourOf(one, place) }}></i> ${one.name}</td><td class="num">${show(one.values[here])}</td></tr>`)}
        ${stack && series.length > 1 && html`<tr><td>Σ</td><td class="num">${show(series.reduce((sum, one) => sum + (one.values[here] ?? 0), 0))}</td></tr>`}
      </tbody></table>`}</div>
    </div>
    <span class="hidden" aria-live="polite">${spoken}</span>`;
}

// at: Unix seconds of the buckets; series: {name, values (null: not in the answer), colour, fraction}; show(value, short).
export function Chart({ title, at, series, kind = "line", zone, height = 220, unit, show = (value, short) => (short ? format.short(value) : format.number(value)), stack = kind === "bars" }) {
  const [view, choose] = useParam("show", "chart");
  const width = unit ?? (at.length > 1 ? at[1] - at[0] : 3600);
  const when = (place) => (width >= 86_400 ? `${format.day(at[place], zone)} ${format.weekday(at[place], zone)}` : format.minute(at[place], zone));
  const columns = [
    { title: t("chart-time"), value: (row) => row.at, show: (row) => format.moment(row.at, zone), width: "170px" },
    ...series.map((one) => ({ title: one.name, num: true, value: (row) => one.values[row.place], show: (row) => show(one.values[row.place]) })),
  ];
  return html`<figure class="stack chart-box" aria-label=${title}>
    ${view === "table" ? html`<${Table} name=${title} sort="sort-chart" columns=${columns} rows=${at.map((moment, place) => ({ at: moment, place }))} height=${height} />` : html`<${Drawn} ...${{ title, at, series, kind, zone, height, unit: width, show, stack, when }} />`}
    <div class="bar"><div class="legend grow">${series.length > 1 && view === "chart" && series.map((one, place) => html`<span key=${one.name}><i class=${`swatch ${kind === "line" ? `line dash-${place}` : ""}`} style=${{ color: colourOf(one, place) }}></i>${one.name}</span>`)}</div>
      <button type="button" class="button plain tiny" onClick=${() => choose(view === "chart" ? "table" : "chart")}>${t(view === "chart" ? "as-table" : "chart")}</button></div>
  </figure>`;
}
