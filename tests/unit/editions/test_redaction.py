"""Redacted terms: replaced in every spelling, in every place of the public edition."""

import html
import re
import unicodedata
from urllib.parse import unquote

import pytest
from conftest import story
from editions import PNG, PUBLIC, document, dump, site_of, text_of
from hypothesis import assume, given
from hypothesis import strategies as st

from starbook.content import markdown as prose
from starbook.editions.redaction import Redactor
from starbook.model import Edition, Prose, Redaction

FIRM = Redaction("Acme", "a firm")
PAYMENTS = Redaction("Acme Payments", "a payments company")
BOTH = Redactor([FIRM, PAYMENTS])
REDACT = "redact: [{term: Acme, as: a firm}, {term: Acme Payments, as: a payments company}]\n"
ALL_KINDS = "publish: [questions, guides, to-ask, coverage]\n"


# How a term may be spelt


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("At Acme Payments, in May.", "At a payments company, in May."),
        ("ACME PAYMENTS and acme", "a payments company and a firm"),
        ("Acme's, Acme’s, Acme Payments'", "a firm's, a firm’s, a payments company'"),
        ("Acme-Payments, acme_payments", "a payments company, a payments company"),
        ("Acme\u2011Payments, Acme – Payments", "a payments company, a payments company"),
        ("Acme  Payments, Acme\u00a0Payments", "a payments company, a payments company"),
        ("AcmePayments, Acme/Payments", "a payments company, a payments company"),
        ("Acme **Payments**, (Acme)", "a payments company**, (a firm)"),
        ("Ac\u00adme, A\u200bcme, Acme\u2060 Payments", "a firm, a firm, a payments company"),
        ("Ａｃｍｅ, Àcmé, A\u0300cme\u0301", "a firm, a firm, a firm"),
        ("Acme™, Acme², Acme®", "a firm™, a firm², a firm®"),
        ("株式会社Acmeの", "株式会社a firmの"),
        ("https://acme.com/pay", "https://a firm.com/pay"),
    ],
)
def test_a_term_is_found_however_it_is_spelt(text: str, said: str) -> None:
    assert BOTH.redact_text(text) == said


@pytest.mark.parametrize(
    "text",
    ["Acmeology", "acmes", "Pacme", "Acme1", "acm e", "ac-me", "Payments", ""],
)
def test_a_word_that_only_holds_a_term_stays(text: str) -> None:
    assert BOTH.redact_text(text) == text


SPACES = {
    "three spaces": "   ", "twenty spaces": " " * 20, "a tab": "\t", "a line break": "\n",
    "an empty line": "\n\n", "a no-break space": "\u00a0", "a narrow one": "\u202f",
    "thin spaces": "\u2009" * 7, "an ideographic space": "\u3000", "a line separator": "\u2028",
    "a tab and spaces": " \t   \t", "a hyphen among spaces": "    -    ",
}  # fmt: skip


@pytest.mark.parametrize("between", SPACES.values(), ids=SPACES)
def test_any_white_space_may_stand_between_the_words(between: str) -> None:
    assert BOTH.redact_text(f"At Acme{between}Payments.") == "At a payments company."


INVISIBLE = (
    "\u200b \u00ad \u200d \u200c \ufeff \ufe0f \u200e \u200f \u202a \u2066 \u2060 \u180b \u034f"
)


