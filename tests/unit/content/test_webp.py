"""WebP pictures without their metadata, and SVG pictures, which are left out."""

import base64
import re
import struct
from pathlib import Path

import pytest
from conftest import LAYOUTS, story
from editions import PNG, PUBLIC, document, read, write
from hypothesis import given
from hypothesis import strategies as st

from starbook.build import pipeline
from starbook.content import images
from starbook.model import Edition

A = "content/stories/a.md"
AFTER = len(story("A").splitlines())

# A square of two by two red points, as a browser wrote it: with losses, without, and its alpha.
LOSSY = (
    b"\x90\x01\x00\x9d\x01*\x02\x00\x02\x00\x02\xc0L%\xa0\x02t\xba\x00\x03\x98\x00\xfe\xec"
    b"&__\x00S\xd5\x1f\xfc\xe2_\xc9\x1f\xa0]\xa0\x00\x00\x00"
)
LOSSLESS = b'/\x01@\x00\x00\x07P\x94"\x17\xa5\xff\x81\x88\xe8\x7f\x00'
ALPHA = b"\x00\x80\x80\x80\x80"
ICC, ALPHA_FLAG, EXIF, XMP, ANIMATED = 0x20, 0x10, 0x08, 0x04, 0x02
SQUARE = b"\1\0\0\1\0\0"  # the width and the height, less one


_DRAW = """async (source) => {
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.drawImage(image, 0, 0);
  const [red, green, blue] = canvas.getImageData(1, 1, 1, 1).data;
  return [[red, green, blue], [image.naturalWidth, image.naturalHeight]];
}"""


def chunk(kind: bytes, data: bytes, pad: bytes = b"\0") -> bytes:
    return kind + struct.pack("<I", len(data)) + data + pad * (len(data) % 2)


def webp(*chunks: bytes, end: bytes = b"") -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body + end


def extended(flags: int, *chunks: bytes) -> bytes:
    return webp(chunk(b"VP8X", bytes([flags, 0, 0, 0]) + SQUARE), *chunks)


def frame(*chunks: bytes) -> bytes:
    return chunk(b"ANMF", b"\0" * 6 + SQUARE + b"\x64\0\0\0" + b"".join(chunks))


STILL = chunk(b"VP8 ", LOSSY)
SHARP = chunk(b"VP8L", LOSSLESS)
CANARIES = (
    chunk(b"ICCP", b"Canary profile"), chunk(b"EXIF", b"Canary Islands"),
    chunk(b"XMP ", b"<x>Canary</x>"), chunk(b"PRIV", b"Canary"), chunk(b"EXIF", b"Canary twice"),
)  # fmt: skip
LOUD = ICC | EXIF | XMP
LOOP = chunk(b"ANIM", b"\0" * 6)
PICTURES = {
    "lossy": (webp(STILL), webp(STILL, *CANARIES, end=b"Canary")),
    "lossless": (webp(SHARP), webp(SHARP, *CANARIES)),
    "extended": (extended(0, STILL), extended(LOUD, CANARIES[0], STILL, *CANARIES)),
    "extended lossless": (
        extended(ALPHA_FLAG, SHARP), extended(LOUD | ALPHA_FLAG, CANARIES[0], SHARP, *CANARIES),
    ),
    "alpha": (
        extended(ALPHA_FLAG, chunk(b"ALPH", ALPHA), STILL),
        extended(LOUD | ALPHA_FLAG, *CANARIES, chunk(b"ALPH", ALPHA, b"C"), STILL, *CANARIES),
    ),
    "animated": (
        extended(ANIMATED, LOOP, frame(STILL), frame(SHARP)),
        extended(
            LOUD | ANIMATED, CANARIES[0], LOOP, frame(*CANARIES, STILL), CANARIES[3],
            frame(SHARP, *CANARIES), *CANARIES,
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("clean", "loud"), PICTURES.values(), ids=list(PICTURES))
def test_a_webp_keeps_what_draws_and_loses_what_it_says_of_the_person(clean, loud) -> None:
    assert b"Canary" in loud
    assert images.strip_metadata(loud) == clean
    assert images.strip_metadata(clean) == clean


@pytest.mark.parametrize(("clean", "loud"), PICTURES.values(), ids=list(PICTURES))
def test_a_browser_draws_the_points_of_a_cleaned_webp(clean, loud, tmp_path, chromium) -> None:
    page = chromium.new_page()
    source = base64.b64encode(images.strip_metadata(loud)).decode()
    red, size = page.evaluate(_DRAW, f"data:image/webp;base64,{source}")
    page.close()
    assert size == [2, 2]
    assert all(abs(one - other) < 8 for one, other in zip(red, (200, 40, 40), strict=True))


def test_a_webp_is_shown_on_its_page_and_served_as_what_it_is(build) -> None:
    files = {"stories/a.md": story("A", body="\n![x](x.webp)\n"), "stories/x.webp": webp(STILL)}
    site = build(files)
    (name,) = [path.name for path in (site / "images").iterdir()]
    assert re.fullmatch(r"[0-9a-f]{16}\.webp", name)
    assert f'src="../images/{name}"' in (site / "stories/a.html").read_text(encoding="utf-8")
    assert (site / "images" / name).read_bytes() == webp(STILL)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (webp(), "is damaged"),
        (webp(CANARIES[1]), "is damaged"),
        (extended(0), "is damaged"),
        (extended(ANIMATED, STILL), "is damaged"),
        (extended(ANIMATED, LOOP), "is damaged"),
        (extended(ANIMATED, LOOP, frame()), "is damaged"),
        (extended(ANIMATED, chunk(b"ANIM", b""), frame(STILL)), "is damaged"),
        (webp(chunk(b"VP8X", b"\0" * 4), STILL), "is damaged"),
        (webp(chunk(b"VP8 ", LOSSY[:9])), "is damaged"),
        (webp(chunk(b"VP8 ", LOSSY.replace(b"\x9d", b"\0"))), "is damaged"),
        (webp(chunk(b"VP8L", b"x" + LOSSLESS)), "is damaged"),
        (webp(STILL)[:-1], "is cut short"),
        (webp(STILL)[:15], "is cut short"),
        (webp(STILL[:-2]), "is cut short"),
        (webp(STILL, b"EXIF\xff\xff\xff\xff"), "is cut short"),
        (extended(ANIMATED, LOOP, frame(STILL[:-2])), "is cut short"),
    ],
)
def test_a_damaged_webp_is_one_line(data: bytes, why: str, problems) -> None:
    text = story("A", body="\n![x](x.webp)\n")
    assert problems({"stories/a.md": text, "stories/x.webp": data}) == [
        f"{A}:{AFTER + 2}: the image `stories/x.webp` {why}; save it as PNG, JPEG or WebP [image]"
    ]


