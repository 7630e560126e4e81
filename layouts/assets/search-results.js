// Ask: the box and what it found. The texts of a result are fetched when they are shown.
(() => {
  "use strict";
  const { root, form, engine, t, pieces } = starbook;
  const { broken = starbook.missing, memo = (make) => make, chunks, split, stemOf, kindOf, rank, asWords, QUOTED, quoted, having, index, owners, under, chosen, drafts, firsts, OTHERS } = engine ?? {};
  const FOLDERS = ["stories", "questions", "guides", "categories", "principles"];
  const HEADS = [t("nav.stories"), t("nav.questions"), t("nav.guides"), t("nav.categories"), t("nav.principles")];
  const COUNTS = [(count) => t("count.questions", { count }), (count) => t("ask.guides", { count }), (count) => t("ask.categories", { count }), (count) => t("ask.principles", { count })];
  const SHOWN = 10, RECENT = 6, EXAMPLES = 3;

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
  const letter = ([hue, name, , gap]) => set(el("span", `letter ${hue}${gap ? " gap" : ""}`, hue.toUpperCase()), { role: "img", "aria-label": gap ? t("part.gap", { part: name }) : name });
  const figures = (list) => el("span", "figures", ...list.map(([value, before, unit, label]) => el("span", "figure",
    el("b", "", ...(before ? [before, set(el("span", "arrow", "→"), { role: "img", "aria-label": t("numbers.to") })] : []), value, el("small", "", unit)), el("span", "label", label))));

  const quotes = (list) => el("span", "found", ...(list.length ? [el("span", "label", t("numbers.found"))] : []),
    ...list.map(([before, number, after]) => el("q", "", before, el("b", "", number), after)));

  // The words of a text with their stems, and where they stand.
  const stemsIn = memo((word) => split(word).map(stemOf));
  const read = memo((text) => [...text.matchAll(/(?<![\p{L}\p{N}\p{M}])\p{N}+(?:[.,]\p{N}+)*\s+(?:\p{L}{1,4}(?![\p{L}\p{N}\p{M}])|[%€£])|[$€£¥]?[\p{L}\p{N}\p{M}]+(?:[-/'’_.,&+][\p{L}\p{N}\p{M}]+)*%?/gu)]
    .flatMap((it) => (/\s/.test(it[0]) && chunks(it[0]).length > 1 ? [...it[0].matchAll(/\S+/g)].map((part) => ({ 0: part[0], index: it.index + part.index })) : [it]))
    .map(({ 0: word, index: start }) => ({ word, start, end: start + word.length, stems: stemsIn(word) })));
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
  let phrases = []; // what the query has in quotes
  const wordsOf = memo((text) => asWords(text));
  // About 160 characters of a text, where it says most of what was asked.
  const passage = (text, weights) => {
    const hits = read(text).filter((it) => it.stems.some((stem) => weights.has(stem)));
    let best = 0, from = 0;
    for (const { start } of phrases.length ? read(text) : hits) {
      const said = new Set(hits.filter((it) => it.start >= start && it.end < start + 120).flatMap((it) => it.stems));
      const here = phrases.filter((phrase) => asWords(text.slice(start, start + 2 * phrase.length)).startsWith(phrase));
      const value = [...said].reduce((sum, stem) => sum + (weights.get(stem) ?? 0), 9 * here.length);
      if (value > best) [best, from] = [value, start];
    }
    from = from < 50 ? 0 : text.indexOf(" ", from - 40) + 1;
    const end = text.length < from + 175 ? text.length : text.lastIndexOf(" ", from + 160);
    return { best, parts: () => marked(text, weights, from, end > from ? end : from + 160) };
  };

  // The stems of a query that a text says, and how much each counts. Of a phrase, it says all.
  const stemsOf = (...list) => new Set(list.flatMap((text) => read(text).flatMap((it) => it.stems)));
  const weigh = (asked, said) => {
    const weights = new Map();
    for (const { stems: own, weight } of asked.flatMap((unit) => unit.meanings)) {
      if (own.every((stem) => said.has(stem))) for (const stem of own) weights.set(stem, Math.max(weight, weights.get(stem) ?? 0));
    }
    return weights;
  };
  const BARE = ["", [], [], [], [], [], [], "", [], [], [], ""];
  // All texts of a result: what it shows, and what it has beside that.
  const textsOf = (place) => {
    const kind = kindOf(place), row = texts[place] ?? (kind ? [] : BARE);
    if (kind) return [index.titles[place], ...row, ...index.wordings.filter((_, i) => owners[i] === place)];
    const [headline, , chips, tags, parts, cue, , , , , told, more] = row;
    return [index.titles[place], headline, ...chips.map((chip) => index.titles[chip]), ...tags, ...parts.map((part) => part[2]), ...cue, ...told.flat(3).filter((it) => typeof it === "string"), more];
  };
  const holds = (place) => phrases.every((phrase) => textsOf(place).some((text) => wordsOf(text).includes(phrase)));
  // The stems that were typed; a word that is mistyped is read as the one it can be.
  const typedIn = (asked) => new Set(asked.flatMap(({ own, meanings }) => {
    const meant = meanings.filter((it) => !it.via);
    return [...own.map(stemOf), ...(meant.length === 1 ? meant[0].stems : [])];
  }));
  // The angles for whom or what led to the story: close to what was asked, or named in it; or, if no
  // part of the story says it, those that do.
  const angles = (list, close, typed, weights) => list.filter(([place, name, lines]) => {
    const stems = [...stemsOf(name)].filter((stem) => stem >= 0);
    return close[place] > 0.5 || (stems.length && stems.every((stem) => typed.has(stem)))
      || (weights && lines.some(([, text]) => passage(text, weights).best > 0));
  }).slice(0, 2).map(([, name, lines]) => el("span", "angle", el("span", "label", t("angle.for", { name })),
    ...lines.map(([label, text]) => el("span", "", ...(label ? [el("b", "", label), " "] : []), text))));
  const story = (place, { asked, close, wording, question }) => {
    const [headline, numbers, chips, tags, parts, , , draft, notes, found, told] = texts[place] ?? BARE;
    const name = index.titles[place], bodies = [...parts.map((part) => part[2]), ...told.flatMap(([, name, lines]) => [name, ...lines.map(([, text]) => text)])];
    const said = stemsOf(name, headline, ...bodies), weights = weigh(asked, said);
    // The part that says most of it, one of the four rather than another; else the Result.
    let top, most = 0;
    for (const part of parts) {
      const it = passage(part[2], weights), value = it.best * (part[0] ? 1.5 : 1);
      if (value > most || !top || (!most && part[0] === "r")) [top, most] = [{ part, ...it }, Math.max(most, value)];
    }
    const why = [], because = (...said) => why.push(...(why.length ? ["; "] : []), ...said);
    const met = question.get(place), topic = under[place].reduce((a, b) => (close[b] > (close[a] ?? 0.5) ? b : a), -1);
    if (met) {
      const note = notes.find(([place]) => place === met)?.[1];
      if (note) because(el("b", "", t("reason.chosen")), ": ", el("q", "", note));
      else because(...pieces("ask.you_chose_for", { question: el("q", "", index.titles[met]) }));
    }
    if (topic >= 0) because(...pieces("ask.asked_as", { wording: el("mark", "", wording.get(topic)) }));
    // What the story does not say itself, it was found for by another word, or by a tag.
    const led = new Set();
    const via = (word) => led.has(word) || led.add(word) && because(...pieces("ask.found_by", { word: el("mark", "", word) }));
    for (const { meanings } of texts[place] ? asked : []) {
      const says = (it) => it.stems.every((stem) => said.has(stem));
      if (meanings.some((it) => !it.via && says(it))) continue;
      const other = meanings.find(says);
      const tag = [...tags, ...chips.map((chip) => index.titles[chip])].find((tag) => meanings.some((it) => it.stems.every((stem) => stemsOf(tag).has(stem))));
      const own = [name, headline, ...bodies], word = (stem) => own.flatMap(read).find((it) => it.stems.includes(stem)).word.toLowerCase();
      // The words of a phrase may stand apart: then it is by them that it came.
      if (other) via(own.some((text) => ` ${text.toLowerCase()} `.includes(` ${other.via} `)) ? other.via : other.stems.map(word).join(", "));
      else if (tag) via(tag);
    }
    return [el("span", "title", ...marked(name, weights)), ...(draft || drafts.has(place) ? [" ", el("span", "draft", draft || t("story.draft"))] : []),
      figures(numbers.slice(0, 3)), quotes(found.slice(0, 3)), el("span", "reason", ...why),
      ...(top ? [el("span", "part-line", top.part[0] ? letter(top.part) : el("span", "label", top.part[1]), el("span", "", ...top.parts()))] : []),
      ...angles(told, close, typedIn(asked), !most && weights),
      el("span", "chips", ...chips.map((chip) => el("span", chip < firsts[4] ? "chip" : "chip principle", index.titles[chip])))];
  };
  const hasAnswer = (place) => kindOf(place) === 1 && texts[place]?.[1];
  const cue = (place) => {
    if (kindOf(place)) return el("span", "cue-card", ...texts[place][1].split("\n").map((line) => el("span", "paragraph", line)));
    const [headline, numbers, , , , lines, bones, , , found] = texts[place];
    return el("span", "cue-card", el("span", "headline", headline), figures(numbers), quotes(found), ...lines.map((line) => el("span", "say", line)),
      ...bones.map((bone) => el("span", "part-line", letter(bone), el("span", bone[3] ? "placeholder" : "", bone[2]))));
  };
  const plain = (place, { asked }) => {
    const row = texts[place], kind = kindOf(place), body = { 1: row?.[1], 2: row?.[0] }[kind] ?? "", weights = weigh(asked, stemsOf(index.titles[place], body));
    const name = kind > 2 ? el("span", kind > 3 ? "chip principle" : "chip", index.titles[place]) : el("span", "title", ...marked(index.titles[place], weights));
    if (!row) return [name];
    const said = () => el("span", "part-line", el("span", "label", kind === 1 ? t("question.answer") : ""), el("span", "", ...passage(body, weights).parts()));
    if (kind === 2) return [name, said()];
    if (body) return [name, said(), el("span", "reason", row[0])];
    return [name, " ", el("span", "reason", row[0])];
  };

  const input = form.elements.q, dialog = form.closest("dialog");
  const status = set(el("p", "result-count"), { role: "status" });
  const list = el("div", "results");
  // The list of options has them from there: beside them stand buttons, and those are no options.
  const owner = set(el("div"), { role: "listbox", "aria-label": t("ask.results"), id: "_results" });
  const keys = el("p", "key-hints", ...[["↑ ↓", t("ask.key_move")], ["Enter", t("ask.key_open")], ["→", t("ask.key_cue_card")], ["Esc", t("ask.key_close")]].map(([key, does]) => el("span", "", el("kbd", "", key), ` ${does}`)));
  form.after(status, owner, list, keys);
  set(input, { role: "combobox", "aria-controls": "_results", "aria-autocomplete": "list", "aria-expanded": false });
  if (root) document.head.append(set(el("link"), { rel: "stylesheet", href: `${root}assets/search-results.css` }));
  let options = [], active = 0, walked = false, shown;

  const mark = (next) => {
    options[active]?.setAttribute("aria-selected", false);
    active = Math.max(-!shown, Math.min(next, options.length - 1));
    options[active]?.setAttribute("aria-selected", true);
    if (options[active]) {
      input.setAttribute("aria-activedescendant", options[active].id);
      if (walked) options[active].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const toOption = (it) => set(it, { role: "option", id: `_result${options.push(it) - 1}`, tabindex: -1, "aria-selected": false });
  const titled = (head, ...rows) => set(el("div", "group", el("p", "label", head), ...rows), { role: "group", "aria-label": head });
  const hasCard = (place) => texts[place] && (!kindOf(place) || hasAnswer(place));
  const group = (head, places, row) => (places.length ? [titled(head, ...places.map((place) => {
    const option = toOption(set(el("a", "result", ...row(place)), { href: `${root}${FOLDERS[kindOf(place)]}/${encodeURIComponent(index.ids[place])}.html${hasAnswer(place) ? "#answer" : ""}` }));
    const button = hasCard(place) && set(el("button", "peek", t("day.cue_card")), { type: "button", "aria-expanded": false, "aria-label": `${t("day.cue_card")}: ${index.titles[place]}` });
    return el("div", "hit", Object.assign(option, { place, button }), ...(button ? [button] : []));
  }))] : []);

  // What was asked last, kept in this browser. Pages opened from disk share one storage.
  const KEPT = `starbook-asked:${new URL(root || location).pathname}?${document.querySelector(".home-mark").textContent.trim()}`;
  const recent = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(KEPT));
      return Array.isArray(kept) ? kept.filter((it) => typeof it === "string") : [];
    } catch { return []; }
  };
  const remember = () => {
    if (!shown || !options.length) return;
    const same = shown.toLowerCase(); // a question that was typed on replaces its beginning
    try {
      localStorage.setItem(KEPT, JSON.stringify([shown, ...recent().filter((it) => !same.startsWith(it.toLowerCase()))].slice(0, RECENT)));
    } catch { /* Full or forbidden: only the memory of this question is lost. */ }
  };
  // Questions of the handbook that were given stories, else others, else how its categories are asked.
  const examples = () => {
    const places = chosen.map((_, i) => i).sort((a, b) => !chosen[a].length - !chosen[b].length);
    const asked = new Map(owners.map((owner, i) => [owner, index.wordings[i]]).filter(([owner]) => kindOf(owner) === 3));
    return [...places.map((i) => index.titles[firsts[1] + i]), ...asked.values()].filter((it) => it.length <= 60).slice(0, EXAMPLES);
  };
  const suggest = () => {
    const asks = (questions) => questions.map((asks) => Object.assign(toOption(set(el("a", "asks", asks), { href: `${root}index.html?q=${encodeURIComponent(asks)}` })), { asks }));
    const last = recent(), rows = [];
    if (last.length) rows.push(titled(t("ask.recent"), ...asks(last), set(el("button", "forget", t("ask.forget")), { type: "button" })));
    // The first page has examples of its own.
    const others = dialog && !broken ? examples().filter((it) => !last.includes(it)) : [];
    if (others.length) rows.push(titled(t("ask.examples"), ...asks(others)));
    list.append(...rows);
  };
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
    // When texts arrive, whoever has walked on already stays where they are, with the cards they opened.
    const before = query === shown ? options : [], here = before[active]?.place;
    const opened = before.filter((option) => option.querySelector(".cue-card")).map((option) => option.place);
    shown = query;
    options = [];
    list.replaceChildren();
    status.textContent = query ? broken : "";
    phrases = query && !broken ? quoted(query) : [];
    const able = phrases.length ? having(phrases) : [], unread = stale ? [] : able.filter((place) => !texts[place]);
    if (unread.length) {
      status.textContent = t("ask.reading");
      Promise.all(unread.map(fetched)).then(() => {
        stale ||= unread.some((place) => !texts[place]);
        if (input.value.trim() === query) show();
      });
    } else if (!query) suggest();
    else if (!broken) {
      const found = rank(input.value), exact = able.filter(holds);
      const missed = phrases.length && !exact.length && !stale;
      if (exact.length) {
        exact.sort((a, b) => found.scores[b] - found.scores[a]);
        found.kinds = found.kinds.map((_, kind) => exact.filter((place) => kindOf(place) === kind));
        if (!exact.includes(found.answer)) found.answer = 0;
      }
      if (!exact.length) phrases = [];
      const [first, ...rest] = found.kinds.map((places, kind) => places.slice(0, kind ? OTHERS : SHOWN));
      // The answer itself comes before the stories that say its words.
      const answer = found.answer ? [found.answer] : [];
      rest[0] = rest[0].filter((place) => place !== found.answer);
      const near = first.length ? [] : nearest(query, found.close).filter((place) => !rest.flat().includes(place));
      const places = [...answer, ...first, ...rest.flat(), ...near];
      list.append(...group(t("question.answer"), answer, (place) => plain(place, found)), ...group(HEADS[0], first, (place) => story(place, found)),
        ...rest.flatMap((kind, i) => group(HEADS[i + 1], kind, (place) => plain(place, found))),
        ...group(t("ask.nearest"), near, (place) => plain(place, found)));
      const whole = found.kinds[0].length;
      status.textContent = (missed ? `${t("ask.no_phrase", { phrase: query.match(QUOTED).join(", ") })} ` : "") + [
        answer.length ? t("question.answer") : "",
        whole > SHOWN ? t("ask.some", { shown: SHOWN, total: whole }) : whole ? t("count.stories", { count: whole })
          : answer.length ? "" : !index.private ? t("ask.none", { query }) : firsts[1] ? t("ask.none_yet", { query }) : t("ask.no_stories"),
        ...rest.map((kind, i) => kind.length && COUNTS[i](kind.length)),
      ].filter(Boolean).join(", ") + (stale ? `. ${t("ask.stale")}` : "");
      const code = (text) => el("code", "", text), command = code(t("first.new_story"));
      if (!whole && !answer.length && index.private) status.append(". ", ...(firsts[1] ? pieces("ask.none_hint", { tag: code(`tags: [${JSON.stringify(query)}]`), command }) : pieces("ask.no_stories_hint", { command })));
      const missing = places.filter((place) => !texts[place]);
      if (missing.length && !stale) Promise.all(missing.map(fetched)).then(() => input.value.trim() === query && show());
    }
    input.setAttribute("aria-expanded", options.length > 0);
    owner.hidden = !options.length;
    set(owner, { "aria-owns": options.map(({ id }) => id).join(" ") });
    walked &&= before.length > 0;
    active = 0;
    mark(here === undefined ? -1 : options.findIndex(({ place }) => place === here));
    for (const option of options) peek(option, opened.includes(option.place));
    keys.hidden = !query || !options.length;
    later();
  };
  const keep = () => {
    const address = new URL(location);
    if (shown) address.searchParams.set("q", shown);
    else address.searchParams.delete("q");
    if (address.href !== location.href) history.replaceState(null, "", address);
  };
  let timer;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 300);
  };
  const peek = (option, open) => {
    const old = option?.querySelector(".cue-card");
    if (!option?.button || open === !!old) return;
    if (old) old.remove();
    else option.append(cue(option.place));
    set(option.button, { "aria-expanded": open });
  };

  const empty = () => {
    remember();
    input.value = "";
    show();
  };
  input.addEventListener("change", remember);
  input.addEventListener("input", (event) => { if (!event.isComposing) show(); });
  input.addEventListener("compositionend", show);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const { key } = event, end = input.selectionStart === input.value.length;
    const step = { ArrowDown: active + 1, ArrowUp: active - 1, ...(walked && { Home: 0, End: options.length - 1 }) }[key];
    if (step !== undefined && options.length) { walked = true; mark(step); }
    else if (key === "ArrowRight" && end && options.length) peek(options[active], true);
    else if (key === "ArrowLeft" && options[active]?.querySelector(".cue-card")) peek(options[active], false);
    else if (key === "Enter") options[active]?.click();
    else if (key === "Escape" && input.value) empty();
    else if (key === "Escape") dialog?.close();
    else return;
    event.preventDefault();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  dialog?.addEventListener("close", empty);
  form.querySelector("button")?.addEventListener("click", () => dialog.close());
  // A hold shows the card, and is no click.
  let hold, held = false;
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest(".result");
    held = false;
    hold = setTimeout(() => { held = true; peek(option, true); }, 450);
  });
  for (const end of ["pointerup", "pointercancel", "pointermove"]) list.addEventListener(end, () => clearTimeout(hold));
  list.addEventListener("contextmenu", (event) => { if (held) event.preventDefault(); });
  list.addEventListener("click", (event) => {
    const { target } = event, { asks } = target, option = target.closest(".hit")?.firstChild;
    if (held) return event.preventDefault();
    remember();
    if (target.matches(".peek")) peek(option, !option.querySelector(".cue-card"));
    else if (target.matches(".forget")) {
      try { localStorage.removeItem(KEPT); } catch { /* there is none */ }
      show();
      input.focus();
    } else if (asks && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      input.value = asks;
      show();
      input.focus();
    } else keep(); // whoever comes back finds the question still asked
  });
  const given = new URLSearchParams(location.search).get("q");
  if (given && !input.value) input.value = given;
  show();
})();
