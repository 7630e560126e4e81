// The single file: what a link or the address leads to is unfolded, Ask is closed, and practice is a
// page of its own in a frame over it.
(() => {
  "use strict";
  const at = (id) => document.getElementById(id);
  // A file that was encrypted leaves no address of an entry in the history of the browser: numbers
  // stand for them there.
  const sealed = "locked" in document.documentElement.dataset, places = [];
  const hash = () => (sealed && places[history.state - 1]) || location.hash;
  const reveal = () => {
    const target = at(decodeURIComponent(hash().slice(1)));
    if (!target) return false;
    document.querySelector(".ask-dialog")?.close();
    for (let it = target; it; it = it.parentElement) if (it.localName === "details") it.open = true;
    target.scrollIntoView({ behavior: "instant" });
    return true;
  };
  // What is read later is compressed, as the file is to go by mail.
  const unpack = async (it) => {
    const raw = atob(it.text), bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i += 1) bytes[i] = raw.charCodeAt(i); // an eighth of the time of `from`
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
    frame.onload = () => {
      frame.contentWindow.onkeydown = null; // Ask is in the file around it
      frame.contentDocument.addEventListener("click", (event) => {
        const to = event.target.closest("a[href]:not(.skip, [download])")?.getAttribute("href");
        if (!to || /^[a-z]+:/.test(to)) return;
        event.preventDefault();
        go(at(decodeURIComponent(anchor(to).slice(1))) ? anchor(to) : "#_main");
      });
    };
  };
  const follow = () => {
    const frame = at("practice"), practises = hash() === "#practice" && frame;
    if (practises && !frame.srcdoc) begin(frame);
    if (frame) frame.hidden = !practises;
    if (practises) frame.focus();
    else reveal();
  };
  const go = (to) => {
    if (!sealed) {
      location.hash = to;
      return;
    }
    history.pushState(places.push(to), "");
    follow();
    // As the browser does it for an address.
    const target = at(decodeURIComponent(to.slice(1))), head = target?.querySelector(":scope > summary") ?? target;
    if (head && head === target) head.tabIndex = -1;
    head?.focus({ preventScroll: true });
  };

  // As soon as the entry is there: the rest of the file takes longer to read.
  const watch = new MutationObserver(() => { if (reveal()) watch.disconnect(); });
  if (location.hash.length > 1) watch.observe(document, { childList: true, subtree: true });
  // Ask waits for what it reads.
  let done;
  window.unpacked = new Promise((resolve) => { done = resolve; });
  addEventListener("DOMContentLoaded", async () => {
    if (watch.takeRecords().length) reveal(); // of a file that comes in one piece
    watch.disconnect();
    await Promise.all([...document.querySelectorAll("script[type='text/plain']")].map(unpack));
    done();
    for (const it of document.querySelectorAll(".open-ask, .open-practice")) it.hidden = false;
    if (hash() === "#practice") follow();
  });
  addEventListener("hashchange", follow);
  if (sealed) addEventListener("popstate", follow);
  // What Ask found has the address of its page on a site.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.result");
    if (link) link.setAttribute("href", anchor(link.getAttribute("href")));
  }, true);
  // A link to where one is already changes no address.
  const pressed = (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link || event.defaultPrevented) return;
    if (sealed) {
      event.preventDefault();
      go(link.hash);
    } else if (link.hash === location.hash) follow();
  };
  addEventListener("click", pressed);
  if (sealed) addEventListener("auxclick", pressed);
})();
