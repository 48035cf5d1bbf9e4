// One app: its documents, Q&A, labels, releases with what they change, and a chat.
import { html, useEffect, useState } from "../vendor/preact.js";
import { patch, useAsked } from "../control.js";
import * as format from "../format.js";
import { Card, Loaded, Page } from "../parts/card.js";
import { ask, show } from "../parts/dialog.js";
import { Field, Tabs } from "../parts/fields.js";
import { Copyable, copy } from "../parts/figure.js";
import { Table } from "../parts/table.js";
import { tried } from "../parts/toasts.js";
import { look } from "../report-data.js";
import { address, useParam } from "../router.js";
import { call } from "../signed.js";
import { speaker } from "../words.js";
import words from "../words/apps.js";
import { AppChat } from "./app-chat.js";

const t = speaker(words);
const TABS = ["documents", "qas", "labels", "releases", "chat"];
const KINDS = ["call", "change", "clock", "world"];
const MOVING = 2000; // milliseconds until what is under way is looked at again

export const StatusBadge = ({ app }) => html`<span class=${`badge ${{ running: "ok", not_online: "warn", disabled: "bad" }[app.status]}`}>${t(app.status)}</span>`;

function useMoving(found, moves) {
  // Time alone moves states on, and nothing tells of it.
  useEffect(() => {
    if (!moves) return;
    const timer = setInterval(() => document.hidden || found.again(), MOVING);
    return () => clearInterval(timer);
  }, [Boolean(moves)]);
  return found;
}

function useListed(account, action, params, isMoving = () => false) {
  const found = useAsked((signal) => look(account.uin, `lke.${action}`, { PageNumber: 1, PageSize: 200, ...params }, signal), [JSON.stringify(params)], KINDS);
  return useMoving(found, found.data?.List.some(isMoving));
}

const when = (zone) => ({ title: t("updated"), value: (row) => Number(row.UpdateTime), show: (row) => format.minute(Number(row.UpdateTime), zone), width: "150px" });
const badge = (kind, text) => html`<span class=${`badge ${kind}`}>${text}</span>`;
const kindOf = (text) => (/失败|失效|过期|未/.test(text) ? "bad" : /中|待/.test(text) ? "warn" : "ok");
const scope = () => ({ title: t("scope"), value: (row) => t(`scope-${row.EnableScope}`), width: "110px" });
const state = () => ({ title: t("status"), value: (row) => row.StatusDesc, show: (row) => badge(kindOf(row.StatusDesc), row.StatusDesc), width: "130px" });

function Listed({ title, found, columns, empty, keyOf, open, selected, actions, height }) {
  return html`<${Card} title=${title} actions=${actions} flush><${Loaded} of=${found}>${({ List }) => html`<${Table} name=${title} columns=${columns} rows=${List} keyOf=${keyOf} open=${open} selected=${selected} empty=${{ text: empty }} height=${height ?? 480} />`}<//><//>`;
}

function Documents({ account, app }) {
  const found = useListed(account, "ListDoc", { BotBizId: app.biz_id }, (row) => kindOf(row.StatusDesc) === "warn");
  const columns = [
    { title: t("file"), value: (row) => row.FileName, tip: (row) => row.FileName },
    { title: t("type"), value: (row) => row.FileType, width: "80px" },
    state(),
    scope(),
    { title: t("characters"), value: (row) => Number(row.DocCharSize), num: true },
    { title: t("qas"), value: (row) => row.QaNum, num: true },
    when(account.time_zone),
    { title: t("reason"), value: (row) => row.Reason, tip: (row) => row.Reason },
  ];
  return html`<${Listed} title=${t("documents")} found=${found} columns=${columns} keyOf=${(row) => row.DocBizId} empty=${t("docs-none")} />`;
}

function NewQa({ account, app, close }) {
  const [form, set] = useState({ Question: "", Answer: "" });
  const submit = async (event) => {
    event.preventDefault();
    if (await tried(() => call(account.uin, "lke.CreateQA", { BotBizId: app.biz_id, AttrRange: 1, EnableScope: 4, ...form }), t("added"))) close(true);
  };
  return html`<form class="form" onSubmit=${submit}><h2>${t("qa-new")}</h2>
    <${Field} label=${t("question")}><input required autofocus value=${form.Question} onInput=${(event) => set({ ...form, Question: event.target.value })} /><//>
    <${Field} label=${t("answer")}><textarea required rows="4" value=${form.Answer} onInput=${(event) => set({ ...form, Answer: event.target.value })}></textarea><//>
    <div class="end"><button type="button" class="button" onClick=${() => close()}>${t("cancel")}</button><button class="button primary">${t("add")}</button></div></form>`;
}

function Qas({ account, app }) {
  const found = useListed(account, "ListQA", { BotBizId: app.biz_id }, (row) => kindOf(row.StatusDesc) === "warn" && row.StatusDesc !== "待发布");
  const columns = [
    { title: t("question"), value: (row) => row.Question, tip: (row) => row.Question },
    { title: t("answer"), value: (row) => row.Answer, tip: (row) => row.Answer },
    { title: t("source"), value: (row) => row.FileName || row.SourceDesc, width: "130px" },
    state(),
    scope(),
    { title: t("characters"), value: (row) => Number(row.QaCharSize), num: true },
    when(account.time_zone),
  ];
  const add = async () => (await show((close) => html`<${NewQa} account=${account} app=${app} close=${close} />`)) && found.again();
  return html`<${Listed} title=${t("qas")} found=${found} columns=${columns} keyOf=${(row) => row.QaBizId} empty=${t("qa-none")} actions=${html`<button type="button" class="button" onClick=${add}>${t("qa-new")}</button>`} />`;
}

