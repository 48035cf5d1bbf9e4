// What the account was told and by which channels, and what it will be told next.
import { html } from "../vendor/preact.js";
import { put, useControl } from "../control.js";
import * as format from "../format.js";
import { tell } from "../live.js";
import { pageOf, tabsOf } from "../pages.js";
import { Card, Loaded, Page } from "../parts/card.js";
import { Tabs } from "../parts/fields.js";
import { Evidence, YamlButton } from "../parts/figure.js";
import { Banner, SHAPE, bannersOf, noticeText } from "../parts/notices.js";
import { Table } from "../parts/table.js";
import { tried } from "../parts/toasts.js";
import { speaker } from "../words.js";

const t = speaker("notifications");
const EVENTS = ["notice", "call", "clock", "change"];
const TABS = tabsOf(pageOf("notifications"));
const CLOUD = ["in-site", "sms", "email"];

const measure = ({ event, threshold }) => (threshold ? t(event === "expiring" ? "days" : "percent", { n: threshold }) : "");
const What = ({ one }) => html`<span class=${`badge ${SHAPE[one.event]}`}>${t(one.event)} ${measure(one)}</span>`;

function Told({ name, notices, zone }) {
  const columns = [
    { title: t("time"), value: (one) => one.time, show: (one) => format.moment(one.time, zone), width: "176px" },
    { title: t("event"), value: (one) => one.event, show: (one) => html`<${What} one=${one} />`, width: "196px" },
    { title: t("text"), value: noticeText, tip: noticeText },
    { title: t("channels"), value: (one) => one.channels.join(" "), show: (one) => one.channels.map((channel) => t(channel)).join(", "), width: "220px" },
  ];
  return html`<${Table} name=${name} columns=${columns} rows=${notices.toReversed()} empty=${{ text: t("none") }} />`;
}

function Coming({ uin, zone, now }) {
  const coming = useControl(`/accounts/${uin}/notifications/coming`, undefined, EVENTS);
  const packages = useControl(`/accounts/${uin}/packages`, { status: "all" }, EVENTS);
  const names = new Map((packages.data?.packages ?? []).map((one) => [one.id, one.name || `${one.kind} ${one.id}`]));
  const columns = [
    { title: t("when"), value: (one) => one.time ?? Infinity, show: (one) => (one.time === null ? t("at-used", { n: format.number(one.used) }) : t("at-day", { time: format.minute(one.time, zone), left: format.length(one.time - now) })), width: "260px" },
    { title: t("package"), value: (one) => names.get(one.package) ?? one.package },
    { title: t("event"), value: (one) => one.event, show: (one) => html`<${What} one=${one} />`, width: "196px" },
    { title: t("sender"), value: (one) => t(one.sender), width: "130px" },
    { title: t("channels"), value: (one) => one.channels.map((channel) => t(channel)).join(", ") },
  ];
  return html`<${Loaded} of=${coming} height=${320}>${(data) => html`<${Table} name=${t("tab-coming")} columns=${columns} rows=${data.notifications} sorted="1" empty=${{ text: t("none-coming") }} />`}<//>`;
}

function Channels({ uin }) {
  const at = `/accounts/${uin}/notifications/channels`;
  const known = useControl(at, undefined, EVENTS);
  const turn = async (channel, on) => {
    const channels = CLOUD.filter((one) => (one === channel ? on : known.data.channels.includes(one)));
    await tried(() => put(at, { channels }), t("chosen"));
    known.again();
    tell("notice");
  };
  return html`<fieldset class="bar" aria-label=${t("choose")}><span class="small muted">${t("choose")}</span>
    ${known.data && CLOUD.map((channel) => html`<label class="check" key=${channel}><input type="checkbox" checked=${known.data.channels.includes(channel)} onChange=${(event) => turn(channel, event.target.checked)} />${t(channel)}</label>`)}</fieldset>`;
}

export default function Notifications({ account, rest }) {
  const { uin, time_zone: zone } = account;
  const told = useControl(`/accounts/${uin}/notifications`, undefined, EVENTS);
  const clock = useControl(`/accounts/${uin}/clock`, undefined, ["clock"]);
  const tab = TABS.find((one) => one.name === rest[0]) ?? TABS[0], view = tab.name;
  const now = clock.data?.now ?? 0;
  const from = (sender) => (told.data?.notifications ?? []).filter((one) => one.sender === sender);
  const banners = bannersOf(from("console"), now);
  return html`<${Page} title=${t("title")} actions=${html`<${YamlButton} uin=${uin} section="billing" /><${Channels} uin=${uin} />`}>
    ${banners.length ? html`<section class="stack" aria-label=${t("banners")}>${banners.slice(0, 5).map((one) => html`<${Banner} key=${one.package} one=${one} zone=${zone} />`)}</section>` : html`<p class="badge ok">${t("none-banner")}</p>`}
    <${Card} flush>
      <div class="inset"><${Tabs} tabs=${TABS} current=${view} />${view === "outbox" && html`<p class="small muted">${t("outbox-note")} <${Evidence} kind="documented" /></p>`}</div>
      ${view === "coming" ? html`<${Coming} uin=${uin} zone=${zone} now=${now} />` : html`<${Loaded} of=${told} height=${320}>${() => html`<${Told} name=${tab.text} notices=${from(view === "outbox" ? "cloud" : "console")} zone=${zone} />`}<//>`}
    <//>
  <//>`;
}
