// What an app knows: documents, which are uploaded as the cloud's own console does it, and Q&A.
import { html, useState } from "../vendor/preact.js";
import { Problem, fetched } from "../control.js";
import { ProblemBox } from "../parts/card.js";
import { ask, show } from "../parts/dialog.js";
import { Chip, Field, Search } from "../parts/fields.js";
import { tried } from "../parts/toasts.js";
import { useParam } from "../router.js";
import { call } from "../signed.js";
import { speaker, wire } from "../words.js";
import { Listed, kindOf, scope, state, useListed, when } from "./app-lists.js";

const t = speaker("apps");
const EVERYBODY = 1, BOTH = 4, WAITING = 1; // AttrRange, EnableScope, Status of a Q&A

async function upload(uin, app, file) {
  // A credential for one file, the object, and the document that is made of it. Throws Problem.
  const name = file.name, FileType = name.includes(".") ? name.split(".").pop() : "";
  const { UploadUrl, UploadPath } = await call(uin, "lke.DescribeStorageCredential", { BotBizId: app, FileType: FileType || "?", IsPublic: false, TypeKey: "offline" });
  const { pathname, search } = new URL(UploadUrl);
  const { headers } = await fetched(pathname + search, { method: "PUT", body: file });
  const said = { BotBizId: app, FileName: name, FileType, CosUrl: UploadPath, ETag: headers.get("etag"), CosHash: headers.get("x-cos-hash-crc64ecma"), Size: String(file.size), AttrRange: EVERYBODY, EnableScope: BOTH };
  const { ErrorMsg } = await call(uin, "lke.SaveDoc", said);
  if (ErrorMsg) throw new Problem(ErrorMsg);
}

function useUploads(uin, app, done) {
  // Those that are under way, and those that were refused, until somebody has read why.
  const [list, set] = useState([]);
  const change = (file, more) => set((old) => old.map((one) => (one.file === file ? { ...one, ...more } : one)));
  const drop = (file) => set((old) => old.filter((one) => one.file !== file));
  const begin = async (file) => {
    set((old) => [...old.filter((one) => one.file !== file), { file, problem: null }]);
    try {
      await upload(uin, app, file);
      drop(file);
    } catch (problem) {
      change(file, { problem });
    }
    done();
  };
  return { list, drop, begin: (files) => [...files].forEach(begin) };
}

export function Documents({ account, app, again }) {
  const { uin } = account;
  const [text, find] = useParam("q");
  const found = useListed(account, "ListDoc", { BotBizId: app.biz_id, Query: text }, (row) => kindOf(row.StatusDesc) === "warn");
  const seen = () => (found.again(), again());
  const uploads = useUploads(uin, app.biz_id, seen);
  const [over, drag] = useState(false);
  const act = async (action, params, done) => (await tried(() => call(uin, `lke.${action}`, { BotBizId: app.biz_id, ...params }), done), seen());
  const erase = async ({ DocBizId, FileName }) =>
    (await ask({ title: t("delete-sure", { name: FileName }), text: t("delete-text"), action: t("delete"), danger: true })) && act("DeleteDoc", { DocBizIds: [DocBizId] }, t("deleted", { name: FileName }));
  const actions = (row) => html`<span class="row-actions">
    ${row.IsAllowRetry && html`<button type="button" class="button plain" onClick=${() => act("RetryDocParse", { DocBizIds: [row.DocBizId] })}>${t("retry")}</button>`}
    <button type="button" class="button plain bad" onClick=${() => erase(row)}>${t("delete")}</button></span>`;
  const columns = [
    { title: t("file"), value: (row) => row.FileName, tip: (row) => row.FileName },
    { title: t("type"), value: (row) => row.FileType, width: "64px" },
    state(),
    scope(),
    { title: t("characters"), value: (row) => Number(row.DocCharSize), num: true, width: "104px" },
    { title: t("qas"), value: (row) => row.QaNum, num: true, width: "60px" },
    when(account.time_zone),
    ...(found.data?.List.some((row) => row.Reason) ? [{ title: t("reason"), value: (row) => wire(row.Reason), width: "15%", tip: (row) => wire(row.Reason) }] : []),
    { title: "", value: () => "", sort: false, width: found.data?.List.some((row) => row.IsAllowRetry) ? "130px" : "80px", show: actions },
  ];
  const take = (event) => {
    event.preventDefault();
    drag(false);
    uploads.begin(event.dataTransfer.files);
  };
  const choose = html`<label class="button primary">${t("upload")}<input class="hidden" type="file" multiple onChange=${(event) => (uploads.begin(event.target.files), (event.target.value = ""))} /></label>`;
  return html`<div class=${over ? "dropping" : ""} onDragOver=${(event) => (event.preventDefault(), drag(true))} onDragLeave=${() => drag(false)} onDrop=${take}>
    <${Listed} title=${t("documents")} found=${found} columns=${columns} keyOf=${(row) => row.DocBizId} empty=${text ? t("none-fits", { text }) : t("docs-none")} actions=${choose}>
      <div class="bar inset"><${Search} value=${text} onChange=${find} /><span class="small muted">${t("drop")}</span>
        ${uploads.list.map(({ file, problem }) => (problem ? html`<${ProblemBox} key=${file.name} again=${() => uploads.begin([file])}><strong>${file.name}</strong> ${problem.message} <button type="button" class="link" onClick=${() => uploads.drop(file)}>${t("dismiss")}</button><//>` : html`<${Chip} key=${file.name} text=${t("uploading", { name: file.name })} onRemove=${() => uploads.drop(file)} />`))}</div><//></div>`;
}

