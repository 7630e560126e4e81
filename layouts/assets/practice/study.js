// Study: a story uncovered step by step, then its follow-ups, then its quiz.
const study = async ([story, ...rest], list) => {
  const { id, title } = story, asked = questionOf(story, list), body = await textsOf(id, asked);
  const probes = all("[data-probe]", body), quiz = all(".quiz", body), steps = all("[data-step]", body);
  [...probes, ...quiz].forEach((it) => it.remove());
  const after = () => (rest.length ? study(rest, list) : leave());
  const onward = rest.length ? "nextStory" : "back", toQuiz = quiz.length ? "toQuiz" : onward;

  const askQuiz = () => {
    const fields = quiz.filter((it) => it.matches("fieldset"));
    const score = { right: 0, total: fields.length, scored: fields.length };
    show("quiz", { title, body: quiz, ...score, [onward]: true }, {
      next: after, tell: () => tellStory(id, asked),
      digit: (number, target) => {
        const box = target.closest("fieldset") && all("input:enabled", target.closest("fieldset"))[number - 1];
        return box && (() => box.click());
      },
    }, "", "fieldset input, .do");
    for (const field of fields) field.onchange = ({ target }) => {
      const chosen = target.closest(".opt"), right = "right" in chosen.dataset;
      score.right += right;
      for (const it of all(".opt", field)) {
        const good = "right" in it.dataset;
        it.classList.toggle("right", good);
        it.classList.toggle("wrong", it === chosen && !good);
        hide(all(".label", it), !good && it !== chosen);
        hide(all("kbd", it));
        one("input", it).disabled = it !== chosen;
      }
      field.dataset.done = "";
      hide(all(".answer", field), !one(".answer", field).textContent.trim());
      set(score);
      say(right ? t("practice.is_right") : t("practice.is_wrong"));
      focus(one("fieldset:not([data-done]) input") ?? one(".do"));
    };
    for (const it of all("[data-do=answer]")) it.onclick = () => {
      hide(all(".answer", it.parentElement), false);
      hide([it, one(".cover", it.parentElement)]);
      focus(one(".do"));
    };
  };
  const afterProbes = () => (quiz.length ? askQuiz() : after());
  const askProbe = (number) => {
    const shown = one(".shown", probes[number]), last = number === probes.length - 1;
    show("follow-up", {
      title, number: number + 1, total: probes.length, question: [...one("h3", probes[number]).childNodes], body: [shown],
      covered: true, skipQuiz: quiz.length,
    }, {
      skip: afterProbes,
      next: () => {
        if (!shown.hidden) return last ? afterProbes() : askProbe(number + 1);
        shown.hidden = false;
        set({ covered: false });
        return only(".do", last ? toQuiz : "nextProbe");
      },
    });
  };

  let at = 0;
  const whole = () => steps.forEach((it) => { it.hidden = false; uncover(it); });
  const hasWords = one(".words", body);
  const next = () => {
    const part = steps[at++];
    if (part) {
      const words = all(".words, [data-do]", part);
      part.hidden = false;
      if (words.length) { hide(words, false); hide(all(".cover", part)); } else uncover(part);
      part.scrollIntoView({ block: "nearest" });
      say(part.dataset.shown);
    } else if (at === steps.length + 1 && hasWords) whole();
    else return probes.length ? askProbe(0) : afterProbes();
    return advance();
  };
  show("study", { title, question: asked ? asked.text : title, body: [body], total: steps.length + (hasWords ? 2 : 1) }, {
    next, all: () => { whole(); at = steps.length + 1; advance(); },
  });
  const advance = () => {
    const part = steps[at], isText = at === steps.length && hasWords;
    set({ number: at + 1, label: part?.dataset.label, more: part || isText });
    only(".do", part ? "label" : isText ? "showText" : probes.length ? "toProbes" : toQuiz);
    steps.forEach((it, i) => it.classList.toggle("here", i === at - 1));
    if (part) all(".cover", part).forEach((it) => { it.textContent = part.dataset.say; });
    focus(one(".do"));
  };
  for (const it of all("[data-do=whole]")) it.onclick = () => { uncover(it.closest("[data-step]")); focus(one(".do")); };
  advance();
};
