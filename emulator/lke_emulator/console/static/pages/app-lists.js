// What the lists of an app have in common: they are the cloud's own actions, and time alone moves what they show.
import { html, useEffect } from "../vendor/preact.js";
import { useAsked } from "../control.js";
import * as format from "../format.js";
import { Card, Loaded } from "../parts/card.js";
import { Table } from "../parts/table.js";
import { look } from "../report-data.js";
import { speaker, wire } from "../words.js";

const t = speaker("apps");
const MOVING = 2000; // milliseconds until what is under way is looked at again
const MOST = 200; // rows of a list, which the cloud gives at once
export const KINDS = ["call", "change", "clock", "world"];

export function useMoving(found, moves) {
  useEffect(() => {
    if (!moves) return;
    const timer = setInterval(() => document.hidden || found.again(), MOVING);
    return () => clearInterval(timer);
  }, [Boolean(moves)]);
  return found;
}

export function useListed(account, action, params, isMoving = () => false) {
  const found = useAsked((signal) => look(account.uin, `lke.${action}`, { PageNumber: 1, PageSize: MOST, ...params }, signal), [JSON.stringify(params)], KINDS);
  return useMoving(found, found.data?.List.some(isMoving));
}

export const when = (zone) => ({ title: t("updated"), value: (row) => Number(row.UpdateTime), show: (row) => format.minute(Number(row.UpdateTime), zone), width: "150px" });
export const kindOf = (text) => (/失败|失效|过期|不采纳/.test(text) ? "bad" : /中|待|未/.test(text) ? "warn" : "ok");
export const scope = () => ({ title: t("scope"), value: (row) => t(`scope-${row.EnableScope}`), width: "100px" });
export const state = () => ({ title: t("status"), value: (row) => wire(row.StatusDesc), show: (row) => html`<span class=${`badge ${kindOf(row.StatusDesc)}`}>${wire(row.StatusDesc)}</span>`, width: "142px" });

export function Listed({ title, found, columns, empty, keyOf, open, selected, actions, height, children }) {
  const foot = ({ List, Total }) => (Number(Total) > List.length ? t("first-of", { n: format.number(List.length), total: format.number(Number(Total)) }) : undefined);
  return html`<${Card} title=${title} actions=${actions} flush>${children}<${Loaded} of=${found}>${(data) => html`<${Table} name=${title} columns=${columns} rows=${data.List} keyOf=${keyOf} open=${open} selected=${selected} empty=${{ text: empty }} height=${height ?? 480} foot=${foot(data)} />`}<//><//>`;
}
