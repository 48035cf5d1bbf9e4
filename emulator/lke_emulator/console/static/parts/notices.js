// What the account was told, in the page's language; and the banners of it, above every page that does not list them itself.
import { html } from "../vendor/preact.js";
import { useControl } from "../control.js";
import * as format from "../format.js";
import { address } from "../router.js";
import { speaker } from "../words.js";
import { ProblemBox } from "./card.js";
import { useNow } from "./clock.js";

const t = speaker("notifications");
const SHOWN = 14 * 86_400; // seconds for which a banner is shown
const MOST = 2;
const TAIL = / (is nearly used up: more than \d+ % is gone|is used up|has \d+ % or less left|expires in \d+ day\(s\)|has expired)\.$/;
const SUBJECT = /^(.*) \((\d+) x ([a-z ]+)\)$/s;
export const SHAPE = { "nearly-exhausted": "warn", remaining: "warn", expiring: "warn", exhausted: "bad", expired: "bad" };

export function noticeText({ event, threshold, text }) {
  const who = text.replace(TAIL, "");
  const [, name, total, unit] = SUBJECT.exec(who) ?? [];
  return t(`told-${event}`, { n: threshold, subject: name === undefined ? who : `${name} (${format.number(Number(total))} ${t(unit)})` });
}

export function bannersOf(notices, now) {
  // Of each package the last thing that was said, the newest first.
  const last = new Map();
  for (const one of notices) if (one.channels.includes("banner") && one.time > now - SHOWN) last.set(one.package, one);
  return [...last.values()].sort((a, b) => b.time - a.time);
}

export const Banner = ({ one, zone }) => html`<${ProblemBox} kind=${SHAPE[one.event] === "bad" ? "" : "warning"}>${noticeText(one)} <span class="muted nowrap">${format.minute(one.time, zone)}</span><//>`;

export function Banners({ account: { uin, time_zone: zone } }) {
  const told = useControl(`/accounts/${uin}/notifications`, { sender: "console" }, ["notice", "clock", "world"]);
  const wallet = useControl(`/accounts/${uin}/wallet`, undefined, ["notice", "clock", "change"]);
  const banners = bannersOf(told.data?.notifications ?? [], useNow(60_000));
  const overdue = wallet.data?.overdue_since;
  if (!overdue && !banners.length) return null;
  return html`<section class="stack banners" aria-label=${t("banners")}>
    ${overdue && html`<${ProblemBox}>${t("overdue", { time: format.minute(overdue, zone) })} <a href=${address("wallet")}>${t("top-up")}</a><//>`}
    ${banners.slice(0, MOST).map((one) => html`<${Banner} key=${one.package} one=${one} zone=${zone} />`)}
    ${banners.length > MOST && html`<a class="small" href=${address("notifications")}>${t("more", { n: banners.length - MOST })}</a>`}
  </section>`;
}
