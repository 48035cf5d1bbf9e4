// The client of /_emulator. A refusal is a Problem, whatever went wrong.
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact.js";
import { listen } from "./live.js";

export const PREFIX = "/_emulator";

export class Problem extends Error {
  constructor(message, status = 0, more = {}) {
    super(message);
    Object.assign(this, { status, ...more });
  }
}

export function headers(given = {}) {
  const token = document.documentElement.dataset.guarded && sessionStorage.getItem("token");
  return token ? { ...given, authorization: `Bearer ${token}` } : given;
}

export async function fetched(path, options = {}) {
  // The answer, if it is one that was hoped for. Throws Problem.
  let answer;
  try {
    answer = await fetch(path, { ...options, headers: headers(options.headers) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("unreachable");
  }
  if (answer.ok) return answer;
  const text = await answer.text();
  let said = {};
  try {
    said = JSON.parse(text);
  } catch {
    said = { error: /<Message>([^<]+)/.exec(text)?.[1] ?? (text.slice(0, 500) || answer.statusText) };
  }
  const { error, ...more } = said;
  throw new Problem(typeof error === "string" ? error : JSON.stringify(error ?? said), answer.status, more);
}

const asked = new Map(); // what this page has asked for, as curl
let asker = "";
export const curlOfPage = () => [...asked.values()].join("\n");

function remember(method, url, body) {
  if (asker !== location.pathname) asked.clear();
  asker = location.pathname;
  const given = body ? ` -X ${method} -d '${body.replaceAll("'", `'\\''`)}'` : "";
  asked.set(url + given, `curl -s${headers().authorization ? ' -H "Authorization: Bearer $LKE_CONTROL_TOKEN"' : ""} '${location.origin}${url}'${given}`);
}

export async function control(method, path, body, { query, signal } = {}) {
  const text = query ? `?${new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined && value !== ""))}` : "";
  const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  if (method === "GET" || path.endsWith("/look")) remember(method, PREFIX + path + text, sent.body);
  const answer = await fetched(PREFIX + path + text, { method, signal, ...sent });
  const given = await answer.text();
  return given ? JSON.parse(given) : null;
}

export const get = (path, query, options) => control("GET", path, undefined, { query, ...options });
export const post = (path, body, options) => control("POST", path, body, options);
export const put = (path, body) => control("PUT", path, body);
export const patch = (path, body) => control("PATCH", path, body);
export const remove = (path) => control("DELETE", path);

const known = new Map(); // what pages were last given, so that one is whole at once when it is opened again
const MOST = 40;

function keep(name, data) {
  known.delete(name);
  known.set(name, data);
  if (known.size > MOST) known.delete(known.keys().next().value);
}

export function useAsked(ask, deps, kinds = [], name = "") {
  // What `ask(signal)` gives: asked again when a dep changes or an event of these kinds comes. What was known stays until then,
  // and under a `name` until the next visit.
  const [state, set] = useState(() => ({ data: known.get(name), problem: undefined, loading: true }));
  const latest = useRef(ask);
  latest.current = { ask, name };
  const turn = useRef(null);
  const again = useCallback(async () => {
    turn.current?.abort();
    const mine = (turn.current = new AbortController());
    set((old) => ({ ...old, loading: true }));
    try {
      const data = await latest.current.ask(mine.signal);
      if (mine.signal.aborted) return;
      if (latest.current.name) keep(latest.current.name, data);
      set({ data, problem: undefined, loading: false });
    } catch (problem) {
      if (!mine.signal.aborted) set((old) => ({ data: old.data, problem, loading: false }));
    }
  }, []);
  useLayoutEffect(() => {
    again();
    return () => turn.current?.abort();
  }, deps);
  useEffect(() => (kinds.length ? listen(kinds, again) : undefined), [kinds.join()]);
  return { ...state, again };
}

export const useControl = (path, query, kinds) =>
  useAsked((signal) => (path ? get(path, query, { signal }) : undefined), [path, JSON.stringify(query)], kinds, path && path + JSON.stringify(query ?? {}));
