// Drill: which story, then tell it by the clock, then compare.
const CHOICES = 4, THINK = 10, PROBE = 30;
let pool, asked, number;
// A drill has drafts only if no story in it is ready, and no question that wants no story.
const drill = (from) => {
  [pool, asked, number] = [{ ...from, stories: either(ready(from.stories), from.stories), questions: from.questions.filter((it) => !it.answer) }, [], 0];
  which();
};
const tellStory = (id, question) => {
  pool = undefined;
  prepare(stories.get(id), question);
};

const which = async () => {
  const question = draw(pool.questions, asked);
  if (!question) return prepare(shuffled(pool.stories)[0]);
  asked.push(question);
  number++;
  await starbook.search(question.text).catch(() => {});
  // Other drafts, and stories that rest, are found by their title alone.
  const fit = index.stories.filter((it) => it.ready || pool.stories.includes(it) || it.id === question.first);
  const order = bestFor(question).filter((it) => fit.includes(it)), [best] = order;
  const choices = shuffled([...new Set([...order.slice(0, 2), ...shuffled([...order.slice(2, 8), ...fit])])].slice(0, CHOICES));
  let late = false;
  show("which", { number, from: pool.name, question: question.text, last: choices[1] && choices.length }, {
    another: () => { stopClock(); which(); },
    none: () => {
      stopClock();
      show("none", { number, question: question.text, story: best?.title, ...(best && reasonFor(question, best, true)) }, { next: which, tell: () => prepare(best, question, { given: true, thinking: watch.elapsed() }) });
    },
    digit: (count) => !search.value && pick(count - 1),
    key: (key, target) => {
      const stops = [search, ...all("button", list)], to = stops[stops.indexOf(target) + { ArrowDown: 1, ArrowUp: -1 }[key]];
      // A letter that is typed beside the field belongs in it.
      if (/^\p{L}$/u.test(key) && target !== search) focus(search);
      if (key === "Enter" && target === search) return search.value && pick(0);
      return to && (() => focus(to));
    },
  }, "", "");
  const list = one(".opts"), search = one("input"), marks = all(".ring path");
  const pick = (at) => () => all("button", list)[at]?.click();
  search.oninput = () => {
    const words = search.value.trim().toLowerCase();
    const found = words ? index.stories.filter((it) => it.title.toLowerCase().includes(words)).slice(0, CHOICES) : choices;
    list.replaceChildren(...found.map((it, i) => item("opt", { number: i + 1, title: it.title }, { choose: () => { stopClock(); prepare(it, question, { best, late, thinking: watch.elapsed() }); } })));
    set({ noTitle: !found.length });
  };
  search.oninput();
  focus(one("button", list));
  const watch = makeClock(() => {
    const left = max(0, THINK - full(watch.elapsed()));
    marks.forEach((it, i) => it.classList.toggle("on", i >= THINK - left));
    one(".ring text").textContent = left;
    one(".ring").ariaLabel = t("practice.seconds_left", { count: left });
    if (left || late) return;
    late = true;
    set({ late });
    say(t("practice.ten_over"));
  });
};

// Ready: what was chosen, and what the handbook would tell.
const prepare = async (story, question, chose = {}) => {
  const angles = all(".angle", await textsOf(story.id, question));
  const parts = partsOf(story).filter((it) => !it.gap), { best, late, given, thinking = 0 } = chose, other = best !== story && best;
  show("ready", {
    number: pool && number, title: !pool && story.title, question: question?.text, story: story.title,
    late, given, inTime: best && !late, seconds: max(1, round(thinking)), ...(question && reasonFor(question, story, given || best === story)),
    angles, theirs: other, same: best === story, plan: clock(lengthOf(story)), recordNote: true,
  }, {
    next: () => tell(story, question, thinking), instead: () => prepare(other, question, { given: true, thinking }),
  });
  if (other) set({ story: other.title, ...reasonFor(question, other, true) }, one(".theirs"));
  one(".strip").append(...parts.map((part) => {
    const it = letters(item("strip", part), part);
    one(".letter", it).append(one(".time", it));
    it.style.flexGrow = part.plan;
    return it;
  }));
  const box = one("[name=record]"), last = takesOf(story.id)[0]?.number ?? 0, mic = (name) => only(".off", name);
  set({ take: last + 1, old: last - 1 });
  box.onchange = async () => {
    wantsTake = box.checked;
    mic(wantsTake ? "micAsks" : "recordNote");
    if (!wantsTake) return closeMicrophone();
    const came = await askMicrophone();
    wantsTake = box.checked = came === "micReady";
    box.disabled = came === "micNone";
    return mic(last > 1 && wantsTake ? "takeGoes" : came);
  };
  box.checked = wantsTake;
  if (wantsTake) box.onchange();
};

