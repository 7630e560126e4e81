// Listen: the last two takes of an answer, beside its text.
const WIDTH = 201;
const audio = new Audio();
let playing;
const download = (blob, name) => {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
// What is recorded has no length written in it: the browser finds it by going to the end.
const load = (take) => new Promise((done) => {
  if (playing === take) return done();
  playing = take;
  audio.src = take.url;
  audio.onerror = done;
  audio.onloadedmetadata = () => { if (audio.duration < Infinity) done(); else audio.currentTime = 1e7; };
  audio.ondurationchange = () => {
    if (!(audio.duration < Infinity) || !audio.currentTime) return;
    audio.currentTime = 0;
    done();
  };
  return undefined;
});
const silent = () => { audio.pause(); playing = undefined; };

// Colour is speech by part; a gap is silence.
const takeRow = (story, take, told, on) => {
  const quiet = sum(take.gaps.map(([from, to]) => to - from)), to = (at) => WIDTH * at / take.seconds;
  const row = item("take", { take: take.number, note: take.deaf ? clock(take.seconds) : t("practice.take_note", { time: clock(take.seconds), count: round(quiet), share: round(100 * quiet / take.seconds) }) }, {
    save: () => download(take.blob, `${story.id}-${take.number}.${/mp4|ogg/.exec(take.blob.type) ?? "webm"}`),
    drop: () => { if (playing === take) silent(); dropTake(story.id, take); row.remove(); },
    ...on,
  });
  one(".play", row).ariaLabel = t("practice.play_take", { number: take.number });
  const put = (from, end, hue) => one(".wave", row).insertAdjacentHTML("afterbegin", `<rect x="${to(from)}" width="${max(0, to(end - from))}" height="12" class="${hue}"/>`);
  take.gaps.forEach(([from, end]) => put(from, end, "gap"));
  take.marks.forEach((mark, i) => put(take.marks[i - 1] ?? 0, mark, told[i]?.letter || "z"));
  return row;
};
const listen = async ({ story, question, told }, done) => {
  const body = await wholeOf(story.id, question), parts = all("[data-step=part]", body), end = () => { silent(); done(); };
  const current = () => playing ?? takesOf(story.id)[0];
  const toggle = async (take = current()) => {
    await load(take);
    if (audio.paused) await audio.play().catch(() => {});
    else audio.pause();
  };
  const back = () => { audio.currentTime -= 5; };
  show("listen", { title: story.title }, { leave: end, next: () => toggle(), back });
  const rows = new Map(takesOf(story.id).map((take) => [take, takeRow(story, take, told, { play: () => { if (playing !== take) audio.pause(); toggle(take); } })]));
  one(".takes").append(...rows.values());
  one(".beside").append(body);
  const marks = () => current()?.marks ?? [];
  parts.forEach((part, i) => {
    const button = item("from", { time: clock(marks()[i - 1] ?? 0) }, { from: async () => {
      await load(current());
      audio.currentTime = marks()[i - 1] ?? 0;
      await audio.play().catch(() => {});
    } });
    if (marks().length >= i) part.append(button);
  });
  audio.ontimeupdate = audio.onpause = audio.onplay = () => {
    for (const [take, row] of rows) {
      const is = take === playing, plays = is && !audio.paused;
      row.toggleAttribute("data-on", is);
      row.toggleAttribute("data-plays", plays);
      one(".at", row).setAttribute("d", `M${WIDTH * audio.currentTime / take.seconds} -4V16`);
      one(".play", row).ariaLabel = plays ? t("practice.pause_take", { number: take.number }) : t("practice.play_take", { number: take.number });
    }
    set({ plays: !audio.paused, stands: audio.paused }, one(".bar"));
    const now = playing ? marks().findIndex((mark) => audio.currentTime < mark) : -1;
    parts.forEach((part, i) => part.classList.toggle("playing", i === now));
  };
  audio.onpause();
};
