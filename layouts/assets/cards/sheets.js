// The deck: which cards, in which order, on what paper. The choice stands in the address, so that a
// deck can be bookmarked, and is kept where there is a storage.
const { t } = starbook;
const form = document.querySelector(".card-builder");
const stack = document.querySelector(".print-area");
const place = stack.querySelector(".sheets");
const [status, alarm] = ["status", "alert"].map((name) => form.querySelector(`.${name}`));
const chosen = form.querySelector(".chosen");
const fields = form.elements;
// Pages opened from disk share one storage, whatever handbook they are of.
const KEPT = `starbook:${document.querySelector(".home-mark").textContent.trim()}:cards`;
const SLICE = 40; // ms of work at a time, about; a layout of the page is not divided
const LONG = 250; // ms of it where the browser tells when somebody types or clicks

const make = (tag, text = "", name = "") => {
  const el = document.createElement(tag);
  el.textContent = text;
  el.className = name;
  return el;
};

// What there is to choose from. The cards come off their sheets: sheets are made for a choice.
const cards = new Map();
for (const sheet of [...place.children]) {
  const card = sheet.firstElementChild;
  cards.set(card.dataset.id, { card, title: card.querySelector("h2").textContent });
}
place.replaceChildren();
const stories = [...cards.keys()].filter((id) => !id.includes("/"));
const answers = [...cards.keys()].filter((id) => id.startsWith("answers/"));
const sets = new Map([["to-ask", [...cards.keys()].filter((id) => id.startsWith("to-ask/"))]]);
// A story that rests is in no set but its own.
for (const name of ["all", "ready", "draft", "resting"]) {
  const ids = stories.filter((id) => cards.get(id).card.dataset.sets.includes(name));
  sets.set(name, ids).set(`status/${name}`, ids);
}
const decks = new Map();
// Whom or what stories have an angle for, and which of them a deck is for, by address.
const listeners = new Set([...fields.for?.options ?? []].map((option) => option.value).filter((value) => value.includes("/")));
const deckFor = new Map();
for (const option of form.querySelectorAll("option[data-ids]")) {
  if (option.dataset.for) deckFor.set(option.value, option.dataset.for.split(" "));
  const ids = option.dataset.ids.split(" ").filter((id) => cards.has(id));
  (option.parentElement.name === "deck" ? decks : sets).set(option.value, ids);
}
for (const name of ["all", "ready"]) decks.set(name, sets.get(name));

// The state

const ORIENT = { "4x6": "landscape", "3x5": "landscape" };
const SHARED = ["a4", "letter"]; // papers that may hold several cards
const usual = () => ({ deck: decks.keys().next().value, ids: null, anglesFor: null, paper: stack.dataset.paper, form: "full", up: "1", orient: "", duplex: "" });
const isOffered = (name, value) => [...fields[name].options].some((option) => option.value === value);
let state = usual();

const orient = () => state.orient || ORIENT[state.paper] || (state.up === "2" ? "landscape" : "portrait");
const ids = () => state.ids ?? decks.get(state.deck) ?? [];
// Whose angles the cards show: those that were chosen, or those of the deck.
const anglesFor = () => (state.anglesFor ?? (state.ids ? [] : deckFor.get(state.deck) ?? [])).filter((address) => listeners.has(address));

const toHash = () => {
  const hash = new URLSearchParams();
  if (state.ids) hash.set("stories", String(state.ids) === String(sets.get("all")) ? "all" : state.ids.join(","));
  else hash.set("deck", state.deck);
  if (state.anglesFor && (anglesFor().length || !state.ids)) hash.set("for", anglesFor().join(","));
  const plain = usual();
  for (const key of ["paper", "form", "up", "orient", "duplex"]) {
    if (state[key] !== plain[key]) hash.set(key, state[key]);
  }
  return hash.toString().replaceAll("%2C", ",").replaceAll("%2F", "/");
};

const split = (text) => text.split(",").map((id) => id.trim()).filter(Boolean);

