// Fits cards to their paper. Type is set as large as it can be; where it would get small, a card first
// gives up air, then what stands around its story, and at the smallest type sentences of the story,
// those of the highest rank first. The build gives the ranks, and the style sheet has the sizes.
const STEP = 0.25; // pt
const RESERVE = 8; // px: what paper may need more than the screen told; Firefox tells nothing
const TRIES = 3; // how many of the pieces left out are tried once more
const AT_ONCE = 16; // cards that are laid out together, in about 50 ms
const TITLE = 200; // characters: about what the head of a card takes
// px²: what a character in type of 1 pt takes of a card of each form, a mean of what was measured.
const taken = { plain: 1.65, dense: 1.48, "run-in": 1.39 };
const UNLIKELY = 0.86; // of a size: the length of a text is wrong by less about the size that fits
const STAYS = ".story-text, .story-text > .card-part, .extras, .cues, .cue-body, .cue-parts > div > div, .groups, header";
const WORTH_GROWING = 0.95; // of a card that is full after sentences were left out

const all = (root, selector) => [...root.querySelectorAll(selector)];
const byRank = (root, selector) => all(root, selector).sort((a, b) => a.dataset.rank - b.dataset.rank);

const measure = (card, padding) => {
  const [inside, foot] = [card.firstElementChild, card.lastElementChild];
  const room = Math.max(card.clientHeight - padding - foot.offsetHeight - RESERVE, 1);
  const used = inside.getBoundingClientRect().height;
  const width = inside.clientWidth;
  const isWide = inside.scrollWidth > width;
  return { fits: used <= room && !isWide, share: isWide ? Math.max(used / room, 1.2) : used / room, used, room, area: width * room };
};

const setSize = (card, size) => card.style.setProperty("--fs", size);

// The steps of one card are a generator. Each `yield` asks for the measure of the card, so that
// those of many cards are taken together, and the page is laid out once for all of them.

// Text takes room by its length and the square of its size, so that the size that fits is about known
// before a card is measured, and better with each measure of it.
const lengthOf = (elements) => elements.reduce((sum, el) => sum + el.textContent.length, 0);
const shown = (it) => TITLE + lengthOf(all(it.card, it.texts)) - lengthOf(all(it.card, ".trimmed:not(.trimmed *)"));
const guess = (it) => Math.sqrt(it.area / ((it.taken ?? taken[it.form]) * shown(it)));

function* tryAt(it, size) {
  setSize(it.card, size);
  const found = { size, ...(yield) };
  const length = shown(it);
  it.area = found.area;
  it.taken = (found.share * found.area) / length / size ** 2;
  taken[it.form] += (it.taken - taken[it.form]) / 8;
  return { ...found, each: found.used / length };
}

