"""Images beside a story: shown without their metadata, and none from another host."""

import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import LAYOUTS, story
from editions import PNG, PUBLIC, site_of, write
from hypothesis import given
from hypothesis import strategies as st

from starbook.build import pipeline, queries
from starbook.content import images
from starbook.model import Edition

A = "content/stories/a.md"
AFTER = len(story("A").splitlines())


# Small pictures, made by hand


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*extra: bytes, end: bytes = b"") -> bytes:
    """Return a grey point, with `extra` chunks before its data and `end` after it."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\0\x80"))
    return images.PNG + head + b"".join(extra) + data + chunk(b"IEND", b"") + end


def segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


JFIF = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
TABLES = (
    segment(0xDB, b"\0" + b"\1" * 64)
    + segment(0xC0, struct.pack(">BHHB3B", 8, 8, 8, 1, 1, 0x11, 0))
    + segment(0xC4, b"\0\1" + b"\0" * 15 + b"\0")
    + segment(0xC4, b"\x10\1" + b"\0" * 15 + b"\0")
)
SCAN = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x3f"
END = b"\xff\xd9"


def jpeg(*extra: bytes, scan: bytes = SCAN, end: bytes = b"") -> bytes:
    """Return eight by eight grey points, with `extra` segments before the tables."""
    return images.JPEG + JFIF + b"".join(extra) + TABLES + scan + END + end


def exif(order: str, *entries: tuple[int, int]) -> bytes:
    """Return EXIF with these numbers, and the name of a place after them."""
    mark = {">": b"MM\0\x2a", "<": b"II\x2a\0"}[order] + struct.pack(f"{order}I", 8)
    rows = (struct.pack(f"{order}HHIHH", tag, 3, 1, value, 0) for tag, value in entries)
    table = struct.pack(f"{order}H", len(entries)) + b"".join(rows) + b"\0\0\0\0"
    return segment(0xE1, b"Exif\0\0" + mark + table + b"Canary Islands")


# What is taken out


@pytest.mark.parametrize(
    "extra",
    [
        chunk(b"tEXt", b"Author\0Canary"),
        chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"Canary")),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x>Canary</x>"),
        chunk(b"eXIf", b"MM\0\x2aCanary"),
        chunk(b"tIME", b"\x07\xe8\1\1\0\0\0"),
        chunk(b"iCCP", b"Canary\0\0" + zlib.compress(b"profile")),
        chunk(b"prVt", b"Canary"),
        chunk(b"tEXt", b"a\0b") + chunk(b"tEXt", b"a\0b"),
    ],
    ids=lambda extra: extra[4:8].decode(),
)
def test_a_png_loses_what_it_says_of_the_person(extra: bytes) -> None:
    assert images.strip_metadata(png(extra)) == png()


def test_a_png_loses_what_stands_behind_its_end() -> None:
    assert images.strip_metadata(png(end=b"Canary")) == png()


def test_the_last_chunk_of_a_png_says_nothing() -> None:
    whole, end = png(), chunk(b"IEND", b"")
    assert images.strip_metadata(whole.removesuffix(end) + chunk(b"IEND", b"GPS 52.5200")) == whole


def test_a_png_keeps_every_chunk_that_draws() -> None:
    drawn = [
        chunk(b"gAMA", b"\0\0\xb1\x8f"), chunk(b"sRGB", b"\0"), chunk(b"pHYs", b"\0" * 9),
        chunk(b"cHRM", b"\0" * 32), chunk(b"sBIT", b"\x08"), chunk(b"tRNS", b"\0\0"),
    ]  # fmt: skip
    said = chunk(b"tEXt", b"Author\0Canary")
    mixed = [part for one in drawn for part in (said, one)]
    assert images.strip_metadata(png(*mixed)) == png(*drawn)


@pytest.mark.parametrize(
    "extra",
    [
        exif(">", (0x010F, 7)),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>Canary</x>"),
        segment(0xE0, b"JFXX\0\x10Canary"),
        segment(0xE2, b"ICC_PROFILE\0Canary"),
        segment(0xE2, b"MPF\0Canary"),
        segment(0xED, b"Photoshop 3.0\0Canary"),
        segment(0xEE, b"Canary"),
        segment(0xEF, b"Canary"),
        segment(0xFE, b"Canary"),
        segment(0xF0, b"Canary"),
        segment(0xFE, b"") + b"\xff\xff" + segment(0xFE, b"\xff\xd9"),
    ],
    ids=lambda extra: f"{extra[1]:x}-{extra[4:10]!r}",
)
def test_a_jpeg_loses_what_it_says_of_the_person(extra: bytes) -> None:
    assert images.strip_metadata(jpeg(extra)) == jpeg()


def test_a_jpeg_loses_the_small_picture_in_its_head_and_what_stands_behind_its_end() -> None:
    small = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\1Canary")
    whole = images.JPEG + small + TABLES + SCAN + END + b"MPF Canary"
    assert images.strip_metadata(whole) == jpeg()


def test_a_jpeg_keeps_what_tells_its_colours() -> None:
    adobe = segment(0xEE, b"Adobe\0\x64\0\0\0\0\1")
    assert images.strip_metadata(jpeg(adobe + segment(0xFE, b"Canary"))) == jpeg(adobe)
    longer = segment(0xEE, b"Adobe\0\x64\0\0\0\0\1Canary")
    assert images.strip_metadata(jpeg(longer)) == jpeg(adobe)


@pytest.mark.parametrize(
    "scan",
    [
        SCAN[:-1] + b"\x12\xff\0\x34\xff\xd0\x56\xff\xd7\xff\0",
        SCAN + SCAN,
        SCAN + segment(0xC4, b"\0\1" + b"\0" * 16) + SCAN,
        segment(0xDD, b"\0\1") + SCAN,
    ],
    ids=["stuffed and restarted", "two scans", "a table between", "restart interval"],
)
def test_the_data_of_a_jpeg_is_the_same(scan: bytes) -> None:
    assert images.strip_metadata(jpeg(scan=scan)) == jpeg(scan=scan)
    assert images.strip_metadata(jpeg(exif(">"), scan=scan)) == jpeg(scan=scan)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("turned", range(2, 9))
def test_a_photograph_keeps_its_right_side_up_and_nothing_else(order: str, turned: int) -> None:
    entries = [(0x010F, 7), (0x0112, turned), (0x0131, 7)]
    kept = images.strip_metadata(jpeg(exif(order, *entries)))
    bare = exif(">", (0x0112, turned)).replace(b"Canary Islands", b"")
    bare = segment(0xE1, bare[4:])
    assert kept == jpeg(bare)


@pytest.mark.parametrize("turned", [0, 1, 9, 65535])
def test_one_that_is_upright_says_nothing(turned: int) -> None:
    assert images.strip_metadata(jpeg(exif(">", (0x0112, turned)))) == jpeg()


@given(st.binary(max_size=60))
def test_broken_exif_is_dropped(data: bytes) -> None:
    kept = images.strip_metadata(jpeg(segment(0xE1, b"Exif\0\0MM\0\x2a" + data)))
    assert len(kept) - len(jpeg()) in (0, 36)


# What is refused


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is neither PNG, JPEG nor WebP"),
        (b"GIF89a\1\0\1\0", "is neither PNG, JPEG nor WebP"),
        (b"RIFF\x04\0\0\0WAVEdata", "is neither PNG, JPEG nor WebP"),
        (b"<html><svg></svg></html>", "is neither PNG, JPEG nor WebP"),
        (png()[:7], "is neither PNG, JPEG nor WebP"),
        (png()[:8], "is cut short"),
        (png()[:20], "is cut short"),
        (png()[:-1], "is cut short"),
        (png()[:-12], "is cut short"),
        (images.PNG + chunk(b"tEXt", b"a") + png()[8:], "is damaged"),
        (images.PNG + b"\xff\xff\xff\xffIHDR" + b"\0" * 40, "is cut short"),
        (jpeg()[:2], "is cut short"),
        (jpeg()[:30], "is cut short"),
        (jpeg()[:-2], "is cut short"),
        (jpeg()[:-1], "is cut short"),
        (images.JPEG + b"\0" * 9, "is damaged"),
        (images.JPEG + segment(0xFE, b"")[:3] + b"\0" * 9, "is damaged"),
    ],
)
def test_a_picture_that_cannot_be_cleaned_is_one_line(data: bytes, why: str, problems) -> None:
    text = story("A", body="\n![x](x.png)\n")
    assert problems({"stories/a.md": text, "stories/x.png": data}) == [
        f"{A}:{AFTER + 2}: the image `stories/x.png` {why}; save it as PNG, JPEG or WebP [image]"
    ]


@given(st.data())
def test_a_picture_that_is_cut_anywhere_is_refused(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([png(chunk(b"tEXt", b"a\0b")), jpeg(exif("<", (0x0112, 6)))]))
    length = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(images.NotAnImageError):
        images.strip_metadata(whole[:length])


@given(st.sampled_from([images.PNG, images.JPEG, png()[:33], jpeg()[:60]]), st.binary(max_size=80))
def test_no_bytes_keep_us_or_raise_anything_else(head: bytes, tail: bytes) -> None:
    try:
        images.strip_metadata(head + tail)
    except images.NotAnImageError as error:
        assert str(error) in ("is cut short", "is damaged")  # noqa: PT017


def test_a_picture_over_the_limit_is_one_line(problems) -> None:
    large = png(chunk(b"tEXt", b"x" * images.MAX_BYTES))
    text = story("A", body="\n![x](x.png)\n")
    assert problems({"stories/a.md": text, "stories/x.png": large}) == [
        f"content/stories/x.png: is {len(large):,} bytes, over 8,000,000; "
        "split it, or move data elsewhere [too-large]"
    ]


ELSEWHERE = "save it beside this file: a page that asks another host tells it who reads"
NO_FILE = "save it beside this file"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("gone.png", f"`gone.png` is not in the content folder; {NO_FILE} [missing-image]"),
        ("../../x.png", f"`../../x.png` is not in the content folder; {NO_FILE} [missing-image]"),
        ("..", f"`..` is not in the content folder; {NO_FILE} [missing-image]"),
        (".", f"`.` is not in the content folder; {NO_FILE} [missing-image]"),
        ("", f"`` is not in the content folder; {NO_FILE} [missing-image]"),
        ("/etc/passwd", f"`/etc/passwd` is not in the content folder; {NO_FILE} [missing-image]"),
        ("a/../../../x.png", f"`a/../../../x.png` is not in the content folder; {NO_FILE} "
         "[missing-image]"),
        ("%2e%2e/%2e%2e/x.png", f"`../../x.png` is not in the content folder; {NO_FILE} "
         "[missing-image]"),
        ("a%00.png", f"`a�.png` is not in the content folder; {NO_FILE} [missing-image]"),
        ("x" * 5000, f"`{'x' * 49}…` is not in the content folder; {NO_FILE} [missing-image]"),
        ("https://a.example/x", f"`https://a.example/x` is not on this computer; {ELSEWHERE} "
         "[remote-image]"),
        ("HTTP://a.example/x.png", f"`HTTP://a.example/x.png` is not on this computer; {ELSEWHERE} "
         "[remote-image]"),
        ("//a.example/x.png", f"`//a.example/x.png` is not on this computer; {ELSEWHERE} "
         "[remote-image]"),
        ("//[", f"`//[` is not on this computer; {ELSEWHERE} [remote-image]"),
        ("data:image/png;base64,AAAA", f"`data:image/png;base64,AAAA` is not the path of a file; "
         f"{NO_FILE} [remote-image]"),
        ("blob:null/1", f"`blob:null/1` is not the path of a file; {NO_FILE} [remote-image]"),
        ("file:///x.png", f"`file:///x.png` is not the path of a file; {NO_FILE} [remote-image]"),
        ("javascript:x", f"`javascript:x` is not the path of a file; {NO_FILE} [remote-image]"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["story", "guide", "question"])
def test_a_picture_that_is_not_in_the_folder_is_one_line(
    kind: str, target: str, expected: str, problems, tmp_path: Path
) -> None:
    write(tmp_path, {"x.png": PNG})
    files = {
        "story": {"stories/a.md": story("A", body=f"\n![x]({target})\n")},
        "guide": {"guides/a.md": f"---\ntitle: A\n---\n\n![x]({target})\n"},
        "question": {"questions/a.yml": f"- question: A?\n  notes: '![x]({target})'\n"},
    }
    line = {"story": AFTER + 2, "guide": 5, "question": 2}[kind]
    (path,) = files[kind]
    assert problems(files[kind]) == [f"content/{path}:{line}: the image {expected}"]


@pytest.mark.parametrize("target", ["pics/x.png", "x.png"])
def test_a_picture_through_a_link_out_of_the_folder_is_one_line(
    target: str, problems, content: Callable[..., Path], tmp_path: Path
) -> None:
    write(tmp_path, {"outside/x.png": PNG})
    folder = content({"stories/a.md": story("A", body=f"\n![x]({target})\n")}) / "stories"
    (folder / "x.png").symlink_to(tmp_path / "outside/x.png")
    (folder / "pics").symlink_to(tmp_path / "outside")
    linked = [
        "content/stories/pics: warning: is a link to a folder, and is not followed; "
        "copy the folder here instead [outside]"
    ]
    assert problems({}) == [
        *linked,
        f"content/stories/{target}: is a link out of the content folder; "
        "copy the file here instead [outside]",
    ]


def test_a_picture_through_a_link_within_the_folder_is_shown(content, tmp_path: Path) -> None:
    folder = content({"stories/a.md": story("A", body="\n![x](x.png)\n"), "pics/y.png": PNG})
    (folder / "stories/x.png").symlink_to("../pics/y.png")
    database = pipeline.open_database(folder, LAYOUTS)
    built = pipeline.build_site(database)
    assert built.problems == ()
    assert [image.path for image in queries.pictures(database)[0]] == ["stories/x.png"]
    assert queries.picture_data(database, "stories/x.png") == PNG
    assert [data for path, data in built.files.items() if path.startswith("images/")] == [PNG]


# What is shown


def _sources(page: bytes) -> list[str]:
    return re.findall(r'<img src="([^"]+)"', page.decode())


@pytest.mark.slow
@pytest.mark.parametrize("edition", list(Edition))
def test_a_picture_is_shown_by_a_name_that_says_nothing(edition: Edition) -> None:
    secret = chunk(b"tEXt", b"Author\0Canary")
    pages = site_of(
        {
            "handbook.yml": "publish: [guides, questions]\n",
            "stories/a.md": story("A", PUBLIC, body="\n![x](Canary%20bird.PNG)\n"),
            "stories/Canary bird.PNG": png(secret),
            "stories/canary.jpeg": jpeg(segment(0xFE, b"Canary")),
            "guides/g.md": "---\ntitle: G\n---\n![x](../stories/canary.jpeg)\n",
            "questions.yml": "- {question: Why?, notes: '![x](stories/canary.jpeg)'}\n",
        },
        edition,
    )
    assert not [path for path, data in pages.items() if b"anary" in path.encode() + data]
    (shown,) = _sources(pages["stories/a.html"])
    assert re.fullmatch(r"\.\./images/[0-9a-f]{16}\.png", shown)
    assert pages[shown.removeprefix("../")] == png()
    (other,) = _sources(pages["guides/g.html"])
    assert re.fullmatch(r"\.\./images/[0-9a-f]{16}\.jpg", other)
    assert pages[other.removeprefix("../")] == jpeg()
    assert _sources(pages["questions/why.html"]) == [other]
    assert len([path for path in pages if path.startswith("images/")]) == 2


def test_two_names_of_one_picture_share_a_file() -> None:
    pages = site_of(
        {
            "stories/a.md": story(
                "A", PUBLIC, body="\n![x](one.png) ![y](two.png) ![z](one.png)\n"
            ),
            "stories/one.png": png(chunk(b"tEXt", b"a\0b")),
            "stories/two.png": png(chunk(b"tEXt", b"c\0d")),
        }
    )
    assert len(set(_sources(pages["stories/a.html"]))) == 1
    assert len([path for path in pages if path.startswith("images/")]) == 1


def test_a_picture_of_any_ending_is_named_by_what_it_is() -> None:
    pages = site_of(
        {"stories/a.md": story("A", PUBLIC, body="\n![x](x.txt)\n"), "stories/x.txt": jpeg()}
    )
    assert [path.rpartition(".")[2] for path in pages if path.startswith("images/")] == ["jpg"]


def test_a_picture_that_nothing_shows_is_not_read() -> None:
    pages = site_of({"stories/a.md": story("A", PUBLIC), "stories/x.png": b"no picture"})
    assert not [path for path in pages if path.startswith("images/")]


@pytest.mark.slow
def test_a_picture_of_a_private_story_is_not_in_the_public_edition() -> None:
    other = png(chunk(b"gAMA", b"\0\0\xb1\x8f"))
    files = {
        "stories/a.md": story("A", PUBLIC, body="\n![x](x.png)\n"),
        "stories/b.md": story("B", body="\n![x](x.png) ![y](y.png)\n"),
        "guides/g.md": "---\ntitle: G\n---\n![y](../stories/y.png)\n",
        "questions.yml": "- {question: Why?, notes: '![y](stories/y.png)'}\n",
        "stories/x.png": png(),
        "stories/y.png": other,
    }
    public = [data for path, data in site_of(files).items() if path.startswith("images/")]
    assert public == [png()]
    private = site_of(files, Edition.PRIVATE)
    assert sorted(private[path] for path in private if path.startswith("images/")) == sorted(
        [png(), other]
    )


@pytest.mark.browser
def test_a_browser_draws_what_is_left(
    tmp_path: Path, build: Callable[..., Path], chromium: Any
) -> None:
    built = build(
        {
            "stories/a.md": story("A", body="\n![x](x.png)\n\n![y](y.jpg)\n\n![z](z.jpg)\n"),
            "stories/x.png": png(chunk(b"tEXt", b"Author\0Canary")),
            "stories/y.jpg": jpeg(exif(">", (0x010F, 7))),
            "stories/z.jpg": jpeg(exif("<", (0x0112, 6))),
        }
    )
    page = chromium.new_page()
    page.goto((built / "stories/a.html").as_uri())
    page.evaluate("document.querySelectorAll('img').forEach((img) => { img.loading = 'eager'; })")
    page.wait_for_function("[...document.images].every((img) => img.complete)")
    sizes = page.evaluate(
        "[...document.images].map((img) => [img.naturalWidth, img.naturalHeight])"
    )
    page.close()
    assert sizes == [[1, 1], [8, 8], [8, 8]]