// Reads an address; what it does not know it returns, to be named.
const fromHash = (text) => {
  const hash = new URLSearchParams(text);
  const unknown = [];
  for (const key of ["paper", "form", "up", "orient"]) {
    const value = hash.get(key)?.toLowerCase();
    if (value && isOffered(key, value)) state[key] = value;
    else if (value) unknown.push(`${key}=${value}`);
  }
  if (hash.has("duplex")) state.duplex = ["", "0", "false", "no", "off"].includes(hash.get("duplex")) ? "" : "1";
  if (hash.has("deck")) {
    if (decks.has(hash.get("deck"))) Object.assign(state, { deck: hash.get("deck"), ids: null, anglesFor: null });
    else unknown.push(`deck ${hash.get("deck")}`);
  }
  if (hash.has("stories")) {
    const wanted = split(hash.get("stories")).map((id) => [id, cards.has(id) ? [id] : sets.get(id)]);
    unknown.push(...wanted.filter(([, found]) => !found).map(([id]) => id));
    state.ids = [...new Set(wanted.flatMap(([, found]) => found ?? []))];
    state.anglesFor = wanted.map(([id]) => id).filter((id) => listeners.has(id));
  }
  if (hash.has("for")) {
    state.anglesFor = split(hash.get("for"));
    unknown.push(...state.anglesFor.filter((address) => !listeners.has(address)));
  }
  return unknown;
};

const kept = () => {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return ""; // no storage here: the address still holds the choice
  }
};

const keep = (hash) => {
  history.replaceState(null, "", `#${hash}`);
  try {
    localStorage.setItem(KEPT, hash);
  } catch {
    // Full or forbidden: only the memory of this choice is lost.
  }
};

// Sheets

const front = (card) => {
  const copy = card.cloneNode(true);
  copy.classList.add("front-side");
  copy.querySelector(".trim-note").hidden = true;
  copy.querySelector(".note-lines")?.remove();
  if (!copy.querySelector(".prompts")) copy.classList.add("list-card"); // its title has to do
  if (card.querySelector(".situation-task")) {
    const blanks = make("div", "", "write-lines");
    for (const [letter, name] of [["S", t("part.situation")], ["T", t("part.task")], ["A", t("part.action")], ["R", t("part.result")]]) {
      const row = make("div");
      const sign = make("span", letter, `letter ${letter.toLowerCase()}`);
      sign.role = "img";
      sign.ariaLabel = name;
      row.append(sign);
      blanks.append(row);
    }
    copy.querySelector(".inner").append(blanks);
  }
  return copy;
};

const crops = (sheet, up, upright) => {
  if (up === 1) return;
  const marks = [];
  if (up === 4 || !upright) marks.push("vertical start", "vertical end");
  if (up === 4 || upright) marks.push("horizontal start", "horizontal end");
  for (const name of marks) sheet.append(make("i", "", `crop ${name}`));
};

// How many cards a sheet has, and in how many columns.
const grid = () => {
  const [up, upright] = [Number(state.up), orient() === "portrait"];
  return { up, upright, cols: up === 4 || (up === 2 && !upright) ? 2 : 1 };
};

// The back of each card behind its front when the sheet is turned over its upright edge.
const mirrored = (row, cols) => [...row, ...Array(cols - row.length).fill(null)].reverse();

const sheetOf = (group, isMirrored) => {
  const { up, upright, cols } = grid();
  const sheet = make("section", "", "sheet");
  for (let i = 0; i < group.length; i += cols) {
    const row = group.slice(i, i + cols);
    for (const card of isMirrored ? mirrored(row, cols) : row) sheet.append(card ?? make("div"));
  }
  crops(sheet, up, upright);
  return sheet;
};

// Fitting. Cards are fitted in their order, between what else the page has to do, so that a page of a
// thousand cards stays alive; before it is printed, all of the rest at once.

let task = null; // what is still to be fitted
let look = "";
const results = new Map(); // by id, until cards look different

const begin = () => {
  stack.className = `print-area paper-${state.paper} ${orient()} per-sheet-${state.up} form-${state.form}`;
  document.body.dataset.page = `${state.paper} ${orient()}`;
  if (look !== (look = [stack.className, ...anglesFor()].join(" "))) results.clear();
  place.replaceChildren();
  task = fit(deal(), state.form, (card, result) => {
    results.set(card.dataset.id, result);
    complete(card.parentElement);
  });
};

const groups = new WeakMap(); // the cards of a sheet, in the order of the deck

// Makes a sheet when its first card is asked for.
function* deal() {
  const { up } = grid();
  const list = ids().map((id) => cards.get(id).card);
  for (let i = 0; i < list.length; i += up) {
    const group = list.slice(i, i + up);
    const sheet = sheetOf(group, Boolean(state.duplex));
    groups.set(sheet, group);
    sheet.classList.add("fitting");
    place.append(sheet);
    const open = group.filter((card) => !results.has(card.dataset.id));
    if (!open.length) complete(sheet);
    yield* open;
  }
}

