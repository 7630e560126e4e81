"""The words that documents in the wild use, as tables: what is not here is not a rule of ours."""

import re

from starbook.text import names

# Front matter by the words that introduce it: `Tags: #a #b`, `### Category: A, B`.
_FIELDS = {
    "categories": """category categories theme themes topic topics competency competencies area
        areas skill skills categoria categoría categorías kategorie kategorien catégorie""",
    "principles": "principle principles lp lps value values",
    "tags": "tags tag keywords",
    "company": "company employer organisation organization empresa firma entreprise",
    "level": "level seniority",
    "date": "date year",
    "headline": "headline summary tldr",
    "status": "status",
    "cue": "cue cues",
}
_PHRASES = {
    "primary principle": "principles",
    "secondary principle": "principles",
    "secondary principles": "principles",
    "leadership principle": "principles",
    "leadership principles": "principles",
    "primary lp": "principles",
    "secondary lp": "principles",
    "maps to": "names",
    "demonstrates": "names",
    "best for questions about": "tags",
    "best for": "tags",
    "good for": "tags",
    "question variants": "questions",
    "also asked as": "questions",
    "variants": "questions",
    "question": "questions",
    "target level": "level",
    "one-liner": "headline",
    "tl;dr": "headline",
}
FIELDS: dict[str, str] = {
    word: field for field, words in _FIELDS.items() for word in words.split()
} | _PHRASES

# What a document says of itself around a story, and no reader of the story needs.
NOISE = re.compile(
    r"""(?:strong\ |sample\ |example\ |model\ |full\ |star\ |my\ )*
        (?:example|answer|response|format|method)s?
        (?:\s*\(?\s*star(?:\s+(?:format|method))?\s*\)?)?""",
    re.VERBOSE | re.IGNORECASE,
)

AMAZON = (
    "Customer Obsession", "Ownership", "Invent and Simplify", "Are Right, A Lot",
    "Learn and Be Curious", "Hire and Develop the Best", "Hire and Develop",
    "Insist on the Highest Standards", "Insist on Highest Standards", "Highest Standards",
    "Think Big", "Bias for Action", "Frugality", "Earn Trust", "Earn Trust of Others", "Dive Deep",
    "Have Backbone; Disagree and Commit", "Have Backbone, Disagree and Commit", "Have Backbone",
    "Disagree and Commit", "Deliver Results", "Strive to be Earth's Best Employer",
    "Success and Scale Bring Broad Responsibility",
)  # fmt: skip

# Headings of what explains, and tells no story.
METHOD = re.compile(
    r"""\b(?:method|methods|framework|format|template|templates|technique|guidelines?|rubric|structure
        |formula|acronym|lengths?|timing|breakdown|checklist|scoring|overview|understanding|tips
        |cheat\ ?sheet
        |how\ to|what\ is|(?:about|why)\ star|red\ flags|método|methode|méthode|метод)\b
        |方法|説明|メソッド""",
    re.VERBOSE | re.IGNORECASE,
)
# How an explanation of a part begins, or what it says to the reader.
INSTRUCTS = re.compile(
    r"""^\W*(?:set|describe|explain|share|provide|give|name|say|number|avoid|state|outline
        |what|who|when|where|how|why
        |the\ (?:context|situation|task|action|result|outcome|steps|specific)|specific|clear
        |detailed
        |quantified|briefly|focus|include|use|show|summari[sz]e|talk|tell|paint|highlight|define
        |erkläre|beschreibe|explica|décris|опиши)\b | \byou(?:r|rs)?\b""",
    re.VERBOSE | re.IGNORECASE,
)
TOLD = re.compile(
    r"\b(?:I|my|me|we|our|us|yo|mi|ich|mein\w*|wir|je|j'|mon|eu|я|мы|мой)\b|我|私|저|제가"
)
BLANK = re.compile(
    r"^[\W_]*(?:(?:fill in|todo|tbd|tba|your|insert|write|describe)\b.*)?[\W_]*$", re.I
)
BRACKETED = re.compile(r"\[[^\]\n]*\](?!\()|\([^()\n]*\)|<[^<>\n]*>|\{[^{}\n]*\}|_{2,}|\.{3}|…")
# Titles of stories that are yet to be: nothing in them is the person's own.
GENERIC = re.compile(
    r"""\W*(?:title|story(?:\s+title)?|your\s+story|story\s+name|name|template|example|star
        |(?:story|example)?\s*\#?\s*\d*)\W*""",
    re.VERBOSE | re.IGNORECASE,
)

# A border of a story that is counted: `Story 3: T`, `Q4: …`, `故事一：…`.
COUNTED = re.compile(
    r"""(?P<word>story|q|question|example|scenario|historia|história|historie|geschichte|beispiel|frage
        |histoire|exemple|경험|история|пример|ejemplo|exemplo|사례|이야기|故事|事例|例|エピソード|ストーリー)
        \s*[#№n°º.]*\s*(?P<number>\d+|[一二三四五六七八九十]+|[A-Z](?=\s*[:–—-]\s))\s*(?:[:：.)–—-]\s*)?(?P<title>.*)""",
    re.VERBOSE | re.IGNORECASE,
)
NAMED = re.compile(r"(?:story|project|case|example|scenario|q)\s*:\s+(?P<title>.+)", re.IGNORECASE)
IDENT = re.compile(r"(?P<id>[A-Z]{1,4}-\d{1,3})\s*[:：.–—-]\s*(?P<title>.+)")
NUMBERED = re.compile(r"(?P<number>\d{1,3})[.)]\s+(?P<title>.+)")
THEMED = re.compile(r"\[(?P<theme>[^\]]+)\]\s*(?P<title>[^(\s].*)")
DASHED = re.compile(r"(?P<theme>[^–—]{3,48}?)\s+[–—]\s+(?P<title>.+)")
BEHIND = re.compile(r"(?P<title>.+?)\s*[(（](?P<names>[^()（）]*)[)）]\s*")

