// Small helps on every page; each works without.
"use strict";
(() => {
  // A form is sent once: a second click while the first is on its way does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || (form.method !== "post" && form.method !== "POST")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  // Back in the history, the page is as it was before it was sent.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const one of document.querySelectorAll("[aria-busy]")) one.removeAttribute("aria-busy");
  });

  const copy = async (button) => {
    const from = document.getElementById(button.dataset.copy);
    const text = from.value ?? from.textContent;
    const said = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(from);
      button.textContent = "Selected: copy it";
    }
    setTimeout(() => { button.textContent = said; }, 2000);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // One box that ticks the others of its form: <input type="checkbox" data-all="name" hidden>.
  document.addEventListener("change", (event) => {
    const box = event.target;
    const name = box.dataset?.all ?? box.name;
    const form = box.form;
    if (!form || box.type !== "checkbox") return;
    const all = form.querySelector(`[data-all="${CSS.escape(name)}"]`);
    const each = [...form.elements].filter((one) => one.name === name && one.type === "checkbox");
    if (!all || !each.length) return;
    if (box === all) each.forEach((one) => { one.checked = all.checked; });
    const ticked = each.filter((one) => one.checked).length;
    all.checked = ticked === each.length;
    all.indeterminate = ticked > 0 && !all.checked;
  });

  // Moments are printed in UTC; here they are said as the reader's clock has them.
  const written = new Intl.DateTimeFormat("en-GB", {
    weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  });
  const local = (time) => {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.valueOf()) || at.getTimezoneOffset() === 0) return;
    const utc = time.textContent.trim();
    if (utc.endsWith(" UTC")) {
      time.title = utc;
      time.textContent = written.format(at).replace(",", "");
    } else if (time.title.endsWith(" UTC")) {
      time.title = written.format(at).replace(",", "");
    }
  };
  const improve = (root) => {
    root.querySelectorAll("time[datetime]").forEach(local);
    root.querySelectorAll("[data-copy][hidden], [data-all][hidden], [data-scripted][hidden]").forEach((one) => { one.hidden = false; });
  };
  improve(document);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.nodeType === 1) improve(node.parentNode ?? node);
  }).observe(document.body, { childList: true, subtree: true });
})();
