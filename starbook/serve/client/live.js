// Keeps a page that is being written up to date, and shows what is wrong with what was saved.
// It is served beside the site, and is never part of it.
(() => {
  "use strict";
  const { page, versions } = document.currentScript.dataset;
  const OURS = "/.starbook/";
  const HIDDEN = "starbook-live-hidden";
  const PLACE = "starbook-live-place";
  let made = JSON.parse(versions); // what this page shows, and of which versions
  let source = null;
  let leaving = false;

  // A browser may forbid storage: then nothing is remembered from one page to the next.
  const remember = (name, value) => {
    try {
      if (value === null) sessionStorage.removeItem(name);
      else sessionStorage.setItem(name, value);
    } catch { /* forbidden */ }
  };
  const remembered = (name) => {
    try {
      return sessionStorage.getItem(name);
    } catch {
      return null;
    }
  };

  // Reloading in place: the page comes back where it was, with the same folds open.

  const folds = () => {
    const seen = new Map();
    return [...document.querySelectorAll("details")].map((fold) => {
      const words = fold.querySelector("summary")?.textContent.trim() ?? "";
      const nth = (seen.get(words) ?? 0) + 1;
      seen.set(words, nth);
      return [`${words}:${nth}`, fold];
    });
  };

  const reload = () => {
    if (leaving) return;
    leaving = true;
    const open = Object.fromEntries(folds().map(([name, fold]) => [name, fold.open]));
    remember(PLACE, JSON.stringify({ page, x: scrollX, y: scrollY, open }));
    if (remembered(PLACE)) history.scrollRestoration = "manual";
    location.reload();
  };

  const comeBack = () => {
    const place = JSON.parse(remembered(PLACE) ?? "null");
    remember(PLACE, null);
    if (place?.page !== page) {
      history.scrollRestoration = "auto";
      return;
    }
    for (const [name, fold] of folds()) {
      if (name in place.open) fold.open = place.open[name];
    }
    const there = { left: place.x, top: place.y, behavior: "instant" };
    scrollTo(there);
    addEventListener("load", () => {
      scrollTo(there); // pictures have their height now
      history.scrollRestoration = "auto";
    }, { once: true });
  };

  // Style sheets are exchanged without a reload. The old one stays until the new one is there.

  const exchange = (names) => {
    const links = [...document.querySelectorAll("link[rel~=stylesheet]:not([data-old])")];
    const named = (link) => names.some((name) => new URL(link.href).pathname.endsWith(`/${name}`));
    const ours = links.filter(named);
    // One that no link names is imported by another one.
    for (const old of ours.length < names.length ? links : ours) {
      const fresh = old.cloneNode();
      const href = new URL(old.href);
      href.searchParams.set("v", Date.now());
      fresh.href = href.href;
      old.dataset.old = "";
      fresh.addEventListener("load", () => old.remove());
      fresh.addEventListener("error", () => { fresh.remove(); delete old.dataset.old; });
      old.after(fresh);
    }
  };

  const update = (now) => {
    const names = new Set([...Object.keys(made), ...Object.keys(now)]);
    const changed = [...names].filter((name) => made[name] !== now[name]);
    if (!changed.length) return;
    if (changed.every((name) => name.endsWith(".css") && name in made && name in now)) {
      exchange(changed);
      made = now;
    } else {
      reload();
    }
  };

  // What is wrong stands in a dialog of its own, out of the reach of the page's style sheets.

  const element = (name, words = "", attributes = {}) => {
    const it = document.createElement(name);
    it.textContent = words;
    for (const [key, value] of Object.entries(attributes)) it.setAttribute(key, value);
    return it;
  };

  const host = element("starbook-live");
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = element("link", "", { rel: "stylesheet", href: `${OURS}live.css` });
  const dialog = element("dialog", "", { "aria-labelledby": "title", "aria-describedby": "about" });
  const hide = element("button", "Hide", { type: "button", class: "hide" });
  const title = element("h2", "", { id: "title" });
  const about = element("p", "", { id: "about" });
  const list = element("div", "", { class: "faults", role: "region", "aria-label": "Faults", tabindex: "0" });
  const chip = element("button", "", { type: "button", class: "chip", hidden: "" });
  const status = element("p", "", { class: "status", role: "status" });
  const bar = element("div", "", { class: "bar" });
  bar.append(title, hide, about);
  dialog.append(bar, list);
  shadow.append(sheet, dialog, chip, status);

  const count = (number, one) => `${number} ${one}${number === 1 ? "" : "s"}`;

  const lines = (fault) => {
    const block = element("pre");
    const last = fault.lines.at(-1).number;
    for (const { number, text } of fault.lines) {
      const here = number === fault.line;
      const line = element("span", "", { class: here ? "line here" : "line" });
      line.append(
        element("span", `${here ? "▸" : " "} ${String(number).padStart(String(last).length)} `, { class: "number" }),
        element(here ? "mark" : "span", text || " "),
      );
      block.append(line);
    }
    return block;
  };

  // What stands between `…` is as it was written.
  const quoted = (words) =>
    words.split("`").map((piece, n) => (n % 2 ? element("code", piece) : piece));

  const item = (fault) => {
    const entry = element("li");
    const place = fault.line ? `${fault.path}:${fault.line}` : fault.path;
    const words = element("p", "", { class: "words" });
    words.append(element("span", fault.severity, { class: "kind" }), " ", ...quoted(fault.message));
    entry.append(element("h3", place), words);
    if (fault.hint) {
      const hint = element("p", "", { class: "hint" });
      hint.append(...quoted(fault.hint));
      entry.append(hint);
    }
    if (fault.lines.length) entry.append(lines(fault));
    if (fault.trace.length) entry.append(element("pre", fault.trace.join("\n"), { class: "trace" }));
    entry.append(element("p", fault.rule, { class: "rule" }));
    return entry;
  };

  const open = () => {
    if (!dialog.open) dialog.showModal();
    chip.hidden = true;
  };

  const show = (faults) => {
    const errors = faults.filter((fault) => fault.severity === "error").length;
    const warnings = faults.length - errors;
    if (!errors) {
      remember(HIDDEN, null);
      chip.hidden = true;
      dialog.close();
      return;
    }
    const first = Object.values(made).every((version) => !version);
    const tally = warnings ? `${count(errors, "error")}, ${count(warnings, "warning")}` : count(errors, "error");
    title.textContent = tally;
    chip.textContent = `Show ${tally}`;
    about.textContent = first
      ? "There is no page to show yet. It appears as soon as all is mended."
      : "The page below is the last good one. It is renewed as soon as all is mended.";
    const entries = element("ol");
    entries.append(...faults.map(item));
    list.replaceChildren(entries);
    if (remembered(HIDDEN)) chip.hidden = false;
    else open();
  };

  hide.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    if (!list.hasChildNodes()) return;
    chip.hidden = false;
    remember(HIDDEN, "1");
    chip.focus();
  });
  chip.addEventListener("click", () => {
    remember(HIDDEN, null);
    open();
  });

  // The line to the server. A hidden tab has none: a browser opens six to one server, and a
  // seventh tab would wait for ever. It learns what it missed when it is seen again.

  let shown = "";
  const hear = (event) => {
    status.textContent = "";
    const now = JSON.parse(event.data);
    const text = JSON.stringify(now.faults);
    if (text !== shown) {
      if (!now.faults.length) list.replaceChildren();
      show(now.faults);
    }
    shown = text;
    update(now.versions);
  };

  let waiting = 0;
  const connect = () => {
    clearTimeout(waiting);
    source?.close();
    source = null;
    if (document.hidden) return;
    source = new EventSource(`${OURS}events?page=${encodeURIComponent(page)}`);
    source.addEventListener("message", hear);
    source.addEventListener("error", () => {
      if (leaving) return;
      status.textContent = "The server has ended: what is saved now is not shown.";
      if (source?.readyState === EventSource.CLOSED) waiting = setTimeout(connect, 1000);
    });
  };

  document.body.append(host);
  comeBack();
  document.addEventListener("visibilitychange", connect);
  addEventListener("pageshow", (event) => { if (event.persisted) { leaving = false; connect(); } });
  addEventListener("pagehide", () => { leaving = true; source?.close(); });
  connect();
})();
