// Every page, one line each: path below the console, [English, Chinese], group of the navigation, letter after g, and its file.
// The file's default export is a component; it gets {account, rest}: what the address has behind the page's path.
export const GROUPS = ["watch", "account", "build", "emulator"];
export const PAGES = [
  { path: "", icon: "overview", title: ["Overview", "总览"], group: "watch", key: "o", load: () => import("./pages/overview.js") },
  { path: "report", icon: "report", title: ["Data report", "数据报表"], group: "watch", key: "u", load: () => import("./pages/report.js") },
  { path: "calls", icon: "calls", title: ["Calls", "调用"], group: "watch", key: "c", load: () => import("./pages/calls.js") },
  { path: "world", icon: "world", title: ["Time and world", "时间与世界"], group: "emulator", key: "t", load: () => import("./pages/world.js") },
];

export const pageOf = (path) => PAGES.find((page) => page.path === path) ?? PAGES.find((page) => page.path && path.startsWith(`${page.path}/`));
