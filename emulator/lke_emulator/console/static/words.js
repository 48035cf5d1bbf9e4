// What the page says: the server has written all texts into it, in the language of who asks. Names of the wire are never translated.
import { choose } from "./cell.js";

export const LANGUAGES = { en: "English", zh: "简体中文" };
export const language = document.documentElement.lang.slice(0, 2);
const WORDS = JSON.parse(document.getElementById("words").textContent);
const plural = new Intl.PluralRules("en");

export const speak = (other) => {
  choose("language", other);
  location.reload();
};

function filled(text, values) {
  if (typeof text === "object") text = text[plural.select(Number(values.n))] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all));
}

// `speaker("world", "shell")`: what (name, values) is called in the first of these files of words/ that has it, else the name.
export const speaker = (...files) => {
  const words = Object.assign({}, ...files.map((file) => WORDS[file]).reverse());
  return (name, values = {}) => (Object.hasOwn(words, name) ? filled(words[name], values) : name);
};

export const wire = speaker("wire"); // what the cloud says in Chinese alone
export const said = ([english, chinese]) => (language === "zh" ? chinese : english); // what control says in both languages
