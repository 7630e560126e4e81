"""Sentences that are marked in rendered prose, with their place behind them."""

from starbook.text.sentences import mark

HTML = "<p>It was <em>9</em> %. It fell to 2 %.</p>\n<ul><li>9 to 2 %</li></ul>"


def test_a_sentence_is_marked_with_its_emphasis_and_the_space_behind_it_stays() -> None:
    pieces = [piece for piece in mark(HTML, ["It was 9 %."]) if piece != ""]
    marked = '<span class="marked">It was <em>9</em> %.</span>'
    assert pieces[:6] == ["<p>", marked, 0, " ", "It fell to 2 %.", "</p>"]


def test_each_sentence_has_its_place_in_what_is_wanted() -> None:
    pieces = mark(HTML, ["9 to 2 %", "It fell to 2 %."])
    assert [piece for piece in pieces if isinstance(piece, int)] == [1, 0]


def test_no_word_is_lost_and_what_is_not_found_is_left_out() -> None:
    pieces = mark(HTML, ["It was 4 %."])
    assert "".join(map(str, pieces)) == HTML


def test_a_cell_of_a_table_is_not_marked() -> None:
    table = "<table><tr><td>9 to 2 %</td></tr></table>"
    assert mark(table, ["9 to 2 %"]) == [*mark(table, [])]
