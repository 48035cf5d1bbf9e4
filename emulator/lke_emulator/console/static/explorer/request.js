// The request that a page is about: the shape of its action, the value, and what is wrong with it.
import { useEffect, useMemo, useRef, useState } from "../vendor/preact.js";
import { fetched, PREFIX, useAsked } from "../control.js";
import { change, place } from "../router.js";
import { inOrder } from "./form.js";
import { parse, write } from "./json.js";
import { isObject, problems } from "./shape.js";

const LONGEST = 4000; // letters of a request that an address holds
const REST = 300; // milliseconds

const asked = async (path, signal) => parse(await (await fetched(PREFIX + path, { signal })).text());

function given() {
  try {
    const value = parse(place.value.query.params);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function useRequest(account, key) {
  // {zone, action, example, value, set, problems, ...}; `action` and `example` are undefined until they have come;
  // `isBroken` is that what was typed as JSON is none.
  const shape = useAsked((signal) => asked(`/catalogue/${key}`, signal), [key]);
  const example = useAsked((signal) => asked(`/accounts/${account.uin}/examples/${key}`, signal), [key, account.uin]);
  const [value, put] = useState(given);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const first = example.data?.request;
  const now = value ?? first;
  const set = (next) => {
    put(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const text = next && write(inOrder(shape.data, shape.data.request, next));
      change({ params: text && text.length < LONGEST && text !== write(first) ? text : undefined });
    }, REST);
  };
  const [isBroken, breaks] = useState(false);
  const reset = () => {
    set(undefined);
    breaks(false);
    example.again();
  };
  const found = useMemo(() => (shape.data && now ? problems(shape.data, now) : []), [shape.data, now]);
  return { zone: account.time_zone, action: shape.data, example: example.data, problem: shape.problem ?? example.problem, again: shape.again, value: now, set, reset, problems: found, isBroken, breaks };
}
