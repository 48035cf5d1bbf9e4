// Every page, one line each: path below the console, name of its words (their title is the page's) and of its icon, group of the navigation, letter after g, its tabs, of which the first is the page itself, and its file.
// The file's default export is a component; it gets {account, rest}: what the address has behind the page's path.
import { speaker } from "./words.js";

export const GROUPS = ["watch", "account", "build", "emulator"];
export const PAGES = [
  { path: "", name: "overview", group: "watch", key: "o", load: () => import("./pages/overview.js") },
  { path: "report", name: "report", group: "watch", key: "u", load: () => import("./pages/report.js") },
  { path: "calls", name: "calls", group: "watch", key: "c", load: () => import("./pages/calls.js") },
  { path: "apps", name: "apps", group: "build", key: "a", load: () => import("./pages/apps.js") },
  { path: "world", name: "world", group: "emulator", key: "t", tabs: ["clock", "accounts", "faults", "assumptions"], load: () => import("./pages/world.js") },
  { path: "resources", name: "resources", group: "account", key: "r", load: () => import("./pages/resources.js") },
  { path: "keys", name: "keys", group: "account", key: "k", load: () => import("./pages/keys.js") },
  { path: "wallet", name: "wallet", group: "account", key: "w", tabs: ["bills", "history"], load: () => import("./pages/wallet.js") },
  { path: "settings", name: "settings", group: "account", key: "s", load: () => import("./pages/settings.js") },
  { path: "notifications", name: "notifications", group: "account", key: "n", tabs: ["centre", "outbox", "coming"], load: () => import("./pages/notifications.js") },
  { path: "explorer", name: "explorer", group: "build", key: "e", load: () => import("./pages/explorer.js") },
];

export const pageOf = (path) => PAGES.find((page) => page.path === path) ?? PAGES.find((page) => page.path && path.startsWith(`${page.path}/`));
export const titleOf = (page) => speaker(page.name)("title");
export const tabsOf = ({ name, path, tabs = [] }) => tabs.map((tab, place) => ({ name: tab, text: speaker(name)(`tab-${tab}`), path: place ? `${path}/${tab}` : path }));
