"""Word documents: docx to markdown, without what Word hides and without a look outside.

mammoth reads; before that, what is hidden or deleted is taken out of the parts of the document, and
each paragraph gets a mark with its number. It is given those parts alone: no settings, no template.
"""

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import IO, Any
from xml.etree import ElementTree

import mammoth

from starbook.importer.formats import html_text, source
from starbook.importer.formats.archives import Archive
from starbook.importer.formats.pictures import Gallery
from starbook.importer.formats.source import Converted, UnreadableError

MAX_DEPTH = 100
MAX_ELEMENTS = 400_000
MAX_PIECES = 45_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY = "word/document.xml"
_TEXTS = (_BODY, "word/footnotes.xml", "word/endnotes.xml")
_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels"
    r"|word/(?:document|styles|numbering|footnotes|endnotes)\.xml"
    r"|word/_rels/(?:document|footnotes|endnotes)\.xml\.rels|word/media/[^/]+"
)
_COMMENTS = "word/comments.xml"
_OFF = frozenset({"0", "false", "off"})
_DELETED = (f"{_W}del", f"{_W}moveFrom")
_LINK = "/hyperlink"
# What says how a piece of text, a paragraph, a row or a cell is read; the rest says how it looks.
_READ_PROPERTIES = {
    f"{_W}rPr": "rStyle b i strike vertAlign vanish",
    f"{_W}pPr": "pStyle numPr rPr",
    f"{_W}trPr": "tblHeader del",
    f"{_W}tcPr": "gridSpan vMerge",
    f"{_W}tblPr": "",
    f"{_W}sectPr": "",
}
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
"""
_FOOTNOTE = re.compile(r"(?:foot|end)note-(?P<number>\d+)")


def read_docx(archive: Archive, gallery: Gallery) -> Converted:
    """Return the markdown for a Word document. Raise `UnreadableError`."""
    path = archive.path
    parts = {name: archive.read(name) for name in archive.names if _PARTS.fullmatch(name)}
    trees = {name: _parse(data, path) for name, data in parts.items() if _is_xml(name)}
    if _BODY not in trees:
        raise UnreadableError(f"{path} is no Word document; open it in Word and save it again")
    _drop_looks(trees, path)
    notes = _take_out_unseen(trees)
    notes += _describe_comments(archive)
    _mark_paragraphs(trees[_BODY])
    parts |= {name: ElementTree.tostring(tree, "utf-8") for name, tree in trees.items()}
    try:
        html = _convert(parts, gallery)
    except (KeyError, ValueError, AttributeError, IndexError, TypeError, RecursionError) as error:
        raise UnreadableError(
            f"{path} has a structure that is not read ({type(error).__name__}); open it in Word or "
            "LibreOffice and save it again, or save it as HTML"
        ) from error
    soup = html_text.parse(html, path)
    _restore_footnotes(soup)
    return html_text.to_markdown(soup, notes)


def _is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


def _parse(data: bytes, path: str) -> ElementTree.Element:
    """Return a part as a tree. Entities, which may unfold to gigabytes, are refused."""
    if b"<!DOCTYPE" in data.replace(b"\0", b"").upper():
        raise UnreadableError(f"{path} has XML with a DOCTYPE, as no Word document has")
    try:
        tree = ElementTree.fromstring(data)
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise UnreadableError(
            f"{path} is damaged ({error}); open it in Word and save it again"
        ) from error
    count = 0
    level = [tree]
    for _ in range(MAX_DEPTH):
        count += len(level)
        level = [child for element in level for child in element]
    if level or count > MAX_ELEMENTS:
        reason = f"over {MAX_DEPTH} deep" if level else f"with over {MAX_ELEMENTS:,} elements"
        raise UnreadableError(f"{path} is nested or large ({reason}); split it")
    return tree


def _drop_looks(trees: dict[str, ElementTree.Element], path: str) -> None:
    """Remove how the texts look, which takes longest to read; refuse what is still too large."""
    kept = {
        tag: {f"{_W}{name}" for name in names.split()} for tag, names in _READ_PROPERTIES.items()
    }
    texts = [trees[name] for name in _TEXTS if name in trees]
    for element in (element for tree in texts for element in tree.iter()):
        if element.tag in kept:
            element[:] = [child for child in element if child.tag in kept[element.tag]]
    pieces = sum(1 for tree in texts for _ in tree.iter())
    if pieces > MAX_PIECES:
        raise UnreadableError(
            f"{path} has {pieces:,} paragraphs, cells and pieces of text, over {MAX_PIECES:,}; "
            "split it, or save a table in it as .csv"
        )


# --- What is left out -----------------------------------------------------------------------------


def _take_out_unseen(trees: dict[str, ElementTree.Element]) -> list[str]:
    """Remove hidden and deleted text from all parts; return notes on it, and on what is outside."""
    styles = _find_hidden_styles(trees.get("word/styles.xml"))
    hidden = deleted = 0
    for name in _TEXTS:
        for parent in list(trees[name].iter()) if name in trees else ():
            for child in list(parent):
                if child.tag in _DELETED and _has_text(child):
                    deleted += 1
                    parent.remove(child)
                elif child.tag == f"{_W}r" and (
                    _is_hidden(child.find(f"{_W}rPr"), styles)
                    or (parent.tag == f"{_W}p" and _style_of(parent, "pPr", "pStyle") in styles)
                ):
                    hidden += _has_text(child)
                    parent.remove(child)
    notes = [_say(hidden, "hidden text"), _say(deleted, "deleted text"), _describe_outside(trees)]
    return [note for note in notes if note]


def _find_hidden_styles(styles: ElementTree.Element | None) -> set[str]:
    """Return the ids of styles that hide their text, with those that are based on one."""
    hidden: set[str] = set()
    for _ in range(10):  # a style is based on another, and so on
        before = len(hidden)
        for style in styles.iter(f"{_W}style") if styles is not None else ():
            base = style.find(f"{_W}basedOn")
            inherits = base is not None and base.get(f"{_W}val") in hidden
            own = style.find(f"{_W}rPr/{_W}vanish")
            if (own is not None and _is_on(own)) or (inherits and own is None):
                hidden.add(style.get(f"{_W}styleId", ""))
        if len(hidden) == before:
            break
    return hidden


def _is_hidden(properties: ElementTree.Element | None, styles: set[str]) -> bool:
    if properties is None:
        return False
    own = properties.find(f"{_W}vanish")
    if own is not None:
        return _is_on(own)
    style = properties.find(f"{_W}rStyle")
    return style is not None and style.get(f"{_W}val") in styles


def _is_on(element: ElementTree.Element) -> bool:
    return element.get(f"{_W}val", "1").lower() not in _OFF


def _style_of(element: ElementTree.Element, properties: str, kind: str) -> str:
    style = element.find(f"{_W}{properties}/{_W}{kind}")
    return "" if style is None else style.get(f"{_W}val", "")


def _has_text(element: ElementTree.Element) -> bool:
    tags = (f"{_W}t", f"{_W}delText")
    return any((text.text or "").strip() for text in element.iter() if text.tag in tags)


def _describe_outside(trees: dict[str, ElementTree.Element]) -> str:
    relations = [
        relation
        for name, tree in trees.items()
        if name.endswith(".rels")
        for relation in tree
        if relation.get("TargetMode") == "External" and not relation.get("Type", "").endswith(_LINK)
    ]
    if not relations:
        return ""
    verb = "part outside the file is" if len(relations) == 1 else "parts outside the file are"
    return f"{len(relations)} {verb} not fetched: {relations[0].get('Target', '')[:100]}"


def _describe_comments(archive: Archive) -> list[str]:
    if _COMMENTS not in archive.entries:
        return []
    comments = _parse(archive.read(_COMMENTS), archive.path)
    note = _say(sum(_has_text(comment) for comment in comments), "comment", "comments")
    return [note] if note else []


def _say(number: int, one: str, many: str = "") -> str:
    verb = "stays" if number == 1 else "stay"
    plural = many or one.replace("text", "texts")
    return f"{number} {one if number == 1 else plural} {verb} out" if number else ""


# --- The text -------------------------------------------------------------------------------------


def _mark_paragraphs(body: ElementTree.Element) -> None:
    for number, paragraph in enumerate(body.iter(f"{_W}p"), 1):
        for text in paragraph.iter(f"{_W}t"):
            value = source.drop_marks(text.text or "")
            if value.strip():
                lead = len(value) - len(value.lstrip())
                text.text = value[:lead] + source.mark(number) + value[lead:]
                break


def _convert(parts: dict[str, bytes], gallery: Gallery) -> str:
    """Return the document as HTML."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as copy:
        for name, data in parts.items():
            copy.writestr(name, data)

    def name_picture(picture: Any) -> dict[str, str]:
        name = gallery.add("", _read(picture.open))
        return {"src": name, html_text.EMBEDDED: ""} if name else {"src": ""}

    result = mammoth.convert_to_html(
        packed,
        style_map=_STYLES,
        include_embedded_style_map=False,
        external_file_access=False,
        convert_image=mammoth.images.img_element(name_picture),
    )
    return str(result.value)


def _read(opener: Callable[[], AbstractContextManager[IO[bytes]]]) -> bytes:
    with opener() as stream:
        return stream.read()


def _restore_footnotes(soup: Any) -> None:
    """Turn the notes at the end, and the links to them, into footnotes of markdown."""
    for item in soup.find_all("li", id=_FOOTNOTE):
        match = _FOOTNOTE.fullmatch(item["id"])
        for back in item.find_all("a", href=re.compile(r"#(?:foot|end)note-ref-\d+")):
            back.decompose()
        if match:
            item.name = "p"
            item.insert(0, f"[^{match['number']}]: ")
            for paragraph in item.find_all("p"):
                paragraph.unwrap()
    for link in soup.find_all("a", href=re.compile(r"#(?:foot|end)note-\d+")):
        match = _FOOTNOTE.fullmatch(link["href"][1:])
        if match:
            link.replace_with(f"[^{match['number']}]")
