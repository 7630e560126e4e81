"""Documents for the tests of formats, written with the standard library alone."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

_OFFICE = "http://schemas.openxmlformats.org"
_TYPES = f"{_OFFICE}/officeDocument/2006/relationships"
_NAMESPACES = (
    f'xmlns:w="{_OFFICE}/wordprocessingml/2006/main" xmlns:r="{_TYPES}" '
    f'xmlns:a="{_OFFICE}/drawingml/2006/main" '
    f'xmlns:wp="{_OFFICE}/drawingml/2006/wordprocessingDrawing" '
    f'xmlns:pic="{_OFFICE}/drawingml/2006/picture"'
)
_STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/>'
    "</w:style>"
    for level in (1, 2, 3)
)


def make_png(shade: int = 0) -> bytes:
    """Return a picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes([0, shade]))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def make_zip(files: Mapping[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            # The same date always: the bytes are in the names of tests.
            entry = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def heading(text: str, level: int = 1) -> str:
    style = f'<w:pPr><w:pStyle w:val="Heading{level}"/></w:pPr>'
    return f"<w:p>{style}<w:r><w:t>{text}</w:t></w:r></w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(item if item.startswith('<') else run(item) for item in runs)}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def picture(ident: str, kind: str = "embed") -> str:
    blip = f'<a:blip r:{kind}="{ident}"/>'
    return (
        '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="p" descr="the race"/><a:graphic>'
        f"<a:graphicData><pic:pic><pic:blipFill>{blip}</pic:blipFill></pic:pic></a:graphicData>"
        "</a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def make_docx(
    *body: str,
    links: Mapping[str, tuple[str, str]] | None = None,
    parts: Mapping[str, str | bytes] | None = None,
    styles: str = "",
) -> bytes:
    """Return a docx; `links` are type and target by id, external if the target is an address."""
    relations = "".join(
        f'<Relationship Id="{ident}" Type="{_TYPES}/{kind}" Target="{target}"'
        + (' TargetMode="External"/>' if ":" in target else "/>")
        for ident, (kind, target) in (links or {}).items()
    )
    rels = f'xmlns="{_OFFICE}/package/2006/relationships"'
    main = f"{_OFFICE}/package/2006/content-types"
    return make_zip(
        {
            "[Content_Types].xml": f'<Types xmlns="{main}">'
            '<Default Extension="png" ContentType="image/png"/></Types>',
            "_rels/.rels": f'<Relationships {rels}><Relationship Id="r1" '
            f'Type="{_TYPES}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f"<Relationships {rels}>{relations}"
            f'<Relationship Id="s" Type="{_TYPES}/styles" Target="styles.xml"/></Relationships>',
            "word/styles.xml": f"<w:styles {_NAMESPACES}>{_STYLES}{styles}</w:styles>",
            "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{''.join(body)}</w:body>"
            "</w:document>",
            **(parts or {}),
        }
    )


def make_comments(*texts: str) -> str:
    return make_part(
        "comments", "".join(f"<w:comment>{paragraph(text)}</w:comment>" for text in texts)
    )


def make_part(name: str, xml: str) -> str:
    return f"<w:{name} {_NAMESPACES}>{xml}</w:{name}>"
