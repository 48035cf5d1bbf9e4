// The command palette: pages and their tabs, accounts, actions of the API.
import { html, useEffect, useMemo, useState } from "../vendor/preact.js";
import { accounts } from "../account.js";
import { get } from "../control.js";
import { PAGES, tabsOf, titleOf } from "../pages.js";
import { change, go } from "../router.js";
import { speaker } from "../words.js";
import { show } from "./dialog.js";

const t = speaker("shell");
const MOST = 50;
let actions = null; // asked for once

function choices(known) {
  const pages = PAGES.map((page) => ({ text: titleOf(page), more: t("pages"), words: `${titleOf(page)} ${page.path}`, run: () => go(page.path) }));
  const tabs = PAGES.flatMap((page) => tabsOf(page).slice(1).map((tab) => ({ text: tab.text, more: titleOf(page), words: `${tab.text} ${tab.path}`, run: () => go(tab.path) })));
  const people = (accounts.value ?? []).map((row) => ({ text: row.name || row.uin, more: `${t("account")} ${row.uin}`, words: `${row.name} ${row.uin}`, run: () => change({ account: row.uin }) }));
  const api = (known ?? []).map((row) => ({ text: row.action, more: row.product, words: `${row.product}.${row.action}`, run: () => go(`explorer/${row.product}/${row.action}`) }));
  return [...pages, ...tabs, ...people, ...api];
}

const fits = (words, parts) => parts.every((part) => words.includes(part));

function Palette({ close }) {
  const [text, type] = useState("");
  const [place, move] = useState(0);
  const [known, know] = useState(actions);
  useEffect(() => {
    if (!actions) get("/actions").then((given) => know((actions = given.actions)), () => {});
  }, []);
  const found = useMemo(() => {
    const parts = text.toLowerCase().split(/\s+/).filter(Boolean);
    return choices(known).filter((one) => fits(one.words.toLowerCase(), parts)).slice(0, MOST);
  }, [text, known]);
  const run = (one) => {
    close();
    one?.run();
  };
  const keys = (event) => {
    const to = { ArrowDown: place + 1, ArrowUp: place - 1 }[event.key];
    if (event.key === "Enter") return event.preventDefault(), run(found[place]);
    if (to === undefined || !found.length) return;
    event.preventDefault();
    const next = (to + found.length) % found.length;
    move(next);
    document.getElementById(`choice-${next}`)?.scrollIntoView({ block: "nearest" });
  };
  return html`<div class="inside">
    <input autofocus role="combobox" aria-expanded="true" aria-controls="choices" aria-activedescendant=${`choice-${place}`} aria-label=${t("palette-hint")} placeholder=${t("palette-hint")} value=${text} onInput=${(event) => (type(event.target.value), move(0))} onKeyDown=${keys} />
    ${found.length ? html`<ul id="choices" role="listbox" aria-label=${t("find")}>${found.map((one, at) => html`<li key=${one.words} id=${`choice-${at}`} role="option" aria-selected=${at === place} onClick=${() => run(one)}><span class="clip">${one.text}</span><span class="muted nowrap">${one.more}</span></li>`)}</ul>` : html`<p class="empty" id="choices">${t("palette-none")}</p>`}
  </div>`;
}

export const openPalette = () => document.querySelector("dialog[open]") || show((close) => html`<${Palette} close=${close} />`, { kind: "palette" });
