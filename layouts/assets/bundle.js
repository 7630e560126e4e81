// The single file: what a link or the address leads to is unfolded, and Ask is closed.
(() => {
  "use strict";
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return false;
    document.querySelector(".ask-dialog")?.close();
    for (let it = target; it; it = it.parentElement) if (it.localName === "details") it.open = true;
    target.scrollIntoView({ behavior: "instant" });
    return true;
  };
  // As soon as the entry is there: the rest of the file takes longer to read.
  const watch = new MutationObserver(() => { if (reveal()) watch.disconnect(); });
  if (location.hash.length > 1) watch.observe(document, { childList: true, subtree: true });
  addEventListener("DOMContentLoaded", () => {
    watch.disconnect();
    document.querySelector(".open-ask").hidden = false;
  });
  addEventListener("hashchange", reveal);
  // What Ask found has the address of its page on a site; here it is an anchor.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.result"), [page, at] = link?.getAttribute("href").split(/\.html#?/) ?? [];
    if (at !== undefined) link.setAttribute("href", `#${page}/${at || "_top"}`);
  }, true);
  // A link to where one is already changes no address.
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && !event.defaultPrevented && link.hash === location.hash) reveal();
  });
})();
