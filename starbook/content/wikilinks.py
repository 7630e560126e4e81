"""Links by the name of a file: `[[note]]`, `[[note#Result|label]]`, `![[picture.png]]`.

Addresses with spaces, `![](name with spaces.png)`, are read here too: CommonMark has no such link.
What a name leads to is found later, in `file_names`.
"""

import re

from markdown_it.helpers import parseLinkLabel
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from starbook import urls
from starbook.content import images

_LINK = re.compile(r"!?\[\[([^\[\]|\n]{1,300})(?:\|([^\[\]\n]{0,300}))?\]\]")
SIZE = re.compile(r"\s*\d{1,5}(?:\s*x\s*\d{1,5})?\s*")
_BLANK = re.compile(r"\s*(?:fill in|todo|tbd)\b", re.IGNORECASE)
# With a space in it, an address is one if it has the ending of a file that is read.
_ADDRESS = re.compile(
    rf"""\([ ]* ([^<>\n]{{1,300}}?\.(?:md|{"|".join(end[1:] for end in images.ENDINGS)})
        (?:\#[^()<>\n]{{0,200}})?) (?:[ ]+"([^"\n]{{0,200}})")? [ ]*\)""",
    re.VERBOSE | re.IGNORECASE,
)


def parse_link(state: StateInline, silent: bool) -> bool:
    """Parse `[[note]]`, or `![[picture]]`; the embedding of a note is a link to it."""
    if not state.src.startswith(("[[", "![["), state.pos) or state.linkLevel:
        return False
    match = _LINK.match(state.src, state.pos)
    if not match or _BLANK.match(match[1]):
        return False
    target, label = match[1].rstrip("\\").strip(), (match[2] or "").strip()
    if not target.strip("#/"):
        return False
    if not silent:
        if match[0].startswith("!") and target.lower().endswith(images.ENDINGS):
            texts = (text.strip() for text in label.split("|"))
            alt = " ".join(text for text in texts if text and not SIZE.fullmatch(text))
            _push_image(state, target, alt)
        else:
            _push_link(state, target, label)
    state.pos = match.end()
    return True


def _push_image(state: StateInline, target: str, alt: str, title: str = "") -> None:
    token = state.push("image", "img", 0)
    token.content, token.meta = alt, {"name": target}
    token.attrs = {"src": "", "alt": "", "title": title} if title else {"src": "", "alt": ""}
    token.children = []


def _push_link(state: StateInline, target: str, label: str) -> None:
    words = " > ".join(part.strip() for part in target.split("#") if part.strip())
    token = state.push("link_open", "a", 1)
    token.meta |= {"name": target, "unlabelled": not label}
    state.push("text", "", 0).content = label or words
    state.push("link_close", "a", -1)


def parse_spaced_address(state: StateInline, silent: bool) -> bool:
    """Parse a link or an image to a file with spaces in its name, without `<` and `>` around it."""
    is_image = state.src.startswith("![", state.pos)
    start = state.pos + is_image
    if not state.src.startswith("[", start) or (state.linkLevel and not is_image):
        return False
    end = parseLinkLabel(state, start, not is_image)
    match = _ADDRESS.match(state.src, end + 1) if end >= 0 else None
    if not match or " " not in match[1] or urls.is_remote(match[1]):
        return False
    if not silent:
        if is_image:
            _push_image(state, match[1], state.src[start + 1 : end], match[2] or "")
        else:
            _push_words(state, start + 1, end, match)
    state.pos = match.end()
    return True


def _push_words(state: StateInline, start: int, end: int, match: re.Match[str]) -> None:
    token: Token = state.push("link_open", "a", 1)
    token.meta |= {"name": match[1], "unlabelled": False}
    token.attrs = {"title": match[2]} if match[2] else {}
    most, state.pos, state.posMax = state.posMax, start, end
    state.linkLevel += 1
    state.md.inline.tokenize(state)
    state.linkLevel -= 1
    state.posMax = most
    state.push("link_close", "a", -1)
