// Parts of a page that follow the server, from its event stream.
//
// An element with data-live="inbox review" is fetched anew whenever one of its topics changed, from data-live-url or
// this very page. It takes over the children of the element with its id in the answer; without an id, all of an answer
// that is no page. What was ticked, opened, focused or is being typed in stays. Nobody listens while the page is not
// looked at: a browser has few connections to spare.
"use strict";
(() => {
  const token = document.querySelector('meta[name="csrf"]')?.content;
  const parts = () => [...document.querySelectorAll("[data-live]")];
  if (!token) return;

  // A form that says what being shown means: <form data-when-shown>. Asking for a page changes nothing, seeing it may.
  for (const form of document.querySelectorAll("form[data-when-shown]")) {
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" }).catch(() => {});
  }
  if (!parts().length) return;

  const PAUSE = 250, LONGEST_WAIT = 30_000;
  const drawn = new WeakMap();
  let heard = -1, wait = 1_000, stream = null, over = false, signedOut = false, timer = 0;

  const topicsOf = (part) => part.dataset.live.split(/\s+/).filter(Boolean);
  const say = (state) => { document.documentElement.dataset.following = state; };

  // --- drawing anew ---

  let drawing = false;
  const due = new Set();

  async function draw() {
    if (drawing) return;
    drawing = true;
    while (due.size) {
      const topics = new Set(due);
      due.clear();
      const byUrl = new Map();
      for (const part of parts().filter((one) => topicsOf(one).some((topic) => topics.has(topic)))) {
        const url = part.dataset.liveUrl || location.pathname + location.search;
        byUrl.set(url, [...(byUrl.get(url) || []), part]);
      }
      await Promise.all([...byUrl].map(([url, some]) => drawFrom(url, some).catch(() => {})));
      await new Promise((done) => setTimeout(done, PAUSE));
    }
    drawing = false;
  }

  async function drawFrom(url, some) {
    const answer = await fetch(url, { redirect: "error", cache: "no-store" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of some) {
      const fresh = part.id ? page.getElementById(part.id) : page.querySelector("main") ? null : page.body;
      if (fresh && part.isConnected) takeOver(part, fresh);
    }
  }

  function isBeingTypedIn(part) {
    const at = document.activeElement;
    return at !== part && part.contains(at) && at.matches("textarea, select, input:not([type=checkbox], [type=radio])");
  }

  function takeOver(part, fresh) {
    const html = fresh.innerHTML;
    if (html === (drawn.get(part) ?? part.innerHTML)) return;
    if (isBeingTypedIn(part)) {
      part.addEventListener("focusout", () => follow(topicsOf(part)), { once: true });
      return;
    }
    drawn.set(part, html);
    const had = new Set([...part.querySelectorAll("[data-row]")].map((one) => one.id));
    const kept = remembered(part);
    part.replaceChildren(...document.adoptNode(fresh).childNodes);
    for (const row of part.querySelectorAll("[data-row][id]")) {
      row.classList.toggle("fresh", !had.has(row.id));
    }
    recall(part, kept);
    part.dispatchEvent(new CustomEvent("live:drawn", { bubbles: true }));
  }

  const key = (one) => one.id || `${one.tagName} ${one.name || ""} ${one.getAttribute("href") || one.value || ""}`;

  function remembered(part) {
    const at = part.contains(document.activeElement) ? key(document.activeElement) : null;
    const ticked = [...part.querySelectorAll("input[type=checkbox]:checked")].map(key);
    const opened = [...part.querySelectorAll("details[open][id]")].map(key);
    return { at, ticked: new Set(ticked), opened: new Set(opened), active: part.querySelector("[data-row].active")?.id };
  }

  function recall(part, kept) {
    for (const one of part.querySelectorAll("input[type=checkbox]")) one.checked ||= kept.ticked.has(key(one));
    for (const one of part.querySelectorAll("details[id]")) one.open ||= kept.opened.has(key(one));
    if (kept.active) document.getElementById(kept.active)?.classList.add("active");
    if (kept.at === null) return;
    const again = [...part.querySelectorAll("a, button, input, summary, [tabindex]")];
    again.find((one) => key(one) === kept.at)?.focus({ preventScroll: true });
  }

  function follow(topics) {
    for (const topic of topics) due.add(topic);
    draw();
  }

  // --- listening ---

  async function listen() {
    if (stream || over || document.hidden) return;
    const topics = new Set(parts().flatMap(topicsOf));
    const query = new URLSearchParams([...topics].map((topic) => ["topic", topic]));
    // How long this page may have missed something: since it was asked for, or since the stream broke off.
    query.set("age", String(Math.ceil(heard < 0 ? performance.now() : performance.now() - heard) + 1_000));
    const mine = stream = new AbortController();
    try {
      const answer = await fetch(`/live?${query}`, { headers: { "X-CSRF-Token": token }, signal: mine.signal });
      if ([400, 401, 403].includes(answer.status)) over = true;
      if (answer.status === 401) signedOut = true;
      if (answer.ok) await read(answer.body.pipeThrough(new TextDecoderStream()).getReader());
    } catch {
      // It broke off, or the page is not looked at any more: both end below.
    }
    if (stream === mine) stream = null;
    say(over ? "over" : "no");
    if (signedOut && !isWrittenOn()) location.reload();
    if (!over && !document.hidden) {
      clearTimeout(timer);
      timer = setTimeout(listen, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
  }

  async function read(reader) {
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      heard = performance.now();
      wait = 1_000;
      text += value;
      const frames = text.split("\n\n");
      text = frames.pop();
      frames.forEach(hear);
    }
  }

  function hear(frame) {
    const lines = Object.fromEntries(frame.split("\n").map((line) => [line.split(": ", 1)[0], line.slice(line.indexOf(": ") + 2)]));
    if (lines.event === "hello") say("yes");
    if (lines.event === "over") over = signedOut = true;
    if (lines.event === "changed") follow(JSON.parse(lines.data).topics);
  }

  // Who is signed out sees mail no longer, but loses nothing that is being written.
  function isWrittenOn() {
    const fields = document.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=radio])");
    return [...fields].some((one) => one.value !== one.defaultValue);
  }

  function pause() {
    clearTimeout(timer);
    heard = stream ? performance.now() : heard;
    stream?.abort();
    stream = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? pause() : listen()));
  addEventListener("pagehide", pause);
  addEventListener("pageshow", (event) => event.persisted && listen());
  listen();
})();
