// What every screen does: keys, the dialog, preferences, the viewer's zone, and saying when something failed.
"use strict";
(() => {
  document.documentElement.classList.add("js");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `fw-zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  }

  const isField = (element) => element && (element.isContentEditable
    || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName) && !["radio", "checkbox"].includes(element.type));

  // Keys: an element says its own with data-key; `/` and `?` work everywhere.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && isField(event.target)) { event.target.blur(); return; }
    if (isField(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") { event.preventDefault(); document.getElementById("keys").showModal(); return; }
    if (event.key === "/") {
      const field = document.querySelector("input[type=search]");
      const link = document.querySelector('.nav a[href="/search/"]');
      if (field) { event.preventDefault(); field.focus(); field.select(); }
      else if (link) { event.preventDefault(); link.click(); }
      return;
    }
    if (event.key.length !== 1) return;
    const target = [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === event.key && !element.disabled);
    if (target) { event.preventDefault(); if (isField(target)) target.focus(); else target.click(); }
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open).showModal();
    if (event.target.closest("[data-dismiss]")) document.getElementById("problem").hidden = true;
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submit-on-change]");
    if (form) form.requestSubmit();
  });
  for (const form of document.querySelectorAll("form[data-submit-at-once]")) form.requestSubmit();

  const say = (word) => {
    const box = document.getElementById("problem");
    box.querySelector("p").textContent = box.dataset[word];
    box.hidden = false;
  };
  document.addEventListener("htmx:responseError", (event) => say(event.detail.xhr.status === 403 ? "refused" : event.detail.xhr.status === 503 ? "lost" : "failed"));
  document.addEventListener("htmx:sendError", () => say("lost"));
  document.addEventListener("htmx:beforeRequest", () => { document.getElementById("problem").hidden = true; });

  // Ages grow while the page is open.
  setInterval(() => {
    for (const element of document.querySelectorAll("time[data-ago]")) {
      const seconds = (Date.now() - Date.parse(element.dateTime)) / 1000;
      if (seconds < 60 || seconds >= 86400) continue;
      const [count, unit] = seconds < 3600 ? [Math.floor(seconds / 60), "minute"] : [Math.floor(seconds / 3600), "hour"];
      element.textContent = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "short" }).format(count);
    }
  }, 15000);
})();
