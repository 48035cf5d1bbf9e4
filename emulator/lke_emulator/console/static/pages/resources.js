// What the account was given or has bought: how much of it is used, until when it holds, and what can be done about it.
import { html, useState } from "../vendor/preact.js";
import { post, useControl } from "../control.js";
import * as format from "../format.js";
import { Card, Loaded, Page, ProblemBox } from "../parts/card.js";
import { ask, show } from "../parts/dialog.js";
import { Field, Segments, Select } from "../parts/fields.js";
import { Evidence, YamlButton } from "../parts/figure.js";
import { Table } from "../parts/table.js";
import { tried } from "../parts/toasts.js";
import { address, useParam } from "../router.js";
import { speaker } from "../words.js";

const t = speaker("resources");
const EVENTS = ["call", "clock", "change"];
const STATES = ["available", "exhausted", "expired", "not-begun", "all"];
const SHAPE = { available: "ok", exhausted: "bad", expired: "bad", "not-begun": "warn" };
const PARTS = { payg: ["tokens", "searches", "pages", "split", "images"], concurrency: ["concurrency"], knowledge: ["knowledge"] };

const kindName = (kind) => t(["concurrency", "knowledge"].includes(kind) ? `${kind}-kind` : kind);
const named = (one) => one.name || t("unnamed", one);
const isPrepaid = (kind) => ["concurrency", "knowledge"].includes(kind);

const Meter = ({ one }) => {
  const share = one.total ? one.used / one.total : 0;
  const colour = share >= 1 ? "--bad" : share > 0.9 ? "--warn" : "--c1";
  return html`<span class="use" title=${`${format.number(one.used)} + ${format.number(one.remaining)} = ${format.number(one.total)}`}>
    <span class="meter" style=${{ color: `var(${colour})` }}><i style=${{ inlineSize: `${Math.min(100, 100 * share)}%` }}></i></span>
    <span class="tabular">${format.short(one.used)} / ${format.short(one.total)}</span></span>`;
};

function Form({ kinds, granted, send, title, close }) {
  const [values, set] = useState({ kind: kinds[0], total: "", model: "", name: "", period: "month", price: "", days: "365" });
  const [problem, fail] = useState(null);
  const put = (name) => (event) => set({ ...values, [name]: event.target?.value ?? event });
  const submit = async (event) => {
    event.preventDefault();
    const { kind, total, model, name, period, price, days } = values;
    const more = granted ? { days: Number(days) } : { period: isPrepaid(kind) ? period : "", ...(price === "" ? {} : { price: Number(price) }) };
    try {
      close(await send({ kind, total: Number(total), name, models: model ? [model] : [], ...more }));
    } catch (refused) {
      fail(refused);
    }
  };
  return html`<form class="form" onSubmit=${submit}><h2>${title}</h2>
    ${problem && html`<${ProblemBox} problem=${problem} />`}
    <div class="two"><${Select} label=${t("kind")} value=${values.kind} onChange=${put("kind")} options=${kinds.map((kind) => [kind, kindName(kind)])} />
      <${Field} label=${t("amount")}><input type="number" min="1" step="1" required autofocus value=${values.total} onInput=${put("total")} /><//></div>
    <${Field} label=${t("name")}><input value=${values.name} onInput=${put("name")} /><//>
    <${Field} label=${t("model")} help=${t("model-help")}><input value=${values.model} onInput=${put("model")} /><//>
    ${granted ? html`<${Field} label=${t("days")}><input type="number" min="1" max="36500" value=${values.days} onInput=${put("days")} /><//>` : html`<div class="two">
      ${isPrepaid(values.kind) && html`<${Select} label=${t("period")} value=${values.period} onChange=${put("period")} options=${["month", "year"].map((one) => [one, t(one)])} />`}
      <${Field} label=${t("price")} help=${t("price-help")}><input type="number" min="0" step="0.01" value=${values.price} onInput=${put("price")} /><//></div>`}
    <div class="end"><button type="button" class="button" onClick=${() => close()}>${t("cancel")}</button><button class="button primary">${title}</button></div>
  </form>`;
}

function Part({ name, kinds, all, packages, state, act, zone, onState, extra }) {
  const rows = packages.filter((one) => kinds.includes(one.kind));
  const actions = (one) => html`<span class="row-actions">
    ${one.period && html`<button class="button plain" onClick=${() => act.renew(one)}>${t("renew")}</button>`}
    ${one.status !== "expired" && html`<button class="button plain bad" onClick=${() => act.end(one)}>${t("end")}</button>`}</span>`;
  const columns = [
    { title: t("name"), value: named, tip: (one) => `${named(one)}\n${[...one.apis, ...one.models].join(", ")}`, show: (one) => html`${named(one)} <span class="muted">${[...one.apis, ...one.models].join(", ")}</span>` },
    { title: t("kind"), value: (one) => kindName(one.kind), width: "108px" },
    { title: t("source"), value: (one) => t(one.source), width: "96px" },
    { title: t("state"), value: (one) => one.status, show: (one) => html`<span class=${`badge ${SHAPE[one.status]}`}>${t(one.status)}</span>`, width: "108px" },
    { title: t("used"), value: (one) => one.used / one.total, show: (one) => html`<${Meter} one=${one} />`, width: "190px" },
    { title: t("expires"), value: (one) => one.expires, show: (one) => format.minute(one.expires, zone), width: "156px" },
    { title: "", value: () => "", show: actions, sort: false, width: "140px" },
  ];
  const empty = state === "all" || !all.some((one) => kinds.includes(one.kind)) ? { text: t("none-all"), action: t("buy"), onClick: () => act.buy(kinds) } : { text: t("none", { state: t(state).toLowerCase() }), action: t("show-all"), onClick: () => onState("all") };
  const buttons = html`${name === "payg" && html`<button class="button" onClick=${() => act.grant(kinds)}>${t("grant")}</button>`}<button class="button" onClick=${() => act.buy(kinds)}>${t("buy")}</button>`;
  return html`<${Card} title=${t(name)} note=${t(name === "payg" ? "payg-note" : "prepaid-note")} actions=${buttons} flush>
    ${extra}
    <${Table} name=${t(name)} sort=${`sort-${name}`} columns=${columns} rows=${rows} keyOf=${(one) => one.id} empty=${empty} />
  <//>`;
}