// The measure of the largest size from `low` to `high` that fits; `fits` is false if none does. No
// more are tried where the guess is far from what would fit.
function* largest(it, low, high) {
  let [best, fails] = [null, high + STEP];
  if (guess(it) < low * UNLIKELY) return {};
  for (;;) {
    const next = low + Math.floor((guess(it) - low) / STEP) * STEP;
    const found = yield* tryAt(it, Math.min(Math.max(next, best ? best.size + STEP : low), fails - STEP));
    if (found.fits) best = found;
    else fails = found.size;
    const isFull = found.fits && guess(it) < (found.size + STEP) * 0.99;
    if (isFull || (best && fails - best.size <= STEP)) break;
    if (!best && (found.size <= low || guess(it) < low * 0.93)) return found;
  }
  setSize(it.card, best.size);
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
const weigh = (group) => lengthOf(group) + 12 * group.length;

// Keeps as many groups as fit, by rank, then further ones that still find room. `known` is the
// measure with all groups, or with the `least` of them. Returns the last measure that fits, or null.
function* keepMost(set, known) {
  const { groups, least } = set;
  const ends = [0]; // the characters of the first groups, which tell about how much room they take
  for (const group of groups) ends.push(ends.at(-1) + weigh(group));
  let [low, high] = [{ count: least - 1 }, { count: groups.length + 1 }];
  if (known.fits) low = { ...known, count: least };
  else high = { ...known, count: groups.length };
  let { each } = known; // px for a character
  // Not even the shortest of them has room; one may need less than it seems to, at the end of a line.
  if (known.fits && groups.slice(least).every((group) => weigh(group) * each * 0.3 > known.room - known.used)) return known;
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
    if (!tries || weigh(group) * each * 0.7 > last.room - last.used) continue;
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

const change = (it, form) => {
  if (it.taken) it.taken *= taken[form] / taken[it.form];
  it.form = form;
  it.card.classList.add(form);
};

// Each form of a card in turn, until it fits at the size that is good to read; then with less around
// the story, at a smaller size if need be.
function* fitWhole(it, around) {
  const { card, isFull, cap, good, floor } = it;
  let found = yield* largest(it, good, cap);
  if (found.fits) return found;
  if (isFull) {
    change(it, "dense");
    found = yield* largest(it, good, cap);
    if (found.fits) return found;
    mark(card, starbook.t("cards.more"));
  }
  keepFirst(around, around.least);
  found = yield* largest(it, floor, good);
  if (!found.fits && isFull && card.querySelector(".story-text li li")) {
    change(it, "run-in");
    found = yield* largest(it, floor, good);
  }
  return found;
}

// At the smallest type: leaves out sentences, and if even that is not enough what the card is
// told for; then type grows as far as it can.
function* shorten(it, told, found) {
  const { card, good, floor } = it;
  mark(card, noteOf(told, told.pieces.length));
  const full = found.size === floor ? found : yield* tryAt(it, floor);
  let last = yield* keepMost(told, full);
  if (!last) {
    for (const angle of all(card, ".card-angle:not([hidden])")) angle.classList.add("trimmed");
    last = yield* keepMost(told, full);
  }
  if (last && last.used / last.room <= WORTH_GROWING) {
    const grown = yield* largest(it, floor + STEP, good);
    if (grown.fits) return grown;
    setSize(card, floor);
  }
  return { ...last, each: full.each, size: floor };
}

// Returns {size, trimmed, fits}; `trimmed` counts the pieces of the story that are left out.
function* steps(card, form, sizes) {
  restore(card);
  const isList = card.classList.contains("list-card");
  const isFull = form === "full" && !isList;
  const texts = `.headline, .card-angle:not([hidden]), ${isList ? ".groups" : isFull ? ".full-card" : ".cues"}`;
  const it = { card, isFull, texts, form: "plain", ...sizes };
  const told = makeSet(byRank(card, isFull ? ".story-text [data-rank]" : isList ? ".groups [data-rank]" : ".none"));
  const around = makeSet(isFull ? byRank(card, ".extras [data-rank]") : isList ? [] : [...byRank(card, ".cues [data-rank]"), ...all(card, ".headline")]);
  let found = yield* fitWhole(it, around);
  if (!found.fits) found = yield* shorten(it, told, found);
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
  const padding = 2 * parseFloat(style.paddingTop);
  return { cap, good, floor, padding, area: measure(card, padding).area };
};

// Fits cards that stand in the document as soon as they are asked for, each in a box of its size, and
// tells what became of each. It pauses after each layout of the page.
function* fit(cards, form, tell) {
  const source = cards[Symbol.iterator]();
  let [open, sizes] = [[], null];
  for (;;) {
    while (open.length < AT_ONCE) {
      const { done, value: card } = source.next();
      if (done) break;
      sizes ??= sizesOf(card);
      open.push({ card, task: steps(card, form, sizes) });
    }
    if (!open.length) return;
    open = open.filter(({ card, task, found }) => {
      const { done, value } = task.next(found);
      if (done) tell(card, value);
      return !done;
    });
    for (const one of open) one.found = measure(one.card, sizes.padding);
    yield;
  }
}

// Those of some cards that do not fit.
const misfits = (cards) => {
  if (!cards.length) return [];
  const { padding } = sizesOf(cards[0]);
  return cards.filter((card) => !measure(card, padding).fits);
};