// Shows a sheet whose cards are all fitted, with its front.
const complete = (sheet) => {
  const group = groups.get(sheet);
  if (!group.every((card) => results.has(card.dataset.id))) return;
  sheet.classList.remove("fitting");
  if (state.duplex) sheet.before(sheetOf(group.map(front), false));
};

// Goes on for about so long, or until somebody types or clicks.
const goOn = (time) => {
  const until = performance.now() + time;
  while (task && performance.now() < until && !navigator.scheduling?.isInputPending()) {
    if (task.next().done) task = null;
  }
  report();
};

const finish = () => {
  if (task) Array.from(task);
  task = null;
  report();
};

const { port1: pause, port2: wake } = new MessageChannel(); // waits less than a timer
wake.onmessage = () => {
  goOn(navigator.scheduling ? LONG : SLICE);
  if (task) pause.postMessage(0);
};

// On a narrow screen the paper is shown smaller; what is printed stays as it is.
const fitToScreen = () => {
  const sheet = place.firstElementChild;
  if (sheet) place.style.setProperty("--zoom", Math.min(1, stack.clientWidth / parseFloat(getComputedStyle(sheet).width)));
};

// What is said about it

const report = () => {
  const list = ids();
  fields.print.disabled = !list.length;
  form.querySelector(".no-match").hidden = list.length;
  if (task || !list.length) {
    status.textContent = list.length ? t("cards.fitting", { done: list.filter((id) => results.has(id)).length, count: list.length }) : t("cards.empty");
    return;
  }
  const found = list.map((id) => [id, results.get(id)]);
  const sheets = Math.ceil(list.length / Number(state.up));
  const cards = t("cards.count", { count: list.length });
  const parts = [t("cards.sheets", { cards, count: sheets, paper: fields.paper.selectedOptions[0].text })];
  parts.push(t("cards.smallest", { size: Math.min(...found.map(([, result]) => result.size)) }));
  const trimmed = found.filter(([, result]) => result.fits && result.trimmed);
  if (trimmed.length) parts.push(t("cards.some_trimmed", { count: trimmed.length }));
  let text = `${parts.join(", ")}.`;
  if (state.duplex) text += ` ${orient() === "portrait" ? t("cards.long_edge") : t("cards.short_edge")}`;
  const misfits = found.filter(([, result]) => !result.fits).map(([id]) => id);
  if (misfits.length) text += ` ${t("cards.too_long", { names: misfits.join(", ") })}`;
  status.textContent = text;
  for (const row of chosen.children) row.querySelector(".fit-note").textContent = said(results.get(row.dataset.id));
};

const said = (result) => (!result ? "" : !result.fits ? t("cards.is_too_long") : result.trimmed ? t("cards.is_trimmed") : t("cards.size", { size: result.size }));

// The lists

const ticks = new Map();
const listAll = () => {
  const list = form.querySelector(".all-stories");
  for (const id of [...stories, ...answers]) {
    const { title } = cards.get(id);
    const row = make("li");
    const label = make("label");
    const box = make("input");
    box.type = "checkbox";
    box.value = id;
    label.append(box, title);
    row.append(label);
    list.append(row);
    ticks.set(id, box);
  }
  list.addEventListener("change", (event) => {
    const id = event.target.value;
    choose(event.target.checked ? [...ids(), id] : ids().filter((other) => other !== id));
  });
  fields.words.addEventListener("input", () => {
    const wanted = fields.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of list.children) {
      const text = `${row.textContent} ${row.querySelector("input").value}`.toLowerCase();
      row.hidden = !wanted.every((word) => text.includes(word));
    }
  });
};

const BUTTONS = [["up", "↑", t("cards.up")], ["down", "↓", t("cards.down")], ["out", "×", t("cards.out")]];
const listChosen = () => {
  chosen.replaceChildren(
    ...ids().map((id, i) => {
      const row = make("li");
      row.dataset.id = id;
      row.draggable = true;
      const title = make("span", cards.get(id).title);
      title.append(" ", make("span", "", "fit-note"));
      const buttons = make("span");
      for (const [name, sign, label] of BUTTONS) {
        const button = make("button", sign, name);
        button.type = "button";
        button.title = label;
        button.ariaLabel = t("cards.button", { action: label, title: cards.get(id).title });
        buttons.append(button);
      }
      row.append(make("span", i + 1, "number"), title, buttons);
      return row;
    }),
  );
  const listed = new Set(ids());
  for (const [id, box] of ticks) box.checked = listed.has(id);
};

