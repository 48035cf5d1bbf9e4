// The account's clock, always in sight: everything but signatures is judged by it.
import { html, useEffect, useState } from "../vendor/preact.js";
import { nowOf, time, turn } from "../account.js";
import { useCell } from "../cell.js";
import * as format from "../format.js";
import { speaker } from "../words.js";
import { Icon } from "./icons.js";
import { tried } from "./toasts.js";

const t = speaker("shell");

export function useNow(every = 1000) {
  // Unix seconds on the account's clock.
  const known = useCell(time);
  const [, tick] = useState(0);
  useEffect(() => {
    if (!known || known.frozen) return;
    const timer = setInterval(() => document.hidden || tick((count) => count + 1), every);
    return () => clearInterval(timer);
  }, [known]);
  return nowOf(known);
}

export function ClockBar({ account }) {
  const now = useNow();
  const known = useCell(time);
  if (!known || known.uin !== account.uin) return html`<div class="clockbar"><span class="time">…</span></div>`;
  const zone = account.time_zone;
  const step = (text, by, title) => html`<button type="button" class="button plain step" title=${title} onClick=${() => tried(() => turn("advance", { by: typeof by === "function" ? by() : by }))}>${text}</button>`;
  return html`<div class=${`clockbar ${known.frozen ? "frozen" : ""}`} role="group" aria-label=${t("clock")}>
    <span class="time" title=${`${format.utc(now)}${known.frozen ? ` · ${t("frozen-note")}` : ""}`}>${format.moment(now, zone)} <span class="zone">${format.offset(zone)}</span>${known.frozen && html` <strong class="warn">${t("frozen")}</strong>`}</span>
    <button type="button" class="button plain icon" title=${known.frozen ? t("follow") : t("freeze")} aria-label=${known.frozen ? t("follow") : t("freeze")} onClick=${() => tried(() => turn(known.frozen ? "follow" : "freeze"))}><${Icon} name=${known.frozen ? "follow" : "freeze"} size="14" /></button>
    ${["5m", "1h", "1d"].map((by) => step(t(`plus-${by}`), by))}
    ${step(t("midnight"), () => format.startOfDay(now, zone) + 86_400 - now, t("midnight-title"))}
  </div>`;
}
