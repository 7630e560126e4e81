"""Tables: rows of cells to a markdown table, and the rows in a CSV file."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

import msgspec

from starbook.importer.formats.source import Converted, UnreadableError, from_lines

MAX_ROWS = 5_000
MAX_CELLS = 200_000
_SAMPLE = 50
_DELIMITERS = "\t;,|"  # of two that fit as well, the first counts: a comma is also prose
_EXCEL_DELIMITER = re.compile(r'"?sep=(?P<sign>[;,|\t])"?\n', re.IGNORECASE)
_LONGEST_COLUMN_NAME = 60
_SENTENCE_END = re.compile(r"[?？.!。…]$")
_COUNT = re.compile(r"[#№]?\d+[.)]?")
_QUOTE_STAYS_OPEN = ("unexpected end of data", "field limit")

Line = tuple[int, str]


class Row(msgspec.Struct, frozen=True):
    """A row of a table: its number in the original, and its cells."""

    number: int
    cells: tuple[str, ...]

    @property
    def filled(self) -> int:
        """The number of cells that have a text."""
        return sum(bool(cell) for cell in self.cells)


def make_row(number: int, cells: Sequence[str]) -> Row:
    """Return a row with the space around its cells taken off."""
    return Row(number, tuple(cell.strip() for cell in cells))


def to_lines(rows: Sequence[Row]) -> list[Line]:
    """Return numbered lines of markdown for the tables of a sheet, each below its title.

    Empty rows and columns go. A table of one column without a name for it becomes a list.
    """
    tables = _split_tables([row for row in rows if row.filled])
    if len(tables) < 2:
        return _table_lines(tables[0]) if tables else []
    return [line for table in tables for line in [*_block_lines(table), (table[-1].number, "")]]


def _split_tables(rows: Sequence[Row]) -> list[list[Row]]:
    """Return the tables of a sheet: below an empty row, a cell alone is the title of another.

    So is one below a list, if it stands in the column of the title of that list.
    """
    tables: list[list[Row]] = []
    is_list = all(row.filled == 1 for row in rows)
    for row in rows:
        is_title = not is_list and row.filled == 1
        below_gap = tables and row.number > tables[-1][-1].number + 1
        if not tables or (is_title and (below_gap or _is_title_beside(row, tables[-1]))):
            tables.append([])
        tables[-1].append(row)
    return tables


def _is_title_beside(row: Row, table: Sequence[Row]) -> bool:
    """Return True if a cell alone stands in the column of the title of a list of such cells."""
    columns = [_column_of(one) if one.filled == 1 else -1 for one in table]
    title, *listed = columns
    alone = set(listed)
    return len(alone) == 1 and -1 not in columns and {title} == {_column_of(row)} != alone


def _column_of(row: Row) -> int:
    return next((i for i, cell in enumerate(row.cells) if cell), -1)


def _block_lines(rows: Sequence[Row]) -> list[Line]:
    """Return the lines of one of several tables: its title as a heading, and what is below."""
    title, *below = rows
    if title.filled > 1:
        return _table_lines(rows)
    text = break_lines(next(filter(None, title.cells)))
    named = [(title.number, f"## {text}"), (title.number, "")]
    if all(row.filled == 1 for row in below):
        return named + [(row.number, f"- {break_lines(''.join(row.cells))}") for row in below]
    return named + _table_lines(below)


def _table_lines(rows: Sequence[Row]) -> list[Line]:
    rows = _drop_empty_columns(rows)
    width = len(rows[0].cells)
    titles = _find_titles(rows) if width > 1 else 0
    lines = [
        line
        for position, row in enumerate(rows[:titles])
        for line in _title_lines(row, is_first=position == 0)
    ]
    table = _drop_empty_columns(rows[titles:])
    if width == 1 and not _is_head(table[0]):
        return [*lines, *((row.number, f"- {break_lines(row.cells[0])}") for row in table)]
    return lines + render(table, has_head=_is_head(table[0]))


def render(rows: Sequence[Row], *, has_head: bool) -> list[Line]:
    """Return numbered lines of a markdown table; without a head, its columns have no names."""
    width = max(len(row.cells) for row in rows)
    head = rows[0] if has_head else Row(rows[0].number, ("",) * width)
    body = rows[1:] if has_head else rows
    border = (head.number, "|" + " --- |" * width)
    return [_table_line(head, width), border, *(_table_line(row, width) for row in body)]


def read_csv(text: str, path: str, *, delimiter: str = "") -> Converted:
    """Return the table in a CSV file as markdown. Raise `UnreadableError` if it is too large."""
    rows = read_rows(text, path, delimiter=delimiter)
    return from_lines(to_lines(rows))


def read_rows(text: str, path: str, *, delimiter: str = "") -> list[Row]:
    """Return the rows of a CSV file that are not empty. Raise `UnreadableError`."""
    first = 1
    if match := _EXCEL_DELIMITER.match(text):  # a line for Excel alone
        text, delimiter, first = text[match.end() :], match["sign"], 2
    delimiter = delimiter or find_delimiter(text)
    rows: list[Row] = []
    cells = 0
    for number, row in enumerate(_parse(text, path, delimiter), first):
        if any(cell.strip() for cell in row):
            rows.append(make_row(number, row))
            cells += len(row)
        if len(rows) > MAX_ROWS + 1:
            raise UnreadableError(f"{path} has over {MAX_ROWS:,} rows; split it")
        if cells > MAX_CELLS:
            raise UnreadableError(f"{path} has over {MAX_CELLS:,} cells; delete some columns")
    return rows


def find_delimiter(text: str) -> str:
    """Return the sign between the cells: the one that gives the most rows of one width.

    Of two that give as many, the one that gives the most columns.
    """
    return max(_DELIMITERS, key=lambda sign: _count_regular_rows(text, sign))


def _count_regular_rows(text: str, delimiter: str) -> tuple[int, int]:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        widths = Counter(len(row) for row in islice(reader, _SAMPLE) if len(row) > 1)
    except csv.Error:
        return 0, 0
    return max(((rows, width) for width, rows in widths.items()), default=(0, 0))


def _parse(text: str, path: str, delimiter: str) -> list[list[str]]:
    """Return the rows of a CSV file; quotes in the middle of a cell stay what they are."""
    strict = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        for row in strict:
            rows.append(row)
            if len(rows) > 2 * MAX_ROWS + _SAMPLE:
                break
        return rows
    except csv.Error as error:
        if any(sign in str(error) for sign in _QUOTE_STAYS_OPEN):
            raise UnreadableError(
                f'{path}: row {len(rows) + 1} opens a quote `"` that is never closed; close it'
            ) from error
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableError(f"{path} is no table ({error}); save it as CSV again") from error


def _drop_empty_columns(rows: Sequence[Row]) -> list[Row]:
    """Return rows of one width without the columns that are empty in all of them."""
    width = max((len(row.cells) for row in rows), default=0)
    filled = {i for row in rows for i, cell in enumerate(row.cells) if cell}
    kept = [i for i in range(width) if i in filled]
    return [
        Row(row.number, tuple(row.cells[i] if i < len(row.cells) else "" for i in kept))
        for row in rows
    ]


def _find_titles(rows: Sequence[Row]) -> int:
    """Return how many rows of a single cell stand above the head of a table."""
    wide = next((i for i, row in enumerate(rows) if row.filled > 1), 0)
    return wide if wide <= 5 else 0


def _title_lines(row: Row, *, is_first: bool) -> list[Line]:
    text = break_lines(next(cell for cell in row.cells if cell))
    is_name = is_first and len(text) <= 2 * _LONGEST_COLUMN_NAME
    return [(row.number, f"# {text}" if is_name else text), (row.number, "")]


def _is_head(row: Row) -> bool:
    """Return True if a row reads like names of columns: short, none a sentence, a number or twice.

    Bad: `Tell me about a conflict. | Ownership`, `1 | The mill`
    Good: `Question | Principle`, `# | Story`
    """
    names = [cell for cell in row.cells if cell]
    return len(set(names)) == len(names) and not any(
        len(name) > _LONGEST_COLUMN_NAME
        or (_SENTENCE_END.search(name) and len(name.split()) > 2)
        or (_COUNT.fullmatch(name) and name != "#")
        for name in names
    )


def _table_line(row: Row, width: int) -> Line:
    cells = [*row.cells, *[""] * (width - len(row.cells))]
    return row.number, "| " + " | ".join(escape_cell(cell) for cell in cells) + " |"


def escape_cell(text: str) -> str:
    """Return a text as a cell: `<br>` for a line end, and no border in it."""
    return re.sub(r"(?<!\\)\|", r"\\|", break_lines(text))


def break_lines(text: str) -> str:
    """Return a text on one line, with `<br>` for line ends, two for blank lines."""
    lines = [line.strip() for line in text.strip().splitlines()]
    kept = [line for i, line in enumerate(lines) if line or lines[i - 1]]
    return "<br>".join(kept)