@pytest.mark.parametrize("sign", INVISIBLE.split(" "), ids=ascii)
def test_an_invisible_sign_may_stand_anywhere(sign: str) -> None:
    hidden = sign.join("Acme Payments")
    assert BOTH.redact_text(f"At {hidden}{sign}, in May") == "At a payments company, in May"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("**Ac**me", "**a firm"),
        ("Ac`me` and A~~cm~~e", "a firm` and a firm"),
        ("Ac\\me, Ac_me", "a firm, a firm"),
        ("Ac<sub>me</sub> Payments", "a payments company"),
        ("Acme<br>Payments", "a payments company"),
        ("Ac<!-- -->me", "a firm"),
        ("[Ac](x.md)me", "[a firm"),
        ("Ac&shy;me, &#65;cme, &#x41;cme", "a firm, a firm, a firm"),
        ("Acme&nbsp;Payments", "a payments company"),
        ("Ac&amp;shy;me", "a firm"),
        ("%41cme, Acme%20Payments", "a firm, a payments company"),
        ("Acme+Payments", "a payments company"),
        ("%2541cme", "a firm"),
        ("\\u0041cme", "a firm"),
    ],
)  # fmt: skip
def test_codes_and_markup_may_stand_in_a_text_that_is_shown_as_written(text, said) -> None:
    assert BOTH.redact_text(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://www.xn--mller-kva.example/a", "https://www.X.example/a"),
        ("j@XN--MLLER-KVA.example", "j@X.example"),
        ("?q=M%C3%BCller", "?q=X"),
        ("?q=M%FCller", "?q=X"),
        ("M%c3%bc%6cler", "X"),
        ("Müllers Chef, Mueller GmbH, MUELLER, Muller", "Xs Chef, X GmbH, X, X"),
        ("muellerbot.example, mueller-bot.example", "muellerbot.example, X-bot.example"),
        ("Mu\u0308ller, M\u00fcller", "X, X"),
        ("xn--, xn--a, xn--99999999999", "xn--, xn--a, xn--99999999999"),
    ],
)
def test_a_term_with_an_umlaut_is_found_in_addresses_and_as_it_is_written_abroad(
    text: str, said: str
) -> None:
    assert Redactor([Redaction("Müller", "X")]).redact_text(text) == said


@pytest.mark.parametrize(
    ("term", "text", "said"),
    [
        ("Acme Payments", "AcmePaymentsClient, acmePaymentsClient", "X Client, X Client"),
        ("Acme Payments", "ACME_PAYMENTS_URL, getAcmePayments()", "X_URL, get X()"),
        ("Acme", "AcmeBot, MyAcmeBot, AcmeAPI, ACMEClient", "X Bot, My X Bot, X API, X Client"),
        ("Acme", "Acmes, the two ACMES; Acmé\u0301s", "Xs, the two XS; Xs"),
        ("PayPal", "PayPalClient, myPayPals", "X Client, my Xs"),
        ("Globex Class", "GlobexClass, MyGlobexClassBot", "X, My X Bot"),
        ("Mueller", "Müller, Müllers", "X, Xs"),
        ("Søren", "Soeren, Soren, SoerenBot", "X, X, X Bot"),
        ("Łódź", "Lodz", "X"),
        ("Mærsk", "Maersk", "X"),
    ],
)
def test_plurals_and_compounds_are_found(term: str, text: str, said: str) -> None:
    assert Redactor([Redaction(term, "X")]).redact_text(text) == said


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("Ann", "Annual, annual, planned, ANNUAL, AnnSmith, JoAnn, Anns"),
        ("Mark", "marks, market, Marketing, remark, BENCHMARK"),
        ("Target", "targets, targeted, targeting"),
        ("Block", "blocked, roadblock, unblockS"),
        ("Oxford", "Oxfordshire"),
        ("IBM", "IBMs, IBMCloud"),
    ],
)
def test_a_word_that_may_be_another_one_stays(term: str, text: str) -> None:
    assert Redactor([Redaction(term, "X")]).redact_text(text) == text


def test_a_compound_that_is_kept_stays() -> None:
    redactor = Redactor([Redaction("Mark", "X", ("BookMark", "marks"))])
    assert redactor.redact_text("BookMark, bookMark, MarkUp; Mark") == "BookMark, bookMark, X Up; X"


