// A table of any length: only the rows in sight are in the page. It sorts, saves itself as CSV, and j and k walk its rows.
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../vendor/preact.js";
import { number } from "../format.js";
import { useParam } from "../router.js";
import { speaker } from "../words.js";
import { Empty } from "./card.js";

const t = speaker("shell");
const ROW = 32;
const AROUND = 5; // rows above and below those in sight
const STEP = 2 * ROW; // it is drawn anew when it has scrolled so far

const stepped = (pixels) => Math.floor(pixels / STEP) * STEP;
const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a ?? "").localeCompare(String(b ?? ""), undefined, { numeric: true }));

export function csv(columns, rows) {
  const cell = (value) => {
    const text = String(value ?? "");
    // A sheet takes a leading sign for a formula.
    const safe = /^[=+\-@\t\r]/.test(text) && typeof value !== "number" ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [columns.map((column) => cell(column.title)), ...rows.map((row) => columns.map((column) => cell(column.value(row))))].map((line) => line.join(",")).join("\r\n");
}

export function save(name, text, type = "text/csv") {
  const url = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// columns: {title, value(row), show(row), width (css), num, sort: false, wide: not where it is narrow}. open(row) is what Enter and a
// click do. By which column it is sorted is in the address, `sort=2` or `sort=-2`, or after another name where a page has several.
export function Table({ name, columns: all, rows, open, keyOf, empty, height = 520, sort = "sort", sorted = "", narrow = false, foot, selected }) {
  const columns = useMemo(() => (narrow ? all.filter((column) => !column.wide) : all), [all, narrow]);
  const [asked, ask] = useParam(sort, sorted);
  const by = all[Math.abs(asked) - 1], way = Math.sign(asked);
  const [top, setTop] = useState(0);
  const [seen, setSeen] = useState(height);
  const frame = useRef(null);
  const focus = useRef(null);
  const walk = useRef(null);
  const shown = useMemo(() => {
    if (!by || by.sort === false) return rows;
    return rows.toSorted((a, b) => way * compare(by.value(a), by.value(b)));
  }, [rows, asked, all.length]);
  useLayoutEffect(() => setSeen(frame.current?.clientHeight ?? height), [rows.length]);
  const count = useRef(rows.length);
  useEffect(() => {
    // Whoever has scrolled down reads on where they are.
    const grown = rows.length - count.current;
    count.current = rows.length;
    if (grown > 0 && !by && frame.current?.scrollTop > ROW * 2) frame.current.scrollTop += grown * ROW;
  }, [rows.length]);
  const focused = (place) => {
    const line = frame.current?.querySelector(`[data-row="${place}"]`);
    line?.focus({ preventScroll: true });
    return Boolean(line);
  };
  useEffect(() => {
    if (focus.current !== null && focused(focus.current)) focus.current = null;
  });
  const drawn = useMemo(() => new Map(), [shown, columns, open, selected]); // a row that was drawn before is not compared again while it scrolls
  if (!rows.length) return html`<${Empty} ...${empty ?? {}} />`;
  const first = Math.max(0, Math.floor(top / ROW) - AROUND);
  const last = Math.min(shown.length, Math.ceil((top + seen) / ROW) + AROUND);
  const choose = (column) => {
    frame.current?.scrollTo({ top: 0 });
    ask(String((all.indexOf(column) + 1) * (column === by ? -way : column.num ? -1 : 1)));
  };
  walk.current = (event, place) => {
    const page = Math.max(1, Math.floor(seen / ROW) - 2);
    const to = { j: place + 1, k: place - 1, ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: shown.length - 1, PageDown: place + page, PageUp: place - page }[event.key];
    if (event.key === "Enter" && open && event.target === event.currentTarget) open(shown[place]);
    if (to === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const next = Math.min(shown.length - 1, Math.max(0, to));
    const box = frame.current;
    if (next * ROW < box.scrollTop) box.scrollTop = next * ROW;
    else if ((next + 2) * ROW > box.scrollTop + box.clientHeight) box.scrollTop = (next + 2) * ROW - box.clientHeight;
    focus.current = focused(next) ? null : next; // it is drawn first
    setTop(stepped(box.scrollTop));
  };
  const cell = (column, row) => html`<td class=${column.num ? "num" : undefined} title=${column.tip?.(row)}>${column.show ? column.show(row) : column.num ? number(column.value(row)) : column.value(row)}</td>`;
  const line = (row, place) => {
    const isFirst = place === Math.ceil(top / ROW);
    const name = `${place} ${isFirst}`;
    if (!drawn.has(name)) drawn.set(name, html`<tr key=${keyOf ? keyOf(row) : place} data-row=${place} aria-rowindex=${place + 2} tabindex=${isFirst ? 0 : -1} class=${open ? "opens" : undefined} aria-current=${selected?.(row) ? "true" : undefined}
      onClick=${open && (() => open(row))} onKeyDown=${(event) => walk.current(event, place)}>${columns.map((column) => cell(column, row))}</tr>`);
    return drawn.get(name);
  };
  return html`
    <div class="scroll" ref=${frame} style=${{ maxBlockSize: `${height}px` }} onScroll=${(event) => setTop(stepped(event.currentTarget.scrollTop))} tabindex="-1">
      <table class="list" aria-label=${name} aria-rowcount=${rows.length + 1} style=${{ minInlineSize: `${columns.reduce((all, column) => all + (parseInt(column.width) || (column.num ? 100 : 112)), 0)}px` }}>
        <colgroup>${columns.map((column) => html`<col style=${{ inlineSize: column.width ?? (column.num ? "100px" : "auto") }} />`)}</colgroup>
        <thead><tr>${columns.map((column, place) => html`<th key=${place} scope="col" class=${column.num ? "num" : undefined} aria-sort=${column === by ? (way > 0 ? "ascending" : "descending") : undefined}>
          ${column.sort === false ? column.title : html`<button type="button" onClick=${() => choose(column)}>${column.title}${column === by ? (way > 0 ? " ↑" : " ↓") : ""}</button>`}
        </th>`)}</tr></thead>
        <tbody>
          ${first > 0 && html`<tr class="space" aria-hidden="true"><td colspan=${columns.length} style=${{ blockSize: `${first * ROW}px` }}></td></tr>`}
          ${shown.slice(first, last).map((row, place) => line(row, first + place))}
          ${last < shown.length && html`<tr class="space" aria-hidden="true"><td colspan=${columns.length} style=${{ blockSize: `${(shown.length - last) * ROW}px` }}></td></tr>`}
        </tbody>
      </table>
    </div>
    <div class="table-foot"><span>${foot ?? t("rows", { n: number(rows.length) })}</span><span class="grow"></span>
      <button type="button" class="button plain" title=${t("csv-title")} onClick=${() => save(`${name.toLowerCase().replaceAll(/\W+/g, "-")}.csv`, csv(all.filter((column) => column.title), shown))}>${t("csv")}</button>
    </div>`;
}
