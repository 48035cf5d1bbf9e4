// The apps of the account and its models; one of them opened.
import { html } from "../vendor/preact.js";
import { useAsked, useControl } from "../control.js";
import * as format from "../format.js";
import { Card, Empty, Loaded, Page } from "../parts/card.js";
import { Search, Select } from "../parts/fields.js";
import { YamlButton } from "../parts/figure.js";
import { Table } from "../parts/table.js";
import { look } from "../report-data.js";
import { address, change, go, useParam } from "../router.js";
import { speaker } from "../words.js";
import { App, StatusBadge } from "./app.js";
import { ModelChat } from "./app-chat.js";

const t = speaker("apps", "shell");

function Apps({ account, apps }) {
  const columns = [
    { title: t("name"), value: (app) => app.name },
    { title: t("space"), value: (app) => app.space, width: "150px" },
    { title: t("pattern"), value: (app) => t(app.pattern), width: "150px" },
    { title: t("status"), value: (app) => t(app.status), show: (app) => html`<${StatusBadge} app=${app} />`, width: "140px" },
    { title: t("documents"), value: (app) => app.documents, num: true },
    { title: t("qas"), value: (app) => app.qas, num: true },
    { title: t("id"), value: (app) => app.biz_id, show: (app) => html`<code>${app.biz_id}</code>`, width: "190px" },
  ];
  const [text, find] = useParam("q");
  const [space, choose] = useParam("space");
  const [status, only] = useParam("status");
  const among = (name) => [...new Set([...apps.map((app) => app[name]), ...({ space: [space], status: [status] })[name]])].filter(Boolean).sort();
  const rows = apps.filter((app) => (!space || app.space === space) && (!status || app.status === status) && `${app.name} ${app.biz_id}`.toLowerCase().includes(text.toLowerCase()));
  const create = { action: t("new"), href: address("explorer/lke/CreateApp") };
  const empty = apps.length ? { text: t("none-fits", { text: [text, space, status && t(status)].filter(Boolean).join(", ") }), action: t("clear"), onClick: () => change({ q: undefined, space: undefined, status: undefined }) } : { text: t("none"), ...create };
  return html`<${Card} title=${t("apps")} flush actions=${html`<${YamlButton} uin=${account.uin} section="apps" /><a class="button" href=${create.href}>${create.action}</a>`}>
    <div class="bar inset"><${Search} value=${text} onChange=${find} label=${t("filter")} /><${Select} label=${t("space")} value=${space} onChange=${choose} options=${among("space")} all /><${Select} label=${t("status")} value=${status} onChange=${only} options=${among("status").map((one) => [one, t(one)])} all /></div>
    <${Table} name=${t("apps")} columns=${columns} rows=${rows} keyOf=${(app) => app.biz_id} open=${(app) => go(`apps/${app.biz_id}`)} empty=${empty} /><//>`;
}

function Models({ account }) {
  const found = useAsked((signal) => look(account.uin, "lke.ListModel", { AppType: "knowledge_qa" }, signal), [account.uin], ["call", "change", "clock"]);
  const columns = [
    { title: t("model"), value: (row) => row.ModelName },
    { title: t("alias"), value: (row) => row.AliasName },
    { title: t("resource"), value: (row) => t(`resource-${row.ResourceStatus}`), show: (row) => html`<span class=${`badge ${row.ResourceStatus === 1 ? "ok" : "bad"}`}>${t(`resource-${row.ResourceStatus}`)}</span>`, width: "140px" },
    { title: t("places"), value: (row) => row.Concurrency, num: true, width: "130px", show: (row) => (row.Concurrency ? format.number(row.Concurrency) : format.NONE) },
  ];
  return html`<${Card} title=${t("models")} flush actions=${html`<a class="button" href=${address("apps/models")}>${t("by-model")}</a>`}><${Loaded} of=${found}>${({ List }) => html`<${Table} name=${t("models")} sort="sort-models" columns=${columns} rows=${List} keyOf=${(row) => row.ModelName} open=${(row) => go("apps/models", { model: row.ModelName })} height=${300} />`}<//><//>`;
}

export default function AppsPage({ account, rest: [id, tab] }) {
  const found = useControl(`/accounts/${account.uin}/apps`, undefined, ["change", "call", "clock", "world"]);
  if (id === "models") return html`<${ModelChat} account=${account} />`;
  if (id) {
    const app = found.data?.apps.find((one) => one.biz_id === id);
    return html`<${Loaded} of=${found}>${() => (app ? html`<${App} key=${id} account=${account} app=${app} tab=${tab} again=${found.again} />` : html`<${Page} title=${t("title")}><${Empty} text=${t("gone", { id })} action=${t("all-apps")} href=${address("apps")} /><//>`)}<//>`;
  }
  return html`<${Page} title=${t("title")}><${Loaded} of=${found} height=${300}>${({ apps }) => html`<${Apps} account=${account} apps=${apps} />`}<//><${Models} account=${account} /><//>`;
}