@pytest.mark.parametrize(
    ("term", "text", "said"),
    [
        ("AT&T", "AT&T, at & t, at-t-deal; at T", "X, X, X-deal; at T"),
        ("C++", "C++, c++11; vitamin C", "X, X11; vitamin C"),
        (".NET", ".NET core. Net", "X core. Net"),
        ("O'Neil", "O’Neil’s, oneil-deal", "X’s, X-deal"),
        ("O’Neil", "O'Neil", "X"),
        ("Acme Inc.", "Acme Inc, at Acme Inc. Acme Income", "X, at X Acme Income"),
        ("Yahoo!", "Yahoo! and yahoo", "X and X"),
        ("Acme.io", "acme.io, acme-io", "X, X"),
        ("3M", "3M, 3m’s; 13M", "X, X’s; 13M"),
        ("Straße", "STRASSE, strasse", "X, X"),
        ("Société Générale", "SOCIETE GENERALE, societe-generale", "X, X"),
        ("Socie\u0301te\u0301", "Société", "X"),
        ("Банк", "банк; Банкомат", "X; Банкомат"),
        ("東京銀行", "私は東京銀行で; 東京", "私はXで; 東京"),
        ("ธนาคารกรุงเทพ", "ที่ธนาคารกรุงเทพนะ", "ที่Xนะ"),
        ("삼성", "삼성은", "X은"),
        ("삼성", unicodedata.normalize("NFD", "삼성은"), "X" + unicodedata.normalize("NFD", "은")),
    ],
)
def test_a_term_of_any_kind_is_found(term: str, text: str, said: str) -> None:
    assert Redactor([Redaction(term, "X")]).redact_text(text) == said


def test_the_longer_term_goes_first_whatever_their_order() -> None:
    for order in ([FIRM, PAYMENTS], [PAYMENTS, FIRM]):
        assert (
            Redactor(order).redact_text("Acme Payments of Acme") == "a payments company of a firm"
        )


def test_what_is_said_instead_is_redacted_as_well() -> None:
    terms = [Redaction("Acme", "the Globex branch"), Redaction("Globex", "Initech")]
    found = Redactor([*terms, Redaction("Initech", "a firm")]).redact_text("Acme, Globex")
    assert found == "the a firm branch, a firm"


# In markdown


def _redacted(markdown: str) -> str:
    said = BOTH.redact_prose(prose.render(prose.parse(markdown)))
    parts = (part if isinstance(part, str) else f"[{part.target}]" for part in said.parts)
    return "".join(parts).strip()


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("Acme **Payments**", "<p>a payments company<strong></strong></p>"),
        ("A*c*me's", "<p>a firm<em></em>'s</p>"),
        ("**Acme** *Payments*", "<p><strong>a payments company</strong><em></em></p>"),
        ("[Acme](x.md) Payments", '<p><a href="[x.md]">a payments company</a></p>'),
        ("Acme [Payments](x.md)", '<p>a payments company<a href="[x.md]"></a></p>'),
        ("Acme\nPayments", "<p>a payments company</p>"),
        ("`Acme` & ~~Acme~~", "<p><code>a firm</code> &amp; <s>a firm</s></p>"),
        ("&#65;cme, A&shy;cme, \\Acme", "<p>a firm, a firm, \\a firm</p>"),
        ("<b>Acme</b>", "<p>&lt;b&gt;a firm&lt;/b&gt;</p>"),
        (
            "```acme\nAcme\n```",
            '<pre tabindex="0"><code class="language-a firm">a firm\n</code></pre>',
        ),
        ("Ac<kbd>me</kbd>", "<p>a firm<kbd></kbd></p>"),
        ("Acme<br>Payments", "<p>a payments company<br /></p>"),
        (
            "<details><summary>Acme</summary>Payments</details>",
            "<details>\n<summary>a firm</summary>\n<p>Payments</p>\n</details>",
        ),
        ("![Acme](a.png)", '<p><img src="[a.png]" alt="a firm" loading="lazy"></p>'),
        ('[x](y.md "At Acme")', '<p><a href="[y.md]" title="At a firm">x</a></p>'),
        ("[x](y.md#at-acme)", '<p><a href="[y.md#at-a-firm]">x</a></p>'),
        ("# At Acme", '<h3 id="at-a-firm">At a firm</h3>'),
        ("- Acme\n- Payments", "<ul>\n<li>a firm</li>\n<li>Payments</li>\n</ul>"),
        ("Acme\n\nPayments", "<p>a firm</p>\n<p>Payments</p>"),
        ("[we](https://acme.com) are", "<p>we are</p>"),
        ("[we](https://%61cme.com) are", "<p>we are</p>"),
        ("<https://acme.com>", "<p>https://a firm.com</p>"),
        ("[we](https://x.example/?q=acme+payments&amp;p=1)", "<p>we</p>"),
        ("[we](https://x.example/a%63me)", "<p>we</p>"),
        ("[we](mailto:jane@acme.com) or www.acme.com", "<p>we or www.a firm.com</p>"),
        ("**Ac**me, _Ac_me", "<p><strong>a firm</strong>, _a firm</p>"),
        ("Acme&nbsp;Payments, Acme   Payments", "<p>a payments company, a payments company</p>"),
        ("| Acme      Payments |\n|---|", '<div class="table" tabindex="0"><table>\n<thead>\n<tr>\n'
         "<th>a payments company</th>\n</tr>\n</thead>\n</table></div>"),
        ("`AcmeClient()`", "<p><code>a firm Client()</code></p>"),
        ("<jane@acme.com>", "<p>jane@a firm.com</p>"),
        ("[Pacme](tel:pacme)", '<p><a href="tel:pacme" rel="noreferrer">Pacme</a></p>'),
    ],
)  # fmt: skip
def test_a_term_is_found_through_markup(markdown: str, shown: str) -> None:
    assert _redacted(markdown) == shown


