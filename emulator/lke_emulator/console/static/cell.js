// One value that several parts look at.
import { useLayoutEffect, useState } from "./vendor/preact.js";

export function cell(value) {
  const watchers = new Set();
  return {
    get value() {
      return value;
    },
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const watcher of [...watchers]) watcher(next);
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}

export function useCell(one) {
  const [, again] = useState(0);
  const shown = one.value;
  useLayoutEffect(() => {
    const stop = one.watch(() => again((count) => count + 1));
    if (!Object.is(shown, one.value)) again((count) => count + 1); // it was set while this was drawn
    return stop;
  }, [one]);
  return shown;
}

export function kept(name, initial) {
  // A choice of this browser, not of a view. Its storage is slow to open, so it is read when somebody looks.
  const { watch, set } = cell(undefined);
  return {
    watch,
    get value() {
      return localStorage.getItem(name) ?? initial;
    },
    set(next) {
      localStorage.setItem(name, next);
      set(next);
    },
  };
}

// A choice that the server is told, which writes it into the page before anything is painted.
export const choose = (name, value) => (document.cookie = `${name}=${value}; Path=/_emulator/console; Max-Age=31536000; SameSite=Strict`);
