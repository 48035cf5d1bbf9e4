// What happens in the emulator, as it happens: one stream for the whole page, none while its tab is hidden.
import { cell } from "./cell.js";
import { PREFIX, fetched } from "./control.js";
import { eventsOf } from "./events.js";

const REST = 250; // milliseconds in which several events are one
const AGAIN = 3000;
const KINDS = ["call", "notice", "clock", "change", "account", "world"];
const listeners = new Set();
export const alive = cell(true);
let isListening = false;
let stream = null;
let last = ""; // the id of the event that was read last
let late = false; // something was asked for while nobody listened: it may have changed since
let begin;
export const begun = new Promise((done) => (begin = done)); // what is asked for from then on is told when it changes

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
    one.timer = setTimeout(async () => {
      await told; // that an account is gone may be told after what changed in it
      one.timer = listeners.has(one) ? setTimeout(() => ((one.timer = 0), one.heard())) : 0;
    }, REST);
  }
}

async function read({ signal }) {
  while (!signal.aborted) {
    try {
      const answer = await fetched(`${PREFIX}/events`, { signal, headers: last ? { "last-event-id": last } : {} });
      if (!alive.value) tell(...KINDS);
      alive.set(true);
      isListening = true;
      for await (const { event, id } of eventsOf(answer)) {
        last = id ?? last;
        if (event === "missed" || (event === "ready" && late)) tell(...KINDS);
        else if (event !== "ready") tell(event);
        late = false;
        begin();
      }
    } catch (problem) {
      if (signal.aborted) return;
      alive.set(problem.status > 0);
      late = true;
      begin();
    }
    isListening = false;
    if (!signal.aborted) await new Promise((done) => setTimeout(done, AGAIN));
  }
}

function turn() {
  stream?.abort();
  isListening = false;
  stream = document.hidden ? null : new AbortController();
  if (stream) return read(stream);
  late = last === ""; // whoever has listened before reads on from there
  begin();
}

export function start() {
  document.addEventListener("visibilitychange", turn);
  if (!isListening) turn();
}
