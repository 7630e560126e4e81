"""Style: rules of the coach on how a story is told, for who asks for them, and in English only.

Words show style less surely than numbers show facts, so none of these is switched on by itself.
docs/COACH.md has how often each was right.
"""

import re
from collections import Counter
from collections.abc import Iterator

from starbook.coach.remark import Remark, Values, fingerprint
from starbook.coach.rules import Rule
from starbook.coach.told import Told
from starbook.content import timing
from starbook.content.numbers import HAS_NUMBER
from starbook.model import STAR, CoachRule, Kind, Section
from starbook.text import sentences


def we_as_subject(told: Told) -> Iterator[Remark]:
    """Remark on an Action in which `we` and `the team` do most of what is done.

    Bad: `We met the vendor. We drafted a plan. The team built it.`
    Good: `I met the vendor and drafted a plan. Two of us built it; I wrote the import.`
    Source: interviewers note what the candidate did, and ask for it where it was not said.
    """
    parts = told.story.parts(Kind.ACTION)
    said = [sentence for part in parts for sentence in _told_sentences(part)]
    ours = [sentence for sentence in said if _WE.search(sentence)]
    own = sum(bool(_I.search(sentence)) for sentence in said)
    if len(ours) >= _MANY_OF_US and len(ours) > 2 * own and 2 * (len(ours) + own) >= len(said):
        values: Values = {"ours": len(ours), "own": own}
        yield _remark(told, CoachRule.WE_AS_SUBJECT, parts[0], values, *ours)


def hedge(told: Told) -> Iterator[Remark]:
    """Remark on a sentence of S, T, A or R with a word that takes its weight.

    Bad: `I basically rewrote the importer, and it was sort of faster.`
    Good: `I rewrote the importer, and it took 2 seconds instead of 9.`
    Source: what is said without conviction is noted as if it had not been done.
    """
    for section in _star(told):
        for sentence in _told_sentences(section):
            if found := _HEDGE.search(sentence):
                values: Values = {"words": " ".join(found[0].split())}
                yield _remark(told, CoachRule.HEDGE, section, values, sentence, beside=sentence)


def passive_opening(told: Told) -> Iterator[Remark]:
    """Remark on a sentence of the Action that begins without who did it.

    Bad: `A decision was made to split the service.`
    Good: `I decided to split the service.`
    Source: as for `we`: an action that nobody did is nobody's.
    """
    for section in told.story.parts(Kind.ACTION):
        for sentence in _told_sentences(section):
            if (found := _PASSIVE.match(sentence)) and not _DOER.search(sentence):
                values: Values = {"words": " ".join(found[0].split())}
                yield _remark(
                    told, CoachRule.PASSIVE_OPENING, section, values, sentence, beside=sentence
                )


def vague_result(told: Told) -> Iterator[Remark]:
    """Remark on a sentence of the Result that says how good it was, and not what it was.

    Bad: `Performance improved significantly, and everybody was happy.`
    Good: `A search took 2 seconds instead of 9.`
    Source: the Result is where interviewers note a figure, and ask for one that is not there.
    """
    for section in told.story.parts(Kind.RESULT):
        for sentence in _told_sentences(section):
            found = _VAGUE.search(sentence)
            if found and not HAS_NUMBER.search(sentence) and not _NUMBER_WORD.search(sentence):
                values: Values = {"words": " ".join(found[0].split())}
                yield _remark(
                    told, CoachRule.VAGUE_RESULT, section, values, sentence, beside=sentence
                )


def jargon(told: Told) -> Iterator[Remark]:
    """Remark on a story with many words that say nothing to who was not there.

    Bad: `I leveraged synergies to align key stakeholders on an end-to-end strategy.`
    Good: `I got the three teams into one room, and we agreed who builds what.`
    Source: an interviewer from elsewhere can't ask about what they can't picture.
    """
    text = " ".join(sentence for part in _star(told) for sentence in _told_sentences(part))
    found = Counter(" ".join(match[0].lower().split()) for match in _JARGON.finditer(text))
    words = len(_WORD.findall(text))
    if found.total() >= _MANY_WORDS and found.total() >= _DENSE * words:
        most = ", ".join(f"“{word}”" for word, _ in found.most_common(_SHOWN))
        values: Values = {"count": found.total(), "total": words, "words": most}
        yield _remark(told, CoachRule.JARGON, None, values, *sorted(found))


