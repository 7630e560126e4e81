// What is practised, kept in the browser: written, saved as a file, added from a file, forgotten.
const DAY = 864e5, { max, min, round } = Math;
const { VERSION, chancesOn, isRecord, keyOf, read, merge, clock, daysBetween, ago, total, byStory, line, changed } = starbook.practice;
let handbook, key, found, built, records, settings;
const usable = ({ state }) => state === "kept" || state === "empty";
// Whether something goes with the page: a take, or answers that the browser does not keep.
const isUnsaved = () => [...takes.values()].flat().length || (records.length && (found.full || !usable(found)));
const random = () => Math.random().toString(36).slice(2);
const everything = () => merge(records, built);

const openStore = (index, ofBuild) => {
  handbook = { id: index.id, title: index.title };
  key = keyOf(index.id, index.title);
  built = ofBuild.filter(isRecord);
  found = read(key);
  // A handbook that was given an id takes along what was kept under its place.
  const before = read(keyOf("", index.title));
  if (found.state === "empty" && before.state === "kept") found = before;
  ({ records, settings } = found);
};
// Another tab may have written meanwhile: its records are kept, and so is what cannot be read.
const write = () => {
  const there = read(key);
  if (!usable(found) || !usable(there)) return;
  records = merge(records, there.records);
  try {
    localStorage.setItem(key, JSON.stringify({ version: VERSION, records: [...records, ...there.rest], settings }));
    found = { state: "kept" };
  } catch { found = { state: "empty", full: true }; }
};
const keep = (record) => {
  records = merge([record], records);
  write();
};
const keepAnswer = (mode, id, story, question, thinking, parts) => {
  const answer = {
    id, story: story?.id ?? "", digest: story?.digest ?? "", question: question?.id ?? "", at: new Date().toISOString(),
    thinking: tenth(thinking), parts: parts.map(tenth), rating: null, probes: [], mode,
  };
  keep(answer);
  return answer;
};
const setting = (name, value) => {
  settings = { ...settings, [name]: value };
  write();
};
const forget = (until = Infinity) => {
  records = records.filter((it) => Date.parse(it.at) > until);
  try { for (const id of [handbook.id, ""]) localStorage.removeItem(keyOf(id, handbook.title)); } catch {
    // There is none.
  }
  found = read(key);
  write();
};
const toFile = () => found.raw ?? JSON.stringify({ starbook: "practice", version: VERSION, handbook, records: everything() }, null, 1);
// What came of a file, as the page says it.
const fromFile = (file) => {
  const of = file?.handbook ?? {};
  if (file?.starbook !== "practice" || !Array.isArray(file.records)) return { strange: true };
  if (file.version > VERSION) return { newerFile: true };
  if (of.id && of.id !== handbook.id) return { otherFile: of.title ?? of.id };
  const good = file.records.filter(isRecord), known = everything().length;
  records = merge(records, good);
  write();
  const count = everything().length - known;
  return { added: t("practice.added", { count, known: good.length - count }) };
};
