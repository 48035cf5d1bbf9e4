// What a chart draws: bars or lines over time with their axes, as SVG, whose colours are those of the theme.
import { html } from "../vendor/preact.js";
import * as format from "../format.js";

const LEFT = 56, BOTTOM = 28, EDGE = 8; // pixels around what is drawn
const WIDEST = 36; // pixels of a bar
const DASHES = ["", "6 3", "2 2"];
const DAY = 86_400;
const STEPS = [300, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, DAY, 2 * DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY, 365 * DAY];

export const colourOf = (one, place) => `var(${one.colour ?? `--c${place + 1}`})`;

export function stacked(columns) {
  // [lower, upper] of each value on top of those before it.
  const sums = [];
  return columns.map((column) => column.map((value, place) => [sums[place] ?? 0, (sums[place] = (sums[place] ?? 0) + (value ?? 0))]));
}

export function scaleOf({ kind, at, spans, unit, width, height }) {
  // x(moment) and y(value) in pixels.
  const [first, last] = [at[0], at.at(-1)];
  const around = kind === "bars" ? unit * 0.6 : first === last ? unit : 0;
  const low = first - around, high = last + around;
  const most = Math.max(...spans.flat().map(([, upper]) => upper));
  const top = most > 0 ? most * 1.06 : 1;
  const [wide, tall] = [width - LEFT - EDGE, height - EDGE - BOTTOM];
  return { low, high, top, x: (moment) => LEFT + ((moment - low) / (high - low)) * wide, y: (value) => EDGE + (1 - value / top) * tall, bar: Math.max(1, Math.min(WIDEST, (0.7 * unit * wide) / (high - low))) };
}

export function amounts(top, most, whole) {
  // Round values of an axis from 0.
  const size = 10 ** Math.floor(Math.log10(top / most));
  const step = Math.max([1, 2, 5, 10].map((one) => one * size).find((one) => top / one <= most), whole ? 1 : 0);
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, place) => place * step);
}

function moments({ low, high }, kind, at, zone, most) {
  // Under bars, or on the account's own hours and days.
  if (kind === "bars") return at.filter((_, place) => place % Math.ceil(at.length / most) === 0);
  const step = STEPS.find((one) => (high - low) / one <= most) ?? STEPS.at(-1);
  const first = Math.ceil((low + zone) / step) * step - zone;
  return Array.from({ length: Math.max(0, Math.floor((high - first) / step) + 1) }, (_, place) => first + place * step);
}

function written(moment, zone, span) {
  if (span <= 2 * DAY) return format.clock(moment, zone).slice(0, 5);
  return span <= 400 * DAY ? format.day(moment, zone).slice(5) : format.day(moment, zone).slice(0, 7);
}

const bars = (spans, at, { x, y, bar }) =>
  spans.map(([lower, upper], place) => (upper > lower ? `M${x(at[place]) - bar / 2} ${y(upper)}h${bar}V${y(lower)}h${-bar}z` : "")).join("");

function line(values, at, { x, y }) {
  // Broken where there is nothing: that is no zero.
  const isKnown = (place) => (values[place] ?? null) !== null;
  return values.map((value, place) => (isKnown(place) ? `${isKnown(place - 1) ? "L" : "M"}${x(at[place])} ${y(value)}` : "")).join("");
}

const isAlone = (values, place) => [place - 1, place + 1].every((beside) => (values[beside] ?? null) === null);

export function Plot({ kind, at, series, spans, scale, zone, width, height, show, pointed }) {
  const { x, y, low, high, top } = scale;
  const seen = (place) => place === pointed || isAlone(series[0].values, place);
  const whole = series.every((one) => !one.fraction);
  return html`<svg width=${width} height=${height} aria-hidden="true">
    ${amounts(top, height / 44, whole).map((value) => html`<g key=${value}><path class="grid" d=${`M${LEFT} ${Math.round(y(value)) + 0.5}H${width - EDGE}`} /><text x=${LEFT - 8} y=${y(value) + 4} text-anchor="end">${show(value, true)}</text></g>`)}
    ${moments(scale, kind, at, zone, Math.max(2, Math.floor(width / 90))).map((moment) => html`<text key=${moment} x=${x(moment)} y=${height - 8} text-anchor="middle">${written(moment, zone, high - low)}</text>`)}
    ${pointed !== null && html`<path class="cursor" d=${`M${x(at[pointed])} ${EDGE}V${height - BOTTOM}`} />`}
    ${series.map((one, place) => (kind === "bars" ? html`<path key=${one.name} fill=${colourOf(one, place)} d=${bars(spans[place], at, scale)} />` : html`<g key=${one.name} stroke=${colourOf(one, place)} fill=${colourOf(one, place)}>
      <path class="line" stroke-dasharray=${DASHES[place]} d=${line(one.values, at, scale)} />
      ${one.values.map((value, index) => (value ?? null) !== null && seen(index) && html`<circle key=${index} r="3.5" cx=${x(at[index])} cy=${y(value)} />`)}</g>`))}
  </svg>`;
}
