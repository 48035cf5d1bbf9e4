// Light, dark, or as the system is; theme.js reads it before the first paint.
import { kept } from "./cell.js";

export const theme = kept("theme", "");
theme.watch((value) => {
  if (value) document.documentElement.dataset.theme = value;
  else delete document.documentElement.dataset.theme;
});
