// The call as a program in any of eleven languages, for the emulator or for the cloud.
import { html } from "../vendor/preact.js";
import { useAsked } from "../control.js";
import { Card, Loaded, ProblemBox } from "../parts/card.js";
import { Segments } from "../parts/fields.js";
import { CopyButton } from "../parts/figure.js";
import { useParam } from "../router.js";
import { speaker } from "../words.js";
import { LANGUAGES, program, streams } from "./code/languages.js";

const t = speaker("explorer");
const TOKEN = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[^`]*`)|((?:\/\/|#(?!include)|--\s).*$)|\b(import|from|package|func|def|class|public|static|void|new|return|for|in|if|else|async|await|const|let|var|using|namespace|require|include|use|assert|int|auto|range|foreach|true|false|True|False|nil|null|None)\b|\b(\d[\w.]*)\b/gm;

export function coloured(text) {
  // Its tokens as elements; nothing in them is read as markup.
  const found = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    found.push(text.slice(end, match.index), html`<span class=${match[1] ? "string" : match[2] ? "remark" : match[3] ? "word" : "number"}>${match[0]}</span>`);
    end = match.index + match[0].length;
  }
  return [...found, text.slice(end)];
}

export function Program({ request, way }) {
  const [chosen, choose] = useParam("in", "python");
  const name = chosen in LANGUAGES ? chosen : "python";
  const [style, prefer] = useParam("style");
  const [cloud, aim] = useParam("cloud");
  const { data: file, problem } = useAsked(async () => ({ name, language: await LANGUAGES[name].load() }), [name]);
  const { action, value } = request;
  if (file?.name !== name) return html`<${Loaded} of=${{ problem }} height=${480} />`;
  const { language } = file;
  const used = language.styles?.includes(style) ? style : language.styles?.[0];
  const isCloud = Boolean(cloud) && !language.localOnly;
  const text = program(language, { action, params: value, region: way.region, host: location.host, cloud: isCloud, style: used });
  const streaming = streams(action, value) && language.cannotStream;
  const environment = `export TENCENTCLOUD_SECRET_ID=${isCloud ? "…" : way.credential?.secret_id ?? ""}\nexport TENCENTCLOUD_SECRET_KEY=${isCloud ? "…" : way.credential?.secret_key ?? ""}`;
  return html`<${Card} title=${t("code")} actions=${html`<${CopyButton} text=${text} />`}><div class="stack">
    <${Segments} label=${t("language")} value=${name} onChange=${choose} options=${Object.entries(LANGUAGES).map(([key, one]) => [key, one.title])} />
    <div class="bar">
      ${language.styles && html`<${Segments} label=${t("style")} value=${used} onChange=${prefer} options=${language.styles.map((one) => [one, t(`style-${one}`)])} />`}
      ${language.localOnly ? html`<span class="small muted">${t("local-only")}</span>` : html`<label class="check"><input type="checkbox" checked=${isCloud} onChange=${(event) => aim(event.target.checked ? "1" : "")} />${t("cloud")}</label>`}
    </div>
    ${isCloud && html`<${ProblemBox} kind="info">${t("cloud-note")}<//>`}
    ${streaming && html`<${ProblemBox} kind="info">${t(action.action === "ChatCompletions" ? "no-stream" : "never-streams")}<//>`}
    ${request.problems.length > 0 && html`<${ProblemBox} kind="warning">${t("has-problems", { n: request.problems.length })}<//>`}
    <pre class="json program" tabindex="0" aria-label=${LANGUAGES[name].title}>${coloured(text)}</pre>
    ${!language.localOnly && html`<div class="stack"><div class="bar"><h3>${t("environment")}</h3><span class="grow"></span><${CopyButton} text=${environment} /></div><pre class="json" tabindex="0" aria-label=${t("environment")}>${environment}</pre></div>`}
    <p class="small muted">${t("install")}: <code>${language.install({ action, style: used })}</code></p>
  </div><//>`;
}
