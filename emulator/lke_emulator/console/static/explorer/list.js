// All actions: found by name, member or meaning; what is starred and what was opened last comes first.
import { html, useEffect, useMemo, useState } from "../vendor/preact.js";
import { kept, useCell } from "../cell.js";
import { Empty } from "../parts/card.js";
import { Search, Segments } from "../parts/fields.js";
import { address, go, useParam, usePlace } from "../router.js";
import { said, speaker } from "../words.js";
import { keyOf, search, why } from "./search.js";

const t = speaker("explorer");
const RECENT = 8;
const FIRST = 40; // rows that are there at once: the others, which are out of sight, follow
const PAUSE = 100; // milliseconds
export const starred = kept("explorer-starred", "");
export const recent = kept("explorer-recent", "");

const listed = (cell) => cell.value.split(",").filter(Boolean);
export const isStarred = (key) => listed(starred).includes(key);
export const star = (key) => starred.set((isStarred(key) ? listed(starred).filter((one) => one !== key) : [...listed(starred), key]).join(","));
export const remember = (key) => recent.set([key, ...listed(recent).filter((one) => one !== key)].slice(0, RECENT).join(","));

// What stays in the address when another action is chosen.
const STAYS = ["q", "product", "tab", "in", "style", "cloud", "key", "region", "sign", "method", "view"];
const pathOf = (key) => `explorer/${key.replace(".", "/")}`;
const staysOf = (query) => Object.fromEntries(STAYS.map((name) => [name, query[name]]));

function Row({ row, text, current, stays, stars }) {
  const key = keyOf(row);
  const member = why(row, text);
  return html`<li><a href=${address(pathOf(key), stays)} aria-current=${key === current ? "page" : undefined}>
    <span class="bar"><code class="clip">${row.action}</code><span class="tiny muted">${row.product}</span>${stars.includes(key) && html`<span class="tiny" aria-label=${t("starred")}>★</span>`}</span>
    <span class="tiny muted">${said(row.about)}${member && html` <span class="nowrap">${t("member", { name: member })}</span>`}</span>
  </a></li>`;
}

function Group({ title, rows: all, ...more }) {
  const [count, show] = useState(FIRST);
  useEffect(() => {
    const timer = setTimeout(() => show(Infinity), PAUSE);
    return () => clearTimeout(timer);
  }, []);
  const rows = all.slice(0, count);
  if (!rows.length) return null;
  return html`${title && html`<h3 class="tiny muted">${title}</h3>`}<ul>${rows.map((row) => html`<${Row} key=${keyOf(row)} row=${row} ...${more} />`)}</ul>`;
}

export function List({ rows, current }) {
  const { query } = usePlace();
  const [text, ask] = useParam("q");
  const [product, choose] = useParam("product");
  const stars = useCell(starred), lately = useCell(recent);
  const offered = useMemo(() => rows.filter((row) => !product || row.product === product), [rows, product]);
  const found = useMemo(() => search(offered, text, { starred: listed(starred), recent: listed(recent) }), [offered, text, stars, lately]);
  const pressed = (event) => {
    // Of what is typed already, though it may not be shown yet.
    if (event.target.type !== "search") return;
    const [first] = search(offered, event.target.value);
    if (event.key === "Enter" && event.target.value.trim() && first) go(pathOf(keyOf(first)), staysOf({ ...query, q: event.target.value }));
    else if (event.key === "ArrowDown") event.currentTarget.querySelector("nav a")?.focus();
    else return;
    event.preventDefault();
  };
  const more = { text, current, stays: staysOf(query), stars: listed(starred) };
  const names = (cell) => listed(cell).map((key) => found.find((row) => keyOf(row) === key)).filter(Boolean);
  return html`<div class="stack explorer-list" onKeyDown=${pressed}>
    <${Search} value=${text} onChange=${ask} label=${t("search")} />
    <${Segments} label=${t("products")} value=${product} onChange=${choose} options=${[["", t("every")], ["lke", "lke"], ["lkeap", "lkeap"], ["adp", "adp"]]} />
    <nav class="scroll" aria-label=${t("choose")} tabindex="-1">
      ${text || product ? html`<p class="tiny muted" role="status">${t("found", { n: found.length })}</p><${Group} rows=${found} ...${more} />` : html`
        <${Group} title=${t("starred")} rows=${names(starred)} ...${more} />
        <${Group} title=${t("recent")} rows=${names(recent)} ...${more} />
        <${Group} title=${t("every")} rows=${rows} ...${more} />`}
      ${!found.length && html`<${Empty} text=${t("none", { text })} />`}
    </nav>
  </div>`;
}
