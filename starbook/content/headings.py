"""Headings of story parts: the spellings people use, and the part and time that each names."""

import re
from functools import lru_cache

import msgspec

from starbook.model import Kind

# Spellings seen in real story banks. A heading matches if it is one of these, but for a time, a
# bracket, and text after a colon or dash: `Impact on the team` matches none.
SPELLINGS: dict[Kind, tuple[str, ...]] = {
    Kind.SITUATION: (
        "situation", "the situation", "context", "the context", "background", "the background",
        "setting", "challenge", "the challenge", "problem", "the problem",
        "situation / context", "situation and context", "context and background", "why",
        "situation / task", "situación", "contexto", "situação", "desafio", "kontext",
        "ausgangslage", "contexte", "la situation", "ситуация", "контекст", "情境", "背景", "情况",
        "状況", "상황", "배경",
    ),
    Kind.TASK: (
        "task", "tasks", "the task", "my task", "goal", "goals", "the goal", "my goal", "objective",
        "objectives", "target", "responsibility", "my responsibility", "my role", "obstacle",
        "obstacles", "tarea", "objetivo", "mi tarea", "tarefa", "minha tarefa", "aufgabe",
        "meine aufgabe", "ziel", "tâche", "ma tâche", "mission", "objectif", "задача", "цель",
        "任务", "目标", "課題", "タスク", "任務", "目標", "과제", "임무", "목표",
    ),
    Kind.ACTION: (
        "action", "actions", "the action", "my action", "my actions", "actions taken",
        "action taken", "actions i took", "approach", "my approach", "what i did", "steps taken",
        "activity", "activities", "acción", "acciones", "qué hice", "ação", "ações", "o que fiz",
        "aktion", "handlung", "vorgehen", "massnahmen", "was ich tat", "ce que j'ai fait",
        "действие", "действия", "行动", "行動", "アクション", "행동", "조치",
    ),
    Kind.RESULT: (
        "result", "results", "the result", "the results", "outcome", "outcomes", "the outcome",
        "impact", "the impact", "result and impact", "results and impact", "result / impact",
        "outcome and impact", "how it turned out", "resultado", "resultados", "impacto",
        "ergebnis", "ergebnisse", "wirkung", "résultat", "résultats", "bilan", "результат",
        "результаты", "итог", "结果", "結果", "成果", "결과", "성과",
    ),
    Kind.REFLECTION: (
        "reflection", "reflections", "learning", "learnings", "key learning", "key learnings",
        "lesson", "lessons", "lesson learned", "lessons learned", "lessons learnt",
        "key takeaway", "key takeaways", "takeaway", "takeaways", "what i learned",
        "what i learnt", "what i would do differently", "what i'd do differently", "insight",
        "insights", "retrospective", "reflection / lessons", "reflection and learnings",
        "aprendizaje", "lección", "lecciones", "aprendizado", "lição", "reflexión", "reflexão",
        "lehre", "gelernt", "erkenntnis", "was ich gelernt habe", "leçon", "apprentissage",
        "ce que j'ai appris", "вывод", "выводы", "урок", "反思", "学到", "収穫", "学び", "振り返り",
        "배운 점", "교훈",
    ),
    Kind.METRICS: ("metrics", "key metrics", "numbers", "the numbers", "measurements"),
    Kind.RISK: ("risk mitigation", "risks", "risk", "mitigation", "risks and mitigation"),
    Kind.FOLLOW_UPS: (
        "follow-ups", "follow ups", "followups", "follow-up", "follow-up questions",
        "follow up questions", "probes", "probing questions", "likely follow-ups",
    ),
    Kind.WEAK: ("weak answer", "weak answers", "a weak answer", "weak example", "weak version"),
    Kind.QUIZ: ("quiz", "check yourself", "test yourself", "self-check"),
    Kind.ANGLES: ("angles", "angle", "principle angles", "angles by principle"),
    Kind.LEVELS: ("levels", "by level", "level variations", "for other levels"),
}  # fmt: skip

_KINDS = {spelling: kind for kind, spellings in SPELLINGS.items() for spelling in spellings}

# Spellings of a Situation that name the Task if another Situation stands before them.
TASK_AFTER_SITUATION = frozenset({"challenge", "the challenge", "problem", "the problem"})

