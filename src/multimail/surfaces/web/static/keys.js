// The keyboard: what each page offers, and the list of it on demand. An element says which key is its own:
// data-key="a" data-key-label="Approve"; two keys in a row are "g r". Rows to walk with j and k carry data-row;
// a key that belongs to an element of the active row acts there.
"use strict";
(() => {
  const OFF = "multimail-keys-off";
  const PATIENCE = 1000;
  const shown = (one) => one.getClientRects().length > 0 || one.closest("details:not([open])");
  const rows = () => [...document.querySelectorAll("[data-row]")].filter(shown);
  const active = () => document.querySelector("[data-row].active");
  const off = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };
  const turn = (on) => { try { on ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"); } catch { /* for this page only */ } };
  const typing = (target) => target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");

  const activate = (row) => {
    active()?.classList.remove("active");
    row.classList.add("active");
    const link = row.matches("a, button") ? row : row.querySelector("a[href], button, input, summary");
    (link ?? row).focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  const walk = (by) => {
    const all = rows();
    if (!all.length) return false;
    const at = all.indexOf(active());
    activate(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)]);
    return true;
  };
  // The row that is focused by other means is the active one too.
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-row]");
    if (!row || row === active()) return;
    active()?.classList.remove("active");
    row.classList.add("active");
  });

  const find = (keys) => {
    const wanted = `[data-key="${CSS.escape(keys)}"]`;
    const here = active();
    const all = [...(here ? here.querySelectorAll(wanted) : []), ...document.querySelectorAll(wanted)];
    return all.find((one) => shown(one) && !one.disabled && (!one.closest("[data-row]") || one.closest("[data-row]") === here));
  };
  const begins = (keys) => [...document.querySelectorAll("[data-key]")].some((one) => one.dataset.key.startsWith(`${keys} `));
  const use = (one) => {
    for (let outer = one.parentElement?.closest("details"); outer; outer = outer.parentElement?.closest("details")) outer.open = true;
    if (one.matches("details")) {
      one.open = true;
      (one.querySelector("input:not([type=hidden]), textarea, button") ?? one.querySelector("summary")).focus();
    } else if (one.matches("a, button, summary, input[type=checkbox], input[type=radio]")) one.click();
    else one.focus();
  };

  const list = () => {
    const pairs = new Map();
    if (rows().length) pairs.set("j", "Next").set("k", "Previous");
    for (const one of document.querySelectorAll("[data-key]")) {
      if (!pairs.has(one.dataset.key) && shown(one)) pairs.set(one.dataset.key, one.dataset.keyLabel ?? one.textContent.trim());
    }
    return pairs.set("?", "This list");
  };
  const make = (name, text = "") => Object.assign(document.createElement(name), { textContent: text });
  const help = () => {
    document.querySelector("dialog.keys")?.remove();
    const dialog = Object.assign(make("dialog"), { className: "keys" });
    const title = Object.assign(make("h2", "Keys on this page"), { id: "keys-title" });
    dialog.setAttribute("aria-labelledby", title.id);
    const body = make("tbody");
    for (const [keys, label] of list()) {
      const row = body.appendChild(make("tr"));
      const cell = Object.assign(make("th"), { scope: "row" });
      for (const key of keys.split(" ")) cell.append(make("kbd", key), " ");
      row.append(cell, make("td", label));
    }
    const table = make("table");
    table.append(body);
    const choice = make("label");
    const box = Object.assign(make("input"), { type: "checkbox", checked: !off() });
    box.addEventListener("change", () => turn(box.checked));
    choice.append(box, make("span", "Use single keys in this browser"));
    const check = Object.assign(make("p"), { className: "check" });
    check.append(choice);
    const close = Object.assign(make("button", "Close"), { type: "button" });
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    dialog.append(title, table, check, close);
    document.body.append(dialog);
    dialog.showModal();
    close.focus();
  };
  for (const opener of document.querySelectorAll("[data-keys-help]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => {
      const menu = opener.closest("details.menu");
      if (menu) menu.open = false;
      help();
    });
  }

  let before = "";
  let timer = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.key.length !== 1) return;
    if (typing(event.target) || document.querySelector("dialog[open]") || off()) return;
    const keys = before ? `${before} ${event.key}` : event.key;
    before = "";
    clearTimeout(timer);
    const one = find(keys);
    if (one) use(one);
    else if (keys === "j" || keys === "k") { if (!walk(keys === "j" ? 1 : -1)) return; }
    else if (keys === "?") help();
    else if (begins(keys)) {
      before = keys;
      timer = setTimeout(() => { before = ""; }, PATIENCE);
    } else return;
    event.preventDefault();
  });
})();
