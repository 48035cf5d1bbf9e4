// The call itself: signed here, sent to where this page is from, and shown as it comes.
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { post } from "../control.js";
import { eventsOf } from "../events.js";
import * as format from "../format.js";
import { Card, ProblemBox } from "../parts/card.js";
import { Copyable } from "../parts/figure.js";
import { Json } from "../parts/json.js";
import { Verdict } from "../parts/verdict.js";
import { address } from "../router.js";
import { speaker } from "../words.js";
import { parse, write } from "./json.js";
import { Typed } from "./reply.js";
import { canSign, signedRequest } from "./signature.js";

const t = speaker("explorer");
const MOST = 500; // events that are shown
const LOOKS = 10, PAUSE = 200; // times, milliseconds
const STREAM = "text/event-stream";

export const now = () => String(Math.floor(Date.now() / 1000));
const nonce = () => String(crypto.getRandomValues(new Uint32Array(1))[0] || 1);

export const toSign = (request, account, way) => ({
  algorithm: way.algorithm,
  method: way.method,
  host: location.host,
  product: request.action.product,
  version: request.action.version,
  action: request.action.action,
  region: way.region,
  params: request.value,
  body: write(request.value),
  credential: way.credential,
  timestamp: now(),
  nonce: nonce(),
});

async function journalOf(id) {
  // An answer is written down before its last byte leaves; that somebody has left, as soon as it is noticed.
  for (let times = 1; id; times++) {
    const [entry] = (await post("/journal/find", { request_id: id, limit: 1 })).calls;
    if (entry?.Verdict !== "open" || times === LOOKS) return entry;
    await new Promise((done) => setTimeout(done, PAUSE));
  }
  return undefined;
}

function idIn(answer, reply) {
  return reply?.Response?.RequestId ?? answer.headers.get("x-tc-requestid") ?? "";
}

export function useCall(request, account, way) {
  // {sent, send, stop}: `sent` is what is known of the last call.
  const [sent, tell] = useState(null);
  const running = useRef(null);
  useEffect(() => () => running.current?.abort(), []);
  const stop = () => running.current?.abort();
  const send = async () => {
    stop();
    const mine = (running.current = new AbortController());
    const began = performance.now();
    let state = { open: true, events: [], count: 0 };
    const say = (more) => running.current === mine && tell((state = { ...state, ...more }));
    say({});
    try {
      const made = await signedRequest(toSign(request, account, way));
      const { signal } = mine;
      const answer = await fetch(made.path, { method: made.method, headers: made.headers, body: made.method === "GET" ? undefined : made.body, signal, cache: "no-store" });
      const head = { status: answer.status, source: answer.headers.get("x-emulator-source") ?? "", id: idIn(answer) };
      if (answer.headers.get("content-type") === STREAM) {
        say({ ...head, streamed: true, first: undefined });
        for await (const event of eventsOf(answer)) {
          const after = Math.round(event.at - began);
          say({ first: state.first ?? after, ms: after, count: state.count + 1, events: [...state.events, { ...event, after }].slice(-MOST) });
        }
        say({ open: false, ms: Math.round(performance.now() - began) });
      } else {
        const text = await answer.text();
        const ms = Math.round(performance.now() - began);
        let reply;
        try {
          reply = parse(text);
        } catch {
          reply = undefined;
        }
        say({ ...head, open: false, ms, text, reply, size: new Blob([text]).size, id: idIn(answer, reply) });
      }
    } catch (problem) {
      say({ open: false, broken: problem.name === "AbortError" ? t("stopped") : t("broken", { why: problem.message }) });
    }
    say({ entry: await journalOf(state.id).catch(() => undefined) });
  };
  return { sent, send, stop };
}

function Entry({ entry }) {
  if (!entry) return null;
  const tokens = entry.InputTokens || entry.OutputTokens ? `${format.number(entry.InputTokens)} + ${format.number(entry.OutputTokens)} tokens` : "";
  return html`<div class="bar small" data-part="journal"><strong>${t("journal")}</strong><${Verdict} call=${entry} /><span>${t("took", { time: format.took(entry.LatencyUs) })}</span><span class="muted">${entry.Caller}</span><span>${tokens}</span><a href=${address(`calls/${entry.RequestId}`)} class="mono clip">${entry.RequestId}</a></div>`;
}

function spoken(events) {
  // The text of a chat, put together from its frames.
  const parts = events.map((event) => {
    try {
      const choice = JSON.parse(event.data).Choices?.[0];
      return choice?.Delta?.Content ?? "";
    } catch {
      return "";
    }
  });
  return parts.join("");
}

function Events({ sent }) {
  const text = spoken(sent.events);
  return html`<div class="stack">
    <p class="small" role="status"><span class=${`badge ${sent.open ? "warn" : "ok"}`}>${t("events", { n: sent.count })}</span> ${sent.first !== undefined && html`<span class="muted">${t("first", { ms: sent.first })}</span>`}</p>
    ${text && html`<div class="spoken" aria-label=${t("said")}>${text}</div>`}
    <ol class="events scroll" tabindex="0" aria-label=${t("reply")}>${sent.events.map((event, place) => html`<li key=${place}><span class="tiny muted tabular">+${event.after - (sent.events[place - 1]?.after ?? 0)} ms</span>${event.event && html`<code>${event.event}</code>`}<code class="grow">${event.data}</code></li>`)}</ol>
  </div>`;
}

function Reply({ request, sent }) {
  const { action } = request;
  const response = sent.reply?.Response;
  const error = response?.Error;
  return html`<${Card} title=${t("reply")} note=${sent.status !== undefined && !sent.open ? t("answered", { status: `HTTP ${sent.status}`, ms: sent.ms ?? 0, size: format.bytes(sent.size ?? sent.events.reduce((sum, one) => sum + one.data.length, 0)) }) : ""}>
    <div class="stack" data-part="reply">
      ${sent.open && !sent.streamed && html`<p class="small muted" role="status">${t("sending")}…</p>`}
      ${sent.broken && html`<${ProblemBox}>${sent.broken}<//>`}
      ${error && html`<${ProblemBox}><strong><${Copyable} value=${error.Code} /></strong> ${error.Message}<//>`}
      ${sent.source === "generated" && html`<${ProblemBox} kind="info">${t("generated")}<//>`}
      <${Entry} entry=${sent.entry} />
      ${sent.streamed ? html`<${Events} sent=${sent} />` : response && !error ? html`<${Typed} action=${action} name=${action.response} value=${response} label=${t("reply")} />` : sent.text !== undefined && html`<${Json} value=${sent.reply ? write(sent.reply, "  ") : sent.text} label=${t("reply")} />`}
    </div>
  <//>`;
}

export function Call({ request, call }) {
  const { action, example } = request;
  if (call.sent) return html`<${Reply} request=${request} sent=${call.sent} />`;
  return html`<${Card} title=${t("example-reply")} note=${t("example-note")}><div class="stack">
    ${!canSign() && html`<${ProblemBox}>${t("cannot-sign")}<//>`}
    <${Typed} action=${action} name=${action.response} value=${example.response} label=${t("example-reply")} /></div>
  <//>`;
}
