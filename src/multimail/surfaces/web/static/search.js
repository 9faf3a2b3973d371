// A search box that asks the server how what was typed may go on: <input list=… data-suggest="/inbox/suggest">.
"use strict";
(() => {
  const DELAY = 120;
  for (const box of document.querySelectorAll("input[data-suggest][list]")) {
    const list = box.list;
    let timer = 0, asked = null;
    const ask = async () => {
      const query = new URLSearchParams({ text: box.value });
      const mailbox = box.form.elements.mailbox?.value;
      if (mailbox) query.set("mailbox", mailbox);
      asked?.abort();
      asked = new AbortController();
      try {
        const answer = await fetch(`${box.dataset.suggest}?${query}`, { signal: asked.signal, redirect: "error" });
        if (!answer.ok) return;
        const options = (await answer.json()).map(({ value, label }) => Object.assign(document.createElement("option"), { value, label }));
        list.replaceChildren(...options);
      } catch {
        // Typed on, or the server is away: what stands there stays.
      }
    };
    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, DELAY);
    });
  }
})();