def test_a_raised_number_is_no_part_of_a_term() -> None:
    written = Prose(
        ("<p>At Acme<sup>2</sup>, <em>Ac</em>me<sub>1</sub>.</p>",), "At Acme2, Acme1.\n"
    )
    assert BOTH.redact_prose(written) == Prose(
        ("<p>At a firm<sup>2</sup>, <em>a firm</em><sub>1</sub>.</p>",), "At a firm2, a firm1.\n"
    )


def test_a_cell_says_only_its_own() -> None:
    assert "<th>a firm</th>\n<th>Payments</th>" in _redacted("| Acme | Payments |\n|---|---|\n")


# In every field


def _book(term: str) -> dict[str, str | bytes]:
    """Return a handbook with a term in every text."""
    slug = term.lower().replace(" ", "-")
    body = f"""\
Before {term}.

## Situation (at {term})

{term}'s **{term}**, [x]({slug}-two.md#notes-on-{slug}).

See [y](../guides/{slug}-advice.md#at-{slug}).

> [!PHRASES]
> Say {term}.

> [!NOTE] {term}
> Noted.

## Task

![A chart of {term}]({slug}.png "{term}")

## Action

{term}

## Result

{term} fell from 9 to 2 % at {term}.

## Notes on {term}

[Here](#notes-on-{slug}), {term}.

### At {term}

- [ ] {term}

## Follow-ups

### Why {term}?

**Weak:** {term}

**{term}:** {term}

## Angles

### Ownership of {term}

**Emphasize:** {term}

## Levels

### Head of {term}

{term}
"""
    told = {
        "headline": f"How {term} fell",
        "categories": [f"Feedback at {term}"],
        "principles": [f"Ownership of {term}"],
        "questions": [f"why-{slug}"],
        "level": f"{term} 6",
        "tags": [term, f"{term} two", "a firm"],
        "company": term,
        "metrics": [f"{term} → 2 {term}: {term} {term}"],
        "cue": [term],
        "length": f"{term} length",
        "status": "ready",
        "publish": True,
    }
    topics = {
        "aliases": [f"{term}-wide"], "about": f"About {term}.", "tags": [term],
        "asked_as": [f"about {term}"],
    }  # fmt: skip
    question = {
        "question": f"Why {term}?",
        "also": [f"Why not {term}?"],
        "categories": [f"Feedback at {term}"],
        "companies": [term, "a firm"],
        "levels": [f"{term} 6"],
        "notes": f"Say {term}, [as there](stories/{slug}-one.md).",
        "stories": [{"story": f"{slug}-one", "note": f"Tell {term}"}, f"{slug}-two"],
    }
    ask = {"topic": term, "questions": [f"How is {term}?", f"And {term}?"]}
    lengths = [{"name": f"{term} length", "seconds": 60, "result": 60}]
    settings = {"title": f"The {term} book", "level": f"Head of {term}", "answer_lengths": lengths}
    guide = f"# At {term}\n\n{term}.\n\n# More\n"
    return {
        "handbook.yml": ALL_KINDS + dump(settings),
        f"stories/{slug}-one.md": document(body, title=f"One at {term}", **told),
        f"stories/{slug}-two.md": document(body, title=f"Two at {term}", **told),
        f"stories/{slug}.png": PNG,
        "categories.yml": dump([{"name": f"Feedback at {term}", **topics}]),
        "principles.yml": dump([{"name": f"Ownership of {term}", "set": f"Of {term}", **topics}]),
        "questions.yml": dump([question]),
        f"guides/{slug}-advice.md": document(guide, title=f"In {term}"),
        "to-ask.yml": dump([{"audience": f"{term} people", "topics": [ask]}]),
        "decks.yml": dump([{"name": f"A deck for {term}", "stories": [f"{slug}-one"]}]),
    }  # fmt: skip


