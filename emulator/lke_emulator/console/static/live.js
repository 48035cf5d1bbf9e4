// What happens in the emulator, as it happens: one stream for the whole page, none while its tab is hidden.
import { cell } from "./cell.js";
import { PREFIX, fetched } from "./control.js";
import { eventsOf } from "./events.js";

const REST = 250; // milliseconds in which several events are one
const AGAIN = 3000;
const KINDS = ["call", "notice", "clock", "change", "account", "world"];
const listeners = new Set();
export const alive = cell(true);
export const listening = cell(false);
let stream = null;
let last = ""; // the id of the event that was read last

export function listen(kinds, heard) {
  const one = { kinds, heard, timer: 0 };
  listeners.add(one);
  return () => {
    clearTimeout(one.timer);
    listeners.delete(one);
  };
}

let accountsRead = null; // () => a promise
let told = Promise.resolve();

export const readAccountsBy = (read) => (accountsRead = read);

export function tell(...kinds) {
  // An account may be gone: nobody asks for it again before the accounts are known anew.
  const first = kinds.some((kind) => kind === "account" || kind === "world");
  told = told.then(() => first && accountsRead?.()).catch(() => {}).then(() => notify(kinds));
}

function notify(kinds) {
  for (const one of listeners) {
    if (one.timer || !one.kinds.some((kind) => kinds.includes(kind))) continue;
    one.timer = setTimeout(() => {
      one.timer = 0;
      one.heard();
    }, REST);
  }
}

async function read({ signal }) {
  while (!signal.aborted) {
    try {
      const answer = await fetched(`${PREFIX}/events`, { signal, headers: last ? { "last-event-id": last } : {} });
      if (!alive.value) tell(...KINDS);
      alive.set(true);
      listening.set(true);
      for await (const { event, id } of eventsOf(answer)) {
        last = id ?? last;
        if (event === "missed") tell(...KINDS);
        else if (event !== "ready") tell(event);
      }
    } catch (problem) {
      if (signal.aborted) return;
      alive.set(problem.status > 0);
    }
    listening.set(false);
    if (!signal.aborted) await new Promise((done) => setTimeout(done, AGAIN));
  }
}

function turn() {
  stream?.abort();
  stream = document.hidden ? null : new AbortController();
  if (stream) read(stream);
}

export function start() {
  if (stream) return;
  document.addEventListener("visibilitychange", turn);
  turn();
}
