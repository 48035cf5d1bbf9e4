// The frame: navigation, account, clock, and the page that the address names.
import { html, render, useEffect, useErrorBoundary, useState } from "./vendor/preact.js";
import { accounts, loadAccounts, useAccount } from "./account.js";
import { cell, useCell } from "./cell.js";
import { fetched } from "./control.js";
import { alive, start } from "./live.js";
import { GROUPS, PAGES, pageOf, titleOf } from "./pages.js";
import { ProblemBox, Empty } from "./parts/card.js";
import { ClockBar } from "./parts/clock.js";
import { Dialogs } from "./parts/dialog.js";
import { Select } from "./parts/fields.js";
import { Icon } from "./parts/icons.js";
import { help, listenToKeys } from "./parts/keys.js";
import { Banners } from "./parts/notices.js";
import { openPalette } from "./parts/palette.js";
import { Toasts } from "./parts/toasts.js";
import { address, change, place, usePlace } from "./router.js";
import { theme } from "./theme.js";
import { LANGUAGES, language, speak, speaker } from "./words.js";

const t = speaker("shell");
const OWN_BANNERS = ["", "notifications"]; // pages that list what the account was told

const contents = new Map(); // page -> its component
const opened = async (page) => contents.set(page, contents.get(page) ?? (await page.load()).default);
const foreseen = (page) => () => opened(page).catch(() => {}); // whoever points at a link will choose it

function Side({ page, open, close, about }) {
  return html`<aside class=${`side ${open ? "open" : ""}`} id="side">
    <a class="brand" href=${address("")} onClick=${close}><${Icon} name="mark" size="20" />lke-emulator</a>
    <nav aria-label=${t("pages")}>
      ${GROUPS.map((group) => [group, PAGES.filter((one) => one.group === group)]).filter(([, pages]) => pages.length).map(([group, pages]) => html`
        <h2 key=${group}>${t(`group-${group}`)}</h2>
        ${pages.map((one) => html`<a key=${one.path} href=${address(one.path)} aria-current=${one === page ? "page" : undefined} onClick=${close} onPointerEnter=${foreseen(one)} onFocus=${foreseen(one)}><${Icon} name=${one.name} />${titleOf(one)}</a>`)}`)}
    </nav>
    <div class="foot">${about && html`${t("scenario", { name: about.scenario.split("/").pop() })}<br />${about.version} · ${location.host}`}</div>
  </aside>`;
}

function Top({ account, openMenu, menuOpen }) {
  const rows = useCell(accounts);
  const other = language === "zh" ? "en" : "zh";
  return html`<header class="top">
    <button type="button" class="button icon menu" aria-label=${t("menu")} aria-expanded=${menuOpen} aria-controls="side" onClick=${openMenu}><${Icon} name="menu" /></button>
    <${Select} label=${html`<span class="hidden">${t("account")}</span>`} value=${account?.uin ?? ""} onChange=${(uin) => change({ account: uin })} options=${(rows ?? []).map((row) => [row.uin, row.name ? `${row.name} · ${row.uin}` : row.uin])} />
    ${account && html`<${ClockBar} account=${account} />`}
    <span class="grow"></span>
    <button type="button" class="button find" onClick=${openPalette} aria-label=${t("find")}><${Icon} name="search" size="14" /><span class="label">${t("find")}</span> <kbd>Ctrl K</kbd></button>
    <button type="button" class="button icon plain" aria-label=${t("keyboard")} title=${t("keyboard")} onClick=${help}>?</button>
    <button type="button" class="button icon plain" aria-label=${`${t("theme")}: ${t(`theme-${theme.value}`)}`} title=${`${t("theme")}: ${t(`theme-${theme.value}`)}`} onClick=${() => theme.set({ "": "light", light: "dark", dark: "" }[theme.value])}><${Icon} name="sun" /></button>
    <button type="button" class="button plain" lang=${other} aria-label=${LANGUAGES[other]} onClick=${() => speak(other)}>${other === "en" ? "EN" : "中文"}</button>
  </header>`;
}

function Shown({ page, account, rest }) {
  const [, again] = useState(0);
  const [error, reset] = useErrorBoundary((problem) => console.error(problem));
  const Content = contents.get(page);
  useEffect(() => {
    if (error) reset();
    // It may have come since this was rendered: what counts is what is shown.
    if (page && !Content) opened(page).then(() => again((count) => count + 1));
  }, [page]);
  if (!page) return html`<${Empty} text=${t("not-found")} action=${titleOf(PAGES[0])} href=${address("")} />`;
  if (error) return html`<${ProblemBox} again=${reset}>${t("broken-page")} <code>${String(error.message)}</code><//>`;
  return Content ? html`<${Content} key=${account.uin} account=${account} rest=${rest} />` : null;
}

function Token({ again }) {
  const [text, type] = useState("");
  const submit = (event) => {
    event.preventDefault();
    sessionStorage.setItem("token", text);
    again();
  };
  return html`<main class="main"><form class="card" onSubmit=${submit}><header><h1>${t("token")}</h1></header><div class="body form">
    <p class="small muted">${t("token-why")}</p>
    <label>${t("token")}<input type="password" autofocus autocomplete="off" value=${text} onInput=${(event) => type(event.target.value)} /></label>
    <div><button class="button primary">${t("token-open")}</button></div></div></form></main>`;
}

const failure = cell(null); // why there are no accounts
const emulator = cell(null); // what /health says

function load() {
  failure.set(null);
  start();
  loadAccounts().catch(failure.set);
  fetched("/_emulator/health").then((answer) => answer.json()).then(emulator.set, () => {});
}

function App() {
  const { path, query } = usePlace();
  const rows = useCell(accounts), account = useAccount(), here = useCell(alive);
  useCell(theme);
  const problem = useCell(failure), about = useCell(emulator);
  const [menu, openMenu] = useState(false);
  const page = pageOf(path);
  useEffect(() => {
    document.title = `${page ? titleOf(page) : "?"} · lke-emulator ${location.host}`;
  });
  if (problem?.status === 403) return html`<${Token} again=${load} />`;
  return html`
    <a class="skip" href="#main" onClick=${(event) => (event.preventDefault(), document.getElementById("main").focus())}>${t("skip")}</a>
    <div class="shell">
      <${Side} page=${page} open=${menu} close=${() => openMenu(false)} about=${about} />
      ${menu && html`<button class="veil" aria-label=${t("close")} onClick=${() => openMenu(false)}></button>`}
      <${Top} account=${account} menuOpen=${menu} openMenu=${() => openMenu(!menu)} />
      <main class="main" id="main" tabindex="-1">
        ${!here && html`<div class="lost" role="alert">${t("unreachable-again")}</div>`}
        ${problem ? html`<${ProblemBox} problem=${problem} again=${load} />` : !rows ? null : !account ? html`<${Empty} text=${t("no-account", { uin: query.account ?? "" })} action=${t("first-account")} onClick=${() => change({ account: undefined })} />` : html`${page && !OWN_BANNERS.includes(page.path) && html`<${Banners} key=${account.uin} account=${account} />`}<${Shown} page=${page} account=${account} rest=${page ? path.slice(page.path.length).split("/").filter(Boolean) : []} />`}
      </main>
    </div>
    <${Dialogs} /><${Toasts} />`;
}

const first = pageOf(place.value.path);
if (first) opened(first); // while the accounts are on their way
load();
listenToKeys();
const fill = () => render(html`<${App} />`, document.getElementById("app"));
if (document.hidden) fill();
else requestAnimationFrame(() => setTimeout(fill)); // the frame that came with the page is painted before it is filled