def _with(files: dict[str, str | bytes], settings: str) -> dict[str, str | bytes]:
    return files | {"handbook.yml": f"{files['handbook.yml']}{settings}"}


def test_no_file_of_the_public_edition_says_a_term() -> None:
    public = site_of(_with(_book("Acme Payments"), REDACT))
    for path, data in public.items():
        text = data.decode("utf-8", "replace")
        for said in (path, text, html.unescape(text), unquote(text)):
            assert "acme" not in said.casefold(), path


@pytest.mark.slow
def test_a_term_is_found_across_the_parts_of_a_number() -> None:
    terms = {
        "61 %": "most",
        "12 Starfish vans": "some vans",
        "41 → 6": "far less",
        "9 weeks": "soon",
    }
    redact = "".join(f"  - {{term: {term}, as: {said}}}\n" for term, said in terms.items())
    metrics = [
        "73 → 61 %: cart",
        "12 Starfish vans: fleet",
        "41 → 6 minutes: restore",
        "9 weeks: x",
    ]
    listed = ", ".join(f'"{number}"' for number in metrics)
    told = story("A", "publish: true", f"metrics: [{listed}]")
    page = site_of({"handbook.yml": f"redact:\n{redact}", "stories/a.md": told})["stories/a.html"]
    figures = text_of(page).partition("Situation")[0]
    for said in terms.values():
        assert said in figures
    for word in ("61", "Starfish", "41", "weeks"):
        assert word not in figures


def test_a_found_number_is_quoted_from_the_redacted_text() -> None:
    result = "Idle Starfish vans fell from 9 to 2 %, and the 40 Acme depots saved €12k a year."
    told = story("A", "publish: true").replace("Errors fell from 9 to 2 %.", result)
    redact = "redact:\n  - {term: Starfish vans, as: cars}\n  - {term: €12k a year, as: a lot}\n"
    page = site_of({"handbook.yml": redact, "stories/a.md": told})["stories/a.html"].decode()
    quoted = page.partition('<div class="found">')[2].partition("</div>")[0]
    assert quoted == (
        '<span class="label">Found in the text</span>'
        "<ul><li><q>Idle cars fell from <b>9 to 2 %</b></q></li></ul>"
    )


@pytest.mark.slow
def test_the_public_edition_is_the_one_of_what_is_said_instead() -> None:
    """The pages are byte for byte those of a handbook with the replacements written in it."""
    as_written = site_of(_with(_book("Acme Payments"), REDACT))
    assert as_written == site_of(_book("a payments company"))
    assert "stories/a-payments-company-one.html" in as_written


@pytest.mark.slow
def test_the_private_edition_says_what_was_written() -> None:
    book = _book("Acme Payments")
    private = site_of(_with(book, REDACT), Edition.PRIVATE)
    assert private == site_of(book, Edition.PRIVATE)
    assert "stories/acme-payments-one.html" in private
    assert "One at Acme Payments" in text_of(private["stories/acme-payments-one.html"])


@pytest.mark.slow
def test_tags_that_become_one_stand_there_once() -> None:
    public = site_of(_with(_book("Acme"), REDACT))
    tags = public["stories/a-firm-one.html"].decode().partition('class="tags"')[2]
    assert re.findall(r">([^<>]+)</a>", tags.partition("</p>")[0]) == ["a firm", "a firm two"]
    assert "asked at a firm · for a firm 6" in text_of(public["questions/why-a-firm.html"])


# Ids and addresses