def action_share(told: Told) -> Iterator[Remark]:
    """Remark on an Action that is a small part of what is spoken, or nearly all of it.

    Bad: 200 words of Situation, and 60 of Action
    Good: 60 words of Situation, and 200 of Action
    Source: interviewers ask what the candidate did; all else is there to understand it.
    """
    spoken = timing.spoken_sections(told.story)
    words = {kind: sum(map(timing.words_to_say, told.story.parts(kind))) for kind in STAR}
    whole = sum(map(timing.words_to_say, spoken))
    if whole < _SCRIPT or not all(words.values()) or timing.is_notes(spoken):
        return
    percent = round(100 * words[Kind.ACTION] / whole)
    if not _LEAST <= percent <= _MOST:
        section = told.story.parts(Kind.ACTION)[0]
        values: Values = {"percent": percent, "least": _LEAST, "most": _MOST}
        yield _remark(told, CoachRule.ACTION_SHARE, section, values, timing.digest(told.story))


RULES: tuple[tuple[CoachRule, Rule], ...] = (
    (CoachRule.WE_AS_SUBJECT, we_as_subject),
    (CoachRule.HEDGE, hedge),
    (CoachRule.PASSIVE_OPENING, passive_opening),
    (CoachRule.VAGUE_RESULT, vague_result),
    (CoachRule.JARGON, jargon),
    (CoachRule.ACTION_SHARE, action_share),
)


# --- Parts of the rules ---------------------------------------------------------------------------

_MANY_OF_US = 3
_MANY_WORDS, _DENSE, _SHOWN = 4, 0.03, 3
_SCRIPT = 80  # words; of fewer the shares are chance
_LEAST, _MOST = 35, 70  # per cent of what is spoken
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|‘[^‘’]{9,}’")


def _phrases(*phrases: str) -> re.Pattern[str]:
    """Return a pattern of whole words and phrases, with any white space between words."""
    joined = "|".join(phrases).replace(" ", r"\s+")
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)


