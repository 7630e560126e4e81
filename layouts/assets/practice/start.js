// The start of practice: what is for today, the settings, and what is kept.
let index, stories, questions, chosenLength, from;
const dateText = (at, style) => new Date(at).toLocaleString(lang, style);
const dayName = (style) => theDay() && dateText(`${theDay()}T12:00`, style);
const questionOf = ({ id }, list = []) => {
  const of = (only) => index.questions.find((it) => it.stories.some(([story, chosen]) => story === id && (chosen || !only)));
  return list.find((it) => it.first === id) ?? of(true) ?? of(false);
};

// The stories and questions to practise with: a list, or what a name stands for.
const poolOf = (choice) => {
  const [kind, ...rest] = choice.split("/"), name = rest.join("/"), has = (it) => it.topics.includes(choice) || it.level === name || it.levels?.includes(name) || it.companies?.includes(name);
  const { today, chance } = plan(), set = index.sets[choice], lists = { today, weakest: ranked(ready(), chance), drafts: index.stories.filter((it) => !it.ready && !it.resting), story: [stories.get(name)] };
  const listed = set?.stories.map((id) => stories.get(id)) ?? lists[kind] ?? index.stories.filter(has);
  const best = (it, most) => it.stories.slice(0, most).map(([id]) => stories.get(id)), by = (most) => index.questions.filter((it) => best(it, most).some((story) => listed.includes(story)));
  const named = set?.questions?.map((at) => index.planned[at]) ?? (lists[kind] ? [] : index.questions.filter(has)), found = either(named, by(1));
  const list = found.length || kind !== "story" ? found : [questionOf(listed[0])].filter(Boolean);
  // A mock needs questions alone: those that these stories fit at all, and any, if none was named.
  const asked = !name && list.length < (settings.count ?? 6) ? index.questions : either(list, by(99));
  return { questions: list, asked, stories: either(listed, list.flatMap((it) => best(it, 1))) };
};
// The day of an interview is the one to be ready for.
const practiseWith = (choice) => {
  const day = index.sets[choice]?.day;
  from = choice;
  if (day >= dayOf()) setting("day", day);
  start();
};
const begin = (choice, act, need = "stories") => {
  from = choice;
  const chosen = poolOf(choice), name = one(`[name=from] option[value="${CSS.escape(choice)}"]`).textContent;
  return chosen[need].length ? enter(() => act({ ...chosen, name })) : start({ nothing: true });
};
const studyAll = (it) => study(it.stories, it.questions);
// A session takes the place of the page, and Back leaves it.
const enter = (act) => {
  history.pushState("session", "");
  act();
};
const leave = () => (history.state ? history.back() : start());
addEventListener("popstate", () => {
  stopClock();
  cancelTake();
  closeMicrophone();
  silent();
  start();
  focus(one("[data-do=drill]"));
});

const save = () => download(new Blob([toFile()], { type: "application/json" }), `practice-${dayOf()}.json`);
const add = () => one("[type=file]").click();
const addFile = async ({ target }) => start(fromFile(await new Response(target.files[0]).json().catch(() => {})));