ASKS = re.compile(
    r"""^for\s+(?:the\s+|your\s+)?(?:panel|hiring|recruiters?|team|engineers?|interviewers?|hr\b|peers)
        |what\s+i(?:'ll)?\s+ask|reverse\s+interview|questions?\s+(?:to|you\s+can|i|i'll|for)\s+.*?(?:ask|interviewers?|them|panel|team|company)
        |ask\s+(?:the\s+)?(?:interviewers?|them)|preguntas\s+para|fragen\s+an|questions\s+à\s+poser""",
    re.VERBOSE | re.IGNORECASE,
)
AVOIDS = re.compile(r"\b(?:avoid|not\s+ask|don'?t|strategy|tips|never)\b", re.IGNORECASE)
QUESTIONS = re.compile(
    r"\b(?:questions?|prompts?|preguntas|fragen|perguntas|вопросы)\b|质问|问题|質問|질문",
    re.IGNORECASE,
)
CATEGORIES = re.compile(
    r"(?:story\s+|question\s+)?(?:categories|themes|competencies)", re.IGNORECASE
)
# How interviewers begin, and how much of it says nothing of the story.
INTERVIEWER = re.compile(
    r"""(?:please\ )?(?:can\ you\ |could\ you\ )?
        (?:tell\ (?:me|us)(?:\ about)?|describe|give\ (?:me|us)?\ ?(?:an\ example\ of)?|share
        |walk\ (?:me|us)\ through|talk\ (?:to\ (?:me|us)\ )?about|explain)\b
        (?:\ (?:your|an?|the|one))?(?:\ (?:time|situation|example|instance|occasion|moment)s?\b)?
        (?:\ (?:when|where|in\ which|of|that)\b)?(?:\ you(?:'ve|\ have)?\b)?(?:\ had\ to\b)?\s*""",
    re.VERBOSE | re.IGNORECASE,
)
ASKED = re.compile(
    r"""^\W*(?:please\ )?(?:can\ you\ |could\ you\ )?(?:tell\ (?:me|us)|describe
        |give\ (?:me|us)|walk|cuéntame|háblame|descríbe?me|erzählen?\b|beschreiben?\b|racontez
        |parlez
        |décrivez|conte\b|fale\b|descreva|расскажите|опишите
        |share\ |talk\ about|how\b|what\b|why\b|when\b|which\b|who\b|where\b
        |have\ you|do\ you|are\ you)""",
    re.VERBOSE | re.IGNORECASE,
)
COMPANY = re.compile(
    r"(?P<company>[A-Z][\w&.]+(?:\s[A-Z][\w&.]+)?)\s+(?:[Bb]ehaviou?ral\s+)?(?:[Ii]nterview\s+)[Qq]uestions"
)
_NO_COMPANY = frozenset(
    """common behavioral behavioural leadership technical typical top sample general star the more
    other job manager engineering additional likely frequent standard popular""".split()
)
LEVEL = re.compile(r"\b(?:L[3-9]|E[3-9]|IC[1-9]|SDE\s?(?:[1-3]|I{1,3})|SWE\s?(?:[1-3]|I{1,3}))\b")
# `Story 3`, `#3`, `Historia 2`: a story by its number.
NUMBERS = re.compile(
    r"(?:(?:stor(?:y|ies)|example|historia|história|geschichte|histoire|история|故事|事例)\s*[#№]?|#)\s*(\d+)",
    re.IGNORECASE,
)
USE = re.compile(
    r"^\W*(?:use|tell|story|stories|answer with|maps? to|best story)\s*[:：→]|^\W*(?:→|->|=>|⇒)",
    re.IGNORECASE,
)


# Words of what a question is about; a capital name without any of them is a company.
_ABOUT = frozenset(
    """leadership conflict teamwork team communication failure failures success ownership growth
    problem problems solving decision decisions making collaboration customer technical delivery
    execution innovation mentoring people management career influence ambiguity pressure culture
    values behavioral behavioural general background motivation strengths weaknesses learning
    feedback adaptability time project projects product design strategy ethics diversity other more
    theme themes topic warm up closing opening creativity initiative stress planning results trust
    stakeholder stakeholders process quality data impact vision hiring interpersonal skills part
    principle principles competency section level levels round rounds personal work""".split()
)


def is_company(heading: str) -> bool:
    """Whether a heading above questions is a name, and not what they are about."""
    said = heading.split()
    named = all(word[:1].isupper() for word in said) and len(said) <= 3
    return named and not {word.casefold().strip(",&:") for word in said} & _ABOUT


def field(word: str) -> str:
    """The front matter that a label introduces, or ""."""
    return FIELDS.get(names.key(word), "")


def company(heading: str) -> str:
    """The company whose questions a heading announces, or ""."""
    found = COMPANY.search(heading)
    said = found["company"].split() if found else []
    return " ".join(word for word in said if word.casefold() not in _NO_COMPANY)