@pytest.mark.slow
def test_two_ids_that_would_become_one_stay_two() -> None:
    settings = "redact: [{term: Acme, as: a firm}, {term: Globex, as: a firm}]\n"
    public = site_of(
        {
            "handbook.yml": ALL_KINDS + settings,
            "stories/outage-at-a-firm.md": story("Third", PUBLIC),
            "stories/outage-at-acme.md": story("First", PUBLIC),
            "stories/outage-at-globex.md": story("Second", PUBLIC, "questions: [why]"),
            "questions.yml": "- {question: Why?, stories: [outage-at-acme]}\n",
            "guides/g.md": document(
                "# At a firm\n\n# At Acme\n\n# At Globex\n\n[a](#at-acme), [b](#at-globex), "
                "[c](../stories/outage-at-acme.md), [d](../stories/outage-at-globex.md)\n",
                title="G",
            ),
        }
    )
    named = {
        path: text_of(public[path]).split()[4] for path in public if path.startswith("stories/o")
    }
    assert named == {
        "stories/outage-at-a-firm.html": "Third",
        "stories/outage-at-a-firm-2.html": "First",
        "stories/outage-at-a-firm-3.html": "Second",
    }
    guide = public["guides/g.html"].decode()
    assert re.findall(r'<h\d id="([^"]+)"', guide) == ["at-a-firm", "at-a-firm-2", "at-a-firm-3"]
    assert re.findall(r'<a href="([^"]+)">\w</a>', guide) == [
        "#at-a-firm-2",
        "#at-a-firm-3",
        "../stories/outage-at-a-firm-2.html",
        "../stories/outage-at-a-firm-3.html",
    ]
    told = re.findall(r'<h3><a href="([^"]+)">', public["questions/why.html"].decode())
    assert told == ["../stories/outage-at-a-firm-2.html", "../stories/outage-at-a-firm-3.html"]


@pytest.mark.parametrize(("instead", "page"), [("index", "index-2"), ("***", "x")])
def test_no_page_takes_the_place_of_a_list_or_has_no_name(instead: str, page: str) -> None:
    settings = f'redact: [{{term: Acme, as: "{instead}"}}]\n'
    public = site_of({"handbook.yml": settings, "stories/acme.md": story("A", PUBLIC)})
    assert f"stories/{page}.html" in public
    assert "<h1>Stories</h1>" in public["stories/index.html"].decode()


@pytest.mark.slow
@pytest.mark.parametrize("term", ["phrases", "weak", "strong", "note", "A4"])
def test_a_term_that_is_a_word_of_ours_breaks_nothing(term: str) -> None:
    body = (
        "\n> [!COACHING]\n> Hint.\n\n> [!PHRASES]\n> Said.\n\n> [!NOTE] N\n> Noted.\n"
        "\n## Follow-ups\n\n### Why?\n\n**Weak:** So.\n\n**Strong:** Thus.\n"
    )
    files = {"stories/a.md": story("A", PUBLIC, body=body), "questions.yml": "- question: Why?\n"}
    settings = "publish: [questions]\npaper: A4\n"
    plain = site_of(files | {"handbook.yml": settings})
    settings += f"redact: [{{term: {term}, as: a zebra}}]\n"
    public = site_of(files | {"handbook.yml": settings})
    assert set(public) == set(plain)
    same = "stories/a.html"
    shapes = [
        re.findall(r"<[a-z]+|class=\"[^\"]*\"", book[same].decode()) for book in (plain, public)
    ]
    assert shapes[0] == shapes[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("At MyAcmeBot", "at-my-a-firm-bot"),
        ("At Ac\u200bme's", "at-a-firms"),
        ("At Ac&amp;shy;me Payments", "at-a-payments-company"),
        ("At Acmes", "at-a-firms"),
        ("At Müller's", "at-a-mills"),
    ],
)
def test_an_anchor_does_not_say_what_its_heading_said(heading: str, anchor: str) -> None:
    settings = f"{ALL_KINDS}{REDACT[:-2]}, {{term: Müller, as: a mill}}]\n"
    guide = f"# {heading}\n\nWords.\n"
    files = {
        "handbook.yml": settings,
        "stories/a.md": story("A", PUBLIC, body=f"\n## {heading}\n\nWords.\n"),
        "guides/g.md": document(guide, title="G"),
        "questions.yml": dump([{"question": heading.replace("&amp;", "&")}]),
    }
    public = site_of(files)
    assert f'<section class="section plain" id="{anchor}">' in public["stories/a.html"].decode()
    assert f' id="{anchor}">' in public["guides/g.html"].decode()
    assert f"questions/{anchor}.html" in public


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "page"),
    [("globexctl", "a-firm"), ("why-libglobex-2", "why-a-firm-2"), ("annual-plan", "annual-plan")],
)
def test_a_file_name_that_may_mean_a_term_is_replaced(path: str, page: str) -> None:
    settings = "redact: [{term: Globex, as: a firm}, {term: Ann, as: a colleague}]\n"
    files = {"handbook.yml": settings, f"stories/{path}.md": story("A", PUBLIC)}
    assert f"stories/{page}.html" in site_of(files)


