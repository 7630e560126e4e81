// Tick boxes that remember. Each is kept under its page and its words, so that an edited list
// keeps the ticks of what did not change.
(() => {
  "use strict";
  // Pages opened from disk share one storage, whatever handbook they are of.
  const book = document.querySelector(".home-mark").textContent.trim();
  const page = `${book}/${location.pathname.split("/").slice(-2).join("/")}`;
  const seen = new Map();
  for (const box of document.querySelectorAll(".task-list-item input[type=checkbox]")) {
    const text = (box.closest("label") ?? box.parentElement).textContent.trim();
    const nth = (seen.get(text) ?? 0) + 1;
    seen.set(text, nth);
    const key = `starbook:${page}:${text}:${nth}`;
    try {
      const kept = localStorage.getItem(key);
      if (kept !== null) box.checked = kept === "1";
    } catch {
      return; // No storage here: the boxes still tick, until the page is closed.
    }
    box.addEventListener("change", () => {
      try {
        localStorage.setItem(key, box.checked ? "1" : "0");
      } catch {
        // Full or forbidden: nothing is lost but the memory of this tick.
      }
    });
  }
})();
