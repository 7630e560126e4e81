"""Names: slugs for addresses, and look-up of an entry by id, name or alias."""

import difflib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from unicodedata import category, normalize

from starbook.model import Ref

_MARK = re.compile("[\u0300-\u036f\ufe00-\ufe0f]")  # accents and variation selectors
# A file name may have 255 bytes, and a letter up to four.
_MAX_SLUG, _MAX_BYTES = 80, 200
# Of two names, the share of letters in common with which one is the other but for a letter or two;
# and the letters of a word that means something alone.
_ALMOST, _WORD = 0.8, 4


@lru_cache(maxsize=4096)  # the same levels and tags recur
def slug(text: str) -> str:
    """Return the letters and digits of `text`: `Disagree; commit` → `disagree-commit`.

    Letters of all scripts are kept. The slug of a text without letters and digits is empty.
    """
    # Case is folded after normalizing: `𝑨` has to be an `A` before it can be an `a`.
    folded = normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    decomposed = normalize("NFKD", folded)
    # Accents of Latin letters go; marks that other scripts need (kana, Devanagari) are put back.
    composed = normalize("NFC", _MARK.sub("", decomposed))
    letters = (c if c.isalnum() or category(c) in ("Mn", "Mc") else "-" for c in composed)
    words = "-".join(filter(None, "".join(letters).split("-")))
    short = words[:_MAX_SLUG].encode()[:_MAX_BYTES].decode(errors="ignore")
    return words if short == words else short.rsplit("-", 1)[0]


def unique(wanted: str, taken: set[str]) -> str:
    """Add `wanted`, or the first free of `wanted-2`, `wanted-3`…, to `taken` and return it."""
    name = wanted
    if wanted in taken:
        # Bisection instead of counting: a page may repeat one heading ten thousand times.
        free = 2
        while f"{wanted}-{free}" in taken:
            free *= 2
        used = free // 2
        while free - used > 1:
            middle = (used + free) // 2
            used, free = (middle, free) if f"{wanted}-{middle}" in taken else (used, middle)
        name = f"{wanted}-{free}"
    taken.add(name)
    return name


def stem(path: str) -> str:
    """Return the name of a file without its folders and its ending."""
    return path.rpartition("/")[2].rpartition(".")[0]


def composed(text: str) -> str:
    """Return `text` in the one Unicode form (NFC) in which names of files compare.

    Programs of macOS write `ü` in a file name as `u` and an accent; editors write one character.
    """
    return text if text.isascii() else normalize("NFC", text)


@lru_cache(maxsize=2**16)  # `serve` looks up the same names after every save
def key(text: str) -> str:
    """Return `text` normalized for comparison: case, white space and Unicode form are ignored."""
    if text.isascii():  # no other Unicode form
        return " ".join(text.lower().split())
    return " ".join(normalize("NFKC", text).casefold().split())


def is_blank(text: str) -> bool:
    """Return True if `text` has white space and invisible signs only."""
    return all(char.isspace() or category(char) == "Cf" for char in text)


Names = Mapping[str, str]


def index(entries: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Return a mapping to the id of each entry from its id, names and aliases.

    An id wins over a name, since a title may be the id of another story; the first of two equal
    names wins.
    """
    listed = [(ident, list(labels)) for ident, labels in entries]
    ids = {key(ident): ident for ident, _ in reversed(listed)}
    for ident, labels in listed:
        for label in labels:
            ids.setdefault(key(label), ident)
    return ids


def called(text: str, entries: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return the id that is `text`, or the ids of all entries that have it as a name."""
    wanted = key(text)
    by_id = [ident for ident in entries if key(ident) == wanted]
    by_name = [ident for ident, labels in entries.items() if wanted in map(key, labels)]
    return tuple(by_id[:1] or by_name)


def resolve(ref: Ref, names: Names) -> Ref:
    """Return `ref` with the id that its text stands for in `names`, or with an empty one."""
    return Ref(ref.text, ref.line, names.get(key(ref.text), ""))


def nearest(text: str, known: Iterable[str]) -> str:
    """Return the known name that is most similar to `text`, or "" if none is.

    Nearly the same letters come first, then a name that has all words of the text (`Peers` for
    `Peers / Teammates`), or whose words the text has, then any similar letters.
    """
    by_key = {key(name): name for name in known}
    close = difflib.get_close_matches(key(text), list(by_key), n=1, cutoff=0.6)
    if close and difflib.SequenceMatcher(a=key(text), b=close[0]).ratio() >= _ALMOST:
        return by_key[close[0]]
    near = _with_words(text, by_key.values())
    return near or (by_key[close[0]] if close else "")


def _with_words(text: str, known: Iterable[str]) -> str:
    """Return the shortest name with all words of a text, or the longest with none but those."""
    wanted = set(slug(text).split("-"))
    words = {name: set(slug(name).split("-")) for name in known}
    has_word = any(len(word) >= _WORD for word in wanted)
    longer = [name for name in words if has_word and wanted <= words[name]]
    shorter = [name for name in words if words[name] <= wanted and len(slug(name)) >= _WORD]
    return min(longer, key=len, default="") or max(shorter, key=len, default="")


def did_you_mean(text: str, known: Iterable[str], otherwise: str) -> str:
    """Return the hint `did you mean …?`, or `otherwise` if no known name is similar."""
    return suggest(text, {name: name for name in known}, otherwise)


def suggest(text: str, known: Names, otherwise: str) -> str:
    """Return the hint `did you mean …?` with what the most similar name of `known` stands for."""
    near = nearest(text, known)
    return f"did you mean `{known[near]}`?" if near else otherwise


def no_story(ident: str, known: Iterable[str]) -> str:
    """Return a message that no story has this id, with the nearest id that there is."""
    hint = did_you_mean(ident, known, "the id is the name of its file without `.md`")
    return f"there is no story `{ident}`; {hint}"
