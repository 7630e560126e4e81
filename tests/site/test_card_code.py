"""Code in a sentence stays code wherever a card has the sentence."""

from collections.abc import Callable
from pathlib import Path

from conftest import story

FOLLOW_UPS = """
## Follow-ups

### Why `cron`?

**Strong:** Since `cron` was *there*. And more.

### Why `sed`?

**Key line:** `sed` is fast.
"""


def test_code_stays_code_in_answers_cues_and_tick_boxes(build: Callable[..., Path]) -> None:
    told = story("A", body=FOLLOW_UPS).replace("I mended it.", "I ran `mend <all>` *first*.")
    site = build(
        {
            "stories/a.md": told,
            "guides/g.md": "---\ntitle: G\n---\n\n- [ ] bring the `key`, *dry*\n",
            "decks.yml": "- name: D\n  stories: [a]\n  ends_with: [g]\n",
        }
    )
    cards = (site / "cards.html").read_text(encoding="utf-8")
    assert "<dd>Since <code>cron</code> was there.</dd>" in cards
    assert "<dd><code>sed</code> is fast.</dd>" in cards
    assert '<p data-rank="0">I ran <code>mend &lt;all&gt;</code> first.</p>' in cards
    assert "bring the <code>key</code>, dry" in cards
