// A bundle that was encrypted keeps nothing on the device that is not: its scripts find no storage, as
// in a browser that forbids it, and no question or address gets into the history of the browser.
(() => {
  "use strict";
  let tab;
  try { tab = sessionStorage; } catch { /* there is none */ }
  const refuse = () => { throw new DOMException("A locked file stores nothing.", "SecurityError"); };
  for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) Object.defineProperty(window, name, { get: refuse });
  history.replaceState = () => {};
  document.documentElement.dataset.locked = "";
  // Browsers write what is chosen to the disk, to restore the tab, unless its form forbids that. A list
  // cannot forbid it itself, so one without a form gets one, also in what scripts show later.
  const form = document.createElement("form");
  form.id = "_forgotten";
  const forget = (part) => {
    for (const it of part.querySelectorAll("form, input")) it.setAttribute("autocomplete", "off");
    for (const it of part.querySelectorAll("select")) if (!it.closest("form")) it.setAttribute("form", form.id);
  };
  document.addEventListener("filled", (event) => forget(event.target)); // by bundle.js
  addEventListener("DOMContentLoaded", () => {
    document.head.append(form);
    [document, ...[...document.querySelectorAll("template")].map((it) => it.content)].forEach(forget);
    // Practice, which is in a frame, has no such button.
    const lock = document.querySelector(".lock");
    if (!lock) return;
    lock.addEventListener("click", () => {
      for (const key of Object.keys(tab ?? {})) if (key.startsWith("starbook:key:")) tab.removeItem(key);
      location.reload();
    });
    lock.hidden = false;
    // Whoever leaves the page locks it, though browsers hold it in memory for the way back.
    addEventListener("pagehide", () => { document.body.hidden = true; });
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  });
})();
