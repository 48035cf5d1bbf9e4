// What the page says, in the language that the server has written it for: the browser's, or the one that was chosen. Names of the wire are never translated.
import { told } from "./cell.js";

export const LANGUAGES = { en: "English", zh: "简体中文" };
export const language = told("language", document.documentElement.lang.slice(0, 2));

const PLACE = { en: 0, zh: 1 };
let plural = new Intl.PluralRules("en");

export const said = (pair, values = {}) => {
  // [English, Chinese]; an English text with a plural is {one, other} chosen by {n}.
  let text = Array.isArray(pair) ? pair[PLACE[language.value]] : pair;
  if (typeof text === "object") text = text[plural.select(Number(values.n))] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all));
};

export const speaker = (words) => (name, values) => (name in words ? said(words[name], values) : name);
