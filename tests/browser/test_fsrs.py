"""FSRS-6 as the scripts have it, compared with py-fsrs on random histories."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from conftest import examples
from fsrs import Card, Rating, Scheduler

pytestmark = pytest.mark.browser

HISTORIES = max(1_500, examples(1_500))  # py-fsrs takes milliseconds for each of them
LONGEST = 36_500  # days: py-fsrs keeps the stability of a card below that only by its interval
START = datetime(2025, 1, 1, tzinfo=UTC)
# All histories in one go: each is a list of (days since the last review, rating).
REVIEW = """(histories) => histories.map((history) => {
  const { review, recall } = starbook.practice;
  let memory;
  const found = [];
  for (const [days, rating] of history) {
    const chance = memory ? recall(days, memory.stability) : 0;
    memory = review(memory, rating, days);
    found.push([memory.stability, memory.difficulty, chance]);
  }
  return found;
})"""


def _histories() -> list[list[tuple[int, int]]]:
    dice = random.Random(20251204)
    gaps = (0, 0, 1, 1, 2, 3, 5, 8, 13, 30, 90, 365)
    return [
        [(dice.choice(gaps) if n else 0, dice.randint(1, 4)) for n in range(dice.randint(1, 12))]
        for _ in range(HISTORIES)
    ]


def _by_py_fsrs(history: list[tuple[int, int]]) -> list[list[float]]:
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, now, found = Card(), START, []
    for days, rating in history:
        now += timedelta(days=days)
        chance = scheduler.get_card_retrievability(card, now)
        card, _ = scheduler.review_card(card, Rating(rating), now)
        assert card.stability is not None
        assert card.difficulty is not None
        found.append([card.stability, card.difficulty, chance])
    return found


def test_stability_difficulty_and_recall_are_those_of_py_fsrs(visit: Callable[..., Any]) -> None:
    page = visit("practice.html")
    histories = _histories()
    ours = page.evaluate(REVIEW, histories)
    for history, values in zip(histories, ours, strict=True):
        for mine, theirs in zip(values, _by_py_fsrs(history), strict=True):
            if theirs[0] > LONGEST:
                break
            assert mine == pytest.approx(theirs, rel=1e-6), history


def test_a_memory_fades_to_nine_in_ten_after_the_days_of_its_stability(
    visit: Callable[..., Any],
) -> None:
    page = visit("practice.html")
    assert page.evaluate("starbook.practice.recall(12.5, 12.5)") == pytest.approx(0.9)
