// Brings the message that matters into view.
"use strict";
(() => {
  const show = (root) => {
    const target = root.querySelector("[data-flagged]") || root.querySelector("[data-here]");
    if (target) target.scrollIntoView({ block: "center" });
  };
  const start = () => { if (!location.hash) show(document); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.id === "detail") show(event.detail.target); });
})();
