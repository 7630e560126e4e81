"""Each kind of document becomes what a person would make of it, in other words and languages too.

The documents and the outlines of what they become stand in `kinds/`.
"""

from pathlib import Path

import pytest
from kinds_of_documents import Case, describe, read_cases

from starbook.importer import output, plan
from starbook.importer.document import parse_document
from starbook.importer.formats import reading
from starbook.importer.result import ImportResult
from starbook.importer.stories import Known
from starbook.text.vocabulary import load

CASES = list(read_cases())


def import_file(folder: Path, name: str, text: str) -> tuple[ImportResult, dict[str, str]]:
    """Return what a file becomes, and the texts that are written."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    (source,) = reading.read_all([path]).sources
    result = plan.import_document(parse_document(source.name, source.text, load()), Known())
    files = output.render_files(result)
    result.places = tuple(result.account.places(result.document, {}))
    return result, files


@pytest.mark.parametrize("case", CASES, ids=[case.ident for case in CASES])
def test_a_document_of_each_kind_becomes_what_it_is(case: Case, tmp_path: Path) -> None:
    result, files = import_file(tmp_path, case.name, case.text)
    assert describe(files) == case.outline
    assert result.account.unplaced(result.document) == []
    assert [place.number for place in result.places] == list(
        range(1, len(result.document.source) + 1)
    )
    missing = " ".join(output.find_missing_words(result.document, result, files))
    assert missing == case.missing
