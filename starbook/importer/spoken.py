"""Spoken labels: find the parts of a story in sentences such as `My task was to load the ferry`."""

from collections.abc import Sequence

from starbook.importer.lines import Line, join_lines
from starbook.importer.page import split_sentences
from starbook.model import STAR, Kind
from starbook.text.vocabulary import Vocabulary

# How many parts sentences must name, so that none of them is a chance.
_MIN_PARTS = 3


def split_parts(lines: Sequence[Line], vocabulary: Vocabulary) -> list[tuple[Kind | None, str]]:
    """Return the text of lines by the part that their sentences say they begin, in order.

    If they name less than three, all of the text is one piece.
    """
    pieces: list[tuple[Kind | None, str]] = [(None, "")]
    order = (*STAR, Kind.REFLECTION)
    for line in lines:
        for at, sentence in enumerate(split_sentences(line.text) or [""]):
            part, text = pieces[-1]
            kind = vocabulary.kind_of_sentence(sentence) if line.role == "text" else None
            if kind and (part is None or order.index(kind) > order.index(part)):
                pieces.append((kind, sentence))
            else:
                pieces[-1] = (part, f"{text}{' ' if at else chr(10)}{sentence}")
    if len({kind for kind, _ in pieces} & set(STAR)) < _MIN_PARTS:
        return [(None, join_lines(lines))]
    return [(kind, text.strip()) for kind, text in pieces if text.strip()]
