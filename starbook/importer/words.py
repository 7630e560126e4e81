"""Forms of imported documents that belong to no language: titles, names, principles, levels."""

import re
from functools import lru_cache

from starbook.importer.labels import strip_decoration
from starbook.text import sentences
from starbook.text.vocabulary import Vocabulary

# A line that is an item, a heading, a row or a quotation, and no prose.
_LISTED = re.compile(r"\s*(?:[-*+#|>]|\d+[.)])")

AMAZON_PRINCIPLES = (
    "Customer Obsession", "Ownership", "Invent and Simplify", "Are Right, A Lot",
    "Learn and Be Curious", "Hire and Develop the Best", "Hire and Develop",
    "Insist on the Highest Standards", "Insist on Highest Standards", "Highest Standards",
    "Think Big", "Bias for Action", "Frugality", "Earn Trust", "Earn Trust of Others", "Dive Deep",
    "Have Backbone; Disagree and Commit", "Have Backbone, Disagree and Commit", "Have Backbone",
    "Disagree and Commit", "Deliver Results", "Strive to be Earth's Best Employer",
    "Success and Scale Bring Broad Responsibility",
)  # fmt: skip

_UNSPACED = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
ASKING_SIGN = re.compile("[?？؟]")
# How a sentence ends that asks nothing.
ENDS = (".", "!", "。", "！")

# Forms of a title T: `CO-1: T`; `4. T`; `[Theme] T`; `Theme – T`; `T (Dive Deep, Ownership)`.
ID_TITLE = re.compile(r"(?P<id>[A-Z]{1,4}-\d{1,3})\s*[:：.–—-]\s*(?P<title>.+)")
# A number in marks of its own: `` `#2` T ``, `**3.** T`.
_MARKED_COUNT = re.compile(r"^(?:`|\*\*|__)?(#\s?\d{1,3}|\d{1,3}[.)])(?:`|\*\*|__)\s*(?=\S)")
# `3. T`, `#3 T`, `三、T`, `3 / T`, `③ T`, `3.1 T` (but not `3.5 hours`).
NUMBERED_TITLE = re.compile(
    r"(?:#\s?)?(?P<number>\d{1,3}|[IVX]{1,5}(?=[.)]\s)|[一二三四五六七八九十]{1,3}(?=、)|[①-⑳]|\d{1,2}(?:\.\d{1,2})+)"
    r"(?:[.)．、]\s*|(?<=#\d)\s+|(?<=#\d\d)\s+|\s*/\s+|(?<=[①-⑳])\s*|(?<=\.\d)\s+(?=[^a-z\W\d_]))"
    r"(?P<title>\D.*)"
)
BRACKET_THEME_TITLE = re.compile(r"\[(?P<theme>[^\]]+)\]\s*(?P<title>[^(\s].*)")
DASH_THEME_TITLE = re.compile(r"(?P<theme>[^–—]{3,48}?)\s+[–—]\s+(?P<title>.+)")
TITLE_WITH_NAMES = re.compile(r"(?P<title>.+?)\s*[(（](?P<names>[^()（）]*)[)）]\s*")
# `Competency 2: T`, where others have the word with other numbers.
SERIES_TITLE = re.compile(
    r"(?P<word>[^\W\d_]+(?: [^\W\d_]+)?) #?(?P<number>\d{1,2})\s*[:.–—-]\s+(?P<title>\S.*)"
)
STORY_WORD = re.compile(r"\W*(?:story|example|scenario)\s*[#№]?\s*\d", re.I)
# Headings above stories that say no more than that stories follow.
NO_TOPIC = re.compile(
    r"\b(?:stor(?:y|ies)|examples?\s+skeletons?|skeletons?|questions?|prompts?|star|answers?|bank|mine|historias"
    r"|geschichten|histoires|histórias|истории)\b|故事|エピソード|사례",
    re.I,
)
COMPANY_HEADING = re.compile(
    r"(?P<company>[A-Z][\w&.]+(?:\s[A-Z][\w&.]+){0,3})\s+(?:[Bb]ehaviou?ral\s+)?(?:[Ii]nterview\s+)[Qq]uestions"
)
_NO_COMPANIES = frozenset(
    """common behavioral behavioural leadership technical typical top sample general star the more
    other job manager engineering additional likely frequent standard popular product software
    senior junior staff principal lead engineer designer developer analyst scientist director
    consultant intern data program project frontend backend sales marketing operations hr research
    ux ui qa devops mobile web security business customer support success account""".split()
)
_BRACKETED_COUNT = re.compile(r"\s*\(\d+\s+\w+\)\s*$")
LEVEL = re.compile(r"\b(?:L[3-9]|E[3-9]|IC[1-9]|SDE\s?(?:[1-3]|I{1,3})|SWE\s?(?:[1-3]|I{1,3}))\b")