function Capacity({ uin, again }) {
  const knowledge = useControl(`/accounts/${uin}/knowledge`, undefined, EVENTS);
  const one = knowledge.data;
  if (!one) return null;
  const restore = async () => {
    await tried(() => post(`/accounts/${uin}/knowledge/restore`), t("restored"));
    knowledge.again();
    again();
  };
  return html`<div class="inset stack">
    <div class="bar"><span class="small muted">${t("capacity")}</span><${Evidence} kind="documented" /><span class="grow"></span><${YamlButton} uin=${uin} section="knowledge" /><span class="tabular small">${t("characters", { n: format.number(one.used), total: format.number(one.total) })}</span></div>
    <span class="meter" style=${{ color: `var(${one.used >= one.total && one.total ? "--bad" : "--c1"})` }}><i style=${{ inlineSize: `${one.total ? Math.min(100, (100 * one.used) / one.total) : 0}%` }}></i></span>
    ${one.isolated > 0 && html`<${ProblemBox} kind="warning"><p>${t("isolated-text", { n: format.number(one.isolated) })}</p><p class="bar"><button class="button" onClick=${restore}>${t("restore")}</button></p><//>`}
  </div>`;
}

function Postpaid({ uin }) {
  const postpaid = useControl(`/accounts/${uin}/postpaid`, undefined, EVENTS);
  const switches = Object.values(postpaid.data?.switches ?? {});
  return html`<${Card} title=${t("postpaid")} note=${t("switches", { n: switches.filter((one) => one.on).length, total: switches.length })} actions=${html`<a class="button" href=${address("settings")}>${t("open")}</a>`} />`;
}

export default function Resources({ account }) {
  const { uin, time_zone: zone } = account;
  const at = `/accounts/${uin}/packages`;
  const [state, choose] = useParam("state", "available");
  const list = useControl(at, { status: "all" }, EVENTS);
  const all = list.data?.packages ?? [];
  const shown = state === "all" ? all : all.filter((one) => one.status === state);
  const count = (name) => (name === "all" ? all.length : all.filter((one) => one.status === name).length);
  const dialog = async (kinds, granted) => {
    const title = t(granted ? "grant" : "buy");
    const made = await show((close) => html`<${Form} kinds=${kinds} granted=${granted} title=${title} send=${(body) => post(`${at}/${granted ? "grant" : "buy"}`, body)} close=${close} />`);
    if (made) await tried(async () => made, t("bought", { name: named(made) }));
    list.again();
  };
  const act = {
    buy: (kinds) => dialog(kinds, false),
    grant: (kinds) => dialog(kinds, true),
    renew: async (one) => {
      await tried(() => post(`${at}/${one.id}/renew`, {}), (renewed) => t("renewed", { name: named(one), time: format.minute(renewed.expires, zone) }));
      list.again();
    },
    end: async (one) => {
      if (!(await ask({ title: t("end-title", { name: named(one) }), text: t("end-text"), action: t("end"), danger: true }))) return;
      await tried(() => post(`${at}/${one.id}/expire`), t("ended", { name: named(one) }));
      list.again();
    },
  };
  const register = async () => {
    await tried(() => post(`${at}/register`), t("registered"));
    list.again();
  };
  return html`<${Page} title=${t("title")} actions=${html`<${YamlButton} uin=${uin} section="billing" /><button class="button" onClick=${register}>${t("register")}</button>`}>
    <${ProblemBox} kind="info">${t("discontinued")}<//>
    ${all.some((one) => one.status === "exhausted") && html`<${ProblemBox} kind="warning">${t("remedy")} <a href=${address("settings")}>${t("remedy-postpaid")}</a>${" · "}<button class="link" onClick=${() => act.buy(["concurrency"])}>${t("remedy-buy")}</button><//>`}
    <div class="bar"><${Segments} label=${t("state")} value=${state} onChange=${choose} options=${STATES.map((name) => [name, `${t(name)} ${count(name)}`])} /></div>
    <${Loaded} of=${list} height=${420}>${() => html`<div class="stack">
      ${Object.entries(PARTS).map(([name, kinds]) => html`<${Part} key=${name} name=${name} kinds=${kinds} all=${all} packages=${shown} state=${state} act=${act} zone=${zone} onState=${choose}
        extra=${name === "knowledge" && html`<${Capacity} key=${all.map((one) => one.kind === "knowledge" && one.expires + one.total).join()} uin=${uin} again=${list.again} />`} />`)}
      <${Postpaid} uin=${uin} /></div>`}<//>
    <p class="small muted">${t("renew-early")}</p>
  <//>`;
}
