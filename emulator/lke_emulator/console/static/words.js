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

// `speaker("world", "shell")`: what (name, values) is called in the first of these files of words/ that has it, else the name, or `otherwise`.
export const speaker = (...files) => {
  const words = Object.assign({}, ...files.map((file) => WORDS[file]).reverse());
  return (name, values = {}, otherwise = name) => (Object.hasOwn(words, name) ? filled(words[name], values) : otherwise);
};

export const wire = speaker("wire"); // what the cloud says in Chinese alone
export const said = ([english, chinese]) => (language === "zh" ? chinese : english); // what control says in both languages

// What control says in English alone, in the page's language: as a whole, by its place (`accounts[0].uin: ...`), or sentence by sentence.
const chinese = Object.entries(WORDS.control ?? {}).sort(([one], [other]) => other.length - one.length);
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const LONGEST = 2000; // somebody else's text, which is not searched
const DEEPEST = 20; // texts within texts: somebody may write a thousand colons
const JOINT = 4; // letters of what only joins others, such as `{} or {}`
let patterns, joints; // [what it is in English, in Chinese], the longest first: made when the first is looked for

export const heard = (text) => (language === "zh" && text && text.length <= LONGEST ? within(text, 0) : text);

function within(text, depth) {
  if (depth > DEEPEST) return text;
  if (!patterns) {
    const made = chinese.map(([english, other]) => [new RegExp(`^${english.split("{}").map(escaped).join("([^]*?)")}$`), other, english]);
    const joins = ([, , english]) => english.includes("{}") && english.replaceAll("{}", "").trim().length < JOINT;
    [patterns, joints] = [made.filter((one) => !joins(one)), made.filter(joins)];
  }
  const whole = translated(patterns, text, depth);
  if (whole !== undefined) return whole;
  const [, place, rest] = /^(\S+): ([^]+)$/.exec(text) ?? [];
  if (place) return `${place}: ${within(rest, depth + 1)}`;
  return text.includes("; ") ? text.split("; ").map((part) => within(part, depth + 1)).join("；") : translated(joints, text, depth) ?? text;
}

function translated(table, text, depth) {
  const found = table.find(([english]) => english.test(text));
  if (!found) return undefined;
  const [, ...parts] = found[0].exec(text);
  return found[1].replace(/\{(\d)\}/g, (_, number) => within(parts[number - 1], depth + 1));
}