# Words for the subject of questions. A capitalised heading without any of them is a company.
_SUBJECTS = frozenset(
    """leadership conflict teamwork team communication failure failures success ownership growth
    problem problems solving decision decisions making collaboration customer technical delivery
    execution innovation mentoring people management career influence ambiguity pressure culture
    values behavioral behavioural general background motivation strengths weaknesses learning
    feedback adaptability time project projects product design strategy ethics diversity other more
    theme themes topic warm up closing opening creativity initiative stress planning results trust
    stakeholder stakeholders process quality data impact vision hiring interpersonal skills part
    mistake mistakes error errors deadline deadlines
    principle principles competency section level levels round rounds personal work""".split()
)


def count(text: str) -> int:
    """Return how many words a text has; in Japanese and Chinese, two letters count as one."""
    unspaced = len(_UNSPACED.findall(text))
    return len(_UNSPACED.sub("", text).split()) + (unspaced + 1) // 2


@lru_cache(maxsize=2**14)
def counted(text: str, vocabulary: Vocabulary) -> bool:
    """Return True if `text` is a title with a number: `3. The mill`, `Story 3: The mill`."""
    bare = strip_decoration(text).strip("*_ ")
    return bool(NUMBERED_TITLE.fullmatch(bare) or vocabulary.counted_title.fullmatch(bare))


def is_numbered_question(text: str, vocabulary: Vocabulary) -> bool:
    """Return True if a title says by its number that it is a question: `Q5. Introduce yourself`."""
    match = vocabulary.counted_title.fullmatch(strip_decoration(text).strip("*_ "))
    return bool(match and match["word"].casefold() in vocabulary.question_words and match["title"])


def split_count(text: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """Return the number of a title, or "", and the title without its number and its kind.

    Kinds are `STAR format:`, `Story 2:` and `Project:`. A title may be nothing but them.
    """
    bare, number = _MARKED_COUNT.sub(r"\1 ", text.strip("*_ ")), ""
    kind, colon, title = bare.partition(": ")
    if colon and len(kind.split()) <= 3 and vocabulary.method_heading.search(kind):
        bare = title
    if match := NUMBERED_TITLE.fullmatch(bare):
        number, bare = match["number"], match["title"].strip("*_ ")
    if match := vocabulary.counted_title.fullmatch(bare):
        number, bare = match["number"], match["title"]
    elif match := vocabulary.word_title.fullmatch(bare):
        bare = match["title"]
    return number, bare.strip("*_ ")


@lru_cache(maxsize=2**14)
def strip_count(text: str, vocabulary: Vocabulary) -> str:
    """Return a title without its number and its kind."""
    return split_count(strip_decoration(text), vocabulary)[1]


def strip_bracketed_count(heading: str) -> str:
    """Return a heading without what it says of its length: `Conflict (4 questions)`."""
    return _BRACKETED_COUNT.sub("", heading).strip()


_BRACKETED_END = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")
_LIST_OF = re.compile(r"\s*\b(?:index|list|bank|ideas|titles|names|candidates)\b\s*", re.I)


def names_stories(heading: str, vocabulary: Vocabulary) -> bool:
    """Return True if a heading says no more than that stories follow: `Stories`, `Story index`."""
    whole = _LIST_OF.sub("", _BRACKETED_END.sub("", heading.casefold()))
    bare = whole.removeprefix("my ").removeprefix("star ").strip()
    known = {*vocabulary.story_plurals, *vocabulary.story_words}
    return bare in (known if whole.startswith("my ") else known - {"example", "examples"})


def is_spoken(text: str, vocabulary: Vocabulary) -> bool:
    """Return True if a text is what a candidate says: prose in the first person, and no advice.

    A sentence of it begins so: "I ring first", and not "say that I ring first".
    """
    lines = list(filter(str.strip, text.splitlines()))
    listed = sum(bool(_LISTED.match(line)) for line in lines)
    begins = any(map(vocabulary.speaks_of_self.match, sentences.split(text)))
    addresses = vocabulary.addresses_reader.search(text)
    tells = not addresses and not vocabulary.instruction.match(text)
    return (begins or tells) and speaks(text, vocabulary) and listed * 2 < len(lines)


def speaks(text: str, vocabulary: Vocabulary) -> bool:
    """Return True if somebody speaks of himself in a text, more than to the reader."""
    own = len(vocabulary.speaks_of_self.findall(text))
    return own > len(vocabulary.addresses_reader.findall(text))


def is_company_name(heading: str) -> bool:
    """Return True if a heading above questions is a company, not what the questions are about."""
    parts = heading.split()
    capitalised = all(word[:1].isupper() for word in parts) and len(parts) <= 3
    return capitalised and not {word.casefold().strip(",&:") for word in parts} & _SUBJECTS


def company_of_heading(heading: str) -> str:
    """Return the company that "Northwind interview questions" names, or ""."""
    match = COMPANY_HEADING.search(heading)
    parts = match["company"].split() if match else []
    return " ".join(word for word in parts if word.casefold() not in _NO_COMPANIES)
