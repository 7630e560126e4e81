// Study: a story uncovered step by step, then its follow-ups, then its quiz.
const study = async ([story, ...rest], list) => {
  const { id, title } = story, asked = questionOf(story, list), body = await textsOf(id, asked);
  const probes = all("[data-probe]", body), quiz = all(".quiz", body), steps = all("[data-step]", body);
  [...probes, ...quiz].forEach((it) => it.remove());
  const after = () => (rest.length ? study(rest, list) : leave());
  const onward = rest.length ? "nextStory" : "back", toQuiz = quiz.length ? "toQuiz" : onward;

  // The next question that is open, else the dark button.
  const todo = "fieldset:not([data-done]) input, [data-do=answer]:not([hidden]), .do";
  const askQuiz = () => {
    const fields = quiz.filter((it) => it.matches("fieldset"));
    const score = { right: 0, total: fields.length };
    show("quiz", { title, body: quiz, ...score, [onward]: true }, {
      next: after, tell: () => tellStory(id, asked),
      answer: (button) => {
        const answer = one(".answer", button.parentElement);
        answer.hidden = false;
        hide([button, one(".cover", button.parentElement)]);
        say(answer.innerText);
        focus(one(todo));
      },
      digit: (number) => {
        const box = all("fieldset:focus-within input:enabled")[number - 1];
        return box && (() => box.click());
      },
    }, "", todo);
    for (const field of fields) field.onchange = ({ target }) => {
      const chosen = target.closest(".opt"), right = "right" in chosen.dataset;
      score.right += right;
      chosen.classList.toggle("wrong", !right);
      for (const it of all("input", field)) it.disabled = !it.checked;
      field.dataset.done = "";
      hide(all(".answer", field), false);
      set(score);
      say(right ? t("practice.is_right") : t("practice.is_wrong"));
      focus(one(todo));
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
        say(t("practice.text_shown"));
        return only(".do", last ? toQuiz : "nextProbe");
      },
    });
  };

  let at = 0;
  const whole = () => {
    steps.forEach((it) => { it.hidden = false; uncover(it); });
    scrollTo(0, 0);
    say(t("practice.text_shown"));
  };
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
    whole: (button) => { uncover(button.closest("[data-step]")); focus(one(".do")); },
  });
  const advance = () => {
    const part = steps[at], isText = at === steps.length && hasWords;
    set({ number: at + 1, label: part?.dataset.label, more: part || isText });
    only(".do", part ? "label" : isText ? "showText" : probes.length ? "toProbes" : toQuiz);
    steps.forEach((it, i) => it.classList.toggle("here", i === at - 1));
    if (part) all(".cover", part).forEach((it) => { it.textContent = part.dataset.say; });
    focus(one(".do"));
  };
  advance();
};
