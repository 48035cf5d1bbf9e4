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
    for (let before = -1; before !== seen.changes || seen.inFlight || document.querySelector("main [aria-busy=true], dialog:not([open])"); ) {
      before = seen.changes;
      await turn(), await turn();
    }
  }
  const text = one => (one.getAttribute("aria-label") || one.innerText || one.closest("label")?.innerText || one.getAttribute("placeholder") || "").trim().split("\n")[0].slice(0, 40);
  const PARTS = "th button, .copyable, .evidence, .table-foot .button, .chart-box .button"; // what is the same on every page is used once on each
  const nameOf = one => one.matches(PARTS) ? [...one.classList].join(" ") || "th" : [one.closest("dialog") ? "dialog" : "", one.closest("section")?.querySelector("h2")?.innerText ?? "", one.matches("tr") ? "row" : one.matches("[role=switch]") ? "switch" : `${one.localName} ${one.type ?? ""} ${text(one).replace(/\d+/g, "#")}`].join(" | ");
  const usable = one => one.checkVisibility() && !one.disabled && !one.readOnly && !one.matches('[lang], [aria-current="page"], .segments [aria-pressed="true"], input:checked[type=radio], .skip') && !one.closest("[inert]");
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
    one.focus();
    const before = { ...seen, at: location.href };
    seen.refused = [];
    const content = use(one);
    const happened = content || (await until(() => seen.changes > before.changes || seen.calls > before.calls || location.href !== before.at));
    await quiet();
    const why = seen.refused.find(said => said.startsWith("HTTP 5") || !told(said));
    found.push([name, happened ? (why === undefined ? "" : `not told: ${why}`) : "nothing happened"]);
  }
  const box = () => document.querySelector("dialog[open]");
  async function left(name, leave) {
    // Whether what was asked is gone when it is left so. Who opened it has the focus again.
    const opener = box().opener;
    leave();
    if (!(await until(() => !box()))) return found.push([name, "its dialog does not close"]), false;
    if (opener?.isConnected && usable(opener) && document.activeElement !== opener) found.push([name, "the focus does not come back"]);
    return true;
  }
  async function opened(opener) {
    if (box()) return true;
    if (!opener.isConnected || !usable(opener)) return false;
    opener.focus();
    opener.click();
    if (!(await until(box))) return found.push([nameOf(opener), "its dialog does not come again"]), false;
    box().opener = opener;
    return true;
  }
  async function dialogs(name, opener) {
    // What was asked is left by Escape, then by Cancel; at last every control in it is used, and what goes on.
    box().opener = opener;
    const cancel = () => [...box().querySelectorAll(".end button[type=button]")].find(each => text(each) === "Cancel");
    if (!(await left(name, () => box().close())) || !(await opened(opener))) return;
    if (cancel() && (!(await left(name, () => cancel().click())) || !(await opened(opener)))) return;
    await within();
  }
  async function within() {
    const done = new Set();
    for (let guard = 0; guard < 60; guard += 1) {
      const ends = each => each.closest(".end") !== null && each.matches(":last-child");
      const all = [...(box()?.querySelectorAll(CONTROLS) ?? [])].filter(each => usable(each) && text(each) !== "Cancel" && !done.has(nameOf(each)));
      const one = all.find(each => !ends(each)) ?? all[0];
      if (!one) break;
      done.add(nameOf(one));
      await tryOut(one, nameOf(one));
    }
    if (box()) await left("what was asked", () => box().close());
    for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame); // another may come of it
  }
  const start = location.href;
  const done = new Set();
  for (;;) {
    await quiet();
    if (box()) await within(); // what came of a dialog
    const one = [...document.querySelectorAll(`:is(${root}) :is(${CONTROLS})`)].find(each => usable(each) && !done.has(nameOf(each)));
    if (!one) return found;
    const name = nameOf(one);
    done.add(name);
    await tryOut(one, name);
    if (box()) await dialogs(name, one);
    if (location.pathname !== new URL(start).pathname) {
      history.pushState(null, "", start);
      dispatchEvent(new PopStateEvent("popstate"));
    }
    for (const close of document.querySelectorAll(".toast.bad button")) close.click();
  }
}
