// A conversation with an app, or with a model: streamed, with references, the frames beneath, and what it cost.
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { PREFIX, fetched, get, post, useAsked } from "../control.js";
import { eventsOf } from "../events.js";
import * as format from "../format.js";
import { Card, Empty, Page, ProblemBox } from "../parts/card.js";
import { Segments, Select } from "../parts/fields.js";
import { Json } from "../parts/json.js";
import { look } from "../report-data.js";
import { address, useParam } from "../router.js";
import { credentialOf, sent } from "../signed.js";
import { speaker } from "../words.js";

const t = speaker("apps");
const TEXT = 2000;
const METHODS = ["", "by-a-model", "unknown", "rejected", "sensitive", "qas", "welcome", "concurrency", "global", "workflow", "workflow", "search", "picture", "file"];

const released = (app, said, signal) =>
  fetch("/v1/qbot/chat/sse", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ bot_app_key: app.key, stream: "enable", ...said }), signal });
const draft = (app, said, signal, uin) =>
  fetched(`${PREFIX}/accounts/${uin}/apps/${app.biz_id}/talk`, { method: "POST", body: JSON.stringify(said), signal });

async function* ofApp(uin, app, way, conversation, question, signal) {
  // {text | reference | error, frame}: v1 over server-sent events.
  const answer = await way(app, { session_id: conversation, visitor_biz_id: "console", content: question }, signal, uin);
  if (!answer.headers.get("content-type")?.includes("event-stream")) return yield { error: (await answer.text()).slice(0, TEXT) };
  for await (const { event, data } of eventsOf(answer)) {
    const frame = JSON.parse(data);
    const payload = frame.payload ?? frame;
    const step = { frame: { event: frame.type ?? event, data: frame } };
    if (frame.type === "reply" && !payload.is_from_self) Object.assign(step, { text: payload.content, method: METHODS[payload.reply_method] ?? "" });
    if (frame.type === "reference") step.references = payload.references;
    if (frame.type === "thought") step.thought = payload.procedures?.map((one) => one.debugging?.content ?? "").join("\n");
    if (event === "error" || frame.type === "error") step.error = `${frame.error?.code ?? ""} ${frame.error?.message ?? JSON.stringify(frame)}`;
    yield step;
  }
}

async function* ofModel(uin, model, said, signal) {
  const messages = said.flatMap((turn) => [{ Role: "user", Content: turn.question }, ...(turn.text ? [{ Role: "assistant", Content: turn.text }] : [])]);
  const answer = await sent(uin, "lkeap.ChatCompletions", { Model: model, Messages: messages, Stream: true }, { signal, language: "en-US" });
  if (!answer.headers.get("content-type")?.includes("event-stream")) {
    const { Response } = await answer.json();
    return yield { error: `${Response.Error?.Code}: ${Response.Error?.Message}` };
  }
  let text = "", thought = "";
  for await (const { data } of eventsOf(answer)) {
    if (data === "[DONE]") continue;
    const frame = JSON.parse(data);
    const delta = frame.Choices?.[0]?.Delta ?? {};
    text += delta.Content ?? "";
    thought += delta.ReasoningContent ?? "";
    yield { text, thought, frame: { event: "", data: frame }, ...(frame.ErrorMsg && { error: frame.ErrorMsg.Msg }) };
  }
}

async function costOf(uin, since, operation, before) {
  // The call as the journal knows it, and by how much the balance is less.
  const { calls } = await post("/journal/find", { account: uin, operation, since, limit: 1 });
  const { balance, pending, currency } = await get(`/accounts/${uin}/wallet`);
  return calls[0] && { call: calls[0], spent: before - (balance - pending), currency };
}

function Frames({ frames }) {
  return html`<details class="frames"><summary>${t("frames", { n: frames.length })}</summary>
    <ol>${frames.map((frame, place) => html`<li key=${place}><details><summary><span class="num">+${format.number(frame.at)} ms</span> <strong>${frame.event}</strong> <span class="clip muted">${JSON.stringify(frame.data).slice(0, 160)}</span></summary><${Json} value=${frame.data} label=${frame.event} /></details></li>`)}</ol></details>`;
}

function Turn({ turn }) {
  const { question, text, thought, error, references = [], frames, cost, method, open } = turn;
  return html`<li class="turn">
    <div class="said mine"><p dir="auto">${question}</p></div>
    <div class="said" aria-busy=${open} aria-live="polite">
      ${thought && html`<p class="small muted thought" dir="auto">${thought}</p>`}
      ${text && html`<p dir="auto">${text}</p>`}
      ${error && html`<${ProblemBox} problem=${{ message: error }} />`}
      ${open && !text && html`<p class="muted">…</p>`}
      ${references.length > 0 && html`<p class="small">${t("references")}: ${references.map((one, place) => html`<span class="chip" key=${place}><span class="clip">${one.name || one.title || one.id}</span></span> `)}</p>`}
      ${frames.length > 0 && html`<${Frames} frames=${frames} />`}
      ${cost && html`<p class="tiny muted">${method && `${t("method")}: ${t(method)} · `}${t("cost", { input: format.number(cost.call.InputTokens), output: format.number(cost.call.OutputTokens), money: cost.spent > 0 ? format.money(cost.spent, cost.currency, 6) : t("no-money") })} · ${format.took(cost.call.LatencyUs)} · <a href=${address(`calls/${cost.call.RequestId}`)}>${t("journal")}</a></p>`}
    </div></li>`;
}

