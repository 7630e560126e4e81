// Which stories are for today, and which question comes next.
const TODAY = 5, DUE = 0.9;
const ranked = (list, by) => list.map((it) => [by(it), it]).sort(([a], [b]) => a - b).map(([, it]) => it);
const shuffled = (list) => ranked(list, Math.random);
const either = (list, other) => (list.length ? list : other);
const ready = (list = index.stories) => list.filter((it) => it.ready);

// With a date: none untold, so many a day that all are told before it; then what would be least
// remembered on it. On the day: two that are known. Without a date: what is due, then what is untold.
const dayOf = (date = new Date()) => date.toLocaleDateString("sv");
const theDay = () => settings.day ?? Object.values(index.sets).map((it) => it.day).filter((it) => it >= dayOf()).sort()[0];
const plan = (day = theDay(), now = new Date()) => {
  const date = new Date(`${day}T09:00`), left = day ? daysBetween(now, date) : -1;
  const chances = chancesOn(left > 0 ? date : now, everything().filter((it) => it.rating));
  const chance = ({ id }) => chances.get(id) ?? 0, order = ranked(ready(), chance);
  const untold = order.filter((it) => !chance(it)), told = order.filter(chance);
  const today = left > 0 ? [...untold, ...told].slice(0, max(TODAY, Math.ceil(untold.length / left)))
    : left === 0 ? told.slice(-2).reverse()
      : [...told.filter((it) => chance(it) < DUE), ...untold].slice(0, TODAY);
  return { today, chance, left };
};
// A question from where it is weakest: one of the four whose best story is least remembered.
const draw = (questions, not = []) => {
  const { chance } = plan(), fresh = either(questions.filter((it) => !not.includes(it)), questions);
  const weak = ranked(shuffled(fresh), ({ stories: [best] }) => (best ? chance({ id: best[0] }) : 0));
  return shuffled(weak.slice(0, 4))[0];
};

// The stories for a question, best first: those that were assigned to it, those that Ask finds, as it
// ranks them, and those that the build found.
const bestFor = ({ text, first, stories: links }) => {
  let found = [];
  try { found = starbook.find(text, 40).filter((it) => it.kind === "story").map(({ id }) => [id]); } catch {
    // No index.
  }
  const assigned = links.filter(([, chosen]) => chosen);
  return [...new Set([[first], ...assigned, ...found, ...links].map(([id]) => stories.get(id)))];
};
const reasonFor = (question, { id }, isBest) => {
  const [, chosen, text] = question.stories.find(([other]) => other === id) ?? [];
  const none = !chosen && !text;
  return { chosen, note: chosen && text, reason: !chosen && text, byWords: none && isBest, unlinked: none && !isBest };
};

// The parts of an answer with their seconds: those in its headings, else of the answer length that
// was chosen or is its own; else what its words take; else two minutes in all.
const ROUGH = 120, SHARES = { situation: 4, task: 3, action: 11, result: 4, reflection: 2 };
const partsOf = (story) => {
  const picked = index.lengths[chosenLength], own = picked ?? index.lengths[story.length];
  const parts = story.parts.map((it) => ({ ...it, plan: (!picked && it.seconds) || own?.parts[it.kind] || it.seconds || it.aloud || 0 }));
  const told = parts.filter((it) => !it.gap || it.aloud);
  if (!told.length) return [{ letter: "", name: t("practice.answer"), plan: own?.seconds ?? ROUGH, alone: true }];
  const share = (it) => SHARES[it.kind] ?? 2, whole = sum(told.map(share));
  if (!sum(told.map((it) => it.plan))) for (const it of told) it.plan = round(ROUGH * share(it) / whole);
  for (const it of parts) it.gap = !told.includes(it) || !it.plan;
  return parts;
};
const sum = (list) => list.reduce((whole, it) => whole + it, 0);
const lengthOf = (story) => (story ? sum(partsOf(story).map((it) => it.plan)) : 0);
// Who told less than a quarter of the plan did not tell it whole: such an answer has gaps at best.
const limitOf = (answer, planned) => (total(answer) < planned / 4 ? 2 : 4);
const tenth = (value) => round(value * 10) / 10;