const start = (notice = {}) => {
  const { today, chance, left } = plan(), list = everything(), rated = list.filter((it) => it.rating), last = rated.findLast((it) => it.story), told = byStory(list);
  const count = settings.count ?? 6, keeps = usable(found) && !found.full, day = dayName({ weekday: "long", ...(left > 6 && { day: "numeric", month: "long" }) });
  const open = list.findLast((it) => it.mode === "mock" && !it.rating), waits = open && answersOf(sittingOf(open)).filter((it) => !it.answer.rating).length;
  show("start", {
    ...notice, [found.state]: true, full: found.full, alone: location.origin === "null" && location.protocol === "file:",
    today: left === 0 && today.length, over: left < 0 && dayName({ dateStyle: "full" }), drafts: !ready().length,
    waits, when: open && ago(open.at), left: left > 0 && left, days: left > 0 && t("practice.days", { count: left }), day,
    count, due: today.length, total: ready().length, minutes: max(1, round(sum(today.map(lengthOf)) / 60)), toDay: left > 0, noDay: left < 0,
    nothingDue: !today.length && ready().length, told: index.stories.filter((it) => told.has(it.id)).length, of: index.stories.length,
    answers: rated.length, best: rated.filter((it) => it.rating === 4).length, nothingTold: !last, since: last && dateText(rated[0].at, { day: "numeric", month: "long" }),
    lastWhen: last && ago(last.at), lastStory: last && (stories.get(last.story)?.title ?? last.story), lastTime: last && clock(total(last)),
    here: index.id && keeps, noId: !index.id && keeps, nowhere: !keeps,
    forgetAnswers: t("practice.count", { count: records.length }), forgetDays: t("practice.days", { count: new Set(records.map((it) => it.at.slice(0, 10))).size }),
  }, {
    study: () => begin(form.from.value, studyAll), drill: () => begin(form.from.value, drill), mock: () => begin(form.from.value, (it) => mock(it.asked, Number(form.count.value)), "asked"),
    drillTwo: () => begin("today", drill), studyDrafts: () => begin("drafts", studyAll), rate: () => enter(() => report(sittingOf(open))),
    clearDay: () => { setting("day", ""); start(); },
    save, add, forget: () => start({ forget: true }), keepAll: () => start(),
    forgetAll: () => { forget(); start({ forgotten: true }); }, forgetOld: () => { forget(Date.now() - 90 * DAY); start(); },
  }, "", "");
  if (!index.stories.length) return;
  const form = one(".begin").elements, picked = one("[name=day]");
  form.from.value = from ?? (today.length ? "today" : ready().length ? "weakest" : "drafts");
  form.plan.value = chosenLength;
  form.count.value = count;
  picked.value = theDay() ?? "";
  const loop = one("[name=loop]");
  // Interviews that are over stand last.
  for (const it of all("[data-day]")) if (it.dataset.day < dayOf()) it.parentElement.append(it);
  loop.value = picked.value;
  if (!loop.value) loop.value = "";
  const setDay = ({ target }) => { setting("day", target.value); start(); focus(one(target.value ? `[name=${target.name}]` : "[name=day]")); };
  loop.onchange = picked.onchange = setDay;
  form.from.onchange = ({ target }) => { practiseWith(target.value); focus(one("[name=from]")); };
  form.plan.onchange = () => { chosenLength = Number(form.plan.value); setting("length", index.lengths[chosenLength]?.name); };
  form.count.onchange = () => { setting("count", Number(form.count.value)); set({ count: form.count.value }); };
  one("[type=file]").onchange = addFile;
  one(".begin").onsubmit = (event) => event.preventDefault();
  one(".due").append(...today.map((it, i) => {
    const of = told.get(it.id), row = item("due", {
      number: i + 1, title: it.title, untold: !of, odds: of && max(1, min(9, round(10 * chance(it)))), toDay: of && left > 0, noDay: of && left <= 0, day,
      meta: of ? line(of) : it.topics.map((topic) => index.topics[topic]).slice(0, 3).join(", "), changed: of && changed(of, it.digest),
    }, { study: () => enter(() => study([it])), tell: () => enter(() => tellStory(it.id, questionOf(it))) });
    one("a", row).href = `stories/${it.id}.html`;
    for (const button of all("button", row)) button.ariaLabel = `${button.textContent}: ${it.title}`;
    return row;
  }));
  if (Object.keys(notice).length) {
    const box = one(".alerts .alert:not([hidden])");
    box.scrollIntoView({ block: "nearest" });
    focus(one("button", box));
    say(one("p", box).textContent);
  }
};

// The index is the last script, and calls this; then the page is complete.
starbook.practice.receive = (made, ofBuild) => {
  index = made;
  [stories, questions] = [index.stories, [...index.planned, ...index.questions]].map((list) => new Map(list.map((it) => [it.id, it])));
  openStore(index, ofBuild);
  chosenLength = index.lengths.findIndex((it) => it.name === settings.length);
  start();
  const [, act, id] = /^#(study|tell|drill|with)=(.+)$/.exec(location.hash) ?? [], name = id && decodeURIComponent(id), story = stories.get(name);
  // When it is left, a reload does not begin it again.
  if (act && act !== "with") history.replaceState("", "", location.pathname);
  if (act === "with" && index.sets[name]) practiseWith(name);
  else if (act === "drill" && questions.has(name)) enter(() => drill({ questions: [questions.get(name)], stories: index.stories }));
  else if (story) enter(() => (act === "study" ? study([story]) : tellStory(name, questionOf(story))));
};
starbook.practice.plan = plan;