const tell = (story, question, thinking) => {
  const parts = partsOf(story), told = parts.filter((it) => !it.gap), [first] = told, whole = clock(sum(told.map((it) => it.plan)));
  let at = 0;
  // It runs from the press, however long the screen takes.
  const watch = makeClock(() => tick());
  record();
  const end = () => {
    watch.mark();
    stopClock();
    const taken = finishTake(story.id, watch.marks);
    after({ story, question, told, taken, answer: keepAnswer("drill", random(), story, question, thinking, watch.parts()) });
  };
  const now = () => say(t("practice.now", { part: told[at].name, count: told[at].plan }));
  const pause = () => {
    const runs = watch.toggle();
    holdTake(runs);
    draw();
    say(runs ? told[at].name : t("practice.paused_in", { part: told[at].name, time: clock(full(watch.inPart())) }));
  };
  const next = () => {
    if (!watch.running()) return pause();
    if (at === told.length - 1) return end();
    watch.mark();
    at++;
    draw();
    return now();
  };
  // The part before gets its seconds back, and goes on.
  const back = () => {
    if (!at) return;
    at--;
    watch.marks.pop();
    draw();
    say(told[at].name);
  };
  show("telling", { title: story.title, question: question?.text, whole, parts: !first.alone, alone: first.alone }, { next, pause, back, again: () => { cancelTake(); tell(story, question, thinking); }, stop: end }, "stage");
  const rows = parts.map((part) => {
    const it = letters(item("part", { ...part, written: !part.gap, unwritten: part.gap }), part);
    it.style.flexGrow = part.gap ? 0.01 : part.plan;
    return it;
  });
  one(".run").append(...rows);
  const tick = () => {
    const { plan, alone } = told[at], spent = watch.inPart(), left = plan - full(spent);
    set({ digits: left < 0 ? `+${-left}` : alone ? clock(left) : left, plan: alone ? clock(plan) : plan, elapsed: clock(full(watch.elapsed())) }, one(".big"));
    only(".count", left < 0 ? "over" : alone ? "leftAlone" : "left");
    rows[parts.indexOf(told[at])].style.setProperty("--left", max(0, 1 - spent / plan));
  };
  const draw = () => {
    const spent = watch.parts(), runs = watch.running(), following = told[at + 1];
    rows.forEach((row, i) => {
      const step = told.indexOf(parts[i]), past = step >= 0 && step < at;
      row.ariaCurrent = step === at ? "step" : null;
      row.style.setProperty("--left", past || parts[i].gap ? 0 : 1);
      set({ told: past && round(spent[step]), written: !past && !parts[i].gap }, row);
    });
    letters(one(".part-name"), told[at]);
    set({ part: told[at].name, following: following?.name, rec: recorder, recording: runs, recPaused: !runs });
    showPause(runs, following ? "following" : "done");
    one("[data-do=back]").disabled = !at;
    tick();
    focus(one(".do"));
  };
  draw();
  now();
};

