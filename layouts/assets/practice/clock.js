// A clock that is read, not counted: a tab that is throttled shows it late, and measures it right.
const seconds = () => performance.now() / 1000;
let stopClock = () => {}, lock, awake = false;

// The screen stays awake while a clock runs, where the browser lets it.
const stayAwake = async (on) => {
  awake = on;
  try {
    if (on) lock = await navigator.wakeLock?.request("screen");
    if (!awake) await lock?.release();
  } catch {
    // It may sleep.
  }
};
document.addEventListener("visibilitychange", () => { if (awake && !document.hidden) stayAwake(true); });

// Parts are marked as they end. `tick` is called about once a second while the clock runs.
const makeClock = (tick) => {
  stopClock();
  let begun = seconds(), before = 0, running = true, timer;
  const marks = [];
  const elapsed = () => before + (running ? seconds() - begun : 0);
  const inPart = () => elapsed() - (marks.at(-1) ?? 0);
  // A little after the second is full, so that it does not show the one before again.
  const next = () => {
    clearTimeout(timer);
    if (running) timer = setTimeout(next, 1000 * (1 - inPart() % 1) + 15);
    tick();
  };
  const turn = (on) => {
    before = elapsed();
    begun = seconds();
    running = on;
    stayAwake(on);
    next();
  };
  stopClock = () => {
    if (running) turn(false);
    clearTimeout(timer);
    tick = () => {};
  };
  stayAwake(true);
  timer = setTimeout(next);
  return {
    elapsed, inPart, marks,
    toggle: () => { turn(!running); return running; },
    parts: () => marks.map((mark, i) => mark - (marks[i - 1] ?? 0)),
    running: () => running,
    mark: () => marks.push(elapsed()),
  };
};
// What the digits show: a second that is full.
const full = (value) => Math.floor(value + 0.01);
