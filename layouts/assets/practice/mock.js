// Mock: questions straight through, with nothing but a clock, and a report at the end.
const lang = document.documentElement.lang;
const mock = async (questions, count) => {
  const list = [];
  // Weak ones first, but no two of one category where there are others.
  while (list.length < min(count, questions.length)) {
    const used = list.map((it) => it.topics[0]), left = questions.filter((it) => !list.includes(it));
    const others = left.filter((it) => !used.includes(it.topics[0]));
    list.push(draw(others.length ? others : left));
  }
  await starbook.search(list[0].text).catch(() => {});
  run({ id: random(), list }, 0);
};
// One question: first the thinking, then the speaking. `done` gets both; `stop` ends the mock.
const askAloud = (values, done, stop) => {
  let thinking;
  const spoken = () => watch.elapsed() - (thinking ?? 0);
  const tick = () => {
    set({ digits: clock(full(spoken())), thought: round(thinking ?? 0) });
    only(".count", thinking == null ? "thinking" : "speaking");
  };
  const end = (then) => { stopClock(); then(thinking, spoken()); };
  const watch = shortStage({ mock: true, ...values }, "beginSpeak", tick, () => {
    if (!watch.running()) return watch.pause();
    if (thinking != null) return end(done);
    thinking = watch.elapsed();
    only(".do", watch.label = "done");
    tick();
    return say(t("practice.speak"));
  }, () => end(stop));
};
const steps = (list, at) => list.map((_, i) => Object.assign(document.createElement("i"), { className: i < at ? "done" : i === at ? "cur" : "" }));
const run = (sitting, at) => {
  const { id, list } = sitting, question = list[at], head = { number: at + 1, total: list.length };
  const save = (thinking, spent) => keepAnswer("mock", `${id}-${at + 1}`, bestFor(question)[0], question, thinking, [spent]);
  askAloud({ ...head, question: question.text, steps: steps(list, at) }, (thinking, spent) => {
    save(thinking, spent);
    const last = at + 1 === list.length, next = () => (last ? report(id) : run(sitting, at + 1));
    show("short", { mock: true, ...head, steps: steps(list, at + 1), kept: at + 1, digits: t("practice.n_of", head), nextClock: !last, allTold: last, nextQuestion: at + 2 }, { next, stop: () => report(id) }, "stage bare");
    only(".do", last ? "toReport" : "nextQuestion");
    say(t("practice.kept", { number: at + 1 }));
  }, (thinking, spent) => {
    if (thinking != null) save(thinking, spent);
    report(id);
  });
};

// The report is made from what was kept, so that it can be opened again later.
const sittingOf = ({ id }) => id.split("-")[0];
const answersOf = (id) => {
  const own = everything().filter((it) => it.mode === "mock" && sittingOf(it) === id), again = new Map(own.map((it) => [it.id, it]));
  return own.filter((it) => !it.id.endsWith("r")).map((first) => ({ first, answer: again.get(`${first.id}r`) ?? first }));
};
const report = (id, at = "h1") => {
  const answers = answersOf(id), list = answers.map((it) => it.answer), told = list.map((it) => stories.get(it.story));
  if (!list.length) return leave();
  const plans = told.map(lengthOf), of = (it) => questions.get(it.question), minutes = max(1, round(sum(list.map((it) => total(it) + it.thinking)) / 60));
  const others = told.map((story) => story && told.flatMap((it, i) => (it === story ? [i + 1] : []))), twice = others.find((it) => it?.length > 1);
  const overs = list.map((it, i) => round(total(it) - plans[i])), most = max(...overs), different = new Set(told.filter(Boolean));
  const spare = twice && of(list[twice.at(-1) - 1])?.stories.map(([other]) => stories.get(other)).find((it) => it && !different.has(it));
  show("report", {
    when: dateText(list[0].at, { dateStyle: "full", timeStyle: "short" }),
    heading: t("practice.report", { count: list.length, minutes }), total: list.length, near: overs.filter((it) => Math.abs(it) <= 15).length,
    thought: round(sum(list.map((it) => it.thinking)) / list.length), different: `${different.size}`,
    twice: twice && told[twice[0] - 1].title, numbers: twice?.join(", "), last: twice?.at(-1), spare: spare?.title,
    longest: most > 15 && told[overs.indexOf(most)]?.title, most,
  }, {
    print: () => print(),
    copy: (button) => navigator.clipboard.writeText(asText()).then(() => { button.textContent = t("copy.copied"); say(t("copy.copied")); }, () => say(t("practice.not_copied"))),
  }, "", at);
  const change = (answer, row, name, values) => { keep({ ...answer, ...values }); report(id, `tr:nth-child(${row}) [name=${name}]`); };
  const scale = max(...list.map(total), ...plans);
  one("tbody").append(...answers.map(({ first, answer }, i) => {
    const also = others[i]?.filter((it) => it !== i + 1).join(", "), isFirst = answer === first;
    const row = item("row", { number: i + 1, question: of(answer)?.text ?? answer.question, also, told: clock(total(answer)), plan: clock(plans[i]), thought: round(answer.thinking), first: !isFirst && clock(total(first)), retake: isFirst && of(answer) }, {
      retake: () => askAloud({ number: i + 1, total: list.length, question: of(answer).text }, (thinking, spent) => {
        keepAnswer("mock", `${first.id}r`, told[i], of(answer), thinking, [spent]);
        report(id);
      }, () => report(id)),
    });
    const story = one("[name=story]", row), rating = one("[name=rating]", row);
    story.value = answer.story;
    rating.value = answer.rating ?? "";
    story.onchange = () => change(answer, i + 1, "story", { story: story.value, digest: stories.get(story.value)?.digest ?? "" });
    rating.onchange = () => change(answer, i + 1, "rating", { rating: Number(rating.value) || null });
    bar(row, total(answer), plans[i], scale);
    return row;
  }));
  const asText = () => [one("h1").textContent, one(".facts").textContent.trim(), "", ...all("tbody tr").flatMap((row, i) => {
    const [story, rating] = all("select", row).map((it) => it.selectedOptions[0]?.textContent);
    return [`${i + 1}. ${one(".qq", row).textContent}`, `   ${story}, ${clock(total(list[i]))} / ${clock(plans[i])}, ${rating}`];
  })].join("\n");
  return focus(one(at));
};
