// Ask: the box and what it found. The texts of a result are fetched when they are shown.
(() => {
  "use strict";
  const { root, form, engine } = starbook;
  const { broken = "assets/search.js is missing from this site: build it again.", chunks, split, stemOf, kindOf, rank, index, owners, under, drafts, firsts, OTHERS } = engine ?? {};
  const FOLDERS = ["stories", "questions", "guides", "categories", "principles"];
  const HEADS = ["Stories", "Questions", "Guides", "Categories", "Principles"];
  const SHOWN = 10;

  const texts = [], awaited = new Map();
  let stale = false;
  starbook.texts = (shard, mark, rows) => {
    stale ||= mark !== index.marks[shard];
    rows.forEach((row, i) => { texts[shard * index.shard + i] = row; });
  };
  const fetched = (place) => {
    const shard = Math.floor(place / index.shard);
    if (!awaited.has(shard)) awaited.set(shard, starbook.add(`search-texts/${shard}.js`).catch(() => { stale = true; }));
    return awaited.get(shard);
  };

  const el = (tag, name, ...inside) => {
    const it = document.createElement(tag);
    if (name) it.className = name;
    it.append(...inside);
    return it;
  };
  const set = (it, values) => {
    for (const name in values) it.setAttribute(name, values[name]);
    return it;
  };
  const letter = ([hue, name, , gap]) => set(el("span", `ltr ${hue}${gap ? " gap" : ""}`, hue.toUpperCase()), { role: "img", "aria-label": name + (gap ? ", to be written" : "") });
  const figures = (list) => el("span", "figs", ...list.map(([value, before, unit, label]) => el("span", "fig",
    el("b", "", ...(before ? [before, set(el("span", "to", "→"), { role: "img", "aria-label": "to" })] : []), value, el("small", "", unit)), el("span", "lb", label))));

  // The words of a text with their stems, and where they stand.
  const stemsIn = new Map();
  const read = (text) => [...text.matchAll(/[^\s—–…“”"()[\]]+/g)].map(({ 0: word, index: start }) => {
    if (!stemsIn.has(word)) stemsIn.set(word, split(word).map(stemOf));
    return { word, start, end: start + word.length, stems: stemsIn.get(word) };
  });
  const marked = (text, weights, from = 0, to = text.length) => {
    const out = [];
    let done = from;
    for (const { start, end, stems: own } of read(text)) {
      if (start < from || end > to || !own.some((stem) => weights.has(stem))) continue;
      out.push(text.slice(done, start), el("mark", "", text.slice(start, end)));
      done = end;
    }
    return [from ? "…" : "", ...out, text.slice(done, to), to < text.length ? "…" : ""];
  };
  // About 160 characters of a text, where it says most of what was asked.
  const passage = (text, weights) => {
    const hits = read(text).filter((it) => it.stems.some((stem) => weights.has(stem)));
    let best = 0, from = 0;
    for (const { start } of hits) {
      const said = new Set(hits.filter((it) => it.start >= start && it.end < start + 120).flatMap((it) => it.stems));
      const value = [...said].reduce((sum, stem) => sum + (weights.get(stem) ?? 0), 0);
      if (value > best) [best, from] = [value, start];
    }
    from = from < 50 ? 0 : text.indexOf(" ", from - 40) + 1;
    const end = text.length < from + 175 ? text.length : text.lastIndexOf(" ", from + 160);
    return { best, parts: () => marked(text, weights, from, end > from ? end : from + 160) };
  };

  const story = (place, found, weights) => {
    const [headline, numbers, chips, tags, parts, , , draft, notes] = texts[place] ?? ["", [], [], [], [], [], "", drafts.has(place) ? "Draft" : "", []];
    const title = el("span", "title", ...marked(index.titles[place], weights));
    const ranked = parts.map((part) => ({ part, ...passage(part[2], weights) }));
    const top = ranked.reduce((a, b) => (b.best > a.best ? b : a), ranked.find(({ part }) => part[0] === "r") ?? ranked[0] ?? {});
    const why = [], asked = found.question.get(place);
    if (asked !== undefined) {
      const [, note] = notes.find(([question]) => question === asked) ?? [];
      why.push(el("b", "", "You chose it"), note ? ": " : " for: ", el("q", "", note || index.titles[asked]));
    }
    const topic = under[place].reduce((a, b) => (found.close[b] > (found.close[a] ?? 0.5) ? b : a), -1);
    if (topic >= 0) why.push(...(why.length ? ["; "] : []), "asked as ", el("mark", "", found.wording.get(topic)));
    // A word of the query that the story does not say came by another one, or by a tag.
    const said = new Set([index.titles[place], headline, ...parts.map((part) => part[2])].flatMap((text) => read(text).flatMap((it) => it.stems)));
    const named = [...tags, ...chips.map((chip) => index.titles[chip])];
    for (const { meanings } of texts[place] ? found.asked : []) {
      if (meanings.some(({ via, stems: own }) => !via && own.every((stem) => said.has(stem)))) continue;
      const via = meanings.find((it) => it.via && it.stems.every((stem) => said.has(stem)))?.via
        ?? named.find((name) => meanings.some((it) => it.stems.some((stem) => split(name).map(stemOf).includes(stem))));
      if (via) why.push(...(why.length ? ["; "] : []), "via: ", el("mark", "", via));
    }
    return [title, ...(draft ? [" ", el("span", "draft", draft)] : []), figures(numbers.slice(0, 3)), el("span", "why", ...why),
      ...(top.part ? [el("span", "bone", top.part[0] ? letter(top.part) : el("span", "lab", top.part[1]), el("span", "", ...top.parts()))] : []),
      el("span", "chips", ...chips.map((chip) => el("span", chip < firsts[4] ? "chip" : "chip p", index.titles[chip])))];
  };
  const cue = (place) => {
    const [headline, numbers, , , , lines, bones] = texts[place];
    return el("span", "cue", el("span", "deck", headline), figures(numbers), ...lines.map((line) => el("span", "say", line)),
      ...bones.map((bone) => el("span", "bone", letter(bone), el("span", bone[3] ? "hole" : "", bone[2]))));
  };
  const plain = (place, weights) => {
    const row = texts[place], kind = kindOf(place);
    const name = kind > 2 ? el("span", kind > 3 ? "chip p" : "chip", index.titles[place]) : el("span", "title", ...marked(index.titles[place], weights));
    if (!row) return [name];
    if (kind === 2) return [name, el("span", "bone", el("span", ""), el("span", "", ...passage(row[0], weights).parts()))];
    return [name, " ", el("span", "why", row[0])];
  };

  const input = form.elements.q, dialog = form.closest("dialog");
  const status = set(el("p", "tally"), { role: "status" });
  const list = set(el("div", "hits"), { role: "listbox", "aria-label": "Results", id: "_hits" });
  const keys = el("p", "keys", ...[["↑ ↓", "move"], ["Enter", "open"], ["→", "cue card"], ["Esc", "close"]].map(([key, does]) => el("span", "", el("kbd", "", key), ` ${does}`)));
  form.after(status, list, keys);
  set(input, { role: "combobox", "aria-controls": "_hits", "aria-autocomplete": "list", "aria-expanded": false });
  document.head.append(set(el("link"), { rel: "stylesheet", href: `${root}assets/ask.css` }));
  let options = [], active = 0, walked = false, shown;

  const mark = (next) => {
    options[active]?.setAttribute("aria-selected", false);
    active = Math.max(0, Math.min(next, options.length - 1));
    options[active]?.setAttribute("aria-selected", true);
    if (options.length) {
      input.setAttribute("aria-activedescendant", options[active].id);
      if (walked) options[active].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const group = (head, places, row) => {
    if (!places.length) return [];
    const it = set(el("div", "group", el("p", "lab", head)), { role: "group", "aria-label": head });
    for (const place of places) {
      const option = set(el("a", "hit", ...row(place)), { role: "option", id: `_hit${options.length}`, tabindex: -1, "aria-selected": false, href: `${root}${FOLDERS[kindOf(place)]}/${encodeURIComponent(index.ids[place])}.html` });
      option.place = place;
      options.push(option);
      it.append(option);
    }
    return [it];
  };
  const count = (number, one, many) => `${number} ${number === 1 ? one : many}`;
  const letters = (text) => new Set(chunks(text).flatMap((word) => [...word].map((c, i) => word.slice(i, i + 2))));
  // The categories that a query comes closest to by meaning, else by its letters.
  const nearest = (query, close) => {
    const wanted = letters(query), near = new Map();
    owners.forEach((owner, i) => {
      if (kindOf(owner) !== 3) return;
      const own = letters(index.wordings[i]);
      const shared = [...own].filter((pair) => wanted.has(pair)).length * 2 / (own.size + wanted.size);
      near.set(owner, Math.max(near.get(owner) ?? 0, shared + 2 * close[owner]));
    });
    return [...near.keys()].sort((a, b) => near.get(b) - near.get(a)).slice(0, 3);
  };
  const show = () => {
    const query = input.value.trim();
    shown = query;
    options = [];
    list.replaceChildren();
    status.textContent = query ? broken : "";
    if (query && !broken) {
      const found = rank(input.value), weights = new Map();
      for (const { meanings } of found.asked) for (const { stems: own, weight } of meanings) for (const stem of own) weights.set(stem, Math.max(weight, weights.get(stem) ?? 0));
      const [first, ...rest] = found.kinds, places = rest.flatMap((kind) => kind.slice(0, OTHERS)).concat(first.slice(0, SHOWN));
      const near = first.length ? [] : nearest(query, found.close).filter((place) => !places.includes(place));
      list.append(...group(HEADS[0], first.slice(0, SHOWN), (place) => story(place, found, weights)),
        ...rest.flatMap((kind, i) => group(HEADS[i + 1], kind.slice(0, OTHERS), (place) => plain(place, weights))),
        ...group("Nearest categories", near, (place) => plain(place, weights)));
      const others = places.length - Math.min(SHOWN, first.length);
      status.textContent = (first.length ? count(first.length, "story", "stories") : index.private ? `No story about “${query}” yet` : `No story about “${query}”`)
        + (others ? `, ${others} more` : "") + (stale ? ". The texts are of another build: build the site again." : "");
      const missing = [...places, ...near].filter((place) => !texts[place]);
      if (missing.length && !stale) Promise.all(missing.map(fetched)).then(() => input.value.trim() === query && show());
    }
    input.setAttribute("aria-expanded", options.length > 0);
    walked = false;
    mark(0);
    keys.hidden = !options.length;
    later();
  };
  let timer;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const address = new URL(location);
      if (shown) address.searchParams.set("q", shown);
      else address.searchParams.delete("q");
      if (address.href !== location.href) history.replaceState(null, "", address);
    }, 300);
  };
  const peek = (option, open) => {
    const old = option?.querySelector(".cue");
    if (!option || option.place >= firsts[1] || !texts[option.place] || open === !!old) return;
    if (old) old.remove();
    else option.append(cue(option.place));
  };

  input.addEventListener("input", (event) => { if (!event.isComposing) show(); });
  input.addEventListener("compositionend", show);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const { key } = event, end = input.selectionStart === input.value.length;
    const step = { ArrowDown: active + 1, ArrowUp: active - 1, ...(walked && { Home: 0, End: options.length - 1 }) }[key];
    if (step !== undefined && options.length) { walked = true; mark(step); }
    else if (key === "ArrowRight" && end && options.length) peek(options[active], true);
    else if (key === "ArrowLeft" && options[active]?.querySelector(".cue")) peek(options[active], false);
    else if (key === "Enter") options[active]?.click();
    else if (key === "Escape" && input.value) { input.value = ""; show(); }
    else if (key === "Escape") dialog?.close();
    else return;
    event.preventDefault();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  dialog?.addEventListener("close", () => { input.value = ""; show(); });
  form.querySelector("button")?.addEventListener("click", () => dialog.close());
  // A hold shows the card, and is no click.
  let hold, held = false;
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest(".hit");
    held = false;
    hold = setTimeout(() => { held = true; peek(option, true); }, 450);
  });
  for (const end of ["pointerup", "pointercancel", "pointermove"]) list.addEventListener(end, () => clearTimeout(hold));
  list.addEventListener("contextmenu", (event) => { if (held) event.preventDefault(); });
  list.addEventListener("click", (event) => { if (held) event.preventDefault(); });
  const given = new URLSearchParams(location.search).get("q");
  if (given && !input.value) input.value = given;
  show();
})();
