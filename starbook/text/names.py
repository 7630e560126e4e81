"""Names: slugs for addresses, and the matching of a name by id, name or alias."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from starbook.model import Ref

_NO_MARK = re.compile("[\u0300-\u036f\ufe00-\ufe0f]")  # accents, and what turns a sign into emoji
# A file name may have 255 bytes, and a letter up to four.
_MAX_SLUG, _MAX_BYTES = 80, 200


@lru_cache(maxsize=4096)  # levels and tags, over and over
def slug(text: str) -> str:
    """`Have Backbone; Disagree` → `have-backbone-disagree`: letters and digits of any script.

    Empty where the text has neither.
    """
    # Folded after the Unicode form: `𝑨` has to be an `A` before it can be an `a`.
    folded = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    plain = unicodedata.normalize("NFKD", folded)
    # Accents of Latin letters go; marks that other scripts need (kana, Devanagari) are put back.
    kept = unicodedata.normalize("NFC", _NO_MARK.sub("", plain))
    letters = (c if _in_word(c) else "-" for c in kept)
    words = "-".join(filter(None, "".join(letters).split("-")))
    short = words[:_MAX_SLUG].encode()[:_MAX_BYTES].decode(errors="ignore")
    return words if short == words else short.rsplit("-", 1)[0]


def _in_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char) in ("Mn", "Mc")


def first_words(text: str, count: int) -> str:
    """The first words of a text, for a slug of a sensible length."""
    return " ".join(text.split()[:count])


def unique(wanted: str, taken: set[str]) -> str:
    """`wanted`, or `wanted-2`, `wanted-3`…: one that is not taken; it is taken then."""
    name = wanted
    if wanted in taken:
        # Halving, not counting up: a page may say one heading ten thousand times.
        free = 2
        while f"{wanted}-{free}" in taken:
            free *= 2
        held = free // 2
        while free - held > 1:
            middle = (held + free) // 2
            held, free = (middle, free) if f"{wanted}-{middle}" in taken else (held, middle)
        name = f"{wanted}-{free}"
    taken.add(name)
    return name


@lru_cache(maxsize=2**16)  # while one serves, the same names are looked up with every save
def key(text: str) -> str:
    """What two spellings of one name share: case, white space and Unicode form do not count."""
    if text.isascii():  # it has but one form
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


Names = Mapping[str, str]


def index(entries: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """From (id, its names and aliases) to a look-up by any of them.

    An id wins over a name, since a title may be the id of another story; of two names the first.
    """
    listed = [(ident, list(labels)) for ident, labels in entries]
    found = {key(ident): ident for ident, _ in reversed(listed)}
    for ident, labels in listed:
        for label in labels:
            found.setdefault(key(label), ident)
    return found


def resolve(ref: Ref, names: Names) -> Ref:
    """The reference with its id, where one of the names is meant."""
    return Ref(ref.text, ref.line, names.get(key(ref.text), ""))


def nearest(text: str, known: Iterable[str]) -> str:
    """The known name that looks most like `text`, or "" where none is near."""
    by_key = {key(name): name for name in known}
    close = difflib.get_close_matches(key(text), list(by_key), n=1, cutoff=0.6)
    return by_key[close[0]] if close else ""


def did_you_mean(text: str, known: Iterable[str], otherwise: str) -> str:
    """`did you mean …?`, or what to do where nothing is near."""
    near = nearest(text, known)
    return f"did you mean `{near}`?" if near else otherwise
