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
    for (const change of changes) if (change.isIntersecting) seen.add(change.target.dataset.entry);
    count();
  }, { threshold: 0.5 });
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

  // New alerts: the stream says that the queue changed, htmx fetches it.
  let busy = false, again = false;
  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    const held = document.activeElement?.closest?.(".queue-row")?.id;
    const scroll = byId("queue-list").scrollTop;
    try {
      await htmx.ajax("GET", byId("queue-list").dataset.url, { target: "#queue", swap: "innerHTML show:none" });
    } finally {
      byId("queue-list").scrollTop = scroll;
      // Only what the refresh itself took away: meanwhile somebody may have gone on to the form.
      if (held && document.activeElement === document.body) byId(held)?.focus({ preventScroll: true });
      live(true);
      setTimeout(() => { busy = false; if (again) { again = false; refresh(); } }, 60);
    }
  };
  const live = (on) => { const mark = byId("live"); if (mark) mark.hidden = !on; };
  document.addEventListener("queue-changed", refresh);
  if (panes.dataset.stream) {
    const stream = new EventSource(panes.dataset.stream);
    stream.addEventListener("open", () => live(true));
    stream.addEventListener("error", () => live(false));
    stream.addEventListener("queue", (event) => { if (event.data !== byId("queue-list").dataset.token) refresh(); });
    stream.addEventListener("over", () => { stream.close(); location.reload(); });
    addEventListener("pagehide", () => stream.close());
  }

  // Filters with nothing in them stay out of the address.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-short]")) for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
  });
  const start = () => { cursor = openAlert(); paint(); watch(); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
