"""Labels of labels.yml: join those of several files, and report spellings that two parts claim."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from starbook.model import Labels, Ref
from starbook.problem import Problem, Severity
from starbook.text import vocabulary

# The keys in which a phrase may have one meaning only.
_DISTINCT = {"parts": "part", "fields": "field"}


class _Claim(msgspec.Struct, frozen=True):
    """A phrase under a key of labels.yml, such as `result` of `parts`, with its place."""

    path: str
    phrase: Ref
    key: str


def join(files: Iterable[tuple[str, Mapping[str, Any]]]) -> tuple[Labels, tuple[Problem, ...]]:
    """Return the labels of files, each a path and the values that were read; and their conflicts.

    Of two claims to one spelling the first counts; the person's count before ours.
    """
    lists: dict[str, list[str]] = {}
    nested: dict[str, dict[str, list[str]]] = {key: {} for key in vocabulary.KEYS}
    claims: dict[str, list[_Claim]] = {key: [] for key in _DISTINCT}
    for path, values in files:
        for key, value in values.items():
            if key not in nested:
                lists.setdefault(key, []).extend(phrase.text for phrase in value)
                continue
            for inner, phrases in value.items():
                for phrase in phrases:
                    nested[key].setdefault(inner, []).append(phrase.text)
                    claims.get(key, []).append(_Claim(path, phrase, inner))
    problems = [problem for key in _DISTINCT for problem in _conflicts(key, claims[key])]
    return _make(lists, nested), tuple(problems)


def _make(lists: Mapping[str, list[str]], nested: Mapping[str, Mapping[str, list[str]]]) -> Labels:
    values: dict[str, Any] = {key: tuple(dict.fromkeys(found)) for key, found in lists.items()}
    for key, by_name in nested.items():
        values[key] = {name: tuple(dict.fromkeys(found)) for name, found in by_name.items()}
    return Labels(**values)


def _conflicts(group: str, claims: Iterable[_Claim]) -> Iterable[Problem]:
    """Yield an error for a second claim to a phrase, and a warning for one to a phrase of ours."""
    ours = _our_claims(group)
    first: dict[str, _Claim] = {}
    for claim in claims:
        phrase = vocabulary.fold_label(claim.phrase.text)
        other = first.setdefault(phrase, claim)
        if other.key != claim.key:
            place = f"{other.path}:{other.phrase.line}"
            message = f"`{claim.phrase.text}` is already a word for `{other.key}` ({place})"
            hint = f"take it out of one of them: a word names one {_DISTINCT[group]}"
            yield Problem(claim.path, claim.phrase.line, message, hint, "ambiguous-label")
        elif other is claim and ours.get(phrase, claim.key) != claim.key:
            message = (
                f"`{claim.phrase.text}` is a word for `{ours[phrase]}` elsewhere, "
                f"and for `{claim.key}` in this handbook"
            )
            hint = "take it out if you did not mean that"
            line = claim.phrase.line
            yield Problem(claim.path, line, message, hint, "own-label", Severity.WARNING)


def _our_claims(group: str) -> dict[str, str]:
    listed: Mapping[str, tuple[str, ...]] = getattr(vocabulary.load(), group)
    return {phrase: key for key, phrases in listed.items() for phrase in phrases}