const move = (id, to) => {
  const list = ids().filter((other) => other !== id);
  list.splice(to, 0, id);
  choose(list);
};

const act = (row, name) => {
  const at = ids().indexOf(row.dataset.id);
  if (name === "out") {
    choose(ids().filter((id) => id !== row.dataset.id));
    (chosen.children[at] ?? chosen.lastElementChild)?.querySelector(".out").focus();
    return;
  }
  const to = Math.max(0, Math.min(at + (name === "up" ? -1 : 1), ids().length - 1));
  move(row.dataset.id, to);
  chosen.children[to].querySelector(`.${name}`).focus();
};

chosen.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) act(button.closest("li"), button.className);
});
chosen.addEventListener("keydown", (event) => {
  const name = { ArrowUp: "up", ArrowDown: "down", Delete: "out" }[event.key];
  if (!name || (name !== "out" && !event.altKey)) return;
  event.preventDefault();
  act(event.target.closest("li"), name);
});

let dragged = null;
chosen.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("li");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.id);
});
chosen.addEventListener("dragover", (event) => {
  const row = event.target.closest("li");
  if (!dragged || !row) return;
  event.preventDefault();
  for (const other of chosen.children) other.classList.toggle("drop-target", other === row && row !== dragged);
});
chosen.addEventListener("drop", (event) => {
  const row = event.target.closest("li");
  if (!dragged || !row) return;
  event.preventDefault();
  move(dragged.dataset.id, [...chosen.children].indexOf(row));
});
chosen.addEventListener("dragend", () => {
  dragged = null;
  for (const row of chosen.children) row.classList.remove("drop-target");
});

// Together

const show = () => {
  if (!SHARED.includes(state.paper)) state.up = "1";
  fields.up.disabled = !SHARED.includes(state.paper);
  for (const key of ["paper", "form", "up"]) fields[key].value = state[key];
  fields.orient.value = orient();
  fields.duplex.checked = Boolean(state.duplex);
  fields.deck.value = state.ids ? "" : state.deck;
  const addresses = anglesFor();
  if (fields.for) fields.for.value = addresses.length > 1 ? "several" : addresses[0] ?? "";
  for (const { card } of cards.values()) {
    for (const angle of card.querySelectorAll(".card-angle")) angle.hidden = !addresses.includes(angle.dataset.for);
  }
  listChosen();
  if (!task) pause.postMessage(0); // otherwise one is under way
  begin();
  goOn(SLICE);
  fitToScreen();
};

const choose = (list, address) => {
  state.anglesFor = [...new Set([...anglesFor(), address].filter((it) => listeners.has(it)))];
  state.ids = list;
  alarm.textContent = "";
  keep(toHash());
  show();
};

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", (event) => {
  const { name, value } = event.target;
  if (name === "add") {
    fields.add.value = "";
    if (value) choose([...new Set([...ids(), ...sets.get(value)])], value);
    return;
  }
  if (name === "deck") Object.assign(state, { deck: value, ids: null, anglesFor: null });
  else if (name === "for") state.anglesFor = value ? [value] : [];
  else if (name === "duplex") state.duplex = fields.duplex.checked ? "1" : "";
  else if (["paper", "form", "up", "orient"].includes(name)) state[name] = value;
  else return;
  if (name === "paper" || name === "up") state.orient = ""; // each has its usual one
  alarm.textContent = "";
  keep(toHash());
  show();
});
fields.print.addEventListener("click", () => print());

const open = () => {
  state = usual();
  fromHash(kept());
  const unknown = fromHash(location.hash.slice(1));
  alarm.textContent = unknown.length ? t("cards.unknown", { names: unknown.join(", ") }) : "";
  show();
};

// Paper may measure otherwise than the screen: what does not fit there is fitted again.
addEventListener("beforeprint", finish);
matchMedia("print").addEventListener("change", (event) => {
  if (!event.matches) return;
  finish();
  const again = misfits([...place.querySelectorAll(".card:not(.front-side, .too-long)")]);
  Array.from(fit(again, state.form, () => {}));
});
addEventListener("hashchange", open);
addEventListener("resize", fitToScreen);

form.hidden = false;
document.querySelector(".no-script").hidden = true;
listAll();
open();
