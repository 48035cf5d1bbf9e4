// The faults that are set, of the account and of everybody, with what each has done.
import { html } from "../vendor/preact.js";
import { remove, useControl } from "../control.js";
import * as format from "../format.js";
import { Card, Loaded } from "../parts/card.js";
import { CopyButton } from "../parts/figure.js";
import { Table } from "../parts/table.js";
import { tried } from "../parts/toasts.js";
import { address } from "../router.js";
import { speaker } from "../words.js";
import { askForFault } from "./call.js";

const t = speaker("world");
const WHICH = ["operation", "surface", "region", "caller", "params", "first", "nth", "every", "probability", "until"];
const written = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));

function List({ title, path, kinds, actions }) {
  const found = useControl(path, undefined, kinds);
  const end = async (row) => (await tried(() => remove(`${path}/${row.id}`), t("ended")), found.again());
  const columns = [
    { title: t("calls"), value: ({ rule }) => WHICH.filter((name) => name in rule || name === "operation").map((name) => (name === "operation" ? rule.operation ?? "*" : `${name}=${written(rule[name])}`)).join(" ") },
    { title: t("what"), value: ({ rule }) => Object.entries(rule).filter(([name]) => !WHICH.includes(name)).map(([name, value]) => `${name}=${written(value)}`).join(" ") },
    { title: t("hits"), value: (row) => row.hits, num: true, show: (row) => (row.requests.length ? html`<a href=${address(`calls/${row.requests.at(-1)}`)}>${format.number(row.hits)}</a>` : format.number(row.hits)) },
    { title: t("left"), value: (row) => row.remaining ?? Infinity, num: true, show: (row) => (row.remaining === null ? t("endless") : format.number(row.remaining)) },
    { title: "", value: () => "", sort: false, width: "90px", show: (row) => html`<${CopyButton} label="YAML" text=${`faults:\n  - ${JSON.stringify(row.rule)}\n`} />` },
    { title: "", value: () => "", sort: false, width: "90px", show: (row) => html`<button type="button" class="button plain" onClick=${() => end(row)}>${t("end")}</button>` },
  ];
  return html`<${Card} title=${title} actions=${actions?.(found.again)} flush><${Loaded} of=${found}>${({ faults }) => html`<${Table} name=${title} sort=${path === "/faults" ? "sort-server" : "sort"} columns=${columns} rows=${faults} keyOf=${(row) => row.id} height=${320} empty=${{ text: t("faults-none"), action: undefined }} />`}<//><//>`;
}

export const FaultsOf = ({ account }) =>
  html`<div class="stack roomy">
    <${List} title=${t("faults")} path=${`/accounts/${account.uin}/faults`} kinds=${["call", "change", "world"]} actions=${(again) => html`<button type="button" class="button primary" onClick=${async () => (await askForFault(account.uin, "*"), again())}>${t("fault")}</button>`} />
    <${List} title=${t("server-faults")} path="/faults" kinds=${["call", "change", "world"]} />
  </div>`;
