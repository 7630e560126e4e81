// Mock: questions straight through, with nothing but a clock, and a report at the end.
const lang = document.documentElement.lang;
const mock = (questions, count) => {
  const list = [];
  // Weak ones first, but no two of one category where there are others.
  while (list.length < min(count, questions.length)) {
    const used = list.map((it) => it.topics[0]), left = questions.filter((it) => !list.includes(it));
    list.push(draw(either(left.filter((it) => !used.includes(it.topics[0])), left)));
  }
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
const run = (sitting, at) => {
  const { id, list } = sitting, question = list[at], head = { number: at + 1, total: list.length };
  const steps = (done) => "■".repeat(done).padEnd(list.length, "□");
  const save = (thinking, spent) => keepAnswer("mock", `${id}-${at + 1}`, undefined, question, thinking, [spent]);
  askAloud({ ...head, question: question.text, steps: steps(at) }, (thinking, spent) => {
    save(thinking, spent);
    const last = at + 1 === list.length, next = () => (last ? report(id) : run(sitting, at + 1));
    show("short", { mock: true, ...head, steps: steps(at + 1), kept: head.number, digits: t("practice.n_of", head), nextClock: !last, allTold: last, nextQuestion: at + 2 }, { next, stop: () => report(id) }, "stage bare");
    only(".do", last ? "toReport" : "nextQuestion");
  }, (thinking, spent) => {
    if (thinking != null) save(thinking, spent);
    report(id);
  });
};

// The report is made from what was kept, so that it can be opened again later.
const sittingOf = ({ id }) => id.split("-")[0];
const answersOf = (id) => {
  const own = everything().filter((it) => it.mode === "mock" && sittingOf(it) === id);
  return own.filter((it) => !it.id.endsWith("r")).map((first) => ({ first, answer: own.find((it) => it.id === `${first.id}r`) ?? first }));
};
const report = (id, at = "h1") => {
  const answers = answersOf(id), list = answers.map((it) => it.answer), told = list.map((it) => stories.get(it.story));
  if (!list.length) return leave();
  const plans = told.map(lengthOf), of = (it) => questions.get(it.question), minutes = max(1, round(sum(list.map((it) => total(it) + it.thinking)) / 60));
  const others = told.map((story) => story && told.flatMap((it, i) => (it === story ? [i + 1] : []))), twice = others.find((it) => it?.length > 1);
  // An answer without a story has no plan, and is compared with none.
  const overs = list.map((it, i) => (plans[i] ? round(total(it) - plans[i]) : -Infinity)), most = max(...overs), named = told.filter(Boolean), different = new Set(named);
  const spare = twice && of(list[twice.at(-1) - 1])?.stories.map(([other]) => stories.get(other)).find((it) => it && !different.has(it));
  show("report", {
    when: dateText(list[0].at, { dateStyle: "full", timeStyle: "short" }),
    heading: t("practice.report", { count: list.length, minutes }), near: overs.filter((it) => Math.abs(it) <= 15).length, total: plans.filter(Boolean).length, named: named.length, unnamed: named.length < list.length,
    thought: round(sum(list.map((it) => it.thinking)) / list.length), different: different.size,
    twice: twice && told[twice[0] - 1].title, numbers: twice?.join(", "), last: twice?.at(-1), spare: spare?.title,
    longest: most > 15 && told[overs.indexOf(most)]?.title, most,
  }, {
    print: () => print(),
    copy: async () => {
      const copied = await navigator.clipboard?.writeText(asText()).then(() => true, () => false);
      set({ copied, notCopied: !copied });
    },
  }, "", at);
  const change = (answer, row, name, values) => { keep({ ...answer, ...values }); report(id, `tr:nth-child(${row}) [name=${name}]`); };
  const scale = max(...list.map(total), ...plans);
  one("tbody").append(...answers.map(({ first, answer }, i) => {
    const also = others[i]?.filter((it) => it !== i + 1).join(", "), isFirst = answer === first, limit = limitOf(answer, plans[i]);
    const row = item("row", { number: i + 1, question: of(answer)?.text ?? answer.question, also, told: clock(total(answer)), plan: plans[i] && clock(plans[i]), short: limit < 4, thought: round(answer.thinking), first: !isFirst && clock(total(first)), retake: isFirst && of(answer) }, {
      retake: () => askAloud({ number: i + 1, total: list.length, question: of(answer).text }, (thinking, spent) => {
        keepAnswer("mock", `${first.id}r`, told[i], of(answer), thinking, [spent]);
        report(id);
      }, () => report(id)),
    });
    const story = one("[name=story]", row), rating = one("[name=rating]", row);
    // First those that are linked to the question, as they are there.
    story.append(...ranked([...story.options], ({ value }) => value && (of(answer)?.stories.findIndex(([id]) => id === value) + 1 || 999)));
    story.value = answer.story;
    rating.value = answer.rating ?? "";
    for (const it of rating.options) it.disabled = it.value > limit;
    story.onchange = () => {
      const it = stories.get(story.value);
      change(answer, i + 1, "story", { story: story.value, digest: it?.digest ?? "", rating: min(answer.rating, limitOf(answer, lengthOf(it))) || null });
    };
    rating.onchange = () => change(answer, i + 1, "rating", { rating: Number(rating.value) || null });
    bar(row, total(answer), plans[i], scale);
    return row;
  }));
  const asText = () => [one("h1").textContent, one(".facts").textContent.trim(), "", ...all("tbody tr").flatMap((row, i) => {
    const [story, rating] = all("select", row).map((it) => it.selectedOptions[0]?.textContent);
    return [`${i + 1}. ${one(".qq", row).innerText}`, `   ${story}, ${one(".time", row).innerText}, ${rating}`];
  })].join("\n");
  return focus(one(at));
};
