// The single file: what a link or the address leads to is unfolded, Ask is closed, and practice is a
// page of its own in a frame over it.
//
// What is folded in an entry stands in `noscript`. Where scripts are off, it is part of the page as
// ever. Where they run, the browser reads it as one text, in no time, so that the entry which the
// address leads to waits for none before it; this script makes elements of the texts: at once of the
// one that is asked for, later of all, for printing and for the search of the browser. A closed entry
// is as high with as without them, so nothing moves. A server may refuse scripts to a browser that has
// them: then titles are all there is, and the page says so as long as `data-read` is not set.
(() => {
  "use strict";
  const at = (id) => document.getElementById(id);
  // A file that was encrypted leaves no address of an entry in the history of the browser: numbers
  // stand for them there.
  const sealed = "locked" in document.documentElement.dataset, places = [];
  const hash = () => (sealed && places[history.state - 1]) || location.hash;
  const decode = (text) => {
    try { return decodeURIComponent(text); } catch { return text; } // cut short, such as by a mail
  };
  // No entry is laid out until the one that is asked for was read, and no other until that was painted.
  // But a reload, or the way back, leads to where one was on the whole page.
  const { dataset } = document.documentElement, [way] = performance.getEntriesByType("navigation");
  dataset.read = location.hash.includes("/") && way?.type === "navigate" ? "" : "all";

  // Make elements of what is folded in an entry, if the file was read to the end of it.
  const fill = (entry) => {
    if (!entry.nextSibling && document.readyState === "loading") return false;
    const folded = entry.querySelector(":scope > noscript");
    if (folded) {
      folded.outerHTML = folded.textContent;
      entry.dispatchEvent(new Event("filled", { bubbles: true }));
    }
    return true;
  };
  const entries = () => document.querySelectorAll(".bundled");
  // Some at a time, so that the page answers meanwhile.
  const fillAll = async () => {
    let end = 0;
    for (const it of entries()) {
      if (performance.now() > end) {
        await new Promise((next) => { setTimeout(next); });
        end = performance.now() + 40; // ms
      }
      fill(it);
    }
  };
  // The element of an address such as `#stories/outage/task`, which may be folded in an entry.
  const find = (address) => {
    const id = decode(address.slice(1)), top = `${id.split("/", 2).join("/")}/_top`;
    const entry = (at(id) ?? at(top))?.closest(".bundled");
    return !entry || fill(entry) ? at(id) : null;
  };
  let shown;
  const reveal = () => {
    const target = find(hash());
    if (!target) return false;
    dataset.read ||= "part";
    document.querySelector(".ask-dialog")?.close();
    for (let it = target; it; it = it.parentElement) if (it.localName === "details") it.open = true;
    target.scrollIntoView({ behavior: "instant" });
    shown = { target, top: target.getBoundingClientRect().top, scrolled: scrollY };
    return true;
  };
  // What the address led to stays where it is on the screen, while entries appear above it.
  const layOutAll = () => {
    if (dataset.read === "all") return;
    const place = () => shown.target.getBoundingClientRect().top;
    const top = shown && (scrollY === shown.scrolled ? shown.top : place());
    dataset.read = "all";
    if (shown) scrollBy({ top: place() - top, behavior: "instant" });
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
  const begin = ({ content }) => {
    const frame = content.firstElementChild;
    frame.srcdoc = at("practice.html").text;
    frame.onload = () => {
      frame.contentWindow.onkeydown = null; // Ask is in the file around it
      frame.contentDocument.addEventListener("click", (event) => {
        const to = event.target.closest("a[href]:not(.skip, [download])")?.getAttribute("href");
        if (!to || /^[a-z]+:/.test(to)) return;
        event.preventDefault();
        go(find(anchor(to)) ? anchor(to) : "#_main");
      });
    };
    document.body.append(frame);
    return frame;
  };
  const follow = () => {
    const template = document.querySelector(".for-practice"), practises = hash() === "#practice" && template;
    const frame = at("practice") ?? (practises && begin(template));
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
    const target = find(to), head = target?.querySelector(":scope > summary") ?? target;
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
    await new Promise((painted) => { requestAnimationFrame(() => setTimeout(painted)); });
    layOutAll();
    fillAll();
    await Promise.all([...document.querySelectorAll("script[type='text/plain']")].map(unpack));
    done();
    for (const it of document.querySelectorAll(".open-ask, .open-practice")) it.hidden = false;
    if (hash() === "#practice") follow();
  });
  document.addEventListener("toggle", (event) => fill(event.target), true);
  addEventListener("beforeprint", () => entries().forEach(fill));
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
