"""Worth: which sentences of a story a small card keeps, and which it leaves out first."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbook.content.markdown import parse, render
from starbook.model import STAR, Kind
from starbook.pages import worth
from starbook.text.sentences import plain_text, wrap_sentences

SITUATION = "I kept the books of a bakery. In May, 40 shops had no bread by noon."
TASK = "I was to find out why. Nobody asked me to mend it."
ACTION = """I counted every tray for 3 days. It took me until ten each night. So I slept badly.

I rang the miller, and he sent the flour an hour earlier. He was glad that somebody asked.

The weather was fine. The radio was on."""
RESULT = "The bakers were happy. Waste fell from 12 % to 3 %. We had 6 cakes left over."

TEXTS = st.lists(
    st.sampled_from(
        "I rang Ann. |So it fell by 4 %. |my boss, Ann, knew. |**Bold** too. |- |  - |: \n|\n\n|"
        "### A heading\n\n|`code` |```\ncode\n```\n|[Fill in: what] |. |他。".split("|")
    )
    | st.just("\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"),
    max_size=30,
).map("".join)


def html_of(text: str) -> str:
    return wrap_sentences("".join(p for p in render(parse(text)).parts if isinstance(p, str)))


def ranking(*bodies: str, about: str = "") -> worth.Ranking:
    texts = zip(STAR, bodies, strict=False)
    return worth.rank([worth.Text(kind, html_of(body)) for kind, body in texts], about)


def by_rank(found: worth.Ranking) -> list[tuple[int, str]]:
    """The pieces with their ranks, in the order in which they stay."""
    html = "".join(found.html())
    tags = re.finditer(r'<(\w+)[^>]*? data-rank="(\d+)"', html)
    ranks = [int(tag[2]) for tag in tags]
    words = [plain_text(piece.html) for piece in found.pieces]
    return sorted(zip(ranks, words, strict=True), key=lambda pair: pair[0])


def told(found: worth.Ranking) -> list[str]:
    return [plain_text(found.pieces[number].html) for number in found.order]


def test_one_sentence_of_each_part_is_never_left_out() -> None:
    found = by_rank(ranking(SITUATION, TASK, ACTION, RESULT))
    assert {words for rank, words in found if rank == 0} == {
        "I kept the books of a bakery.",
        "I was to find out why.",
        "I counted every tray for 3 days.",
        "Waste fell from 12 % to 3 %.",
    }


def test_the_second_strongest_action_and_the_numbers_of_the_result_are_kept_longest() -> None:
    found = [words for rank, words in by_rank(ranking(SITUATION, TASK, ACTION, RESULT)) if rank]
    assert found[:2] == [
        "I rang the miller, and he sent the flour an hour earlier.",
        "We had 6 cakes left over.",
    ]


def test_what_has_neither_a_number_nor_an_i_goes_first() -> None:
    assert told(ranking("", "", ACTION, ""))[-3:] == [
        "So I slept badly.",
        "He was glad that somebody asked.",
        "The radio was on.",
    ]


def test_what_was_not_done_and_a_table_say_less() -> None:
    action = "I could have shut 3 shops.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nI asked two men.\n"
    assert told(ranking("", "", action))[0] == "I asked two men."
    assert told(ranking("", "", action))[-1].split() == ["a", "b", "1", "2"]


def test_words_of_the_title_and_bold_type_make_a_sentence_stronger() -> None:
    action = "- One was here\n- Somebody was there\n- A third **was** elsewhere\n"
    assert told(ranking("", "", action))[0] == "A third was elsewhere"
    assert told(ranking("", "", action, about="Somebody there"))[0] == "Somebody was there"


@pytest.mark.parametrize(
    ("leaning", "before"),
    [
        ("So I rang the mill at 5:00 on day 1.", "We waited."),
        ("They had 7 trucks, 8 drivers and I had 9.", "Two men came."),
        ("Also habe ich 12 Läden angerufen.", "Wir haben gewartet."),
        ("Alors 12 magasins ont fermé.", "Nous avons attendu."),
        ("所以12家店关门了。", "我们等了很久。"),
    ],
)
def test_a_sentence_that_leans_on_the_one_before_goes_no_later_than_that(leaning, before) -> None:
    order = told(ranking("", "", f"I began at 6 with 2 of us.\n\n{before} {leaning}"))
    assert order.index(before) < order.index(leaning)


def test_the_sentence_that_says_who_somebody_is_stays_with_the_name() -> None:
    situation = "I ran a mill. The days were long. The owner, Colm, rang at 5."
    order = told(ranking(situation, "", "I worked.", "Colm saved 9 % of the flour."))
    assert order.index("The owner, Colm, rang at 5.") < order.index("Colm saved 9 % of the flour.")


def test_a_line_that_introduces_a_list_shares_the_rank_of_its_strongest_entry() -> None:
    action = "I began with 2 of us.\n\n- **Planning**:\n  - a talk\n  - 12 dates\n- the rest\n"
    ranks = {words: rank for rank, words in by_rank(ranking("", "", action))}
    assert ranks["Planning:"] == ranks["12 dates"] < ranks["a talk"]


def test_a_heading_shares_the_rank_of_what_stands_below_it() -> None:
    ranks = {words: rank for rank, words in by_rank(ranking("", "", "### Week 1\n\nI asked 40.\n"))}
    assert ranks == {"Week 1": 0, "I asked 40.": 0}


def test_the_name_of_a_callout_shares_the_rank_of_its_text() -> None:
    html = (
        '<p><span class="sentence">I asked 40.</span></p>\n<blockquote class="callout">'
        '<p class="label"><span class="sentence">Note</span></p>\n'
        '<p><span class="sentence">It rained.</span></p>\n</blockquote>\n'
    )
    ranks = dict(by_rank(worth.rank([worth.Text(Kind.ACTION, html)])))
    assert ranks == {0: "I asked 40.", 1: "It rained."}


def test_a_blank_is_kept_only_where_nothing_else_is_written() -> None:
    action = "I went.\n\nWe had bread.\n"
    html = html_of(action).replace("I went.", '<span class="placeholder">[Fill in: 3 %]</span>')
    found = worth.rank([worth.Text(Kind.ACTION, html)])
    assert told(found) == ["We had bread.", "[Fill in: 3 %]"]
    assert found.lines(Kind.ACTION, 2) == ("We had bread.",)


def test_the_lines_of_a_part_are_whole_sentences_that_are_clear_alone() -> None:
    found = ranking(SITUATION, TASK, ACTION, RESULT)
    assert found.lines(Kind.ACTION, 2) == (
        "I counted every tray for 3 days.",
        "I rang the miller, and he sent the flour an hour earlier.",
    )
    assert found.lines(Kind.RESULT, 1) == ("Waste fell from 12 % to 3 %.",)


def test_other_texts_are_left_out_from_the_last_sentence_to_the_first() -> None:
    texts = [worth.Text(None, html_of("A went. B went.")), worth.Text(None, html_of("C went."))]
    assert worth.in_reading_order(texts).html(7) == (
        '<p><span class="sentence" data-rank="7">A went.</span> '
        '<span class="sentence" data-rank="8" data-needs="7">B went.</span></p>\n',
        '<p><span class="sentence" data-rank="9">C went.</span></p>\n',
    )


@pytest.mark.slow
@given(st.lists(TEXTS, min_size=4, max_size=4))
def test_ranks_are_all_that_is_added_to_a_text(bodies) -> None:
    found = ranking(*bodies)
    without = [re.sub(r' data-(rank|needs)="[\d ]*"', "", html) for html in found.html()]
    assert without == [html_of(body) for body in bodies]


@pytest.mark.slow
@given(st.lists(TEXTS, min_size=4, max_size=4))
def test_every_piece_has_one_place_and_stands_behind_what_it_needs(bodies) -> None:
    found = ranking(*bodies)
    assert sorted(found.order) == list(range(len(found.pieces)))
    place = {number: at for at, number in enumerate(found.order)}
    for number, piece in enumerate(found.pieces):
        assert all(place[one] < place[number] for one in piece.needs)


@pytest.mark.slow
@given(st.lists(TEXTS, min_size=4, max_size=4))
def test_a_part_with_more_than_introductions_keeps_something(bodies) -> None:
    found = ranking(*bodies)
    heads = {piece.head for piece in found.pieces}
    told = {
        piece.text
        for number, piece in enumerate(found.pieces)
        if number not in heads and not re.fullmatch(r"h\d", piece.tag)
    }
    assert told <= {found.pieces[number].text for number in found.order[: found.kept]}
