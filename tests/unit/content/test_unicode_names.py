"""File names whose accents are stored as signs of their own (NFD), as programs of macOS do."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from unicodedata import normalize

import pytest
from conftest import story
from editions import PNG

from starbook.scaffold import create

Check = Callable[[Mapping[str, str | bytes]], list[str]]
NAMES = ["Übergabe", "crème-brûlée", "ガイド", "đường-về", "Å"]
FORMS = [("NFD", "NFC"), ("NFC", "NFD"), ("NFD", "NFD")]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("stored", "written"), FORMS)
def test_a_link_leads_to_a_file_whatever_form_its_name_has(stored, written, name, build) -> None:
    target, link = normalize(stored, name), normalize(written, name)
    body = f"\n[story]({link}.md) [part]({link}.md#result) [guide](../guides/{link}.md)\n"
    site = build(
        {
            "stories/a.md": story("A", body=body),
            f"stories/{target}.md": story("B", "id: told"),
            f"guides/{target}.md": "---\ntitle: G\nid: guide\n---\nWords.\n",
        }
    )
    page = (site / "stories/a.html").read_text(encoding="utf-8")
    for href in ("told.html", "told.html#result", "../guides/guide.html"):
        assert f'<a href="{href}">' in page


@pytest.mark.parametrize("place", ["{}.png", "{}/x.png"])
@pytest.mark.parametrize(("stored", "written"), FORMS)
def test_a_picture_is_shown_whatever_form_its_name_has(stored, written, place, build) -> None:
    path, link = (normalize(form, place.format("Übersicht")) for form in (stored, written))
    site = build({"stories/a.md": story("A", body=f"\n![x]({link})\n"), f"stories/{path}": PNG})
    assert 'src="../images/' in (site / "stories/a.html").read_text(encoding="utf-8")


def test_an_id_is_that_of_the_name_in_either_form(build) -> None:
    one, other = (normalize(form, "ガイド") for form in ("NFD", "NFC"))
    questions = f"- {{question: Why?, id: {normalize('NFD', 'なぜですが')}, stories: [{one}]}}\n"
    site = build(
        {f"stories/{one}.md": story("B", "questions: [なぜですが]"), "questions.yml": questions}
    )
    assert (site / f"stories/{other}.html").is_file()
    assert (site / f"questions/{normalize('NFC', 'なぜですが')}.html").is_file()


@pytest.mark.parametrize("folder", ["stories", "guides"])
@pytest.mark.parametrize("name", ["Brücke", "Café"])
def test_two_names_that_differ_in_their_form_alone_are_an_error(
    folder, name, content, problems
) -> None:
    one, other = (normalize(form, name) for form in ("NFD", "NFC"))
    text = "---\ntitle: A\n---\n"
    made = content({f"{folder}/{one}.md": text, f"{folder}/{other}.md": text})
    if len(os.listdir(made / folder)) < 2:  # noqa: PTH208
        pytest.skip("this file system stores names in one form")
    what = "has the same name as another file, with its accents stored in another way"
    hint = "give one of them another name, or delete it"
    assert problems({}) == [f"content/{folder}/{other}.md: {what}; {hint} [same-name]"]


def test_a_problem_names_the_file_as_the_system_has_it(problems) -> None:
    path = f"stories/{normalize('NFD', 'Brücke')}.md"
    assert problems({path: story("B", "levl: x")}) == [
        f"content/{path}:4: unknown key `levl`; did you mean `level`? [unknown-key]"
    ]


def test_a_file_is_read_again_after_it_changed(content, tmp_path: Path) -> None:
    from starbook.build import pipeline  # noqa: PLC0415

    folder = content({f"stories/{normalize('NFD', 'Brücke')}.md": story("B")})
    database = pipeline.open_database(folder, folder)
    assert pipeline.examine(database) == ()
    (folder / f"stories/{normalize('NFD', 'Brücke')}.md").write_text(story("B", "levl: x"))
    assert [problem.rule for problem in pipeline.examine(database)] == ["unknown-key"]


def test_a_template_is_found_in_either_form(content) -> None:
    folder = content(
        {f"templates/{normalize('NFD', 'rückschlag')}.md": "---\ntitle: T\n---\nGo.\n"}
    )
    made = create(folder, "story", "New", normalize("NFC", "rückschlag"))
    assert made.read_text(encoding="utf-8").endswith("Go.\n")
