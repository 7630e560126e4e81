// Fits cards to their paper. Type is set as large as it can be; where it would get small, a card first
// gives up air, then what stands around its story, and at the smallest type sentences of the story,
// those of the highest rank first. The build gives the ranks, and the style sheet has the sizes.
"use strict";
const starbookFit = (() => {
  const STEP = 0.25; // pt
  const RESERVE = 8; // px: what paper may need more than the screen told; Firefox tells nothing
  const TRIES = 3; // how many of the pieces left out are tried once more
  const TITLE = 200; // characters: about what the head and foot of a card take
  const [DENSE, RUN_IN] = [1.2, 1.06]; // how much larger type about gets by them
  const STAYS = ".story-text, .story-text > .card-part, .extras, .cues, .cue-body, .cue-parts > div > div, .groups, header";
  const WORTH_GROWING = 0.95; // of a card that is full after sentences were left out

  const all = (root, selector) => [...root.querySelectorAll(selector)];
  const byRank = (root, selector) => all(root, selector).sort((a, b) => a.dataset.rank - b.dataset.rank);

  const measure = (card, padding) => {
    const [inside, foot] = [card.firstElementChild, card.lastElementChild];
    const room = card.clientHeight - padding - foot.offsetHeight - RESERVE;
    const used = inside.getBoundingClientRect().height;
    const isWide = inside.scrollWidth > inside.clientWidth;
    return { fits: used <= room && !isWide, share: isWide ? Math.max(used / room, 1.2) : used / room, used, room };
  };

  const toStep = (size) => Math.round(size / STEP) * STEP;
  const setSize = (card, size) => card.style.setProperty("--fs", size);

  // The steps of one card are a generator. Each `yield` asks for the measure of the card, so that
  // those of many cards are taken together, and the page is laid out once for all of them.

  // Text takes room by the square of its size, so that one measure tells about how large it can be.
  const guess = ({ size, share }) => size / Math.sqrt(share);
  const isFar = (found, low) => guess(found) < low * 0.93;

  // The measure of the largest size from `low` to `high` that fits; `fits` is false if none does. The
  // first to be tried is `start`, and no more are where the measure is far from what would fit.
  function* largest(card, low, high, start = high) {
    let [best, fails] = [null, high + STEP];
    let size = Math.min(Math.max(start, low), high);
    for (;;) {
      setSize(card, size);
      const found = { size, ...(yield) };
      if (found.fits) best = found;
      else fails = size;
      const isFull = found.fits && guess(found) < (size + STEP) * 0.99;
      if (isFull || (best && fails - best.size <= STEP)) break;
      if (!best && (size <= low || isFar(found, low))) return found;
      const next = low + Math.floor((guess(found) - low) / STEP) * STEP;
      size = Math.min(Math.max(next, best ? best.size + STEP : low), fails - STEP);
    }
    setSize(card, best.size);
    return best;
  }

  // What is left out together with the last of its pieces: a paragraph, a list, a section.
  const holders = (pieces) => {
    const found = new Map();
    for (const piece of pieces) {
      for (let el = piece.parentElement; !el.matches(STAYS); el = el.parentElement) {
        if (!found.has(el)) found.set(el, []);
        found.get(el).push(piece);
      }
    }
    return found;
  };

  const isOut = (el) => el.classList.contains("trimmed");

  // Pieces in groups of one rank, which stay or go together, in the order in which they stay. The first
  // `least` groups are never left out.
  const makeSet = (pieces) => {
    const groups = [];
    for (const el of pieces) {
      if (groups.at(-1)?.[0].dataset.rank === el.dataset.rank) groups.at(-1).push(el);
      else groups.push([el]);
    }
    return { pieces, groups, held: holders(pieces), least: groups[0]?.[0].dataset.rank === "0" ? 1 : 0 };
  };

  const take = ({ groups, held }, isKept) => {
    groups.forEach((group, i) => group.forEach((el) => el.classList.toggle("trimmed", !isKept(group, i))));
    for (const [el, own] of held) el.classList.toggle("trimmed", own.every(isOut));
  };

  const keepFirst = (set, count) => take(set, (group, i) => i < count);
  const lengthOf = (group) => group.reduce((sum, el) => sum + el.textContent.length + 12, 0);

  // Keeps as many groups as fit, by rank, then further ones that still find room. `known` is the
  // measure with all groups, or with the `least` of them. Returns the last measure that fits, or null.
  function* keepMost(set, known) {
    const { groups, least } = set;
    const ends = [0]; // the characters of the first groups, which tell about how much room they take
    for (const group of groups) ends.push(ends.at(-1) + lengthOf(group));
    let [low, high] = [{ count: least - 1 }, { count: groups.length + 1 }];
    if (known.fits) low = { ...known, count: least };
    else high = { ...known, count: groups.length };
    let each = known.used / (ends.at(-1) + TITLE); // px for a character
    while (high.count - low.count > 1) {
      const end = known.fits || low.used ? ends[low.count] + (low.room - low.used) / each : ends[high.count] - (high.used - high.room) / each;
      const at = ends.findLastIndex((one) => one <= end);
      const count = Math.min(Math.max(at, low.count + 1), high.count - 1);
      keepFirst(set, count);
      const found = { ...(yield), count };
      if (found.fits) low = found;
      else high = found;
      if (low.used && high.used) each = Math.max(high.used - low.used, 1) / (ends[high.count] - ends[low.count] || 1);
    }
    keepFirst(set, Math.max(low.count, least));
    return low.used ? yield* keepMore(set, low, each) : null;
  }

  function* keepMore(set, low, each) {
    const kept = new Set(set.groups.slice(0, low.count));
    const rankIsOut = (rank) => set.groups.some((group) => group[0].dataset.rank === rank && !kept.has(group));
    let [last, tries] = [low, TRIES];
    for (const group of set.groups.slice(low.count + 1)) {
      // A short piece may need less than it seems to: a line has room at its end.
      if (!tries || lengthOf(group) * each * 0.7 > last.room - last.used) continue;
      if (group.some((el) => el.dataset.needs?.split(" ").some(rankIsOut))) continue;
      tries -= 1;
      take(set, (one) => kept.has(one) || one === group);
      const found = yield;
      if (!found.fits) continue;
      kept.add(group);
      last = found;
    }
    take(set, (group) => kept.has(group));
    return last;
  }

  const mark = (card, text) => {
    const place = card.querySelector(".trim-note");
    place.hidden = !text;
    place.textContent = text;
  };

  const restore = (card) => {
    for (const el of all(card, ".trimmed")) el.classList.remove("trimmed");
    card.querySelector(".note-lines")?.remove();
    card.classList.remove("dense", "run-in", "too-long");
    mark(card, "");
  };

  // A short story gets lines to write on, so that it does not look lost.
  const rule = (card, left) => {
    const line = (8 / 25.4) * 96;
    const lines = Math.floor((left - line) / line);
    if (lines < 3) return;
    const place = document.createElement("div");
    place.className = "note-lines";
    place.append(starbook.t("cards.notes"));
    for (let i = 0; i < lines; i += 1) place.append(document.createElement("i"));
    card.lastElementChild.before(place);
  };

  // Each form of a card in turn, until it fits at the size that is good to read; then with less around
  // the story, at a smaller size if need be.
  function* fitWhole(card, form, { cap, good, floor }, around) {
    let found = yield* largest(card, good, cap);
    if (found.fits) return found;
    const isFull = form === "full";
    if (isFull) {
      card.classList.add("dense");
      found = yield* largest(card, good, cap, toStep(guess(found) * DENSE));
      if (found.fits) return found;
      mark(card, starbook.t("cards.more"));
    }
    if (around.groups.length) keepFirst(around, around.least);
    found = yield* largest(card, floor, good, toStep(guess(found)));
    if (!found.fits && isFull && card.querySelector(".story-text li li")) {
      card.classList.add("run-in");
      found = yield* largest(card, floor, good, toStep(guess(found) * RUN_IN));
    }
    return found;
  }

  // At the smallest type: leaves out sentences, and if even that is not enough what the card is
  // told for; then type grows as far as it can.
  function* shorten(card, told, around, found, { good, floor }) {
    mark(card, noteOf(told, told.pieces.length));
    setSize(card, floor);
    const full = found.size === floor ? found : yield;
    let last = yield* keepMost(told, full);
    if (!last) {
      for (const angle of all(card, ".card-angle:not([hidden])")) angle.classList.add("trimmed");
      last = yield* keepMost(told, full);
    }
    if (!last || last.used / last.room > WORTH_GROWING) return { ...last, size: floor };
    const grown = yield* largest(card, floor, good, floor + STEP);
    setSize(card, grown.fits ? grown.size : floor);
    return grown.fits ? grown : { ...last, size: floor };
  }

  // Returns {size, trimmed, fits}; `trimmed` counts the pieces of the story that are left out.
  function* steps(card, form, sizes) {
    restore(card);
    const isList = card.classList.contains("list-card");
    const isFull = form === "full" && !isList;
    const told = makeSet(byRank(card, isFull ? ".story-text [data-rank]" : isList ? ".groups [data-rank]" : ".none"));
    const around = makeSet(isFull ? byRank(card, ".extras [data-rank]") : isList ? [] : [...byRank(card, ".cues [data-rank]"), ...all(card, ".headline")]);
    let found = yield* fitWhole(card, isList ? "list" : form, sizes, around);
    if (!found.fits) found = yield* shorten(card, told, around, found, sizes);
    if (found.fits && around.pieces.some(isOut)) yield* keepMost(around, found);
    if (found.size === sizes.cap) rule(card, found.room - found.used);
    const trimmed = told.pieces.filter(isOut).length;
    card.classList.toggle("too-long", !found.fits);
    mark(card, !found.fits ? starbook.t("cards.does_not_fit") : trimmed ? noteOf(told, trimmed) : isFull && around.pieces.some(isOut) ? starbook.t("cards.more") : "");
    return { size: found.size, trimmed, fits: Boolean(found.fits) };
  }

  const noteOf = (told, count) => starbook.t("cards.trimmed", { count, of: told.pieces.length });

  const sizesOf = (card) => {
    const style = getComputedStyle(card);
    const [cap, good, floor] = ["--cap", "--good", "--floor"].map((name) => Number(style.getPropertyValue(name)));
    return { sizes: { cap, good, floor }, padding: parseFloat(style.paddingTop) + parseFloat(style.paddingBottom) };
  };

  // Fits cards that stand in the document, each in a box of its size. Returns what became of each.
  const fit = (cards, form) => {
    const results = new Map();
    if (!cards.length) return results;
    const { sizes, padding } = sizesOf(cards[0]);
    let open = cards.map((card) => ({ card, task: steps(card, form, sizes), found: undefined }));
    while (open.length) {
      open = open.filter((one) => {
        const { done, value } = one.task.next(one.found);
        if (done) results.set(one.card, value);
        return !done;
      });
      for (const one of open) one.found = measure(one.card, padding);
    }
    return results;
  };

  // Those of some cards that do not fit.
  const misfits = (cards) => {
    if (!cards.length) return [];
    const { padding } = sizesOf(cards[0]);
    return cards.filter((card) => !measure(card, padding).fits);
  };

  return { fit, misfits };
})();