function QaForm({ given, send, title, action, close }) {
  const [form, set] = useState(given ?? { Question: "", Answer: "" });
  const [problem, fail] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    try {
      close(await send({ Question: form.Question, Answer: form.Answer }));
    } catch (refused) {
      fail(refused);
    }
  };
  return html`<form class="form" onSubmit=${submit}><h2>${title}</h2>${problem && html`<${ProblemBox} problem=${problem} />`}
    <${Field} label=${t("question")}><input required autofocus value=${form.Question} onInput=${(event) => set({ ...form, Question: event.target.value })} /><//>
    <${Field} label=${t("answer")}><textarea required rows="4" value=${form.Answer} onInput=${(event) => set({ ...form, Answer: event.target.value })}></textarea><//>
    <div class="end"><button type="button" class="button" onClick=${() => close()}>${t("cancel")}</button><button class="button primary">${action}</button></div></form>`;
}

export function Qas({ account, app, again }) {
  const { uin } = account;
  const [text, find] = useParam("q");
  const found = useListed(account, "ListQA", { BotBizId: app.biz_id, Query: text }, (row) => row.StatusDesc.endsWith("中"));
  const seen = () => (found.again(), again());
  const send = (action, params) => call(uin, `lke.${action}`, { BotBizId: app.biz_id, ...params });
  const act = async (action, params, done) => (await tried(() => send(action, params), done), seen());
  const write = async (row) => {
    const more = row ? { QaBizId: row.QaBizId } : { AttrRange: EVERYBODY, EnableScope: BOTH };
    const sent = (said) => send(row ? "ModifyQA" : "CreateQA", { ...more, ...said });
    const done = await show((close) => html`<${QaForm} given=${row} send=${sent} title=${t(row ? "qa-edit" : "qa-new")} action=${t(row ? "save" : "add")} close=${close} />`);
    if (done) await tried(async () => done, t("added"));
    seen();
  };
  const erase = async ({ QaBizId, Question }) =>
    (await ask({ title: t("delete-sure", { name: Question }), text: t("delete-text"), action: t("delete"), danger: true })) && act("DeleteQA", { QaBizIds: [QaBizId] }, t("deleted", { name: Question }));
  const verify = (row, IsAccepted) => act("VerifyQA", { List: [{ QaBizId: row.QaBizId, IsAccepted }] });
  const button = (name, run, kind = "") => html`<button type="button" class=${`button plain ${kind}`} onClick=${run}>${t(name)}</button>`;
  const actions = (row) => html`<span class="row-actions">${row.Status === WAITING && html`${button("accept", () => verify(row, true))}${button("refuse", () => verify(row, false))}`}${button("edit", () => write(row))}${button("delete", () => erase(row), "bad")}</span>`;
  const columns = [
    { title: t("question"), value: (row) => row.Question, tip: (row) => row.Question },
    { title: t("answer"), value: (row) => row.Answer, tip: (row) => row.Answer },
    { title: t("source"), value: (row) => row.FileName || wire(row.SourceDesc), width: "120px" },
    state(),
    scope(),
    { title: t("characters"), value: (row) => Number(row.QaCharSize), num: true },
    when(account.time_zone),
    { title: "", value: () => "", sort: false, width: found.data?.List.some((row) => row.Status === WAITING) ? "260px" : "130px", show: actions },
  ];
  return html`<${Listed} title=${t("qas")} found=${found} columns=${columns} keyOf=${(row) => row.QaBizId} empty=${text ? t("none-fits", { text }) : t("qa-none")} actions=${html`<button type="button" class="button primary" onClick=${() => write()}>${t("qa-new")}</button>`}>
    <div class="bar inset"><${Search} value=${text} onChange=${find} /></div><//>`;
}