_TIME = re.compile(
    r"""[(\[]? \s* (?:~|≈|about\s+)? \s*
        (?: (?P<low>\d+(?:\.\d+)?) \s* (?:-|–|to) \s* )?   # of a range, the upper end counts
        (?P<number>\d+(?:\.\d+)?) \s*
        (?P<unit>s|secs?|seconds?|m|mins?|minutes?)\b \.? \s* [)\]]?""",
    re.VERBOSE | re.IGNORECASE,
)
_TRAILING_TIME = re.compile(rf"\s*(?:[(\[]|[-–:,]\s)\s*{_TIME.pattern.lstrip()}\s*$", _TIME.flags)
_SUFFIX = re.compile(r"\s*(?:[(\[:]|\s[-–—/|]\s).*$", re.DOTALL)


# Words that are a letter away from a spelling above, and mean something else.
_OTHER_WORDS = frozenset(
    """
    abilities angels auction ausgabe ausgaben betting aufgaben bangles content contest contact
    dangles deflection earning earnings emission faction fission gaol getting handlungen impart
    leaning lessen letting level lever levers litigation mangles metric milan number omission probe
    problems prose revels saga selling settings sitting tangles target vergehen wandlung yearning
    """.split()
)
# A spelling that is shorter is as near to words that are right, unless two letters are swapped.
_MIN_LENGTH = 6


class ParsedHeading(msgspec.Struct, frozen=True):
    """A heading taken apart: its part, its words without the time, and the time in seconds.

    `spelling` is the entry of `SPELLINGS` that it matches, or "".
    """

    kind: Kind
    words: str
    spelling: str = ""
    seconds: int | None = None


@lru_cache(maxsize=1024)  # stories have the same few headings
def parse(heading: str) -> ParsedHeading:
    """Parse any heading; one that names no part keeps all its words, as `Kind.OTHER`."""
    text = " ".join(heading.split())
    plain = text.rstrip(": ")
    time = _TRAILING_TIME.search(plain)
    words = plain[: time.start()] if time else plain
    folded = words.casefold().replace("’", "'").replace("&", "and")
    folded = folded.replace("*", "").replace("_", " ")
    candidates = (folded.rstrip(":"), _SUFFIX.sub("", folded))
    spelling = next((candidate for candidate in candidates if candidate in _KINDS), "")
    if not spelling:
        return ParsedHeading(Kind.OTHER, text)
    unit = 60 if time and time["unit"][0] in "mM" else 1
    seconds = round(float(time["number"]) * unit) if time else None
    # `(the core, 90 seconds)`: without the time, the bracket has to be closed.
    closed = f"{words})" if words.count("(") > words.count(")") else words
    return ParsedHeading(_KINDS[spelling], closed.rstrip(":"), spelling, seconds)


@lru_cache(maxsize=1024)
def find_meant(heading: str) -> str:
    """Return the known heading that `heading` is but for one slip of the keyboard, or ""."""
    words = " ".join(heading.split()).rstrip(": ").casefold().replace("’", "'").replace("&", "and")
    time = _TRAILING_TIME.search(words)
    words = words[: time.start()] if time else words
    for candidate in dict.fromkeys((words, _SUFFIX.sub("", words))):
        is_plural = candidate.removesuffix("s") in _KINDS or f"{candidate}s" in _KINDS
        if candidate not in _OTHER_WORDS and not is_plural:
            meant = (spelling for spelling in _KINDS if _is_slip(candidate, spelling))
            if found := next(meant, ""):
                return found[0].upper() + found[1:]
    return ""


def _is_slip(typed: str, meant: str) -> bool:
    """Return True if one letter is missing, doubled, too many or wrong, or two are swapped."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), -1)
    if start < 0:  # one more at the end
        start = min(len(typed), len(meant))
    one, other = typed[start:], meant[start:]
    if len(one) == len(other):
        is_swapped = one[:2] == other[1::-1] and one[2:] == other[2:]
        return is_swapped or (one[1:] == other[1:] and len(meant) >= _MIN_LENGTH)
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    is_doubled = start > 0 and longer[0] == typed[start - 1]
    return longer[1:] == shorter and (is_doubled or len(meant) >= _MIN_LENGTH)
