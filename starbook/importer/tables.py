"""Tables: expand the rows and columns that are stories to lines, and keep other tables."""

import re
from collections.abc import Callable, Iterator, Sequence

from starbook.importer import words
from starbook.importer.labels import PartLabel, parse_label
from starbook.importer.lines import LIST_MARK, ROW, Line, count_kinds, make_paragraphs
from starbook.model import Kind
from starbook.text.vocabulary import Vocabulary

_CELL_BORDER = re.compile(r"(?<!\\)\|")
_COUNTER_COLUMN = re.compile(r"#|№|\b(?:no|nr|id|number|index|num)\b|^$", re.I)
# Columns of which a cell may have several names.
_LISTS = ("categories", "principles", "names", "tags", "cue")
# Four letters and more of a script that puts no spaces between words.
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{4}")
_NOTES_COLUMN = re.compile(r"^\W*(?:notes?|comments?|remarks?|confidence|rating|answer)\b", re.I)
_TITLE_COLUMN = re.compile(r"story|title|name|project|example|what(?!\s+(?:i|we)\b)", re.I)


def split_row(row: str) -> list[str]:
    """Return the cells of a table row, without the space around them."""
    return [cell.strip().replace("\\|", "|") for cell in _CELL_BORDER.split(row.strip().strip("|"))]


def expand_table(block: Sequence[Line], vocabulary: Vocabulary, rows_before: int) -> Iterator[Line]:
    """Yield the rows of a table as stories, or a table of two columns as one story."""
    rows = [(line.number, split_row(line.text)) for line in block]
    head = [_strip_marks(cell).replace("_", " ") for cell in rows[0][1]]  # keys of records
    body = [row for row in rows[1:] if not all(set(cell) <= set(":- ") for cell in row[1])]

    def is_part(cell: str) -> PartLabel | None:
        return parse_label(_strip_marks(_without_prompt(cell)), vocabulary, whole=True)

    if count_kinds(map(is_part, head)) >= 3:
        head = [
            "question" if vocabulary.questions_heading.fullmatch(name) else name for name in head
        ]
        folds = (-(rows_before * 1000 + i + 1) for i in range(len(body)))
        expanded = [
            list(_expand_row(number, fold, head, row, vocabulary))
            for (number, row), fold in zip(body, folds, strict=True)
        ]
        # What is neither a story nor a question belongs to no row above it.
        for lines in sorted(expanded, key=lambda lines: bool(lines and lines[0].role == "heading")):
            yield from lines
    elif _are_columns_told(head, body) and count_kinds(is_part(row[0]) for _, row in body) >= 3:
        yield from _expand_columns([rows[0], *body], rows_before)
    elif len(head) < 3 and (
        count_kinds(is_part(row[0]) for _, row in rows) >= 3 or _begins_story(head, body, is_part)
    ):
        told = body if len(head) > 1 and _says_nothing(head, vocabulary) else [rows[0], *body]
        for number, (label, *texts) in told:
            part = _strip_marks(_without_prompt(label))
            start = f"**{part}:**" if is_part(label) else f"{label}:" if label else ""
            yield from make_paragraphs(number, [" ".join([start, *texts]).strip()])
    else:
        yield from _expand_lists_in_rows(block, vocabulary, rows_before)


def _without_prompt(cell: str) -> str:
    """Return the label of a part without the lines below it in its cell that ask or explain."""
    label, *below = cell.split("<br>")
    prompts = (_strip_marks(line) for line in below if line.strip())
    said = any(
        not one.startswith(("(", "[", "（")) and not words.ASKING_SIGN.search(one)
        for one in prompts
    )
    return cell if said else label


def _begins_story(
    head: Sequence[str],
    body: Sequence[tuple[int, list[str]]],
    is_part: Callable[[str], PartLabel | None],
) -> bool:
    """Return True if the first of several rows is a Situation, and all of them say much."""
    first = is_part(body[0][1][0]) if len(head) == 2 and len(body) > 2 else None
    told = all(len(row) > 1 and len(row[1].split()) > 5 for _, row in body)
    return bool(first and first.kinds[0] is Kind.SITUATION and told)


def _expand_lists_in_rows(
    block: Sequence[Line], vocabulary: Vocabulary, rows_before: int
) -> Iterator[Line]:
    """Yield a table without the rows of which a cell is a list, and then the lines of those.

    That is a list of the parts of a story, or of questions to ask; the cell before it is its name.
    """
    rest: list[Line] = []
    expanded: list[Line] = []
    for i, line in enumerate(block):
        name, *cells = split_row(line.text)
        lists = [cell.split("<br>") for cell in cells if "<br>" in cell]
        found = next((texts for texts in lists if _is_list_of_parts(texts, vocabulary)), None)
        if not found and lists and vocabulary.names_to_ask(_strip_marks(name)):
            found = lists[0]
        if found and len(cells) == 1:
            fold = -(rows_before * 1000 + i + 1)
            title = " ".join(_strip_marks(name).replace("<br>", " ").split())
            expanded.append(Line(line.number, title, "heading", ROW, fold=fold))
            for text in found:
                role = "item" if LIST_MARK.match(text) else "text"
                expanded.append(Line(line.number, text, role, fold=fold))
            expanded.append(Line(line.number, "", "blank", fold=fold))
        else:
            rest.append(line)
    yield from rest
    yield from expanded


def _are_columns_told(head: Sequence[str], body: Sequence[tuple[int, Sequence[str]]]) -> bool:
    """Return True if the columns of a table may be stories, with titles and sentences.

    `Poor | Good` are columns of a scale, and `Means | Time` of an explanation.
    """
    titled = all(" " in title or _UNSPACED.search(title) for title in head[1:])
    cells = [cell for _, row in body for cell in row[1:] if cell]
    long = sum(cell.count(" ") > 2 or bool(_UNSPACED.search(cell)) for cell in cells)
    return len(head) > 2 and titled and long * 2 > len(cells)


