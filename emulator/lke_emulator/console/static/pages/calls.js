// The journal as it grows, with filters; and one call opened beside it.
import { html, useLayoutEffect, useMemo, useRef, useState } from "../vendor/preact.js";
import { get, remove, useAsked } from "../control.js";
import * as format from "../format.js";
import { Card, Loaded, Page } from "../parts/card.js";
import { ask } from "../parts/dialog.js";
import { Search, Select } from "../parts/fields.js";
import { Table } from "../parts/table.js";
import { tried } from "../parts/toasts.js";
import { Verdict } from "../parts/verdict.js";
import { go, place, useParam } from "../router.js";
import { speaker } from "../words.js";
import { OneCall } from "./call.js";

const t = speaker("calls");
const FEW = 500;
const ALL = 10_000;
const SURFACES = ["gateway", "openai", "dialogue", "oneapi", "objects", "control"];

function columnsFor(zone, narrow) {
  return [
    { title: t("time"), value: (row) => row.Time, show: (row) => format.clock(row.Time, zone), tip: (row) => `${format.moment(row.Time, zone)} · ${t("time-tip")}`, width: "96px" },
    { title: t("action"), value: (row) => row.Action || row.Surface, tip: (row) => row.Action },
    { title: t("caller"), value: (row) => row.Caller, width: "128px", wide: true },
    { title: t("model"), value: (row) => row.Model, tip: (row) => row.Model, width: "130px", wide: true },
    { title: t("tokens"), value: (row) => row.InputTokens + row.OutputTokens, show: (row) => (row.InputTokens + row.OutputTokens ? format.number(row.InputTokens + row.OutputTokens) : format.NONE), num: true, width: "80px", wide: true },
    { title: t("verdict"), value: (row) => row.Code || row.Verdict, show: (row) => html`<${Verdict} call=${row} />`, width: narrow ? (innerWidth < 640 ? "124px" : "236px") : "208px" },
    { title: t("took"), value: (row) => row.LatencyUs, show: (row) => format.took(row.LatencyUs), num: true, width: "84px", wide: true },
  ];
}

const holds = (call, text) => !text || [call.Action, call.Code, call.RequestId, call.Model, call.Caller, call.Message, JSON.stringify(call.Params)].some((part) => part?.toLowerCase().includes(text));

function useJournal(query, limit, paused) {
  // What is new is put before what is known; a call that was open is read again.
  const known = useRef(null);
  const key = JSON.stringify([query, limit]);
  const [held, hold] = useState(0);
  const state = useAsked(
    async (signal) => {
      const old = known.current?.key === key ? known.current.calls : [];
      const open = old.findLast((call) => call.Verdict === "open");
      const given = await get("/journal", { ...query, limit, since: (open ?? old[0])?.Time }, { signal });
      const ids = new Set(given.calls.map((call) => call.RequestId));
      const calls = [...given.calls, ...old.filter((call) => !ids.has(call.RequestId))].slice(0, limit);
      if (paused && old.length) {
        hold(calls.length - old.length);
        return { calls: old, dropped: given.dropped };
      }
      hold(0);
      known.current = { key, calls };
      return { calls, dropped: given.dropped };
    },
    [key, paused],
    ["call", "world"],
  );
  return { ...state, held, forget: () => (known.current = null) };
}

export default function Calls({ account, rest: [id] }) {
  const { uin, time_zone: zone } = account;
  const [text, find] = useParam("q");
  const [surface, setSurface] = useParam("surface");
  const [code, setCode] = useParam("code");
  const [action, setAction] = useParam("action");
  const [every, setEvery] = useParam("everybody");
  const [rows, show] = useParam("rows");
  const limit = rows ? ALL : FEW;
  const [paused, pause] = useState(false);
  const journal = useJournal({ surface, code: code === "refused" ? "" : code, action }, limit, paused);
  useLayoutEffect(() => {
    // With the call itself: whoever sees it can close it.
    const keys = (event) => {
      if (event.target.matches?.("input, textarea, select") || document.querySelector("dialog[open]")) return;
      if (event.key === "p" && !event.ctrlKey && !event.metaKey) pause((was) => !was);
      if (event.key === "Escape" && id) close();
    };
    addEventListener("keydown", keys);
    return () => removeEventListener("keydown", keys);
  }, [id]);
  const { calls = [], dropped = 0 } = journal.data ?? {};
  const shown = useMemo(() => calls.filter((call) => (every || !call.Account || call.Account === uin) && (code !== "refused" || call.Verdict === "error") && holds(call, text.toLowerCase())), [calls, code, text, every]); // a call that nobody was known for is everybody's
  const codes = useMemo(() => [...new Set(calls.map((call) => call.Code).filter(Boolean))].sort(), [calls]);
  const narrow = Boolean(id) || innerWidth < 640;
  const query = () => place.value.query;
  const open = (call) => go(`calls/${call.RequestId}`, query());
  const close = () => go("calls", query());
  const clear = () => go("calls", {}, { replace: true });
  const forget = async () => {
    if (!(await ask({ title: t("forget-sure"), text: t("forget-text"), action: t("forget"), danger: true }))) return;
    await tried(() => remove(`/journal?account=${uin}`));
    journal.forget();
    journal.again();
  };
  const filtered = Boolean(text || surface || code || action);
  const empty = filtered ? { text: t("none-left", { n: calls.length - shown.length }), action: t("clear-filters"), onClick: clear } : { text: t("none", { url: location.origin }) };
  const actions = html`<button type="button" class="button" aria-pressed=${paused} title="p" onClick=${() => pause(!paused)}>${t(paused ? "resume" : "pause")}${journal.held > 0 && html` · ${t("paused", { n: format.number(journal.held) })}`}</button>
    <button type="button" class="button danger" onClick=${forget} disabled=${!calls.length}>${t("forget")}</button>`;
  return html`<${Page} title=${t("title")} actions=${actions}>
    <div class="bar">
      <${Search} value=${text} onChange=${find} label=${t("search")} />
      <${Select} label=${t("surface")} value=${surface} onChange=${setSurface} options=${SURFACES} all />
      <${Select} label=${t("verdict")} value=${code} onChange=${setCode} options=${[["ok", t("ok")], ["refused", t("refused")], ...[...new Set([...codes, ...(code && !["ok", "refused"].includes(code) ? [code] : [])])].map((one) => [one, one])]} all />
      <label class="field">${t("action")}<input value=${action} placeholder="lke.Describe*" onChange=${(event) => setAction(event.target.value.trim())} /></label>
      <label class="check"><input type="checkbox" checked=${every === "yes"} onChange=${(event) => setEvery(event.target.checked ? "yes" : "")} />${t("everybody")}</label>
    </div>
    <div class=${id ? "beside" : ""}>
      <${Card} flush><${Loaded} of=${journal} height=${520}>${() => html`
        <${Table} name=${t("title")} columns=${columnsFor(zone, narrow)} narrow=${narrow} rows=${shown} keyOf=${(call) => call.RequestId} open=${open} selected=${(call) => call.RequestId === id} height=${620} empty=${empty}
          foot=${html`${t("first", { n: format.number(shown.length), m: format.number(dropped) })} ${calls.length >= FEW && limit === FEW && html`<button type="button" class="button plain" onClick=${() => show("all")}>${t("more")}</button>`}`} />`}
      <//><//>
      ${id && html`<${OneCall} key=${id} id=${id} known=${calls.find((call) => call.RequestId === id)} account=${account} close=${close} />`}
    </div>
  <//>`;
}
