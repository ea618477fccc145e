// The inbox: keys, what was on screen, the stream of changes, undo.
"use strict";
(() => {
  const panes = document.getElementById("panes");
  if (!panes) return;
  const byId = (id) => document.getElementById(id);
  const rows = () => [...document.querySelectorAll(".queue-row")];
  let cursor = null;

  // The cursor of j and k, and which alert is open: both outlive a refresh of the queue.
  const openAlert = () => (location.pathname.match(/[0-9a-f]{64}/) || [null])[0];
  const paint = () => {
    for (const row of rows()) {
      row.classList.toggle("cursor", row.dataset.alert === cursor);
      if (row.dataset.alert === openAlert()) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  };
  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const place = all.findIndex((row) => row.dataset.alert === (cursor || openAlert()));
    const row = all[Math.min(Math.max(place + step, 0), all.length - 1)];
    cursor = row.dataset.alert;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    paint();
  };
  const typing = (element) => element.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
  document.addEventListener("keydown", (event) => {
    const form = byId("decide");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) { event.preventDefault(); form.requestSubmit(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "Enter" && cursor && event.target === document.body) rows().find((row) => row.dataset.alert === cursor)?.click();
    else if (event.key === "d" && form) {
      event.preventDefault();
      form.scrollIntoView({ block: "nearest" });
      (form.querySelector("input[name=decision]:checked") || form.querySelector("input[name=decision]")).focus();
    }
  });

  // What was on screen is what is recorded as read.
  let seen = new Set();
  const count = () => {
    const field = document.querySelector("#decide input[name=reviewed]");
    if (!field) return;
    const entries = new Set([...seen, field.dataset.always]);
    field.value = [...entries].join(",");
    byId("read-count").textContent = entries.size;
  };
  const watcher = new IntersectionObserver((changes) => {
    for (const change of changes) {
      // Half of it was there, or it filled half of the pane: some messages are longer than any screen.
      const enough = change.intersectionRatio >= 0.5 || change.intersectionRect.height >= innerHeight / 2;
      if (change.isIntersecting && enough) seen.add(change.target.dataset.entry);
    }
    count();
  }, { threshold: Array.from({ length: 51 }, (_step, at) => at / 100) });
  const watch = () => {
    for (const line of document.querySelectorAll(".line[data-entry]:not([data-watched])")) { line.dataset.watched = ""; watcher.observe(line); }
    count();
  };

  document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.target.id === "detail") { watcher.disconnect(); seen = new Set(); } });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "detail") {
      panes.dataset.view = byId("why") ? "alert" : "list";
      if (event.detail.requestConfig.verb === "post") byId("detail").querySelector(".chat")?.focus({ preventScroll: true });
    }
    // What a decision lacks is where the hand is taken.
    document.querySelector("#decide .has-error :is(input:not([type=text]), select, textarea)")?.focus();
    watch();
  });
  document.addEventListener("htmx:pushedIntoHistory", () => { cursor = openAlert() || cursor; paint(); });
  document.addEventListener("htmx:afterSettle", paint);

  // Undo stays for ten seconds.
  let undo;
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const body = event.detail.target.id === "toast" && event.detail.target.querySelector("[data-for]");
    if (!body) return;
    clearTimeout(undo);
    undo = setTimeout(() => body.remove(), Number(body.dataset.for));
  });

  // New alerts: the stream says that the queue changed, htmx fetches it. One fetch at a time, and
  // most of the time none: in a flood, many open inboxes must leave the hub room to breathe.
  const GAP = 200, SHARE = 3, RETRY = 2000, LOST = 10000;
  let busy = false, again = false, pressed = false, heard = 0, stream = null;
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const token = () => Number(byId("queue-list").dataset.token);
  const live = () => { byId("live").hidden = stream?.readyState !== EventSource.OPEN; };
  const swap = async () => {
    const held = document.activeElement?.closest?.(".queue-row")?.id;
    const scroll = byId("queue-list").scrollTop;
    const fetched = htmx.ajax("GET", byId("queue-list").dataset.url, { target: "#queue-list", swap: "outerHTML show:none" });
    await Promise.race([fetched, pause(LOST)]);
    byId("queue-list").scrollTop = scroll;
    // Only what the refresh itself took away: meanwhile somebody may have gone on to the form.
    if (held && document.activeElement === document.body) byId(held)?.focus({ preventScroll: true });
  };
  const refresh = async () => {
    // A row that is being pressed must still be there when it is let go.
    if (busy || pressed) { again = true; return; }
    busy = true;
    again = false;
    const began = performance.now(), before = token();
    try { await swap(); } catch { /* base.js has said so; below it is tried again */ }
    const behind = heard > token(), failed = behind && token() === before;
    await pause(Math.max(failed ? RETRY : GAP, SHARE * (performance.now() - began)));
    busy = false;
    if (again || behind) refresh();
  };
  document.addEventListener("queue-changed", refresh);
  document.addEventListener("pointerdown", (event) => { pressed = Boolean(event.target.closest("#queue-list")); });
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => setTimeout(() => { pressed = false; if (again) refresh(); }));

  // The stream: not while nobody looks (what is shown is recorded), and again after it was refused.
  const stop = () => { stream?.close(); stream = null; live(); };
  const listen = () => {
    if (stream || document.hidden) return;
    stream = new EventSource(panes.dataset.stream);
    stream.addEventListener("open", live);
    stream.addEventListener("queue", (event) => {
      heard = Number(event.data);
      if (heard !== token()) refresh();
    });
    stream.addEventListener("over", () => { stop(); location.reload(); });
    stream.addEventListener("error", () => {
      live();
      // A browser comes back by itself after a break, and never after a refusal. The queue is
      // fetched too: if the session is what ended, that leads to the sign-in.
      if (stream?.readyState === EventSource.CLOSED) { stop(); setTimeout(() => { listen(); refresh(); }, 2000); }
    });
  };
  if (panes.dataset.stream) {
    listen();
    document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); else listen(); });
    addEventListener("pagehide", stop);
    addEventListener("pageshow", listen);
  }

  // Filters with nothing in them stay out of the address.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-short]")) for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
  });
  const start = () => { cursor = openAlert(); paint(); watch(); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