const after = (done) => {
  const { story, question, answer, told } = done, spent = answer.parts;
  const planned = sum(told.map((it) => it.plan)), whole = total(answer), by = round(whole) - planned;
  const overs = told.map((it, i) => round((spent[i] ?? 0) - it.plan)), most = max(...overs), worst = told[overs.indexOf(most)];
  const isOver = (over, of) => over > max(2, of / 10), stopped = spent.length < told.length, limit = limitOf(answer, planned), isLong = isOver(by, planned), isShort = !stopped && by < -planned / 4;
  const sums = { told: clock(whole), plan: clock(planned), part: worst.name, count: most };
  show("after", {
    number: pool && number, title: !pool && story.title, story: story.title, question: question?.text, ...sums,
    over: isLong && by, stopped, under: isShort && -by, inTime: !isLong && !isShort && !stopped, unrated: !answer.rating, short: limit < 4,
    worst: by > 0 && most > 0 && told.length > 1 && worst.name, most, probes: story.probes, back: !pool, nextQuestion: pool, unheard: true,
  }, {
    next: () => (pool ? which() : leave()), again: () => prepare(story, question),
    text: async (button) => reveal(button, one(".compare").appendChild(await wholeOf(story.id, question))),
    digit: (count) => () => { all("[name=rate]")[count - 1]?.click(); focus(one(".do")); },
  });
  const scale = max(...spent, ...told.map((it) => it.plan));
  one(".bars").append(...spent.map((value, i) => {
    const { plan, name } = told[i], row = letters(item("bar", { name, told: round(value), plan, over: isOver(overs[i], plan) && overs[i] }), told[i]);
    one(".pa", row).classList.add(told[i].letter || "z");
    bar(row, value, plan, scale);
    return row;
  }));
  for (const box of all("[name=rate]")) {
    box.checked = answer.rating === Number(box.value);
    box.disabled = box.value > limit;
    box.onchange = () => { answer.rating = Number(box.value); keep(answer); set({ unrated: false }); };
  }
  showTake(done, one(".takes"));
  say(most > 0 ? t("practice.sum_over", sums) : t("practice.sum", sums));
  if (story.probes) askProbes(done);
};
// A take shows when it has been looked through for silences.
const showTake = async (done, place) => {
  await done.taken;
  const [take] = takesOf(done.story.id);
  if (!take || !place.isConnected) return;
  set({ heard: true, unheard: false });
  place.append(takeRow(done.story, take, done.told, { play: () => listen(done, () => after(done)) }));
};
const askProbes = async (done) => {
  const { story, answer } = done;
  done.probes ??= shuffled(all("[data-probe]", await textsOf(story.id))).slice(0, 2);
  const rows = done.probes.map((it, i) => {
    const probe = one("h3", it).textContent, known = answer.probes.find((other) => other.probe === probe);
    const row = item("probe", { title: probe, fresh: !known, known, time: known && round(known.seconds) }, {
      answer: () => askShort({ drill: true, probe: true, number: i + 1, total: done.probes.length, question: probe }, (spent) => {
        answer.probes = [...answer.probes, { probe, seconds: tenth(spent) }];
        keep(answer);
        done.answered = i;
        after(done);
      }),
      show: (button) => reveal(button, row.appendChild(one(".shown", it).cloneNode(true))),
    });
    return row;
  });
  one(".probes")?.append(...rows);
  // Back from a follow-up, where one was.
  const row = rows[done.answered];
  row?.scrollIntoView({ block: "center" });
  focus(row && one("[data-do=show]", row));
};
// A follow-up: the question and a clock, no more.
const askShort = (values, done) => {
  const end = () => { stopClock(); done(watch.elapsed()); };
  const tick = () => {
    const left = PROBE - full(watch.elapsed());
    set({ digits: left < 0 ? `+${-left}` : left });
    only(".count", left < 0 ? "over" : "left");
  };
  const watch = shortStage({ ...values, plan: PROBE }, "done", tick, () => (watch.running() ? end() : watch.pause()), end);
};
const showPause = (runs, label) => {
  set({ runs, paused: !runs });
  one("[data-do=pause]").ariaPressed = !runs;
  only(".do", runs ? label : "goOn");
};
// The bare stage of a follow-up or a mock; returns its clock, which can pause.
const shortStage = (values, label, tick, next, stop) => {
  const pause = () => {
    const runs = watch.toggle();
    showPause(runs, watch.label);
    say(runs ? t("practice.runs") : t("practice.paused"));
  };
  const watch = Object.assign(makeClock(tick), { pause, label });
  show("short", { ...values, runs: true, clock: true }, { next, pause, stop }, "stage bare");
  only(".do", label);
  return watch;
};
