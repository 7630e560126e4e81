// Live preview: reloads a page when its files change, and shows the errors of what was saved.
// Served by `serve` beside the site; no build writes it.
(() => {
  "use strict";
  const { page, versions } = document.currentScript.dataset;
  const CLIENT_PATH = new URL(".", document.currentScript.src).pathname;
  const HIDDEN_KEY = "starbook-live-hidden";
  const POSITION_KEY = "starbook-live-place";
  let current = JSON.parse(versions); // file name → version, for the page and its assets
  let source = null;
  let leaving = false;

  // A browser may forbid storage: then nothing is kept from one page to the next.
  const store = (name, value) => {
    try {
      if (value === null) sessionStorage.removeItem(name);
      else sessionStorage.setItem(name, value);
    } catch { /* forbidden */ }
  };
  const load = (name) => {
    try {
      return sessionStorage.getItem(name);
    } catch {
      return null;
    }
  };

  // Reload and restore the scroll position and the open <details>.

  const namedDetails = () => {
    const counts = new Map();
    return [...document.querySelectorAll("details")].map((details) => {
      const summary = details.querySelector("summary")?.textContent.trim() ?? "";
      const number = (counts.get(summary) ?? 0) + 1;
      counts.set(summary, number);
      return [`${summary}:${number}`, details];
    });
  };

  const reload = () => {
    if (leaving) return;
    leaving = true;
    const open = Object.fromEntries(namedDetails().map(([name, details]) => [name, details.open]));
    store(POSITION_KEY, JSON.stringify({ page, x: scrollX, y: scrollY, open }));
    if (load(POSITION_KEY)) history.scrollRestoration = "manual";
    location.reload();
  };

  const restorePosition = () => {
    const position = JSON.parse(load(POSITION_KEY) ?? "null");
    store(POSITION_KEY, null);
    if (position?.page !== page) {
      history.scrollRestoration = "auto";
      return;
    }
    for (const [name, details] of namedDetails()) {
      if (name in position.open) details.open = position.open[name];
    }
    const target = { left: position.x, top: position.y, behavior: "instant" };
    scrollTo(target);
    addEventListener("load", () => {
      scrollTo(target); // images have their height now
      history.scrollRestoration = "auto";
    }, { once: true });
  };

  // Replace style sheets without a reload. The old one stays until the new one has loaded.

  const replaceStyleSheets = (names) => {
    const links = [...document.querySelectorAll("link[rel~=stylesheet]:not([data-old])")];
    const isChanged = (link) => names.some((name) => new URL(link.href).pathname.endsWith(`/${name}`));
    const changed = links.filter(isChanged);
    // A style sheet without a link is imported by another one: then replace all.
    for (const old of changed.length < names.length ? links : changed) {
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

  const findChanged = (latest) => {
    const names = new Set([...Object.keys(current), ...Object.keys(latest)]);
    return [...names].filter((name) => current[name] !== latest[name]);
  };
  const update = (latest) => {
    const changed = findChanged(latest);
    if (!changed.length) return;
    if (changed.every((name) => name.endsWith(".css") && name in current && name in latest)) {
      replaceStyleSheets(changed);
      current = latest;
    } else {
      reload();
    }
  };

  // Show the faults in a dialog. The page's style sheets do not reach into the shadow root.

  const element = (name, text = "", attributes = {}) => {
    const node = document.createElement(name);
    node.textContent = text;
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  };

  // Errors are in English, in a handbook of any language.
  const host = element("starbook-live", "", { lang: "en" });
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = element("link", "", { rel: "stylesheet", href: `${CLIENT_PATH}live.css` });
  const dialog = element("dialog", "", { "aria-labelledby": "title", "aria-describedby": "about" });
  const hide = element("button", "Hide", { type: "button", class: "hide" });
  const title = element("h2", "", { id: "title" });
  const about = element("p", "", { id: "about" });
  const list = element("div", "", { class: "faults", role: "region", "aria-label": "Errors and warnings", tabindex: "0" });
  const chip = element("button", "", { type: "button", class: "chip", hidden: "" });
  const status = element("p", "", { class: "status", role: "status" });
  const bar = element("div", "", { class: "bar" });
  bar.append(title, hide, about);
  dialog.append(bar, list);
  shadow.append(sheet, dialog, chip, status);

  const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

  const sourceLines = (fault) => {
    const block = element("pre");
    const last = fault.lines.at(-1).number;
    for (const { number, text } of fault.lines) {
      const isFault = number === fault.line;
      const line = element("span", "", { class: isFault ? "line here" : "line" });
      line.append(
        element("span", `${isFault ? "▸" : " "} ${String(number).padStart(String(last).length)} `, { class: "number" }),
        element(isFault ? "mark" : "span", text || " "),
      );
      block.append(line);
    }
    return block;
  };

  // Text between backquotes becomes <code>.
  const inlineCode = (text) =>
    text.split("`").map((part, n) => (n % 2 ? element("code", part) : part));

  const listItem = (fault) => {
    const entry = element("li");
    const place = fault.line ? `${fault.path}:${fault.line}` : fault.path;
    const message = element("p", "", { class: "words" });
    message.append(element("span", fault.severity, { class: "kind" }), " ", ...inlineCode(fault.message));
    entry.append(element("h3", place), message);
    if (fault.hint) {
      const hint = element("p", "", { class: "hint" });
      hint.append(...inlineCode(fault.hint));
      entry.append(hint);
    }
    if (fault.lines.length) entry.append(sourceLines(fault));
    if (fault.trace.length) entry.append(element("pre", fault.trace.join("\n"), { class: "trace" }));
    entry.append(element("p", fault.rule, { class: "rule" }));
    return entry;
  };

  const openDialog = () => {
    if (!dialog.open) dialog.showModal();
    chip.hidden = true;
  };

  const showFaults = (faults) => {
    const errors = faults.filter((fault) => fault.severity === "error").length;
    const warnings = faults.length - errors;
    if (!errors) {
      store(HIDDEN_KEY, null);
      chip.hidden = true;
      dialog.close();
      return;
    }
    const isFirst = Object.values(current).every((version) => !version); // no good site yet
    const tally = warnings ? `${count(errors, "error")}, ${count(warnings, "warning")}` : count(errors, "error");
    title.textContent = tally;
    chip.textContent = `Show ${tally}`;
    about.textContent = isFirst
      ? "There is no page to show yet. It appears once the errors are fixed."
      : "The page below is the last good one. It is updated once the errors are fixed.";
    const entries = element("ol");
    entries.append(...faults.map(listItem));
    list.replaceChildren(entries);
    if (load(HIDDEN_KEY)) chip.hidden = false;
    else openDialog();
  };

  hide.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    if (!list.hasChildNodes()) return;
    chip.hidden = false;
    store(HIDDEN_KEY, "1");
    chip.focus();
  });
  chip.addEventListener("click", () => {
    store(HIDDEN_KEY, null);
    openDialog();
  });

  // Receive events from the server. A hidden tab disconnects and catches up when it is visible
  // again: a browser allows six connections to one server, and a seventh tab would wait for ever.

  // A page says by a class of its body that a person is busy with it, or that it has what is kept
  // nowhere else. Until then whatever comes waits: no dialog, no reload.
  const isBusy = () => document.body.classList.contains("busy");
  const KEPT = "A change waits: a reload would lose what this page keeps. Save that as a file, then reload.";
  const holds = () => isBusy() || document.body.classList.contains("unsaved");
  let waiting = null;
  new MutationObserver(() => { if (waiting) receive(waiting); })
    .observe(document.body, { attributes: true, attributeFilter: ["class"] });

  let shownFaults = "";
  const receive = (event) => {
    const state = JSON.parse(event.data);
    waiting = holds() ? event : null;
    if (!isBusy()) status.textContent = waiting && findChanged(state.versions).length ? KEPT : "";
    if (waiting) return;
    const faults = JSON.stringify(state.faults);
    if (faults !== shownFaults) {
      if (!state.faults.length) list.replaceChildren();
      showFaults(state.faults);
    }
    shownFaults = faults;
    update(state.versions);
  };

  let retryTimer = 0;
  const connect = () => {
    clearTimeout(retryTimer);
    source?.close();
    source = null;
    if (document.hidden) return;
    source = new EventSource(`${CLIENT_PATH}events?page=${encodeURIComponent(page)}`);
    source.addEventListener("message", receive);
    source.addEventListener("error", () => {
      if (leaving) return;
      if (!isBusy()) status.textContent = "The server has ended: what is saved now is not shown.";
      if (source?.readyState === EventSource.CLOSED) retryTimer = setTimeout(connect, 1000);
    });
  };

  document.body.append(host);
  restorePosition();
  document.addEventListener("visibilitychange", connect);
  addEventListener("pageshow", (event) => { if (event.persisted) { leaving = false; connect(); } });
  addEventListener("pagehide", () => { leaving = true; source?.close(); });
  connect();
})();
