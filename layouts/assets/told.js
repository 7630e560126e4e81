// What was practised, as the browser keeps it and as the build read it. The practice page writes it;
// here it is read, for that page and for those that say it in a line.
(() => {
  "use strict";
  const VERSION = 1;
  const t = (key, values) => starbook.t(key, values);
  const lang = document.documentElement.lang;
  const root = new URL(starbook.root || document.baseURI).pathname;

  const isRecord = (it) => it && typeof it.id === "string" && typeof it.story === "string" && !isNaN(Date.parse(it.at))
    && (it.rating == null || [1, 2, 3, 4].includes(it.rating)) && (it.parts == null || (Array.isArray(it.parts) && it.parts.every(Number.isFinite)));
  // Storage is shared by all handbooks from disk. One without an id is known by its place.
  const keyOf = (id, title) => `starbook-practice:${id || `${root}?${title}`}`;
  const parse = (raw) => {
    let kept;
    try { kept = JSON.parse(raw); } catch { return { state: "damaged", raw }; }
    if (!kept || !Array.isArray(kept.records) || !(kept.version > 0)) return { state: "damaged", raw };
    if (kept.version > VERSION) return { state: "newer", raw };
    // What is damaged is kept as it is, beside what can be read.
    return { state: "kept", records: kept.records.filter(isRecord), rest: kept.records.filter((it) => !isRecord(it)), settings: Object(kept.settings) };
  };
  const read = (key) => {
    const none = { records: [], rest: [], settings: {} };
    try {
      const raw = localStorage.getItem(key);
      return raw == null ? { state: "empty", ...none } : { ...none, ...parse(raw) };
    } catch { return { state: "refused", ...none }; }
  };
  // Each record once, in the order of time: of two with one id the first, unless only the second is rated.
  const merge = (...lists) => {
    const found = new Map();
    for (const it of lists.flat()) {
      const before = found.get(it.id);
      if (!before || (!before.rating && it.rating)) found.set(it.id, it);
    }
    return [...found.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : 1));
  };

  const clock = (seconds) => `${Math.floor(Math.round(seconds) / 60)}:${String(Math.round(seconds) % 60).padStart(2, "0")}`;
  const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());
  const daysBetween = (a, b) => Math.round((midnight(b) - midnight(a)) / 864e5);
  const ago = (at, now = new Date()) => new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(-daysBetween(new Date(at), now), "day");
  const total = (record) => (record.parts ?? []).reduce((sum, part) => sum + part, 0);
  const rated = (rating) => ["", t("told.lost"), t("told.gaps"), t("told.whole"), t("told.all")][rating];

  // Of each story: how often it was told, and the last time. Answers without a rating do not count.
  const byStory = (records) => {
    const found = new Map();
    for (const it of records) if (it.rating) found.set(it.story, { count: (found.get(it.story)?.count ?? 0) + 1, last: it });
    return found;
  };
  const line = ({ count, last }) => t("told.line", { count, when: ago(last.at), time: clock(total(last)), rated: rated(last.rating) });
  const changed = ({ last }, digest) => Boolean(digest && last.digest && last.digest !== digest);

  starbook.practice = { VERSION, isRecord, keyOf, read, merge, clock, daysBetween, ago, total, byStory, line, changed };

  // On other pages: a line on the page of a story, a number on the first page, the order of a list.
  const place = document.querySelector(".told");
  if (!place) return;
  const { id, title, story, digest } = place.dataset, rows = [...document.querySelectorAll(".rows > .row")];
  const bold = (text) => Object.assign(document.createElement("b"), { textContent: text });
  const meta = (...inside) => {
    const it = Object.assign(document.createElement("p"), { className: "meta last-telling" });
    it.append(...inside);
    return it;
  };
  const draw = (built) => {
    const records = merge(read(keyOf(id, title)).records, built.filter(isRecord)).filter((it) => it.rating), told = byStory(records);
    if (story && told.has(story)) {
      place.replaceChildren(line(told.get(story)), ...(changed(told.get(story), digest) ? [" ", bold(t("told.changed"))] : []));
      place.hidden = false;
    }
    const whole = [...told.values()].filter(({ last }) => last.rating > 2).length, count = place.querySelector("[data-count]");
    if (count && told.size) {
      count.textContent = whole;
      place.hidden = false;
    }
    if (!rows.length || !told.size) return;
    const idOf = (row) => row.querySelector(".id").textContent, counts = { recent: 0, older: 0, never: 0 };
    for (const row of rows) {
      const own = told.get(idOf(row));
      row.querySelector(".row-text > .last-telling")?.remove();
      if (own) row.querySelector(".row-text").append(meta(line(own)));
      const days = own ? daysBetween(new Date(own.last.at), new Date()) : Infinity;
      counts[row.dataset.practised = days < 8 ? "recent" : own ? "older" : "never"] += 1;
    }
    // For filter.js, which runs when all records are read.
    starbook.practice.orders = {
      practised: () => (row) => Date.parse(told.get(idOf(row))?.last.at ?? 0),
      recall: () => {
        const chances = starbook.practice.chancesOn(new Date(), records);
        return (row) => chances.get(idOf(row)) ?? 0;
      },
    };
    for (const option of document.querySelectorAll(".order option")) option.hidden = option.disabled = false;
    const facet = document.querySelector(".last-told");
    for (const box of facet.querySelectorAll("input")) box.parentElement.lastElementChild.textContent = counts[box.value];
    facet.hidden = false;
  };
  draw([]);
  // What the build read of other devices comes in a file of its own, if there is any.
  starbook.practice.history = draw;
})();
