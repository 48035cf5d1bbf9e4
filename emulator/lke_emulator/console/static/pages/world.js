// Time and what is in the world: clock, scenario, accounts, faults, assumptions.
import { html } from "../vendor/preact.js";
import { pageOf, tabsOf } from "../pages.js";
import { Page } from "../parts/card.js";
import { Tabs } from "../parts/fields.js";
import { speaker } from "../words.js";
import { Accounts } from "./world-accounts.js";
import { Assumptions } from "./world-assumptions.js";
import { Clock, Scenarios } from "./world-clock.js";
import { FaultsOf } from "./world-faults.js";

const t = speaker("world");
const TABS = tabsOf(pageOf("world"));

export default function World({ account, rest: [tab = "clock"] }) {
  return html`<${Page} title=${t("title")}>
    <${Tabs} tabs=${TABS} current=${tab} />
    ${tab === "accounts" ? html`<${Accounts} />` : tab === "faults" ? html`<${FaultsOf} account=${account} />` : tab === "assumptions" ? html`<${Assumptions} />` : html`<div class="cards"><${Clock} account=${account} /><${Scenarios} /></div>`}
  <//>`;
}
