"""Vocabulary of imported documents: the words and patterns that the importer looks for."""

import re

from starbook.text import names

# `(?xi)` at the start of a pattern: its white space is layout, and case does not matter.

# Labels of front matter, by the field that they give: `Tags: #a #b`, `### Category: A, B`.
# "names" are principles where they are known, else categories.
_LABELS = {
    "categories": """category, categories, theme, themes, topic, topics, competency, competencies,
        area, areas, skill, skills, categoria, categoría, categorías, kategorie, kategorien,
        catégorie""",
    "principles": """principle, principles, lp, lps, value, values, primary principle, primary lp,
        secondary principle, secondary principles, secondary lp, leadership principle,
        leadership principles""",
    "names": "maps to, demonstrates",
    "tags": "tags, tag, keywords, best for questions about, best for, good for",
    "questions": "question, question variants, variants, also asked as",
    "company": "company, employer, organisation, organization, empresa, firma, entreprise",
    "level": "level, seniority, target level",
    "date": "date, year",
    "headline": "headline, summary, tldr, tl;dr, one-liner",
    "status": "status",
    "cue": "cue, cues",
}
_FIELDS = {label.strip(): field for field, labels in _LABELS.items() for label in labels.split(",")}

# `Sample answer (STAR format)`: a heading of a story that says nothing of it, and is dropped.
ANSWER_HEADING = re.compile(r"""(?xi)
    (?:strong\ |sample\ |example\ |model\ |full\ |star\ |my\ )*
    (?:example|answer|response|format|method)s?
    (?:\s*\(?\s*star(?:\s+(?:format|method))?\s*\)?)?""")

AMAZON_PRINCIPLES = (
    "Customer Obsession", "Ownership", "Invent and Simplify", "Are Right, A Lot",
    "Learn and Be Curious", "Hire and Develop the Best", "Hire and Develop",
    "Insist on the Highest Standards", "Insist on Highest Standards", "Highest Standards",
    "Think Big", "Bias for Action", "Frugality", "Earn Trust", "Earn Trust of Others", "Dive Deep",
    "Have Backbone; Disagree and Commit", "Have Backbone, Disagree and Commit", "Have Backbone",
    "Disagree and Commit", "Deliver Results", "Strive to be Earth's Best Employer",
    "Success and Scale Bring Broad Responsibility",
)  # fmt: skip

# Headings of text that explains the method, and tells no story.
METHOD_HEADING = re.compile(r"""(?xi)
    \b(?:method|methods|framework|format|template|templates|technique|guidelines?|rubric|structure
    |formula|acronym|lengths?|timing|breakdown|checklist|scoring|overview|understanding|tips
    |cheat\ ?sheet|how\ to|what\ is|(?:about|why)\ star|red\ flags|método|methode|méthode|метод)\b
    |方法|説明|メソッド""")
# How the explanation of a part begins, or how it addresses the reader.
INSTRUCTION = re.compile(r"""(?xi)
    ^\W*(?:set|describe|explain|share|provide|give|name|say|number|avoid|state|outline
    |what|who|when|where|how|why
    |the\ (?:context|situation|task|action|result|outcome|steps|specific)|specific|clear|detailed
    |quantified|briefly|focus|include|use|show|summari[sz]e|talk|tell|paint|highlight|define
    |erkläre|beschreibe|explica|décris|опиши)\b | \byou(?:r|rs)?\b""")
FIRST_PERSON = re.compile(
    r"\b(?:I|my|me|we|our|us|yo|mi|ich|mein\w*|wir|je|j'|mon|eu|я|мы|мой)\b|我|私|저|제가"
)
PLACEHOLDER = re.compile(
    r"^[\W_]*(?:(?:fill in|todo|tbd|tba|your|insert|write|describe)\b.*)?[\W_]*$", re.I
)
BRACKETED = re.compile(r"\[[^\[\]\n]*\](?!\()|\([^()\n]*\)|<[^<>\n]*>|\{[^{}\n]*\}|_{2,}|\.{3}|…")
# Titles of stories that are not written yet, such as `Your story` or `Story [Title]`.
PLACEHOLDER_TITLE = re.compile(r"""(?xi)
    \W*(?:title|story(?:\s+title)?|your\s+story|story\s+name|name|template|example|star
    |(?:story|example)?\s*\#?\s*\d*)\W*""")

# Forms of a title T: `Story 3: T`, `故事一：T`; `Project: T`; `CO-1: T`; `4. T`; `[Theme] T`;
# `Theme – T`; `T (Dive Deep, Ownership)`.
COUNTED_TITLE = re.compile(r"""(?xi)
    (?P<word>story|q|question|example|scenario|historia|história|historie|geschichte|beispiel|frage
    |histoire|exemple|경험|история|пример|ejemplo|exemplo|사례|이야기|故事|事例|例|エピソード|ストーリー)
    \s*[#№n°º.]*\s*(?P<number>\d+|[一二三四五六七八九十]+|[A-Z](?=\s*[:–—-]\s))\s*(?:[:：.)–—-]\s*)?(?P<title>.*)""")
