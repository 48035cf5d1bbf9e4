// The account that a page is about, and the time that it has there.
import { cell, useCell } from "./cell.js";
import { get, post } from "./control.js";
import { begun, listen, readAccountsBy, tell } from "./live.js";
import { place, usePlace } from "./router.js";

export const accounts = cell(undefined); // rows of /accounts
export const time = cell(undefined); // {uin, now, frozen, at}: `at` is performance.now() when it was so

export const accountOf = (rows, query) => rows?.find((row) => row.uin === query.account) ?? (query.account ? undefined : rows?.[0]);
export const current = () => accountOf(accounts.value, place.value.query);

export function useAccount() {
  const rows = useCell(accounts);
  return accountOf(rows, usePlace().query);
}

export async function loadAccounts() {
  const [known] = await Promise.all([get("/accounts"), begun]);
  accounts.set(known.accounts);
}

export async function loadTime() {
  const account = current();
  if (account) keepTime(account.uin, await get(`/accounts/${account.uin}/clock`));
  else time.set(undefined);
}

const keepTime = (uin, { now, frozen }) => time.set({ uin, now, frozen, at: performance.now() });

export const nowOf = (one) => (one ? one.now + (one.frozen ? 0 : (performance.now() - one.at) / 1000) : 0);

export async function turn(verb, body) {
  // freeze, set, advance, follow: every page then asks again.
  const { uin } = current();
  keepTime(uin, await post(`/accounts/${uin}/clock/${verb}`, body));
  tell("clock", "change");
}

const askTime = () => loadTime().catch(() => {});
let asked = ""; // whose time is known or on its way
const follow = () => {
  const uin = current()?.uin;
  if (uin !== asked) askTime();
  asked = uin;
};
accounts.watch(follow);
place.watch(follow);
listen(["clock", "account", "world"], askTime);
readAccountsBy(loadAccounts);
