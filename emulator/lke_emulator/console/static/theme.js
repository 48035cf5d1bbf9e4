// Light, dark, or as the system is. The server writes the choice into the page, so that a dark one never flashes.
import { cell, choose } from "./cell.js";

export const theme = cell(document.documentElement.dataset.theme);
theme.watch((value) => {
  document.documentElement.dataset.theme = value;
  choose("theme", value);
});