function Labels({ account, app }) {
  const found = useListed(account, "ListAttributeLabel", { BotBizId: app.biz_id });
  const columns = [
    { title: t("label"), value: (row) => row.AttrName },
    { title: t("values"), value: (row) => row.LabelNames.join(", "), tip: (row) => row.LabelNames.join(", ") },
    { title: t("status"), value: (row) => row.StatusDesc, width: "140px" },
  ];
  return html`<${Listed} title=${t("labels")} found=${found} columns=${columns} keyOf=${(row) => row.AttrBizId} empty=${t("labels-none")} />`;
}

function useChanges(account, app, release) {
  // Of a release, or what waits for the next one.
  return useAsked(
    async (signal) => {
      const params = { BotBizId: app.biz_id, PageNumber: 1, PageSize: 100, ...(release && { ReleaseBizId: release }) };
      const [docs, qas, configs] = await Promise.all(["Doc", "QA", "Config"].map((kind) => look(account.uin, `lke.ListRelease${kind}Preview`, params, signal)));
      return { List: [...docs.List.map((row) => [t("documents"), row.FileName, row.ActionDesc, row.Message]), ...qas.List.map((row) => [t("qas"), row.Question, row.ActionDesc, row.Message]), ...configs.List.map((row) => [t("setting"), row.ConfigItem, row.Content || `${row.LastValue} → ${row.Value}`, row.Message])] };
    },
    [app.biz_id, release],
    KINDS,
  );
}

function Releases({ account, app, again }) {
  const found = useListed(account, "ListRelease", { BotBizId: app.biz_id }, (row) => kindOf(row.StatusDesc) === "warn");
  const [chosen, choose] = useParam("release");
  const changes = useMoving(useChanges(account, app, chosen), !chosen);
  const columns = [
    { title: t("version"), value: (row) => row.ReleaseVersion, width: "180px" },
    state(),
    { title: t("desc"), value: (row) => row.Desc },
    { title: t("by"), value: (row) => row.Operator, width: "150px" },
    { title: t("counts"), value: (row) => row.SuccessCount, num: true },
    { title: t("failed"), value: (row) => row.FailCount, num: true },
    when(account.time_zone),
  ];
  const changed = ["type", "name", "what", "reason"].map((name, place) => ({ title: t(name), value: (row) => row[place], tip: (row) => row[place], width: ["140px", undefined, undefined, "160px"][place] }));
  const release = async () => {
    if (!(await ask({ title: t("release-sure", { name: app.name }), text: t("release-text"), action: t("release") }))) return;
    await tried(() => call(account.uin, "lke.CreateRelease", { BotBizId: app.biz_id }), t("released"));
    choose("");
    found.again();
    again();
  };
  const version = found.data?.List.find((row) => row.ReleaseBizId === chosen)?.ReleaseVersion;
  return html`<${Listed} title=${t("releases")} found=${found} columns=${columns} keyOf=${(row) => row.ReleaseBizId} open=${(row) => choose(chosen === row.ReleaseBizId ? "" : row.ReleaseBizId)} selected=${(row) => row.ReleaseBizId === chosen} empty=${t("releases-none")} height=${300} actions=${html`<button type="button" class="button primary" onClick=${release}>${t("release")}</button>`} />
    <${Listed} title=${version ? t("was-changed", { version }) : t("waiting")} found=${changes} columns=${changed} empty=${t("nothing-waits")} height=${300} />`;
}

export function App({ account, app, tab = "documents", again }) {
  const turn = async () => {
    const disabled = app.status !== "disabled";
    if (disabled && !(await ask({ title: t("stop-sure", { name: app.name }), text: t("stop-text"), action: t("stop"), danger: true }))) return;
    await tried(() => patch(`/accounts/${account.uin}/apps/${app.biz_id}`, { disabled }));
    again();
  };
  const tabs = TABS.map((name) => ({ name, text: t(name), href: address(`apps/${app.biz_id}${name === "documents" ? "" : `/${name}`}`) }));
  const Content = { documents: Documents, qas: Qas, labels: Labels, releases: Releases, chat: AppChat }[tab] ?? Documents;
  return html`<${Page} title=${app.name} note=${html`${t(app.pattern)} · ${app.space} · <${Copyable} value=${app.biz_id} mono />`} actions=${html`<${StatusBadge} app=${app} /><button type="button" class="button" onClick=${() => copy(app.key)} title=${app.key}>${t("key")}</button><button type="button" class="button" onClick=${turn}>${t(app.status === "disabled" ? "start" : "stop")}</button>`}>
    <${Tabs} tabs=${[{ name: "", text: `← ${t("all-apps")}`, href: address("apps") }, ...tabs]} current=${tab} />
    <${Content} account=${account} app=${app} again=${again} />
  <//>`;
}
