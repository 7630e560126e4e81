// Fits a card to its paper: the largest type with which all of it fits; where even the smallest is
// too large, it leaves out what one can do without, in a fixed order, and says that it did.
// Style sheets hold the sizes (--cap, --floor, in pt), so that they stand in one place.
"use strict";
const starbookFit = (() => {
  const STEP = 0.25; // pt
  const RESERVE = 8; // px: what paper may need more than the screen told; Firefox tells nothing
  const TRIES = 12; // how many of the pieces left out are tried once more
  const NUMBER = /\d/;

  const all = (root, selector) => [...root.querySelectorAll(selector)];

  const fits = (card) => {
    const [inside, foot] = [card.firstElementChild, card.lastElementChild];
    const style = getComputedStyle(card);
    const room = card.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    return (
      inside.getBoundingClientRect().height + foot.getBoundingClientRect().height + RESERVE <= room &&
      inside.scrollWidth <= inside.clientWidth
    );
  };

  const setSize = (card, size) => card.style.setProperty("--fs", size);

  // The largest size that fits, or none.
  const largest = (card, cap, floor) => {
    let [low, high] = [0, Math.round((cap - floor) / STEP)];
    const good = (step) => {
      setSize(card, floor + step * STEP);
      return fits(card);
    };
    if (good(high)) return cap;
    if (!good(low)) return null;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (good(middle)) low = middle;
      else high = middle;
    }
    setSize(card, floor + low * STEP);
    return floor + low * STEP;
  };

  // From the last sentence of a part to the first: each with its paragraph or list, once all of
  // that is left out.
  const sentences = (part, from = 0) => {
    const found = all(part, ".sentence, table, pre, img, hr").filter((el) => !el.parentElement.closest(".sentence"));
    const gone = new Set();
    return found.slice(from).reverse().map((el) => {
      gone.add(el);
      let target = el;
      while (target.parentElement !== part && !found.some((other) => !gone.has(other) && target.parentElement.contains(other))) {
        target = target.parentElement;
      }
      return target;
    });
  };

  const withNumbersLast = (pieces) => [
    ...pieces.filter((el) => !NUMBER.test(el.textContent)),
    ...pieces.filter((el) => NUMBER.test(el.textContent)),
  ];

  // What can be left out, in order. Never the title, the headline, the numbers.
  const plan = (card, form) => {
    if (card.classList.contains("list-card")) return all(card, ".groups li").reverse().slice(0, -1);
    if (form === "cue") return [...all(card, ".cues li:not(:first-child)").reverse(), ...all(card, ".card-angle:not([hidden])")];
    const texts = (selector) => all(card, `${selector} > .text`);
    const own = all(card, ".extras > .own-section");
    const told = own.filter((part) => part.matches(":first-child"));
    const context = texts(".situation-task .card-part");
    const beats = [...texts(".action-result .card-part"), ...texts(".answer-text")];
    const lists = [...context, ...beats, ...texts(".own-section")];
    return [
      ...all(card, ".phrases .phrase").reverse(),
      ...own.slice(1).reverse().flatMap((part) => sentences(part.querySelector(".text"))),
      ...all(card, ".probes dd").reverse(),
      ...all(card, ".probes dl > div").reverse(),
      ...lists.flatMap((text) => all(text, "li li li")).reverse(),
      ...lists.flatMap((text) => all(text, "li li:not(:first-child)")).reverse(),
      ...told.flatMap((part) => sentences(part.querySelector(".text"), 1)),
      ...all(card, ".labels .chip").reverse(),
      ...beats.flatMap((text) => all(text, ".clause")).reverse(),
      ...context.reverse().flatMap((text) => withNumbersLast(sentences(text, 1))),
      ...told.flatMap((part) => sentences(part.querySelector(".text")).slice(-1)),
      ...withNumbersLast(beats.flatMap((text) => sentences(text, 1))),
      ...all(card, ".situation-task .clause"),
      ...all(card, ".prompts"),
      ...all(card, ".card-angle:not([hidden])"),
    ];
  };

  const leaveOut = (pieces, count) => {
    pieces.forEach((el, i) => el.classList.toggle("trimmed", i < count));
  };

  // At the smallest type: as few pieces as have to go, and then back what still finds room.
  const trim = (card, form) => {
    const pieces = plan(card, form);
    leaveOut(pieces, pieces.length);
    if (!fits(card)) return null;
    let [few, enough] = [0, pieces.length];
    while (enough - few > 1) {
      const middle = (few + enough) >> 1;
      leaveOut(pieces, middle);
      if (fits(card)) enough = middle;
      else few = middle;
    }
    leaveOut(pieces, enough);
    for (const el of pieces.slice(0, enough).reverse().slice(1, TRIES)) {
      el.classList.remove("trimmed");
      if (!fits(card)) el.classList.add("trimmed");
    }
    return pieces.filter((el) => el.classList.contains("trimmed")).length;
  };

  const restore = (card) => {
    for (const el of all(card, ".trimmed")) el.classList.remove("trimmed");
    card.querySelector(".note-lines")?.remove();
    mark(card, "");
  };

  const mark = (card, text) => {
    const place = card.querySelector(".trim-note");
    place.hidden = !text;
    place.textContent = text;
  };

  // A short story gets lines to write on, so that it does not look lost.
  const rule = (card) => {
    const room = card.lastElementChild.getBoundingClientRect().top - card.firstElementChild.getBoundingClientRect().bottom;
    const line = (8 / 25.4) * 96;
    const lines = Math.floor((room - line) / line);
    if (lines < 3) return;
    const place = document.createElement("div");
    place.className = "note-lines";
    place.append(starbook.t("cards.notes"));
    for (let i = 0; i < lines; i += 1) place.append(document.createElement("i"));
    card.lastElementChild.before(place);
  };

  // Returns {size, trimmed, fits}. The card has to be in the document, in a box of its size.
  const fit = (card, form) => {
    const style = getComputedStyle(card);
    const [cap, floor] = ["--cap", "--floor"].map((name) => Number(style.getPropertyValue(name)));
    restore(card);
    const size = largest(card, cap, floor);
    if (size !== null) {
      if (size === cap) rule(card);
      return { size, trimmed: 0, fits: true };
    }
    mark(card, starbook.t("cards.trimmed"));
    const trimmed = trim(card, form);
    if (trimmed === null) mark(card, starbook.t("cards.does_not_fit"));
    return { size: floor, trimmed: trimmed ?? 0, fits: trimmed !== null };
  };

  return { fit, fits };
})();
