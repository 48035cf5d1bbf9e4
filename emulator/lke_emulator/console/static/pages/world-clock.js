// The clock of an account as large as a clock is, and the scenario that is served.
import { html, useState } from "../vendor/preact.js";
import { time, turn } from "../account.js";
import { useCell } from "../cell.js";
import { post, useControl } from "../control.js";
import * as format from "../format.js";
import { tell } from "../live.js";
import { Card, Loaded, ProblemBox } from "../parts/card.js";
import { useNow } from "../parts/clock.js";
import { ask } from "../parts/dialog.js";
import { Field } from "../parts/fields.js";
import { Copyable, YamlButton } from "../parts/figure.js";
import { say, tried } from "../parts/toasts.js";
import { heard, speaker } from "../words.js";

const t = speaker("world", "shell");

export function Clock({ account }) {
  const now = useNow();
  const { frozen = false } = useCell(time) ?? {};
  const zone = account.time_zone;
  const [by, setBy] = useState("1h");
  const [at, setAt] = useState("");
  const shift = now - Date.now() / 1000;
  const move = (verb, body) => tried(() => turn(verb, body), () => t("moved", { time: format.moment(time.value.now, zone) }));
  const submit = (verb, body) => (event) => (event.preventDefault(), move(verb, body()));
  const state = frozen ? t("stands") : Math.abs(shift) < 5 ? t("running") : t("shifted", { by: format.length(Math.abs(shift)), way: t(shift > 0 ? "ahead" : "behind") });
  return html`<${Card} title=${t("clock", { name: account.name || account.uin })} width="w5" actions=${html`<${YamlButton} uin=${account.uin} section="clock" />`}>
    <div class="stack roomy">
      <div class=${`dial ${frozen ? "frozen" : ""}`}><span class="day">${format.day(now, zone)} ${format.weekday(now, zone)}</span><span class="hand"><${Copyable} value=${Math.floor(now)}>${format.clock(now, zone)}<//></span><span class="muted small">${format.offset(zone)} · ${format.utc(now)}</span></div>
      <p class="small muted">${state}</p>
      <div class="bar"><button type="button" class=${`button ${frozen ? "primary" : ""}`} onClick=${() => move(frozen ? "follow" : "freeze")}>${t(frozen ? "follow" : "freeze")}</button>
        ${["5m", "1h", "1d", "1w"].map((step) => html`<button type="button" key=${step} class="button" onClick=${() => move("advance", { by: step })}>+${step}</button>`)}</div>
      <form class="form" onSubmit=${submit("advance", () => ({ by }))}><${Field} label=${t("advance")} help=${t("advance-help")}><span class="bar"><input class="grow" value=${by} onInput=${(event) => setBy(event.target.value)} required /><button class="button">${t("go")}</button></span><//></form>
      <form class="form" onSubmit=${submit("set", () => ({ at: at.replace("T", " ") }))}><${Field} label=${t("set")}><span class="bar"><input class="grow" type="datetime-local" step="1" value=${at} onInput=${(event) => setAt(event.target.value)} required /><button class="button">${t("go")}</button></span><//></form>
    </div>
  <//>`;
}

export function Scenarios() {
  const known = useControl("/scenarios", undefined, ["world"]);
  const [text, write] = useState("");
  const [problem, refuse] = useState(null);
  const [warnings, warn] = useState([]);
  const load = async (body, name, path = "/scenario") => {
    if (name && !(await ask({ title: t("load-sure", { name }), text: t("load-text"), action: t("load"), danger: true }))) return;
    refuse(null);
    try {
      const given = await post(path, body);
      warn(given.warnings);
      tell("world", "change", "clock", "account");
      say(t("loaded", { name: given.scenario }), { action: t("undo"), run: () => load(undefined, "", "/scenario/undo") });
    } catch (error) {
      refuse(error);
    }
  };
  const read = async (event) => {
    const [file] = event.target.files;
    if (file) write(await file.text());
    event.target.value = "";
  };
  const line = Number(/^sent\.yaml:(\d+):/.exec(problem?.message ?? "")?.[1]);
  return html`<${Card} title=${t("scenario")} width="w7">
    <div class="stack roomy">
      ${problem && html`<${ProblemBox} problem=${problem} />`}
      ${warnings.length > 0 && html`<${ProblemBox} kind="warning"><ul>${warnings.map((one) => html`<li>${heard(one)}</li>`)}</ul><//>`}
      <${Loaded} of=${known} height=${220}>${({ current, scenarios }) => html`<ul class="choices">
        ${(scenarios.some((one) => one.name === current) ? scenarios : [{ name: current, about: "" }, ...scenarios]).map((one) => html`<li key=${one.name} class=${one.name === current ? "chosen" : ""}>
          <div class="grow"><strong>${one.name}</strong>${one.name === current && html` <span class="badge ok">${t("current")}</span>`}<p class="small muted">${heard(one.about.split("\n")[0])}</p></div>
          <button type="button" class="button" onClick=${() => load(one.name === current ? {} : { name: one.name }, one.name)}>${t(one.name === current ? "reload" : "load")}</button>
        </li>`)}</ul>`}<//>
      <details open=${Boolean(text)}><summary>${t("paste")}</summary>
        <form class="form" onSubmit=${(event) => (event.preventDefault(), load({ text }))}>
          <p class="small muted">${t("paste-help")}</p>
          <textarea aria-label=${t("paste")} rows="12" spellcheck="false" value=${text} onInput=${(event) => write(event.target.value)} required></textarea>
          ${line > 0 && html`<pre class="json lines">${text.split("\n").slice(Math.max(0, line - 3), line + 2).map((one, place) => html`<span class=${Math.max(0, line - 3) + place + 1 === line ? "differs" : ""}>${Math.max(0, line - 3) + place + 1}  ${one}${"\n"}</span>`)}</pre>`}
          <div class="bar"><label class="button">${t("file")}<input class="hidden" type="file" accept=".yaml,.yml" onChange=${read} /></label><span class="grow"></span><button class="button primary">${t("load")}</button></div>
        </form></details>
    </div>
  <//>`;
}
