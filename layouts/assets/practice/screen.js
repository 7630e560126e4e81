// Screens: one is shown at a time, made from a template of the page. `data-v` names what is shown,
// `data-if` when it is, and `data-do` what a press does.
const t = (key, values) => starbook.t(key, values);
const main = document.getElementById("_main"), voice = document.getElementById("_said");
let acts = {}, pressed = -1e3, session;
const all = (selector, root = main) => [...root.querySelectorAll(selector)];
const one = (selector, root = main) => root.querySelector(selector);
const focus = (it) => it?.focus({ preventScroll: true });
// What a press shows takes the place of its button, and its focus: Tab goes on from there.
const reveal = (button, it) => {
  button.hidden = true;
  it.hidden = false;
  it.tabIndex = -1;
  it.scrollIntoView({ block: "nearest" });
  focus(it);
};
const hide = (list, on = true) => list.forEach((it) => { it.hidden = on; });
// The only voice of the page: it answers a key, and says nothing by itself.
const say = (text) => { voice.textContent = text; };

const set = (values, root = main) => {
  for (const it of all("[data-v]", root)) if (it.dataset.v in values) it.replaceChildren(...[values[it.dataset.v] ?? ""].flat());
  for (const it of all("[data-if]", root)) if (it.dataset.if in values) it.hidden = !values[it.dataset.if];
};
// Of the texts in `place`, shows the one named.
const only = (place, name) => all("[data-if]", one(place)).forEach((it) => { it.hidden = it.dataset.if !== name; });
const make = (name, values, on = {}) => {
  const root = document.getElementById(`_${name}`).content.cloneNode(true);
  hide(all("[data-if]", root));
  set(values, root);
  for (const it of all("[data-do]", root)) it.onclick = () => ({ leave, ...on })[it.dataset.do]?.(it);
  return root;
};
const item = (...it) => make(...it).firstElementChild;
const show = (name, values, on, stage = "", first = ".do") => {
  main.replaceChildren(make(name, values, on));
  main.className = stage;
  const { classList } = document.body;
  session = classList.toggle("in-session", name !== "start" && name !== "report");
  // `serve` reloads the page while it is neither.
  classList.toggle("busy", name !== "start");
  classList.toggle("unsaved", isUnsaved());
  acts = on;
  // A button has the focus, so that the question would not be read.
  say(session ? one("h1").innerText : "");
  scrollTo(0, 0);
  if (first) focus(one(first));
};
const letters = (it, { letter, gap }) => {
  const sign = one(".letter", it);
  sign.className = `letter ${letter || "z"} ${gap ? "gap" : ""}`;
  sign.dataset.l = sign.textContent = letter.toUpperCase();
  return it;
};
// A bar: planned is an outline, told is solid, on one scale.
const bar = (it, told, plan, scale) => {
  one(".real", it).setAttribute("width", 120 * told / scale);
  one(".plan", it).setAttribute("width", 120 * plan / scale);
};

addEventListener("click", (event) => {
  // A second press within 0.4 s of the dark button is a slip.
  const isDo = event.target.closest(".do"), now = performance.now();
  if (now - pressed < 400 && (isDo || event.target.matches("input"))) {
    event.stopPropagation();
    event.preventDefault();
  } else if (isDo) pressed = now;
}, true);
addEventListener("keydown", (event) => {
  const { key, target, ctrlKey, metaKey } = event;
  if (!session) return;
  // Ask would answer the question.
  if (key === "/" || (key === "k" && (ctrlKey || metaKey))) event.stopPropagation();
  if (ctrlKey || metaKey || event.altKey || event.isComposing) return;
  const busy = target.closest("button, a, input, select, summary");
  let act;
  if (key === "Escape") act = acts.pause ?? acts.leave ?? leave;
  else if (key === "ArrowLeft" && !target.matches("input")) act = acts.back;
  else if (key === " " && !busy) act = () => one(".do")?.click();
  else if (key > 0) act = acts.digit?.(key);
  else act = acts.key?.(key, target);
  if (!act || (event.repeat && key !== "ArrowLeft")) return;
  event.preventDefault();
  act();
}, true);

// The texts of a story, fetched with those of its neighbours.
const shards = new Map();
starbook.practice.texts = (number, mark, rows) => shards.set(number, mark === index.versions[number] && rows);
const textsOf = async (id, question) => {
  const place = index.stories.findIndex((it) => it.id === id), number = Math.floor(place / index.shard);
  if (!shards.has(number)) await starbook.add(`practice-texts/${number}.js`).catch(() => {});
  const it = document.createElement("div");
  it.innerHTML = shards.get(number)?.[place % index.shard] ?? one("#_stale", document).innerHTML;
  // Of its angles, those for the question and for who asks it.
  for (const angle of all("[data-angle]", it)) if (!question?.angles?.includes(angle.dataset.angle)) angle.remove();
  return it;
};
const uncover = (part) => {
  hide(all(".cover, .words, [data-do]", part));
  hide(all(".whole, .aside", part), false);
};
// The parts of a story in full, to compare.
const wholeOf = async (...of) => {
  const body = await textsOf(...of);
  all("[data-probe], .quiz", body).forEach((it) => it.remove());
  all("[data-step]", body).forEach((it) => { it.hidden = false; uncover(it); });
  return body;
};
