// Every page, one line each: path below the console, [English, Chinese], group of the navigation, letter after g, and its file.
// The file's default export is a component; it gets {account, rest}: what the address has behind the page's path.
export const GROUPS = ["watch", "account", "build", "emulator"];
export const PAGES = [
  { path: "", icon: "overview", title: ["Overview", "总览"], group: "watch", key: "o", load: () => import("./pages/overview.js") },
  { path: "report", icon: "report", title: ["Data report", "数据报表"], group: "watch", key: "u", load: () => import("./pages/report.js") },
  { path: "calls", icon: "calls", title: ["Calls", "调用"], group: "watch", key: "c", load: () => import("./pages/calls.js") },
  { path: "apps", icon: "apps", title: ["Apps, knowledge", "应用与知识"], group: "build", key: "a", load: () => import("./pages/apps.js") },
  { path: "world", icon: "world", title: ["Time and world", "时间与世界"], group: "emulator", key: "t", load: () => import("./pages/world.js") },
  { path: "resources", icon: "resources", title: ["Resources", "资源管理"], group: "account", key: "r", load: () => import("./pages/resources.js") },
  { path: "keys", icon: "keys", title: ["API keys", "API 密钥"], group: "account", key: "k", load: () => import("./pages/keys.js") },
  { path: "wallet", icon: "wallet", title: ["Wallet and bills", "钱包与账单"], group: "account", key: "w", load: () => import("./pages/wallet.js") },
  { path: "settings", icon: "settings", title: ["Settings", "设置"], group: "account", key: "s", load: () => import("./pages/settings.js") },
  { path: "notifications", icon: "notifications", title: ["Notifications", "通知"], group: "account", key: "n", load: () => import("./pages/notifications.js") },
  { path: "explorer", icon: "explorer", title: ["API Explorer", "API Explorer"], group: "build", key: "e", load: () => import("./pages/explorer.js") },
];

export const pageOf = (path) => PAGES.find((page) => page.path === path) ?? PAGES.find((page) => page.path && path.startsWith(`${page.path}/`));
