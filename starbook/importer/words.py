"""Forms of titles and names that are no words of a language; those are in `text/vocabulary.py`."""

import re

AMAZON_PRINCIPLES = (
    "Customer Obsession", "Ownership", "Invent and Simplify", "Are Right, A Lot",
    "Learn and Be Curious", "Hire and Develop the Best", "Hire and Develop",
    "Insist on the Highest Standards", "Insist on Highest Standards", "Highest Standards",
    "Think Big", "Bias for Action", "Frugality", "Earn Trust", "Earn Trust of Others", "Dive Deep",
    "Have Backbone; Disagree and Commit", "Have Backbone, Disagree and Commit", "Have Backbone",
    "Disagree and Commit", "Deliver Results", "Strive to be Earth's Best Employer",
    "Success and Scale Bring Broad Responsibility",
)  # fmt: skip

BRACKETED = re.compile(r"\[[^\[\]\n]*\](?!\()|\([^()\n]*\)|<[^<>\n]*>|\{[^{}\n]*\}|_{2,}|\.{3}|…")
# Forms of a title T: `CO-1: T`; `4. T`; `[Theme] T`; `Theme – T`; `T (Dive Deep, Ownership)`.
ID_TITLE = re.compile(r"(?P<id>[A-Z]{1,4}-\d{1,3})\s*[:：.–—-]\s*(?P<title>.+)")
NUMBERED_TITLE = re.compile(r"(?P<number>\d{1,3})[.)]\s+(?P<title>.+)")
BRACKET_THEME_TITLE = re.compile(r"\[(?P<theme>[^\]]+)\]\s*(?P<title>[^(\s].*)")
DASH_THEME_TITLE = re.compile(r"(?P<theme>[^–—]{3,48}?)\s+[–—]\s+(?P<title>.+)")
TITLE_WITH_NAMES = re.compile(r"(?P<title>.+?)\s*[(（](?P<names>[^()（）]*)[)）]\s*")

COMPANY_HEADING = re.compile(
    r"(?P<company>[A-Z][\w&.]+(?:\s[A-Z][\w&.]+)?)\s+(?:[Bb]ehaviou?ral\s+)?(?:[Ii]nterview\s+)[Qq]uestions"
)
_NO_COMPANIES = frozenset(
    """common behavioral behavioural leadership technical typical top sample general star the more
    other job manager engineering additional likely frequent standard popular""".split()
)
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
    principle principles competency section level levels round rounds personal work""".split()
)


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
