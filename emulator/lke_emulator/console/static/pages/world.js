// Time and what is in the world: clock, scenario, accounts, faults, assumptions.
import { html } from "../vendor/preact.js";
import { Page } from "../parts/card.js";
import { Tabs } from "../parts/fields.js";
import { address } from "../router.js";
import { speaker } from "../words.js";
import { Accounts } from "./world-accounts.js";
import { Assumptions } from "./world-assumptions.js";
import { Clock, Scenarios } from "./world-clock.js";
import { FaultsOf } from "./world-faults.js";

const t = speaker("world");
const TABS = ["clock", "accounts", "faults", "assumptions"];

export default function World({ account, rest: [tab = "clock"] }) {
  const tabs = TABS.map((name) => ({ name, text: t(`tab-${name}`), href: address(name === "clock" ? "world" : `world/${name}`) }));
  return html`<${Page} title=${t("title")}>
    <${Tabs} tabs=${tabs} current=${tab} />
    ${tab === "accounts" ? html`<${Accounts} />` : tab === "faults" ? html`<${FaultsOf} account=${account} />` : tab === "assumptions" ? html`<${Assumptions} />` : html`<div class="cards"><${Clock} account=${account} /><${Scenarios} /></div>`}
  <//>`;
}
