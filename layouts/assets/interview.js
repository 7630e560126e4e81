// An interview on the day: which round is in sight, what was told, and a run sheet that fits its page.
(() => {
  "use strict";
  const day = document.querySelector(".day");
  if (!day) return;

  // All stories, to say which was told instead of the planned ones: in the round in sight.
  const others = document.querySelector("#others");
  function lead(id) {
    if (!others) return;
    const [back, round] = [others.querySelector("a"), id.slice(4)];
    others.dataset.round = round;
    back.hash = id;
    back.textContent = back.textContent.replace(/\d+/, round); // all pages pay for texts
  }

  // The tab of the round in sight.
  const tabs = new Map();
  for (const tab of document.querySelectorAll(".day-tabs a")) tabs.set(tab.hash.slice(1), tab);
  const watch = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) {
        tabs.get(target.id).setAttribute("aria-current", "true");
        lead(target.id);
      } else tabs.get(target.id).removeAttribute("aria-current");
    }
  }, { root: day, threshold: 0.6 });
  for (const section of day.children) watch.observe(section);

  // What was told is kept on the device: the round by the id of the story. Pages opened from disk
  // share one storage, whatever handbook they are of.
  const book = document.querySelector(".home-mark").textContent.trim();
  const key = `starbook:told:${book}/${location.pathname.split("/").pop()}`;
  let told = {};
  try {
    told = JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    // No storage here, or not ours: what is told is kept until the page is closed.
  }
  function strike(note, round) {
    if (!note) return;
    note.hidden = !round;
    if (round) note.querySelector("b").textContent = starbook.t("day.told_in", { round });
  }
  function show() {
    for (const ticket of day.querySelectorAll(".ticket")) {
      const { first, backup } = ticket.dataset;
      strike(ticket.querySelector(".told-note"), told[first]);
      strike(ticket.querySelector(".told-note-backup"), told[backup]);
      ticket.classList.toggle("told", Boolean(told[first]));
      ticket.classList.toggle("told-backup", Boolean(told[backup]));
    }
    for (const button of document.querySelectorAll(".save-told")) button.hidden = !Object.keys(told).length;
    for (const button of document.querySelectorAll(".tell")) {
      const isTold = Boolean(told[button.dataset.story]);
      button.hidden = false;
      button.setAttribute("aria-pressed", String(isTold));
      button.textContent = isTold ? starbook.t("day.told_undo") : starbook.t("day.already_told");
    }
  }
  // A file for `build.py log --from`.
  function save() {
    const { interview } = day.dataset;
    const listed = Object.entries(told).map(([story, round]) => ({ story, round: Number(round) }));
    const text = JSON.stringify({ starbook: "told", version: 1, interview, told: listed }, null, 1);
    const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    Object.assign(document.createElement("a"), { href, download: `told-${interview}.json` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1000);
  }
  document.addEventListener("click", ({ target }) => {
    if (target.matches(".print-sheet")) print();
    if (target.matches(".save-told")) save();
    if (!target.matches(".tell")) return;
    const { story, round = others?.dataset.round } = target.dataset;
    if (told[story]) delete told[story];
    else told[story] = round;
    try {
      localStorage.setItem(key, JSON.stringify(told));
    } catch {
      // Full or forbidden: it is kept until the page is closed.
    }
    show();
  });
  show();

  // The largest type with which the run sheet fits; if none does, it says less.
  const sheet = document.querySelector(".run-sheet");
  const footer = sheet.lastElementChild;
  function fits() {
    return sheet.scrollHeight <= sheet.clientHeight;
  }
  function fit() {
    sheet.classList.add("measured");
    sheet.classList.remove("brief", "briefer");
    footer.hidden = false;
    shrink();
    footer.hidden = footer.clientHeight < 60; // no room for lines to write on
    sheet.classList.remove("measured");
  }
  function shrink() {
    for (const less of ["measured", "brief", "briefer"]) {
      sheet.classList.add(less);
      for (let size = 9.5; size >= 7; size -= 0.25) {
        sheet.style.setProperty("--size", size);
        if (fits()) return;
      }
    }
    for (let size = 6.75; size >= 4 && !fits(); size -= 0.25) sheet.style.setProperty("--size", size);
  }
  fit();
  addEventListener("beforeprint", fit);
  const button = document.querySelector(".print-sheet");
  button.hidden = false;
})();
