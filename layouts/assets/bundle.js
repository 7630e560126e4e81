// The single file: what a link or the address leads to is unfolded, Ask is closed, and practice is a
// page of its own in a frame over it.
(() => {
  "use strict";
  const at = (id) => document.getElementById(id);
  const reveal = () => {
    const target = at(decodeURIComponent(location.hash.slice(1)));
    if (!target) return false;
    document.querySelector(".ask-dialog")?.close();
    for (let it = target; it; it = it.parentElement) if (it.localName === "details") it.open = true;
    target.scrollIntoView({ behavior: "instant" });
    return true;
  };
  // What is read later is compressed, as the file is to go by mail.
  const unpack = async (it) => {
    const bytes = Uint8Array.from(atob(it.text), (letter) => letter.charCodeAt());
    it.text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  };
  // A link to a page of the site, as an anchor: `stories/outage.html#task` is `#stories/outage/task`.
  const anchor = (href) => {
    const [page, place] = href.split(/\.html#?/);
    return place === undefined ? href : `#${page}/${place || "_top"}`;
  };

  // Practice is begun once and hidden by Back, so that a session that was left is still there.
  const begin = (frame) => {
    frame.srcdoc = at("practice.html").text;
    frame.onload = () => frame.contentDocument.addEventListener("click", (event) => {
      const to = event.target.closest("a[href]:not(.skip, [download])")?.getAttribute("href");
      if (!to || /^[a-z]+:/.test(to)) return;
      event.preventDefault();
      location.hash = at(decodeURIComponent(anchor(to).slice(1))) ? anchor(to) : "#_main";
    });
  };
  const follow = () => {
    const frame = at("practice"), practises = location.hash === "#practice" && frame;
    if (practises && !frame.srcdoc) begin(frame);
    if (frame) frame.hidden = !practises;
    if (practises) frame.focus();
    else reveal();
  };

  // As soon as the entry is there: the rest of the file takes longer to read.
  const watch = new MutationObserver(() => { if (reveal()) watch.disconnect(); });
  if (location.hash.length > 1) watch.observe(document, { childList: true, subtree: true });
  addEventListener("DOMContentLoaded", async () => {
    watch.disconnect();
    await Promise.all([...document.querySelectorAll("script[type='text/plain']")].map(unpack));
    for (const it of document.querySelectorAll(".open-ask, .open-practice")) it.hidden = false;
    if (location.hash === "#practice") follow();
  });
  addEventListener("hashchange", follow);
  // What Ask found has the address of its page on a site.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.result");
    if (link) link.setAttribute("href", anchor(link.getAttribute("href")));
  }, true);
  // A link to where one is already changes no address.
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && !event.defaultPrevented && link.hash === location.hash) follow();
  });
})();
