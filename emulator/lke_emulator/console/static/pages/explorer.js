// The API Explorer: find an action, fill its request, call it, see how it is signed, take it home as a program.
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { useCell } from "../cell.js";
import { useControl } from "../control.js";
import { Call, useCall } from "../explorer/calling.js";
import { Form, JsonView } from "../explorer/fields.js";
import { isStarred, List, recent, remember, star, starred } from "../explorer/list.js";
import { useRequest } from "../explorer/request.js";
import { keyOf } from "../explorer/search.js";
import { canSign, METHODS } from "../explorer/signature.js";
import { canBeMade, makeSpecimens } from "../explorer/specimens.js";
import { Card, Empty, Loaded, Page, ProblemBox } from "../parts/card.js";
import { Segments, Select } from "../parts/fields.js";
import { tried } from "../parts/toasts.js";
import { address, useParam, usePlace } from "../router.js";
import { said, speaker } from "../words.js";

const t = speaker("explorer");
const REGIONS = ["ap-guangzhou", "ap-shanghai", "ap-beijing", "ap-hongkong", "ap-singapore", "ap-jakarta", "eu-frankfurt", "na-siliconvalley"];

function Later({ load, ...props }) {
  // A tab's file is asked for when it is first shown.
  const [Content, take] = useState(null);
  useEffect(() => {
    let wanted = true;
    load().then((content) => wanted && take(() => content));
    return () => (wanted = false);
  }, [load]);
  return Content ? html`<${Content} ...${props} />` : html`<div class="skeleton" aria-busy="true"></div>`;
}

const signing = () => import("../explorer/signing.js").then((file) => file.Signing);
const program = () => import("../explorer/program.js").then((file) => file.Program);

function useWay(credentials) {
  // Who calls, and how it is signed: all of it stands in the address.
  const [id, pick] = useParam("key");
  const [region, go] = useParam("region", REGIONS[0]);
  const [algorithm, sign] = useParam("sign", METHODS[0]);
  const [method, use] = useParam("method", "POST");
  const credential = credentials.find((one) => one.secret_id === id) ?? credentials[0];
  const fields = html`
    <${Select} label=${t("credential")} value=${credential?.secret_id ?? ""} onChange=${(next) => pick(next === credentials[0]?.secret_id ? "" : next)} options=${credentials.map((one) => [one.secret_id, one.name ? `${one.secret_id} · ${one.name}` : one.secret_id])} />
    <${Select} label=${t("region")} value=${region} onChange=${go} options=${[...new Set([region, ...REGIONS])].sort()} />
    <${Select} label=${t("algorithm")} value=${algorithm} onChange=${sign} options=${METHODS} />
    <${Segments} label=${t("method")} value=${method} onChange=${use} options=${[["POST", "POST"], ["GET", "GET"]]} />`;
  return { way: { credential, region, algorithm: METHODS.includes(algorithm) ? algorithm : METHODS[0], method: method === "GET" ? "GET" : "POST" }, fields };
}

function MadeUp({ account, request }) {
  // What the account has not: the call is refused as it would be anywhere.
  const { request: example, made_up } = request.example;
  const names = made_up.filter((name) => JSON.stringify(request.value[name]) === JSON.stringify(example[name]));
  if (!names.length) return null;
  const make = async () => {
    await tried(() => makeSpecimens(account.uin), (n) => t("specimens-made", { n }));
    request.reset();
  };
  return html`<${ProblemBox} kind="info">${t("made-up", { names: names.join(", ") })} ${names.some(canBeMade) && html`<button type="button" class="button" onClick=${make}>${t("specimens")}</button>`}<//>`;
}