# `We`, or the team in front of what it does: `The team built it`. `We had no tests` is no action.
_TEAM = r"^(?:the|our|my)(?: \w+)? (?:team|squad|group)"
_WE = re.compile(
    r"\bwe\b(?! (?:had|were|are|have) (?:a|an|no|the)\b)"
    rf"|{_TEAM} (?:then |also )?(?:\w+ed|built|wrote|made|took|gave|ran|met|drew|put|set)\b",
    re.IGNORECASE,
)
_I = re.compile(r"\bI\b|\b[Mm]y (?:job|part|task|role)\b")
# `It was kind of slow`: behind other words, `kind of` names something.
_SOFTENED = "|".join(
    rf"(?<=\b{word}\s)" for word in "I we he she it they was were is are just".split()
)
_HEDGE = _phrases(
    "basically", "pretty much", "more or less", "I guess", "I suppose", "somehow", "and stuff",
    "and so on", "or something", "you know(?=,)",
    rf"(?:{_SOFTENED})(?:kind|sort) of",
    "(?:maybe|perhaps)(?= (?:I|it was)\\b)",
)  # fmt: skip
# What somebody does on purpose; `was worried` and `was slow` are states.
_DONE = (
    "decided|agreed|made|taken|formed|created|built|implemented|introduced|established|set up|held"
    "|organi[sz]ed|done|sent|written|designed|developed|deployed|rolled out|tested|reviewed|planned"
    "|scheduled|identified|conducted|performed|launched|migrated|fixed|removed|added|replaced"
    "|discussed|analy[sz]ed|investigated|defined|documented|automated|prepared|put in place"
).replace(" ", r"\s")
_FIRST = r"(?:(?:First|Then|Next|Finally|Afterwards|After\sthat|Eventually|In\sthe\send),?\s)?"
_PASSIVE = re.compile(
    rf"{_FIRST}(?!I\b|We\b)(?:It|An?|The|This|These|Several|Some|Many|All|New|Two|Three|\w+s)"
    r"(?:\s(?!who\b|that\b|which\b|was\b|were\b|\S*[,;:])\S+){0,4}?"
    r"\s(?:was|were)\s(?:then\s|also\s|\w+ly\s)?"  # `had been` tells of what was found
    rf"(?:{_DONE})\b",
    re.IGNORECASE,
)
_DOER = re.compile(r"\bby\s(?:the|a|an|my|our|two|three|[A-Z])|\b(?:I|[Ww]e)\b")
_MUCH = "(?:significant|substantial|dramatic|considerable|massive|huge|tremendous|drastic|great)"
_MUCH_LY = (
    "(?:significantly|substantially|dramatically|considerably|massively|hugely|greatly|a lot)"
)
_BETTER = r"(?:improve\w*|increase\w*|reduc\w*|decrease\w*|gains?|savings?|drop\w*|boost\w*|impact)"
_VAGUE = _phrases(
    rf"{_MUCH} (?:\w+ )?{_BETTER}",
    rf"{_MUCH_LY} (?:{_BETTER}|faster|better|more \w+|easier|happier)",
    rf"(?:improved|increased|decreased|reduced|dropped|rose|grew|fell)(?: \w+){{0,3}} {_MUCH_LY}",
    "(?:a |an )?(?:great|huge|big|complete|total|real|overall) success",
    "(?:very|highly|really) successful",
    "went (?:very |really )?(?:well|smoothly)",
    "much (?:better|faster|happier|smoother|easier)",
    "(?:very|really|extremely) (?:happy|pleased|satisfied|impressed)",
    "(?:every(?:one|body)|all) (?:was|were) (?:happy|pleased|satisfied)",
    "(?:positive|great|good) feedback",
)
_NUMBER_WORD = _phrases(
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "half", "twice", "doubled?", "tripled?", "none", "nobody", "no one", "once", "first", "zero",
    "hundreds?", "thousands?", "millions?",
)  # fmt: skip
_JARGON = _phrases(
    r"leverag\w+", r"synerg\w+", "align(?:ed|ment|ing)?", "stakeholders?", r"holistic\w*",
    r"paradigm\w*", r"seamless\w*", "robust", "scalable", "end-to-end", r"cross-functional\w*",
    "deliverables?", "low-hanging fruit", "deep dives?", "bandwidth", r"circl\w+ back",
    r"touch\w* base", r"value-add\w*", r"game[- ]chang\w+", r"proactive\w*", r"strategic\w*",
    "ecosystems?", r"streamlin\w+", r"empower\w*", "granular", "north star", r"mov\w+ the needle",
    "buy-in", r"ideat\w+", "learnings", "initiatives?", "actionable", "cadence", "world-class",
    "best[- ](?:in[- ]class|practices?)", "mission-critical", r"utiliz\w+", r"facilitat\w+",
    r"operationaliz\w+", "touchpoints?", r"methodolog\w+", "impactful", r"optimi[sz]\w+",
    "win-win", "key takeaways?",
)  # fmt: skip


def _star(told: Told) -> Iterator[Section]:
    return (section for kind in STAR for section in told.story.parts(kind))


def _told_sentences(section: Section) -> Iterator[str]:
    """Yield the sentences of a section without what others said, which stands in quotes."""
    for sentence in sentences.split(section.body.text):
        if not _QUOTED.search(sentence):
            yield sentence


def _remark(
    told: Told, rule: CoachRule, section: Section | None, values: Values, *words: str,
    beside: str = "",
) -> Remark:  # fmt: skip
    line, ident = (section.line, section.id) if section else (1, "")
    mark = fingerprint(*words)
    return Remark(rule, f"remark.{rule}", told.story.path, line, mark, values, ident, beside)
