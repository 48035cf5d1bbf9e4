// Uses every control of the part of a page that `root` names, once, and gives what became of each: [[control, what is wrong]].
// Whoever hears nothing, sees nothing, or is told nothing of a refusal, has found a dead button.
async root => {
  const PATIENCE = 15000;
  const CONTROLS = "button, a[href], select, input, textarea, summary, tr.opens";
  const seen = { changes: 0, calls: 0, refused: [], inFlight: 0 };
  const heard = () => (seen.changes += 1);
  new MutationObserver(heard).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  for (const kind of ["popstate", "invalid", "focusin", "toggle"]) addEventListener(kind, heard, true);
  navigator.clipboard.writeText = async () => heard();
  const file = URL.createObjectURL;
  URL.createObjectURL = thing => (heard(), file.call(URL, thing));
  const ask = window.fetch;
  window.fetch = async (...given) => {
    seen.calls += 1;
    seen.inFlight += 1;
    try {
      const answer = await ask(...given);
      if (answer.status >= 500) seen.refused.push(`HTTP ${answer.status}`);
      else if (!answer.ok) answer.clone().json().then(said => seen.refused.push(said.error ?? ""), () => {});
      return answer;
    } finally {
      seen.inFlight -= 1;
    }
  };
  const turn = () => new Promise(done => setTimeout(done, 10));
  async function until(test) {
    const end = performance.now() + PATIENCE;
    while (!test()) {
      if (performance.now() > end) return false;
      await turn();
    }
    return true;
  }
  async function quiet() {
    // Nothing is asked for, and nothing moves any more.
    for (let before = -1; before !== seen.changes || seen.inFlight || document.querySelector("main [aria-busy=true]"); ) {
      before = seen.changes;
      await turn(), await turn();
    }
  }
  const text = one => (one.getAttribute("aria-label") || one.innerText || one.closest("label")?.innerText || one.getAttribute("placeholder") || "").trim().split("\n")[0].slice(0, 40);
  const PARTS = "th button, .copyable, .evidence, .table-foot .button, .chart-box .button"; // what is the same on every page is used once on each
  const nameOf = one => one.matches(PARTS) ? [...one.classList].join(" ") || "th" : [one.closest("dialog") ? "dialog" : "", one.closest("section")?.querySelector("h2")?.innerText ?? "", one.matches("tr") ? "row" : one.matches("[role=switch]") ? "switch" : `${one.localName} ${one.type ?? ""} ${text(one).replace(/\d+/g, "#")}`].join(" | ");
  const usable = one => one.checkVisibility() && !one.disabled && !one.readOnly && !one.matches('[aria-current="page"], .segments [aria-pressed="true"], input:checked[type=radio], .skip') && !one.closest("[inert]");
  function put(one, value) {
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(one), "value").set.call(one, value);
    one.dispatchEvent(new Event("input", { bubbles: true }));
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function use(one) {
    if (one.matches("select")) return put(one, [...one.options].find(option => option.value !== one.value)?.value ?? one.value), one.options.length < 2;
    if (one.type === "file") {
      const files = new DataTransfer();
      files.items.add(new File(["no snapshot, no scenario, no document"], "a.txt"));
      one.files = files.files;
      one.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (one.matches("textarea, input:not([type=checkbox], [type=radio])")) {
      const value = { number: "3", date: "2026-11-02", "datetime-local": "2026-11-20T10:00:01" }[one.type] ?? "harbour";
      put(one, value);
      return one.value === value;
    } else {
      const was = one.checked;
      one.click();
      return one.checked !== was; // no attribute tells of it
    }
    return false;
  }
  const told = why => !why || document.body.innerText.replace(/\s+/g, " ").includes(why.replace(/\s+/g, " ").slice(0, 60));
  const found = [];
  async function tryOut(one, name) {
    window.walkAt = name;
    await quiet();
    if (!one.isConnected) return; // drawn anew since it was found
    const before = { ...seen, at: location.href };
    seen.refused = [];
    const content = use(one);
    const happened = content || (await until(() => seen.changes > before.changes || seen.calls > before.calls || location.href !== before.at));
    await quiet();
    const why = seen.refused.find(said => said.startsWith("HTTP 5") || !told(said));
    found.push([name, happened ? (why === undefined ? "" : `not told: ${why}`) : "nothing happened"]);
  }
  async function dialogs(name, opener) {
    // What was asked is answered: first by Cancel or whatever closes, then every control in it is used, the last is what goes on.
    const box = () => document.querySelector("dialog[open]");
    const first = box().querySelector(".end button[type=button]") ?? box().querySelector(".end button:last-child");
    if (first) first.click();
    else box().close(); // as Escape does
    if (!(await until(() => !box()))) return found.push([name, "its dialog does not close"]);
    if (!opener.isConnected || !usable(opener)) return;
    opener.click();
    if (!(await until(box))) return found.push([name, "its dialog does not come again"]);
    const done = new Set();
    for (let guard = 0; box() && guard < 30; guard += 1) {
      const all = [...box().querySelectorAll(CONTROLS)].filter(each => usable(each) && !each.closest(".end"));
      const one = all.find(each => !done.has(nameOf(each)));
      if (!one) break;
      done.add(nameOf(one));
      await tryOut(one, nameOf(one));
    }
    const go = box()?.querySelector(".end button:not([type=button])");
    if (go) await tryOut(go, nameOf(go));
    for (let guard = 0; box() && guard < 3; guard += 1) {
      const open = box();
      box().close();
      await until(() => box() !== open);
    }
  }
  const start = location.href;
  const done = new Set();
  for (;;) {
    await quiet();
    const one = [...document.querySelectorAll(`:is(${root}) :is(${CONTROLS})`)].find(each => usable(each) && !done.has(nameOf(each)));
    if (!one) return found;
    const name = nameOf(one);
    done.add(name);
    await tryOut(one, name);
    if (document.querySelector("dialog[open]")) await dialogs(name, one);
    if (location.pathname !== new URL(start).pathname) {
      history.pushState(null, "", start);
      dispatchEvent(new PopStateEvent("popstate"));
    }
    for (const close of document.querySelectorAll(".toast.bad button")) close.click();
  }
}