function Asked({ account, request, call, way }) {
  const [view, show] = useParam("view", "form");
  const bad = request.problems.length;
  const actions = html`<button type="button" class="button" title=${t("example-title")} onClick=${request.reset}>${t("example")}</button><${Segments} label=${t("view")} value=${view} onChange=${show} options=${[["form", t("form")], ["json", t("json")]]} />`;
  return html`<${Card} title=${t("request")} actions=${actions}>
    <div class="stack"><${MadeUp} account=${account} request=${request} />
      ${view === "json" ? html`<${JsonView} form=${request} />` : html`<${Form} form=${request} />`}</div>
    <div class="bar send">${call.sent?.open ? html`<button type="button" class="button" onClick=${call.stop}>${t("stop")}</button>` : html`<button type="button" class="button primary" disabled=${!canSign() || !way.credential || request.isBroken} onClick=${call.send}>${bad ? t("send-anyway") : t("send")} <kbd>Ctrl ⏎</kbd></button>`}
      ${bad > 0 && html`<span class="complaint">${t("has-problems", { n: bad })}</span>`}</div>
  <//>`;
}

function Action({ account, row, credentials }) {
  const key = keyOf(row);
  const request = useRequest(account, key);
  const { way, fields } = useWay(credentials);
  const call = useCall(request, account, way);
  const [tab, choose] = useParam("tab", "call");
  useEffect(() => remember(key), [key]);
  const latest = useRef(null); // what was typed a moment ago is sent: effects run only after a paint
  latest.current = () => {
    if (!request.value || !way.credential || request.isBroken) return;
    choose("call");
    call.send();
  };
  useEffect(() => {
    const pressed = (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      latest.current();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
  const ready = request.action && request.example && request.value;
  return html`<${Loaded} of=${{ data: ready ? request : undefined, problem: request.problem, again: request.again }} height=${320}>${() => html`<div class="stack">
    <div class="bar">${fields}</div>
    <div class="explorer-work">
      <${Asked} account=${account} request=${request} call=${{ ...call, send: latest.current }} way=${way} />
      <div class="stack">
        <${Segments} label=${t("tabs")} value=${tab} onChange=${choose} options=${[["call", t("call")], ["signature", t("signature")], ["code", t("code")]]} />
        ${tab === "signature" ? html`<${Later} key="signature" load=${signing} request=${request} account=${account} way=${way} credentials=${credentials} />` : tab === "code" ? html`<${Later} key="code" load=${program} request=${request} way=${way} />` : html`<${Call} request=${request} call=${call} />`}
      </div>
    </div>
  </div>`}<//>`;
}

function Star({ name }) {
  useCell(starred);
  const on = isStarred(name);
  return html`<button type="button" class="button icon plain" aria-pressed=${on} aria-label=${on ? t("unstar") : t("star")} title=${on ? t("unstar") : t("star")} onClick=${() => star(name)}>${on ? "★" : "☆"}</button>`;
}

export default function Explorer({ account, rest }) {
  const { query } = usePlace();
  const known = useControl("/catalogue");
  const keys = useControl(`/accounts/${account.uin}/credentials`, undefined, ["accounts"]);
  useCell(recent);
  const name = rest.join(".");
  const row = known.data?.actions.find((one) => keyOf(one) === name);
  if (!known.data || !keys.data) return html`<${Page} title=${t("title")}><${Loaded} of=${{ ...known, problem: known.problem ?? keys.problem, data: undefined }} height=${480} /><//>`;
  if (!rest.length) return html`<${Page} title=${t("title")} note=${t("found", { n: known.data.actions.length })}><div class="explorer-home"><${List} rows=${known.data.actions} /></div><//>`;
  if (!row) return html`<${Page} title=${t("title")}><${Empty} text=${t("no-action", { name })} action=${t("every")} href=${address("explorer")} /><//>`;
  return html`<${Page} title=${html`<span class="clip">${row.action}</span>`} note=${`${row.product} ${row.version} · ${said(row.about)}`} actions=${html`<${Star} name=${name} /><a class="button plain explorer-back" href=${address("explorer", { q: query.q, product: query.product })}>${t("back")}</a>`}>
    <div class="explorer"><${List} rows=${known.data.actions} current=${name} /><${Action} key=${name} account=${account} row=${row} credentials=${keys.data.credentials} /></div>
  <//>`;
}