@given(st.sampled_from([loud for _, loud in PICTURES.values()]), st.data())
def test_a_webp_that_is_cut_anywhere_is_refused(whole: bytes, data: st.DataObject) -> None:
    whole = whole.removesuffix(b"Canary")
    with pytest.raises(images.NotAnImageError):
        images.strip_metadata(whole[: data.draw(st.integers(0, len(whole) - 1))])


@given(st.sampled_from([b"", STILL, *(loud for _, loud in PICTURES.values())]), st.binary())
def test_no_bytes_of_a_webp_raise_anything_else(head: bytes, tail: bytes) -> None:
    try:
        images.strip_metadata(webp(head[12:], tail))
    except images.NotAnImageError as error:
        assert str(error) in ("is cut short", "is damaged")  # noqa: PT017


# SVG


SVGS = [
    b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    b"<?xml version='1.0'?>\n<!-- made by hand -->\n<!DOCTYPE svg>\n<svg><circle/></svg>",
    b"\xef\xbb\xbf  <SVG>\n</SVG>",
]


@pytest.mark.parametrize("data", SVGS)
@pytest.mark.parametrize("name", ["plan.svg", "plan.png"])
def test_an_svg_is_left_out_with_a_warning_and_its_words_stay(name, data, build, problems) -> None:
    files = {
        "stories/a.md": story("A", body=f"\nSee ![the plan & more]({name}) here.\n"),
        f"stories/{name}": data,
    }
    assert problems(files) == [
        f"{A}:{AFTER + 2}: warning: the image `stories/{name}` is an SVG, and is left out; "
        "save it as PNG, JPEG or WebP [svg]"
    ]
    site = build(files)
    page = (site / "stories/a.html").read_text(encoding="utf-8")
    assert "See the plan &amp; more here." in page
    assert "plan." not in page
    assert not (site / "images").exists()


def test_any_file_that_is_named_as_an_svg_counts_as_one(problems) -> None:
    files = {"stories/a.md": story("A", body="\n![x](x.SVGZ)\n"), "stories/x.SVGZ": b"\x1f\x8b"}
    (line,) = problems(files)
    assert line.endswith("is an SVG, and is left out; save it as PNG, JPEG or WebP [svg]")


def test_other_pictures_beside_an_svg_are_shown(build) -> None:
    body = "\n![one](a.svg) ![two](b.png) ![three](a.svg)\n"
    files = {"stories/a.md": story("A", body=body), "stories/a.svg": SVGS[0], "stories/b.png": PNG}
    page = (build(files) / "stories/a.html").read_text(encoding="utf-8")
    assert re.search(
        r'<p>one <img src="../images/\w+.png" alt="two" loading="lazy"> three</p>', page
    )


def test_a_guide_in_a_public_edition_leaves_an_svg_out_too(tmp_path: Path) -> None:
    guide = document("![the plan](../plan.svg)", title="G")
    files = {
        "handbook.yml": "publish: [guides]\n",
        "guides/g.md": guide,
        "plan.svg": SVGS[0],
        "stories/a.md": story("A", PUBLIC),
    }
    content = write(tmp_path / "content", files)
    made = pipeline.build(content, LAYOUTS, tmp_path / "site", edition=Edition.PUBLIC)
    assert [problem.rule for problem in made.problems] == ["svg"]
    site = read(tmp_path / "site")
    assert b"<p>the plan</p>" in site["guides/g.html"]
    assert not any(b"plan.svg" in text for text in site.values())


def test_an_svg_that_is_not_there_is_missing_like_any_picture(problems) -> None:
    (line,) = problems({"stories/a.md": story("A", body="\n![x](x.svg)\n")})
    assert line.endswith("is not in the content folder; save it beside this file [missing-image]")
