// Shortcuts: Ctrl/Cmd+K anywhere; single letters never while typing, and they can be turned off.
import { html } from "../vendor/preact.js";
import { kept, useCell } from "../cell.js";
import { GROUPS, PAGES, titleOf } from "../pages.js";
import { go } from "../router.js";
import { speaker } from "../words.js";
import { show } from "./dialog.js";
import { openPalette } from "./palette.js";

const t = speaker("shell");
const letters = kept("letters", "on");
let going = 0;

const typing = (target) => target.matches?.("input, textarea, select, [contenteditable]");

function pressed(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.key === "Escape" && event.target.matches?.("[data-filter]")) event.target.blur(); // from where `/` went
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (letters.value !== "on" && event.key !== "?") return;
  if (going) {
    clearTimeout(going);
    going = 0;
    const page = PAGES.find((one) => one.key === event.key);
    if (page) go(page.path);
    return;
  }
  const action = {
    "/": () => document.querySelector("main [data-filter]")?.focus(),
    "?": help,
    g: () => (going = setTimeout(() => (going = 0), 1500)),
    j: () => document.querySelector('main tr[tabindex="0"]')?.focus(),
    k: () => document.querySelector('main tr[tabindex="0"]')?.focus(),
  }[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

function Keys({ close }) {
  const on = useCell(letters);
  const rows = [["Ctrl K", "key-palette"], ["/", "key-filter"], ["j k", "key-rows"], ["Enter", "key-open"], ["p", "key-pause"], ["Esc", "key-back"], ["?", "key-help"]];
  return html`<div class="inside"><h2>${t("keyboard")}</h2>
    <dl class="pairs">${rows.map(([key, name]) => html`<dt>${key.split(" ").map((one) => html`<kbd>${one}</kbd> `)}</dt><dd>${t(name)}</dd>`)}
      ${GROUPS.flatMap((group) => PAGES.filter((page) => page.group === group && page.key)).map((page) => html`<dt><kbd>g</kbd> <kbd>${page.key}</kbd></dt><dd>${titleOf(page)}</dd>`)}</dl>
    <label class="check"><input type="checkbox" checked=${on === "on"} onChange=${(event) => letters.set(event.target.checked ? "on" : "off")} />${t("single-keys")}</label>
    <div class="end"><button class="button" autofocus onClick=${() => close()}>${t("close")}</button></div></div>`;
}

export const help = () => show((close) => html`<${Keys} close=${close} />`);
export const listenToKeys = () => addEventListener("keydown", pressed);
