// What happens in the emulator, as it happens. A hidden tab asks for nothing.
import { cell } from "./cell.js";
import { control } from "./control.js";

const REST = 250; // milliseconds in which several events of a kind are one
const WAIT = 25; // seconds
const listeners = new Set();
export const alive = cell(true);

export function listen(kinds, heard) {
  const one = { kinds, heard, timer: 0 };
  listeners.add(one);
  return () => {
    clearTimeout(one.timer);
    listeners.delete(one);
  };
}

export function tell(kind) {
  for (const one of listeners) {
    if (!one.kinds.includes(kind) || one.timer) continue;
    one.timer = setTimeout(() => {
      one.timer = 0;
      one.heard();
    }, REST);
  }
}

let waiting = null;

async function watch() {
  waiting = new AbortController();
  const { signal } = waiting;
  let known;
  while (!signal.aborted) {
    try {
      const { count } = await control("POST", "/journal/wait", known === undefined ? { count: 0, timeout: 0 } : { count: known + 1, timeout: WAIT }, { signal });
      if (known !== undefined && count !== known) tell("call");
      known = count;
      if (!alive.value) for (const kind of ["call", "clock", "change"]) tell(kind);
      alive.set(true);
    } catch (problem) {
      if (signal.aborted) return;
      alive.set(problem.status !== 0);
      await new Promise((done) => setTimeout(done, 3000));
    }
  }
}

export function start() {
  const turn = () => {
    waiting?.abort();
    waiting = null;
    if (!document.hidden) watch();
  };
  document.addEventListener("visibilitychange", () => {
    turn();
    if (!document.hidden) for (const kind of ["call", "clock", "change"]) tell(kind);
  });
  turn();
}