# Faults of a term


@pytest.mark.parametrize(
    ("redaction", "expected"),
    [
        ("{term: '—', as: a dash}", "the term `—` has no letter or digit; "
         "write the name that is not to be read [type]"),
        ("{term: \"\\u200b\", as: x}", "`term` is empty; write it behind the colon, "
         "in quotes if it begins with # [required]"),
        ("{term: Acme, as: the ACME company}", "`as` says `Acme` again; "
         "say something else there [type]"),
        ("{term: Acme}", "a redaction has no `as`; add `as: …` [required]"),
        ("{term: Acme, with: a firm}", "a redaction has no `as`; add `as: …` [required]"),
    ],
)  # fmt: skip
def test_a_term_that_cannot_be_redacted_is_a_fault(redaction: str, expected: str, problems) -> None:
    found = problems({"handbook.yml": f"redact:\n  - {redaction}\n", "stories/a.md": story("A")})
    assert found[0] == f"content/handbook.yml:2: {expected}"


# Whatever the words


TERMS = st.lists(
    st.tuples(
        st.text(st.sampled_from("abB é\u0301-&'.東²"), min_size=1, max_size=5),
        st.sampled_from(["x", "the firm", "-", "xy z"]),
    ).filter(lambda pair: any(map(str.isalnum, pair[0]))),
    min_size=1, max_size=3,
)  # fmt: skip
TEXT = st.text(st.sampled_from("abAB éß\u00ad\u0301-&'.,東²\n"), max_size=25)
MARKUP = st.lists(
    st.sampled_from([*"abAB é-&'.東\n", "*", "**", "`", "[", "](b)", "<", "- "]), max_size=25
)


@pytest.mark.slow
@given(TERMS, TEXT)
def test_once_redacted_a_text_does_not_say_the_term(
    terms: list[tuple[str, str]], text: str
) -> None:
    redactor = Redactor([Redaction(*pair) for pair in terms])
    assert list(redactor.terms.find(redactor.redact_text(text))) == []


@pytest.mark.slow
@given(TERMS, MARKUP.map("".join))
def test_once_redacted_a_page_does_not_say_the_term(
    terms: list[tuple[str, str]], text: str
) -> None:
    redactor = Redactor([Redaction(*pair) for pair in terms])
    said = redactor.redact_prose(prose.render(prose.parse(text)))
    assert redactor.redact_prose(said) == said
    assert list(redactor.terms.find(said.text)) == []


@pytest.mark.slow
@given(TERMS, TEXT)
def test_a_text_without_the_term_is_unchanged(terms: list[tuple[str, str]], text: str) -> None:
    redactor = Redactor([Redaction(*pair) for pair in terms])
    assume(not list(redactor.terms.find(text)))
    assert redactor.redact_text(text) == text
    written = prose.render(prose.parse(text))
    if not list(redactor.terms.find(written.text)):
        assert redactor.redact_prose(written) == written


@pytest.mark.slow
@given(TEXT, TEXT, st.sampled_from(["Acme Payments", "ACME\u00adpayments", "ácme – payments"]))
def test_what_stands_around_a_term_stays(before: str, after: str, spelt: str) -> None:
    assert BOTH.redact_text(f"{before} {spelt}, {after}") == f"{before} a payments company, {after}"
