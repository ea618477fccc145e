// Brings the message that matters into view.
"use strict";
(() => {
  const show = (root) => {
    const target = root.querySelector("[data-flagged]") || root.querySelector("[data-here]");
    if (!target) return;
    // Of a message that is longer than the pane, the words that fired.
    const words = target.offsetHeight > innerHeight / 2 && target.querySelector("mark.hit");
    (words || target).scrollIntoView({ block: "center" });
  };
  const start = () => { if (!location.hash) show(document); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
  document.addEventListener("htmx:afterSwap", (event) => { 
    // In the next frame: on a phone the pane only now comes into view.
    if (event.detail.target.id === "detail") requestAnimationFrame(() => show(event.detail.target));
  });

  // A jump within the page is no step in the history.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#entry-"], a[href="#why"]');
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    for (const line of document.querySelectorAll(".line.jumped")) line.classList.remove("jumped");
    target.classList.add("jumped");
    target.scrollIntoView({ block: target.id === "why" ? "start" : "center" });
  });
})();