def _expand_columns(rows: Sequence[tuple[int, Sequence[str]]], rows_before: int) -> Iterator[Line]:
    """Yield a story for each column of a table of which each row is a part."""
    number, (_, *titles) = rows[0]
    for column, title in enumerate(titles, 1):
        fold = -(rows_before * 1000 + column)
        yield Line(number, _strip_marks(title), "heading", ROW, fold=fold)
        for below, row in rows[1:]:
            cell = row[column] if column < len(row) else ""
            text = f"**{_strip_marks(row[0])}:** {cell}".rstrip()
            yield from make_paragraphs(below, text.split("<br>"), fold)


def _is_list_of_parts(texts: Sequence[str], vocabulary: Vocabulary) -> bool:
    marks = ((LIST_MARK.match(text), text) for text in texts)
    items = (text[mark.end() :] if mark else text for mark, text in marks)
    return count_kinds(parse_label(item, vocabulary) for item in items) >= 3


def _says_nothing(head: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Return True if the head of a table names its columns only: `Part`, `What I say`."""
    name, text = head
    known = parse_label(_without_prompt(name), vocabulary, whole=True) or vocabulary.field_of_label(
        name
    )
    return bool(name and text and len(text.split()) <= 4 and not known)


def _strip_marks(cell: str) -> str:
    return cell.replace("**", "").replace("__", "").strip("*:_ ")


def _expand_row(
    number: int, fold: int, head: Sequence[str], row: Sequence[str], vocabulary: Vocabulary
) -> Iterator[Line]:
    """Yield the title of the story in a table row, and each other cell below its column's name."""
    named = [*head, *[""] * (len(row) - len(head))]  # a row may have more cells than the head
    pairs = list(zip(named, row, strict=False))
    cells = [(name, cell) for name, cell in pairs if cell.strip("* ")]
    if not any(parse_label(name, vocabulary, whole=True) for name, _ in cells):
        yield from _expand_untold_row(number, fold, pairs, vocabulary)
        return
    counter = next((i for i, cell in enumerate(cells) if _is_counter(*cell)), -1)
    others = [
        i
        for i, (name, _) in enumerate(cells)
        if i != counter and not parse_label(name, vocabulary, whole=True)
    ]
    titles = [i for i in others if vocabulary.field_of_label(cells[i][0]) == "title"]
    titles += [i for i in others if vocabulary.field_of_label(cells[i][0]) == "headline"]
    titles += [i for i in others if _TITLE_COLUMN.search(cells[i][0])]
    titles += [i for i in others if vocabulary.field_of_label(cells[i][0]) == "questions"]
    titles += [i for i in others if not vocabulary.field_of_label(cells[i][0])]
    title = (titles or others or [counter])[0]
    count = cells[counter][1].strip("#. ") if counter >= 0 else ""
    if title >= 0:
        counted = f"Story {count}: " if count.isdecimal() and title != counter else ""
        yield Line(number, f"{counted}{_strip_marks(cells[title][1])}", "heading", ROW, fold=fold)
    for i, (name, cell) in enumerate(cells):
        if i not in (title, counter) or (i == counter and not count.isdecimal()):
            text = cell.strip() if "****" not in cell else _strip_marks(cell)
            if (field := vocabulary.field_of_label(name)) in (*_LISTS, "questions"):
                text = text.replace("<br>", "; " if field == "questions" else ", ")
            shown = f"**{name}:** {text}" if name else text
            yield from make_paragraphs(number, shown.split("<br>"), fold)


def _expand_untold_row(
    number: int, fold: int, cells: Sequence[tuple[str, str]], vocabulary: Vocabulary
) -> Iterator[Line]:
    """Yield what a row holds that has no part of a story: a name alone, or a question.

    A name stands for a story that is still to be told, unless the row lacks the number that others
    have, as a sum does.
    """
    filled = [
        (name, cell) for name, cell in cells if cell.strip("* ") and not _is_counter(name, cell)
    ]
    counted = not _COUNTER_COLUMN.search(cells[0][0]) or cells[0][1].strip()
    asked = [cell for name, cell in filled if vocabulary.field_of_label(name) == "questions"]
    named = [cell for name, cell in filled if _may_name(name, vocabulary)]
    if filled and counted and named:
        yield Line(number, _strip_marks(filled[0][1]), "heading", ROW, fold=fold)
        for name, cell in [*filled[1:], *((name, "") for name, _ in cells)]:
            if cell or parse_label(name, vocabulary, whole=True):
                yield from make_paragraphs(number, [f"**{name}:** {cell}".strip()], fold)
    else:
        for name, cell in sorted(filled, key=lambda pair: pair[1] not in asked):
            text = _strip_marks(cell)
            if cell in asked:
                yield Line(number, text, "heading", ROW, fold=fold)
            else:
                label = f"{name}: " if asked and not _NOTES_COLUMN.search(name) else ""
                yield Line(number, f"- {label}{text}", "item", fold=fold)


def _may_name(column: str, vocabulary: Vocabulary) -> bool:
    """Return True if a column may hold the name of a story: not notes on it, nor a question."""
    field = vocabulary.field_of_label(column)
    return field == "title" or not (field or _NOTES_COLUMN.search(column))


def _is_counter(name: str, cell: str) -> bool:
    return bool(_COUNTER_COLUMN.search(name)) and cell.strip("#. ").isdecimal()