function Window({ account, title, note, operation, steps, tools }) {
  const [turns, set] = useState([]);
  const [text, type] = useState("");
  const [conversation, begin] = useState(() => crypto.randomUUID());
  const running = useRef(null), end = useRef(null);
  useEffect(() => () => running.current?.abort(), []);
  useEffect(() => {
    const list = end.current?.parentElement;
    if (list) list.scrollTop = list.scrollHeight;
  }, [turns]);
  const say = async (event) => {
    event.preventDefault();
    if (!text.trim() || running.current) return;
    const mine = (running.current = new AbortController());
    const began = performance.now(), since = Date.now() / 1000 - 1;
    let turn = { question: text, text: "", frames: [], open: true };
    const before = turns;
    const put = (more) => set([...before, (turn = { ...turn, ...more })]);
    type("");
    put({});
    try {
      const wallet = await get(`/accounts/${account.uin}/wallet`);
      for await (const { frame, ...step } of steps([...before, turn], conversation, mine.signal))
        put({ ...step, frames: frame ? [...turn.frames, { ...frame, at: Math.round(performance.now() - began) }] : turn.frames });
      put({ cost: await costOf(account.uin, since, operation, wallet.balance - wallet.pending) });
    } catch (problem) {
      if (problem.name !== "AbortError") put({ error: t(problem.message) });
    }
    running.current = null;
    put({ open: false });
  };
  const busy = turns.at(-1)?.open;
  const anew = () => (running.current?.abort(), set([]), begin(crypto.randomUUID()));
  return html`<${Card} title=${title} note=${note} actions=${html`${tools}<button type="button" class="button" disabled=${!turns.length} onClick=${anew}>${t("anew")}</button>`}>
    <div class="chat"><ol class="turns" tabindex="0" aria-label=${title}>${turns.length ? turns.map((turn, place) => html`<${Turn} key=${place} turn=${turn} />`) : html`<li><${Empty} text=${t("chat-none")} /></li>`}<li ref=${end}></li></ol>
      <form class="bar" onSubmit=${say}><input class="grow" aria-label=${t("say-hint")} placeholder=${t("say-hint")} value=${text} onInput=${(event) => type(event.target.value)} autocomplete="off" />
        ${busy ? html`<button type="button" class="button" onClick=${() => running.current?.abort()}>${t("halt")}</button>` : html`<button class="button primary">${t("say")}</button>`}</form></div>
  <//>`;
}

export function AppChat({ account, app }) {
  const [side, choose] = useParam("side", "released");
  const way = side === "draft" ? draft : released;
  return html`<${Window} key=${side} account=${account} title=${t("chat")} note=${html`<code>${side === "draft" ? "/_emulator/…/talk" : "/v1/qbot/chat/sse"}</code>`} operation="dialogue.v1.sse"
    steps=${(turns, conversation, signal) => ofApp(account.uin, app, way, conversation, turns.at(-1).question, signal)}
    tools=${html`<${Segments} label=${t("chat")} value=${side} onChange=${choose} options=${[["released", t("live")], ["draft", t("draft")]]} />`} />`;
}

export function ModelChat({ account }) {
  const [model, choose] = useParam("model");
  const known = useAsked(async (signal) => ({ models: (await look(account.uin, "lke.ListModel", { AppType: "knowledge_qa" }, signal)).List.map((row) => row.ModelName), credential: await credentialOf(account.uin) }), [account.uin]);
  const models = known.data?.models ?? [];
  const chosen = model || models.find((name) => name.startsWith("deepseek")) || models[0] || "";
  const note = known.data && (known.data.credential ? t("via-lkeap", { id: known.data.credential.secret_id }) : t("no-credential"));
  return html`<${Page} title=${t("by-model")} actions=${html`<a class="button" href=${address("apps")}>${t("all-apps")}</a>`}>
    ${known.problem && html`<${ProblemBox} problem=${known.problem} again=${known.again} />`}
    <${Window} key=${chosen} account=${account} title=${chosen || t("model")} note=${note} operation="lkeap.ChatCompletions" steps=${(turns, conversation, signal) => ofModel(account.uin, chosen, turns, signal)}
      tools=${html`<${Select} label=${t("model")} value=${chosen} onChange=${choose} options=${[...new Set([chosen, ...models])]} />`} />
  <//>`;
}
