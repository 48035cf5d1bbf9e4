// One app: its documents, Q&A, labels, releases with what they change, and a chat.
import { html } from "../vendor/preact.js";
import { patch, useAsked } from "../control.js";
import { Page } from "../parts/card.js";
import { ask } from "../parts/dialog.js";
import { Tabs } from "../parts/fields.js";
import { Copyable, YamlButton, copy } from "../parts/figure.js";
import { tried } from "../parts/toasts.js";
import { look } from "../report-data.js";
import { useParam } from "../router.js";
import { call } from "../signed.js";
import { speaker, wire } from "../words.js";
import { AppChat } from "./app-chat.js";
import { Documents, Qas } from "./app-knowledge.js";
import { KINDS, Listed, kindOf, state, useListed, useMoving, when } from "./app-lists.js";

const t = speaker("apps");
const TABS = ["documents", "qas", "labels", "releases", "chat"];
const FAILED = 4; // Status of a release
const FEW = 10; // changes that a question before a release tells of

export const StatusBadge = ({ app }) => html`<span class=${`badge ${{ running: "ok", not_online: "warn", disabled: "bad" }[app.status]}`}>${t(app.status)}</span>`;

function Labels({ account, app }) {
  const found = useListed(account, "ListAttributeLabel", { BotBizId: app.biz_id });
  const columns = [
    { title: t("label"), value: (row) => row.AttrName },
    { title: t("values"), value: (row) => row.LabelNames.join(", "), tip: (row) => row.LabelNames.join(", ") },
    { title: t("status"), value: (row) => wire(row.StatusDesc), width: "140px" },
  ];
  return html`<${Listed} title=${t("labels")} found=${found} columns=${columns} keyOf=${(row) => row.AttrBizId} empty=${t("labels-none")} />`;
}

function useChanges(account, app, release) {
  // Of a release, or what waits for the next one.
  return useAsked(
    async (signal) => {
      const params = { BotBizId: app.biz_id, PageNumber: 1, PageSize: 100, ...(release && { ReleaseBizId: release }) };
      const [docs, qas, configs] = await Promise.all(["Doc", "QA", "Config"].map((kind) => look(account.uin, `lke.ListRelease${kind}Preview`, params, signal)));
      const List = [...docs.List.map((row) => [t("documents"), row.FileName, wire(row.ActionDesc), row.Message]), ...qas.List.map((row) => [t("qas"), row.Question, wire(row.ActionDesc), row.Message]), ...configs.List.map((row) => [t("setting"), wire(row.ConfigItem), wire(row.Content) || `${wire(row.LastValue)} → ${wire(row.Value)}`, row.Message])];
      return { List, Total: Number(docs.Total) + Number(qas.Total) + Number(configs.Total) };
    },
    [app.biz_id, release],
    KINDS,
  );
}

function Releases({ account, app, again }) {
  const found = useListed(account, "ListRelease", { BotBizId: app.biz_id }, (row) => kindOf(row.StatusDesc) === "warn");
  const [chosen, choose] = useParam("release");
  const waiting = useMoving(useChanges(account, app, ""), true);
  const past = useChanges(account, app, chosen);
  const act = async (action, params, done) => {
    await tried(() => call(account.uin, `lke.${action}`, { BotBizId: app.biz_id, ...params }), done);
    found.again();
    waiting.again();
    again();
  };
  const columns = [
    { title: t("version"), value: (row) => row.ReleaseVersion, width: "180px" },
    state(),
    { title: t("desc"), value: (row) => row.Desc || row.Reason, tip: (row) => row.Reason },
    { title: t("by"), value: (row) => row.Operator, width: "130px" },
    { title: t("counts"), value: (row) => row.SuccessCount, num: true },
    { title: t("failed"), value: (row) => row.FailCount, num: true, width: "80px" },
    when(account.time_zone),
    { title: "", value: () => "", sort: false, width: "90px", show: (row) => row.Status === FAILED && html`<span class="row-actions"><button type="button" class="button plain" onClick=${() => act("RetryRelease", { ReleaseBizId: row.ReleaseBizId }, t("released"))}>${t("retry")}</button></span>` },
  ];
  const changed = ["type", "name", "what", "reason"].map((name, place) => ({ title: t(name), value: (row) => row[place], tip: (row) => row[place], width: ["140px", undefined, undefined, "160px"][place] }));
  const total = waiting.data?.Total ?? 0;
  const release = async () => {
    const rows = waiting.data?.List ?? [];
    const text = html`${t("release-text")}${rows.length ? html`<ul>${rows.slice(0, FEW).map(([type, name, what], place) => html`<li key=${place} class="clip">${type}: ${name} · ${what}</li>`)}${total > FEW && html`<li>${t("and-more", { n: total - FEW })}</li>`}</ul>` : html`<br />${t("nothing-waits")}`}`;
    if (!(await ask({ title: t("release-sure", { name: app.name }), text, action: t("release") }))) return;
    choose("");
    await act("CreateRelease", {}, t("released"));
  };
  const version = found.data?.List.find((row) => row.ReleaseBizId === chosen)?.ReleaseVersion;
  return html`<${Listed} title=${t("releases")} found=${found} columns=${columns} keyOf=${(row) => row.ReleaseBizId} open=${(row) => choose(chosen === row.ReleaseBizId ? "" : row.ReleaseBizId)} selected=${(row) => row.ReleaseBizId === chosen} empty=${t("releases-none")} height=${300} actions=${html`<button type="button" class="button primary" onClick=${release}>${t("release")}${total > 0 && ` · ${t("changes", { n: total })}`}</button>`} />
    <${Listed} title=${version ? t("was-changed", { version }) : t("waiting")} found=${version ? past : waiting} columns=${changed} empty=${t("nothing-waits")} height=${300} />`;
}

export function App({ account, app, tab = "documents", again }) {
  const turn = async () => {
    const disabled = app.status !== "disabled";
    if (disabled && !(await ask({ title: t("stop-sure", { name: app.name }), text: t("stop-text"), action: t("stop"), danger: true }))) return;
    await tried(() => patch(`/accounts/${account.uin}/apps/${app.biz_id}`, { disabled }));
    again();
  };
  const tabs = TABS.map((name) => ({ name, text: t(name), path: `apps/${app.biz_id}${name === "documents" ? "" : `/${name}`}` }));
  const Content = { documents: Documents, qas: Qas, labels: Labels, releases: Releases, chat: AppChat }[tab] ?? Documents;
  return html`<${Page} title=${app.name} note=${html`<${StatusBadge} app=${app} /> ${t(app.pattern)} · ${app.space} · <${Copyable} value=${app.biz_id} mono />`} actions=${html`<${YamlButton} uin=${account.uin} section="apps" /><button type="button" class="button" onClick=${() => copy(app.key)} title=${app.key}>${t("key")}</button><button type="button" class="button" onClick=${turn}>${t(app.status === "disabled" ? "start" : "stop")}</button>`}>
    <${Tabs} tabs=${[{ name: "", text: `← ${t("all-apps")}`, path: "apps" }, ...tabs]} current=${tab} />
    <${Content} account=${account} app=${app} again=${again} />
  <//>`;
}
