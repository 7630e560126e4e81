// FSRS-6, the memory model of the Free Spaced Repetition Scheduler: how stable the memory of a story
// is (the days until it is recalled 9 times in 10), and how difficult it is (1 to 10).
// Formulas: "The Algorithm", https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm
// Parameters: the defaults of py-fsrs 6, https://github.com/open-spaced-repetition/py-fsrs, with
// which tests/browser/test_fsrs.py compares this script.
(() => {
  "use strict";
  const W = [0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
    1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542];
  const DAY = 864e5;
  const DECAY = -W[20], FACTOR = 0.9 ** (1 / DECAY) - 1;

  // The forgetting curve: the chance to recall after so many days.
  const recall = (days, stability) => (1 + FACTOR * Math.max(days, 0) / stability) ** DECAY;

  const firstDifficulty = (rating) => W[4] - Math.exp(W[5] * (rating - 1)) + 1;
  const difficult = (value) => Math.min(Math.max(value, 1), 10);
  const nextDifficulty = (difficulty, rating) => {
    const damped = difficulty - (10 - difficulty) * W[6] * (rating - 3) / 9;
    return difficult(W[7] * firstDifficulty(4) + (1 - W[7]) * damped);
  };
  const sameDay = (stability, rating) => {
    const growth = Math.exp(W[17] * (rating - 3 + W[18])) * stability ** -W[19];
    return stability * (rating > 1 ? Math.max(growth, 1) : growth);
  };
  const forgotten = (stability, difficulty, chance) => Math.min(
    W[11] * difficulty ** -W[12] * ((stability + 1) ** W[13] - 1) * Math.exp((1 - chance) * W[14]),
    stability / Math.exp(W[17] * W[18]));
  const recalled = (stability, difficulty, chance, rating) => stability * (1 + Math.exp(W[8]) * (11 - difficulty)
    * stability ** -W[9] * (Math.exp((1 - chance) * W[10]) - 1) * (rating === 2 ? W[15] : 1) * (rating === 4 ? W[16] : 1));

  // The memory after a rating of 1 to 4, whole days after the last one; before the first there is none.
  const review = (memory, rating, days) => {
    if (!memory) return { stability: W[rating - 1], difficulty: difficult(firstDifficulty(rating)) };
    const { stability, difficulty } = memory, chance = recall(days, stability);
    const next = days < 1 ? sameDay(stability, rating)
      : rating === 1 ? forgotten(stability, difficulty, chance) : recalled(stability, difficulty, chance, rating);
    return { stability: Math.max(next, 0.001), difficulty: nextDifficulty(difficulty, rating) };
  };
  const wholeDays = (from, to) => Math.floor((to - Date.parse(from)) / DAY);

  // The chance to recall each story on a date, from rated records in the order of time.
  const chancesOn = (date, records) => {
    const memories = new Map(), chances = new Map();
    for (const { story, at, rating } of records) {
      const memory = memories.get(story);
      memories.set(story, { at, ...review(memory, rating, memory && wholeDays(memory.at, Date.parse(at))) });
    }
    for (const [story, { at, stability }] of memories) chances.set(story, recall(wholeDays(at, date), stability));
    return chances;
  };
  Object.assign(starbook.practice, { recall, review, chancesOn });
})();