WORD_TITLE = re.compile(r"(?:story|project|case|example|scenario|q)\s*:\s+(?P<title>.+)", re.I)
ID_TITLE = re.compile(r"(?P<id>[A-Z]{1,4}-\d{1,3})\s*[:：.–—-]\s*(?P<title>.+)")
NUMBERED_TITLE = re.compile(r"(?P<number>\d{1,3})[.)]\s+(?P<title>.+)")
BRACKET_THEME_TITLE = re.compile(r"\[(?P<theme>[^\]]+)\]\s*(?P<title>[^(\s].*)")
DASH_THEME_TITLE = re.compile(r"(?P<theme>[^–—]{3,48}?)\s+[–—]\s+(?P<title>.+)")
TITLE_WITH_NAMES = re.compile(r"(?P<title>.+?)\s*[(（](?P<names>[^()（）]*)[)）]\s*")

# Headings of lists.
TO_ASK_HEADING = re.compile(r"""(?xi)
    ^for\s+(?:the\s+|your\s+)?(?:panel|hiring|recruiters?|team|engineers?|interviewers?|hr\b|peers)
    |what\s+i(?:'ll)?\s+ask|reverse\s+interview|questions?\s+(?:to|you\s+can|i|i'll|for)\s+.*?(?:ask|interviewers?|them|panel|team|company)
    |ask\s+(?:the\s+)?(?:interviewers?|them)|preguntas\s+para|fragen\s+an|questions\s+à\s+poser""")
ADVICE_HEADING = re.compile(r"\b(?:avoid|not\s+ask|don'?t|strategy|tips|never)\b", re.I)
QUESTIONS_HEADING = re.compile(
    r"\b(?:questions?|prompts?|preguntas|fragen|perguntas|вопросы)\b|质问|问题|質問|질문", re.I
)
CATEGORIES_HEADING = re.compile(r"((story|question)\s+)?(categories|themes|competencies)", re.I)
# `Can you tell me about a time when you`: the start of a question, which says nothing of its story.
QUESTION_PREAMBLE = re.compile(r"""(?xi)
    (?:please\ )?(?:can\ you\ |could\ you\ )?
    (?:tell\ (?:me|us)(?:\ about)?|describe|give\ (?:me|us)?\ ?(?:an\ example\ of)?|share
    |walk\ (?:me|us)\ through|talk\ (?:to\ (?:me|us)\ )?about|explain)\b
    (?:\ (?:your|an?|the|one))?(?:\ (?:time|situation|example|instance|occasion|moment)s?\b)?
    (?:\ (?:when|where|in\ which|of|that)\b)?(?:\ you(?:'ve|\ have)?\b)?(?:\ had\ to\b)?\s*""")
QUESTION_START = re.compile(r"""(?xi)
    ^\W*(?:please\ )?(?:can\ you\ |could\ you\ )?(?:tell\ (?:me|us)|describe
    |give\ (?:me|us)|walk|cuéntame|háblame|descríbe?me|erzählen?\b|beschreiben?\b|racontez|parlez
    |décrivez|conte\b|fale\b|descreva|расскажите|опишите
    |share\ |talk\ about|how\b|what\b|why\b|when\b|which\b|who\b|where\b
    |have\ you|do\ you|are\ you)""")
COMPANY_HEADING = re.compile(
    r"(?P<company>[A-Z][\w&.]+(?:\s[A-Z][\w&.]+)?)\s+(?:[Bb]ehaviou?ral\s+)?(?:[Ii]nterview\s+)[Qq]uestions"
)
_NO_COMPANIES = frozenset(
    """common behavioral behavioural leadership technical typical top sample general star the more
    other job manager engineering additional likely frequent standard popular""".split()
)
LEVEL = re.compile(r"\b(?:L[3-9]|E[3-9]|IC[1-9]|SDE\s?(?:[1-3]|I{1,3})|SWE\s?(?:[1-3]|I{1,3}))\b")
# `Story 3`, `#3`, `Historia 2`: a reference to a story by its number.
STORY_NUMBER = re.compile(
    r"(?:(?:stor(?:y|ies)|example|historia|história|geschichte|histoire|история|故事|事例)\s*[#№]?|#)\s*(\d+)",
    re.I,
)
# `Use: …`, `→ …`: a line that names the story for the question above it.
STORY_REFERENCE = re.compile(
    r"^\W*(?:use|tell|story|stories|answer with|maps? to|best story)\s*[:：→]|^\W*(?:→|->|=>|⇒)",
    re.I,
)

# Words for the subject of questions. A capitalised heading without any of them is a company.
_SUBJECTS = frozenset(
    """leadership conflict teamwork team communication failure failures success ownership growth
    problem problems solving decision decisions making collaboration customer technical delivery
    execution innovation mentoring people management career influence ambiguity pressure culture
    values behavioral behavioural general background motivation strengths weaknesses learning
    feedback adaptability time project projects product design strategy ethics diversity other more
    theme themes topic warm up closing opening creativity initiative stress planning results trust
    stakeholder stakeholders process quality data impact vision hiring interpersonal skills part
    principle principles competency section level levels round rounds personal work""".split()
)


def is_company_name(heading: str) -> bool:
    """Return True if a heading above questions is a company, not what the questions are about."""
    parts = heading.split()
    capitalised = all(word[:1].isupper() for word in parts) and len(parts) <= 3
    return capitalised and not {word.casefold().strip(",&:") for word in parts} & _SUBJECTS


def field_of_label(label: str) -> str:
    """Return the field of the front matter that `label` introduces, or ""."""
    return _FIELDS.get(names.key(label), "")


def company_of_heading(heading: str) -> str:
    """Return the company that "Northwind interview questions" names, or ""."""
    match = COMPANY_HEADING.search(heading)
    parts = match["company"].split() if match else []
    return " ".join(word for word in parts if word.casefold() not in _NO_COMPANIES)
