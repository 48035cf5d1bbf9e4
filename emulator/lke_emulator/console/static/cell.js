// One value that several parts look at.
import { useEffect, useState } from "./vendor/preact.js";

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
  useEffect(() => {
    const seen = one.value;
    const stop = one.watch(() => again((count) => count + 1));
    if (!Object.is(seen, one.value)) again((count) => count + 1);
    return stop;
  }, [one]);
  return one.value;
}

export function kept(name, initial) {
  // A choice of this browser, not of a view: theme, language.
  const one = cell(localStorage.getItem(name) ?? initial);
  one.watch((value) => (value ? localStorage.setItem(name, value) : localStorage.removeItem(name)));
  return one;
}
