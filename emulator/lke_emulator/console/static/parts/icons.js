// Outlines on a grid of 16, drawn in the colour of the text.
import { html } from "../vendor/preact.js";

const PATHS = {
  overview: "M2.5 2.5h4.5v6H2.5zM9 2.5h4.5v3.5H9zM9 8h4.5v5.5H9zM2.5 10.5H7v3H2.5z",
  report: "M2.5 13.5h11M4.5 11V8M8 11V3.5M11.5 11V6",
  calls: "M2.5 4h11M2.5 8h7M2.5 12h9",
  world: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5v3.2l2.2 1.6",
  apps: "M8 2.5 13.5 5v6L8 13.5 2.5 11V5zM2.5 5 8 7.7 13.5 5M8 7.7v5.8",
  resources: "M2.5 4.5h11v7h-11zM2.5 8h6M8.5 4.5v7",
  settings: "M2.5 5h6M11.5 5h2M2.5 11h2M7.5 11h6M8.5 5a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0M4.5 11a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0",
  keys: "M9 7a2.8 2.8 0 1 0-2.6 2L6 9.5v1.5H4.5v2h-2v-2.2L6.6 6.7",
  wallet: "M2.5 4.5h9.5v2M2.5 4.5v8h11v-6h-11M10.5 9.5h1",
  notifications: "M4 11V7a4 4 0 0 1 8 0v4l1 1H3zM6.5 13.5h3",
  explorer: "M5.5 4.5 2.5 8l3 3.5M10.5 4.5l3 3.5-3 3.5M9 3l-2 10",
  search: "M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM10 10l3.5 3.5",
  close: "M4 4l8 8M12 4l-8 8",
  menu: "M2.5 4h11M2.5 8h11M2.5 12h11",
  warning: "M8 3 14 13H2zM8 7v3M8 11.5v.2",
  info: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 7.5V11M8 5v.2",
  link: "M6.5 9.5l3-3M7 4.5l1.3-1.3a2.6 2.6 0 0 1 3.7 0 2.6 2.6 0 0 1 0 3.7l-1.4 1.3M9 11.5l-1.3 1.3a2.6 2.6 0 0 1-3.7 0 2.6 2.6 0 0 1 0-3.7L5.4 7.8",
  copy: "M5.5 5.5h7v7h-7zM3.5 10.5v-7h7",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1",
  freeze: "M5.5 3.5v9M10.5 3.5v9",
  follow: "M5 3.5 12 8l-7 4.5z",
  mark: "M2.5 13V8.5L8 3l5.5 5.5V13M5.5 13V9.5h5V13",
};

export const Icon = ({ name, size = 16 }) =>
  html`<svg width=${size} height=${size} viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
