"""One key of front matter is changed or added, and no other byte of the file."""

import re

import pytest

from starbook.content import front_matter

BODY = "---\n\n## Situation\n\nstatus: draft --- \n"

# The front matter of a draft that is set to ready, with what changes as «old|new».
EDITS = {
    "a status": "title: B\nstatus: «draft|ready»\ntags: [ a,b ]\n",
    "capitals": "title: B\nstatus: «DRAFT|ready»\n",
    "a comment behind it": "status:   «draft|ready»   # a draft until May\ntitle: B\n",
    "single quotes": "title: B\nstatus: '«draft|ready»'\n",
    "double quotes": 'title: B\nstatus: "«draft|ready»" # draft\n',
    "a key in quotes": 'title: B\n"status": «draft|ready»\n',
    "no value": "title: B\nstatus:«| ready»\n",
    "no value and a comment": "title: B\nstatus:«| ready»  # later\npublish: false\n",
    "null": "title: B\nstatus: «~|ready»\npublish: false\n",
    "null in words": "title: B\nstatus: «null|ready» # draft\n",
    "a block": "title: B\nstatus: |\n  «draft|ready»\ncue: [a]\n",
    "a hidden word before it": 'title: B\nstatus: "<!-- draft --> «draft|ready»"\n',
    "a hidden word behind it": "title: B\nstatus: «draft|ready» %%draft%%\n",
    "indented keys": "  title: B\n  status: «draft|ready»\n",
    "no status": "title: B\ntags: [a]\n«|status: ready\n»",
    "no status, indented keys": "  title: B\n  tags:\n    - a\n«|  status: ready\n»",
    "no status, a block at the end": "title: B\nheadline: |\n  status: draft\n\n«|status: ready\n»",
    "no status, a comment at the end": "title: B\n# status: draft\n«|status: ready\n»",
    "braces": "{title: B, status: «draft|ready», tags: [a, b]}\n",
    "braces without a status": "{title: B, tags: [a, b]«|, status: ready»}\n",
    "braces over lines": "{\n  title: B, # status: draft\n  level: 'L5'«|, status: ready»\n}\n",
    "a status of somebody else": "title: B\nx: {status: draft}\nstatus: «draft|ready»\n",
    "letters of more bytes": 'title: "Zoë 😀 \u2028 x"\nstatus: «draft|ready»\n',
}


def both(marked: str) -> tuple[str, str]:
    """Return the text before and after, from one with «old|new» in it."""
    head, middle, tail = re.split("[«»]", marked)
    old, new = middle.split("|")
    return head + old + tail, head + new + tail


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("case", EDITS)
def test_the_status_changes_and_no_other_byte(case: str, mark: bytes, ending: str) -> None:
    before, after = (
        mark + f"---\n{front}{BODY}".replace("\n", ending).encode() for front in both(EDITS[case])
    )
    assert before != after
    assert front_matter.with_word(before, "status", "ready") == after
    assert front_matter.read(after)["status"].strip() == "ready"


@pytest.mark.parametrize(
    "text",
    [
        "no front matter",
        "---\ntitle: B\n",
        "---\ntitle: [\n---\n",
        '---\ntitle: B\nstatus: "dr\\x61ft"\n---\n',
        "---\ntitle: B\nstatus: [a, b]\n---\n",
    ],
)
def test_what_cannot_be_changed_is_left(text: str) -> None:
    assert front_matter.with_word(text.encode(), "status", "ready") is None


def test_a_file_of_two_kinds_of_line_ends_keeps_both() -> None:
    text = b"---\r\ntitle: B\nstatus: draft\r\n---\n\r\nx\r"
    assert front_matter.with_word(text, "status", "ready") == text.replace(b"draft", b"ready")


def test_lines_are_not_added_where_the_key_would_not_be_read() -> None:
    lines = ["metrics:", '  - "3: x"']
    braces = b"---\n{title: B}\n---\n"
    assert front_matter.with_lines(braces, "metrics", lines) is None
    indented = b"---\n  title: B\n---\n"
    assert front_matter.with_lines(indented, "metrics", lines) == (
        b'---\n  title: B\n  metrics:\n    - "3: x"\n---\n'
    )
