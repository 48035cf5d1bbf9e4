// Every setting for something unknown, with what its default rests on.
import { html } from "../vendor/preact.js";
import { useControl } from "../control.js";
import { Card, Loaded } from "../parts/card.js";
import { show } from "../parts/dialog.js";
import { Search, Select } from "../parts/fields.js";
import { CopyButton, Copyable, Evidence } from "../parts/figure.js";
import { Table } from "../parts/table.js";
import { useParam } from "../router.js";
import { speaker } from "../words.js";

const t = speaker("world");
const chinese = speaker("assumptions");
const sources = speaker("sources");
const said = (row) => chinese(row.id, {}, row.text);
const restsOn = (row) => sources(row.source);
const MARKS = ["documented", "observed", "inferred"];
const written = (value) => (typeof value === "string" ? value : JSON.stringify(value));
const yaml = (rows) => `assumptions:\n${rows.map((row) => `  ${row.id}: ${JSON.stringify(row.value)}`).join("\n")}\n`;
const isChanged = (row) => JSON.stringify(row.value) !== JSON.stringify(row.default);

const opened = (row) =>
  show((close) => html`<div class="inside"><h2 class="mono">${row.id}</h2>
    <dl class="pairs"><dt>${t("about")}</dt><dd>${said(row)}</dd><dt>${t("value")}</dt><dd><code>${written(row.value)}</code></dd><dt>${t("default")}</dt><dd><code>${written(row.default)}</code></dd>
      ${row.choices.length > 0 && html`<dt>${t("choices")}</dt><dd><code>${row.choices.join(", ")}</code></dd>`}<dt>${t(row.evidence)}</dt><dd>${restsOn(row)}</dd></dl>
    <div class="end"><${CopyButton} label=${t("copy-yaml")} text=${yaml([row])} /><button class="button" autofocus onClick=${() => close()}>${t("done")}</button></div></div>`);

export function Assumptions() {
  const known = useControl("/assumptions", undefined, ["world"]);
  const [text, find] = useParam("q");
  const [mark, choose] = useParam("evidence");
  const [changed, only] = useParam("changed");
  const fits = (row) => (!mark || row.evidence === mark) && (!changed || isChanged(row)) && [row.id, said(row), restsOn(row)].some((part) => part.toLowerCase().includes(text.toLowerCase()));
  const columns = [
    { title: t("setting"), value: (row) => row.id, width: "210px", tip: (row) => row.id, show: (row) => html`<${Copyable} value=${`${row.id}: ${JSON.stringify(row.value)}`} mono>${row.id}<//>` },
    { title: t("value"), value: (row) => written(row.value), width: "120px", tip: (row) => `${written(row.value)}${row.choices.length ? ` (${row.choices.join(", ")})` : ""}`, show: (row) => html`<code class=${isChanged(row) ? "warn" : ""}>${written(row.value)}</code>` },
    { title: t("default"), value: (row) => written(row.default), width: "120px", wide: true, tip: (row) => written(row.default), show: (row) => html`<code class="muted">${written(row.default)}</code>` },
    { title: t("evidence"), value: (row) => t(row.evidence), width: "142px", show: (row) => html`<span class="marked"><${Evidence} kind=${row.evidence} setting=${row.id} /> ${t(row.evidence)}</span>` },
    { title: t("about"), value: said, tip: said },
    { title: t("source"), value: restsOn, width: "24%", tip: restsOn },
  ];
  return html`<${Card} title=${t("tab-assumptions")} note=${t("world-note")} flush actions=${html`<${CopyButton} label=${t("copy-yaml")} text=${() => yaml((known.data?.assumptions ?? []).filter(fits))} />`}>
    <div class="bar inset"><${Search} value=${text} onChange=${find} label=${t("filter")} />
      <${Select} label=${t("evidence")} value=${mark} onChange=${choose} options=${MARKS.map((one) => [one, t(one)])} all />
      <label class="check"><input type="checkbox" checked=${changed === "yes"} onChange=${(event) => only(event.target.checked ? "yes" : "")} />${t("changed")}</label></div>
    <${Loaded} of=${known} height=${520}>${({ assumptions }) => html`<${Table} name=${t("tab-assumptions")} columns=${columns} narrow=${innerWidth < 1600} rows=${assumptions.filter(fits)} keyOf=${(row) => row.id} open=${opened} height=${620} />`}<//>
  <//>`;
}
