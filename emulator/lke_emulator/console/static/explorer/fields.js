// A request as a form and as JSON: two views of one value.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import * as format from "../format.js";
import { Empty } from "../parts/card.js";
import { Icon } from "../parts/icons.js";
import { said, speaker } from "../words.js";
import { at, blank, blankItem, inOrder, put, readScalar } from "./form.js";
import { parse, write } from "./json.js";
import { isObject, isScalar, membersOf, placeOf, typeOf } from "./shape.js";

const t = speaker("explorer");
const LONG = 80; // letters that a line shows
const idOf = (path) => `member-${placeOf(path)}`;
const textOf = (value) => (value === undefined || value === null ? "" : typeof value === "object" ? write(value) : String(value));

function Complaints({ form, path }) {
  const found = form.problems.filter((one) => placeOf(one.path) === placeOf(path));
  return found.length > 0 && html`<p class="complaint" id=${`${idOf(path)}-why`}>${found.map((one) => t(`problem-${one.reason}`, one)).join(", ")}</p>`;
}

const isBad = (form, path) => form.problems.some((one) => placeOf(one.path) === placeOf(path));

function Written({ text, type, inputmode, list, placeholder, ...more }) {
  // A line, or where it is long or has several lines a field for these: who types one into the other goes on typing.
  const long = text.includes("\n") || text.length > LONG;
  const field = useRef(null), caret = useRef(null);
  useLayoutEffect(() => {
    if (caret.current === null) return;
    field.current.focus();
    field.current.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [long]);
  const typed = (event) => {
    const { value, selectionStart } = event.target;
    if ((value.includes("\n") || value.length > LONG) !== long) caret.current = selectionStart;
    type(event);
  };
  const pasted = (event) => {
    // An input would join the lines.
    const given = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n");
    if (!given.includes("\n")) return;
    event.preventDefault();
    const { value, selectionStart, selectionEnd } = event.target;
    caret.current = selectionStart + given.length;
    type({ target: { value: value.slice(0, selectionStart) + given + value.slice(selectionEnd) } });
  };
  if (long) return html`<textarea ...${more} ref=${field} rows=${Math.min(8, text.split("\n").length + 1)} value=${text} onInput=${typed}></textarea>`;
  return html`<input ...${more} ref=${field} class="mono" value=${text} onInput=${typed} onPaste=${pasted} inputmode=${inputmode} list=${list} autocomplete="off" spellcheck="false" placeholder=${placeholder} />`;
}

function Scalar({ form, member, path, label }) {
  const value = at(form.value, path);
  const id = idOf(path);
  const bad = isBad(form, path);
  const more = { id, "aria-label": label, "aria-invalid": bad, "aria-describedby": bad ? `${id}-why` : undefined };
  const typed = (event) => {
    const read = readScalar(member.type, event.target.value);
    // An optional text that is emptied is left out; in a list it stays, and a needed one too.
    form.set(put(form.value, path, read === "" && !member.required && typeof path.at(-1) === "string" ? undefined : read ?? (typeof path.at(-1) === "number" ? "" : undefined)));
  };
  if (member.type === "bool") return html`<select ...${more} onChange=${typed}>${["", "true", "false"].map((one) => html`<option key=${one} value=${one} selected=${textOf(value) === one}>${one || t("not-set")}</option>`)}</select>`;
  const text = textOf(value);
  const known = Object.entries(member.values ?? {});
  return html`<${Written} ...${more} text=${text} type=${typed} inputmode=${member.type === "string" ? undefined : "decimal"} list=${known.length ? `${id}-known` : undefined} placeholder=${value === undefined && member.required ? member.type : ""} />
    ${known.length > 0 && html`<datalist id=${`${id}-known`}>${known.map(([one, pair]) => html`<option key=${one} value=${one}>${said(pair)}</option>`)}</datalist>
      <span class="known">${known.map(([one, pair]) => html`<button type="button" key=${one} aria-pressed=${text === one} onClick=${() => form.set(put(form.value, path, readScalar(member.type, one)))}>${one}${said(pair) && ` ${said(pair)}`}</button>`)}</span>`}`;
}

const Remove = ({ form, path, name }) => html`<button type="button" class="button icon plain" aria-label=${`${t("remove")} ${name}`} title=${t("remove")} onClick=${() => form.set(put(form.value, path, undefined))}><${Icon} name="close" size="12" /></button>`;

function Items({ form, member, path }) {
  const value = at(form.value, path);
  const list = Array.isArray(value) ? value : [];
  const one = { ...member, many: false, required: true };
  return html`<div class="stack items">
    ${list.map((_, index) => html`<div key=${index} class="item">
      <span class="tiny muted tabular">${index}</span>
      <div class="grow">${isScalar(member) ? html`<${Scalar} form=${form} member=${one} path=${[...path, index]} label=${`${member.name}.${index}`} />` : html`<${Members} form=${form} shape=${member.type} path=${[...path, index]} />`}<${Complaints} form=${form} path=${[...path, index]} /></div>
      <${Remove} form=${form} path=${[...path, index]} name=${`${member.name}.${index}`} />
    </div>`)}
    <div><button type="button" class="button" onClick=${() => form.set(put(form.value, path, [...list, blankItem(form.action, member)]))}>+ ${t("add")} ${member.name}.${list.length}</button></div>
  </div>`;
}

function Member({ form, member, path }) {
  const value = at(form.value, path);
  const simple = isScalar(member) && !member.many;
  const absent = value === undefined || value === null;
  return html`<div class=${`member ${isBad(form, path) ? "wrong" : ""}`} data-member=${placeOf(path)}>
    <div class="bar"><label for=${simple ? idOf(path) : undefined}><code>${member.name}</code></label>${member.required && html`<span class="needed" title=${t("required")}>*<span class="hidden">${t("required")}</span></span>`}<span class="tiny muted">${typeOf(member)}</span>${member.disabled && html`<span class="tiny warn">${t("disabled")}</span>`}<span class="grow"></span>
      ${!simple && (absent ? html`<button type="button" class="button plain" aria-label=${`${t("add")} ${member.name}`} onClick=${() => form.set(put(form.value, path, member.many ? [blankItem(form.action, member)] : blank(form.action, member)))}>+ ${t("add")}</button>` : html`<${Remove} form=${form} path=${path} name=${member.name} />`)}</div>
    ${member.about && html`<p class="tiny muted">${said(member.about)}</p>`}
    ${/Time$|^Expire/.test(member.name) && /^[1-9][0-9]{9}$/.test(textOf(value)) && html`<p class="tiny muted tabular">${format.moment(Number(value), form.zone)} ${format.offset(form.zone)}</p>`}
    ${simple && html`<${Scalar} form=${form} member=${member} path=${path} label=${placeOf(path)} />`}
    ${!simple && !absent && (member.many ? html`<${Items} form=${form} member=${member} path=${path} />` : html`<div class="inner"><${Members} form=${form} shape=${member.type} path=${path} /></div>`)}
    <${Complaints} form=${form} path=${path} />
  </div>`;
}

function Members({ form, shape, path }) {
  // What is needed and what is given; the others when they are asked for.
  const [all, show] = useState(false);
  const value = at(form.value, path);
  const members = membersOf(form.action, shape);
  const few = members.filter((one) => one.required || (value?.[one.name] ?? null) !== null);
  const shown = useRef(new Set());
  for (const one of few) shown.current.add(one.name); // what is emptied does not go while it is typed
  const seen = all || members.length <= 4 ? members : members.filter((one) => shown.current.has(one.name));
  const unknown = isObject(value) ? Object.keys(value).filter((name) => !members.some((one) => one.name === name)) : [];
  return html`<div class="stack">
    ${seen.map((member) => html`<${Member} key=${member.name} form=${form} member=${member} path=${[...path, member.name]} />`)}
    ${unknown.map((name) => html`<div key=${name} class="member wrong"><div class="bar"><code class="clip">${name}</code><span class="grow"></span><${Remove} form=${form} path=${[...path, name]} name=${name} /></div><${Complaints} form=${form} path=${[...path, name]} /></div>`)}
    ${members.length > 4 && (all || seen.length < members.length) && html`<div><button type="button" class="button plain" aria-expanded=${all} onClick=${() => show(!all)}>${all ? t("fewer") : t("more", { n: members.length - seen.length })}</button></div>`}
  </div>`;
}

export const Form = ({ form }) => (membersOf(form.action, form.action.request).length ? html`<${Members} form=${form} shape=${form.action.request} path=${[]} />` : html`<${Empty} text=${t("empty")} />`);

export function JsonView({ form }) {
  // What is typed is kept as it is, also while it is no JSON; the other view shows the last that was.
  const written = () => write(inOrder(form.action, form.action.request, form.value), "  ");
  const [text, type] = useState(written);
  const [wrong, blame] = useState(null);
  const own = useRef(form.value);
  useEffect(() => {
    if (own.current !== form.value) {
      type(written());
      blame(null);
    }
  }, [form.value]);
  useEffect(() => form.breaks(Boolean(wrong)), [wrong]);
  useEffect(() => () => form.breaks(false), []);
  const typed = (event) => {
    type(event.target.value);
    try {
      const value = parse(event.target.value);
      if (!isObject(value)) return blame({ message: t("no-object") });
      blame(null);
      own.current = value;
      form.set(value);
    } catch (problem) {
      blame({ message: t(problem.what ? "bad-json-wanted" : "bad-json", problem) });
    }
    return undefined;
  };
  return html`<div class="stack"><textarea class="json-view" aria-label=${t("json")} aria-invalid=${Boolean(wrong)} rows=${Math.max(8, Math.min(30, text.split("\n").length + 1))} spellcheck="false" value=${text} onInput=${typed}></textarea>
    ${wrong && html`<p class="complaint" role="alert">${wrong.message}</p>`}
    ${form.problems.map((one) => html`<p key=${placeOf(one.path)} class="complaint"><code>${placeOf(one.path)}</code> ${t(`problem-${one.reason}`, one)}</p>`)}
  </div>`;
}
