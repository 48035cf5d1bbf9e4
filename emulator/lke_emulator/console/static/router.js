// The address is the state of a view: a path below the console, and the filters in its query.
import { cell, useCell } from "./cell.js";

export const ROOT = "/_emulator/console/";

const read = () => ({
  path: decodeURI(location.pathname).slice(ROOT.length).replace(/\/$/, ""),
  query: Object.fromEntries(new URLSearchParams(location.search)),
});

export const place = cell(read());
addEventListener("popstate", () => place.set(read()));

export function address(path, query = {}) {
  // Whatever is left out of a query is as it is by default; the account stays.
  const given = Object.entries({ account: place.value.query.account, ...query });
  const text = new URLSearchParams(given.filter(([, value]) => value !== undefined && value !== "" && value !== null));
  return ROOT + encodeURI(path) + (text.size ? `?${text}` : "");
}

export function go(path, query, { replace = false } = {}) {
  const to = address(path, query);
  if (to === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  place.set(read());
  if (!replace) scrollTo(0, 0);
}

export const usePlace = () => useCell(place);

export function useParam(name, initial = "") {
  // A filter: changing it changes the address, and takes no step of the history.
  const { query } = usePlace();
  return [query[name] ?? initial, (value) => change({ [name]: value === initial ? undefined : value })];
}

export function change(params) {
  const { path, query } = place.value;
  go(path, { ...query, ...params }, { replace: true });
}

addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
  const to = new URL(link.href);
  if (to.origin !== location.origin || !to.pathname.startsWith(ROOT)) return;
  event.preventDefault();
  const query = Object.fromEntries(to.searchParams);
  go(decodeURI(to.pathname).slice(ROOT.length), { account: undefined, ...query });
});
