"""The numbers that are found in a text: which, and in which of its words."""

import json
import re
from pathlib import Path

import pytest
from conftest import CORPUS
from hypothesis import given
from hypothesis import strategies as st

from starbook.content.outcomes import find
from starbook.model import FoundNumber

LABELS = Path(__file__).with_name("metric_labels.json")


def marked(text: str, most: int = 9) -> list[str]:
    """Return the numbers found in a text with the words around them, each number in brackets."""
    return [f"{found.before}[{found.number}]{found.after}" for found in find(text, most)]


# --- Pairs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Churn fell from 73 to 61 % in spring.", "Churn fell from [73 to 61 %] in spring"),
        ("We cut p95 latency from 4.2 s to 287 ms.", "We cut p95 latency from [4.2 s to 287 ms]"),
        ("Incidents went 12 → 3 a quarter.", "Incidents went [12 → 3 a quarter]"),
        ("CI time: 38 min -> 9 min", "CI time: [38 min -> 9 min]"),
        ("Falls dropped from 9 a month to 2.", "Falls dropped from [9 a month to 2]"),
        ("Lost orders fell from 0.3 % to zero.", "Lost orders fell from [0.3 % to zero]"),
        ("Staff turnover halved, from 22 % to 11 %.", "Staff turnover halved, from [22 % to 11 %]"),
        ("Check-in went from 7 min to under 90 s.", "Check-in went from [7 min to under 90 s]"),
        ("The score rose from -12 to +31.", "The score rose from [-12 to +31]"),
        ("Drops went from 1 in 12 to 1 in 50.", "Drops went from [1 in 12 to 1 in 50]"),
        ("Waits fell from six weeks to nine days.", "Waits fell from [six weeks to nine days]"),
        ("Costs fell from EUR 1.250,00 to EUR 980.", "Costs fell from [EUR 1.250,00 to EUR 980]"),
        ("Waits fell from 3 h 20 min to 15 min.", "Waits fell from [3 h 20 min to 15 min]"),
    ],
)  # fmt: skip
def test_a_before_and_an_after_are_a_pair_where_the_text_says_so(
    sentence: str, expected: str
) -> None:
    assert marked(sentence) == [expected]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("We cut the cloud bill by $1.2M, from $4.0M.", ["We cut the cloud bill by [$1.2M]"]),
        ("NPS rose 12 points to 61.", ["NPS rose [12 points] to 61"]),
        ("Complaints fell to 4 a week from 19.", ["Complaints fell to [4 a week] from 19"]),
        ("Waste fell by 30 to 40 %.", ["Waste fell by [30 to 40 %]"]),
        ("Membership rose by 210 to 420.", []),  # two numbers, or a range
        ("The rollout went 10 % → 50 % → 100 %.", []),
        ("Errors fell from [Fill in: how many] to 4 %.", []),
        ("Errors fell from weekly to 4 a month.", ["Errors fell from weekly to [4 a month]"]),
        ("Errors: X → 4 %", []),
        ("Errors: 9 % → [Fill in: now]", []),
    ],
)
def test_what_is_no_pair_is_never_made_one(sentence: str, expected: list[str]) -> None:
    assert marked(sentence) == expected


# --- A number alone -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        # all that belongs to the number is set off with it
        ("The rota saved €120k a year in fees.", "The rota saved [€120k a year] in fees"),
        ("0 of 41 million orders were lost.", "[0 of 41 million] orders were lost"),
        ("None of the 41 million orders was lost.", "[None of the 41 million] orders was lost"),
        ("Orders rose to 1.234,5 € a head.", "Orders rose to [1.234,5 €] a head"),
        ("Revenue grew by CHF 1'250'000.", "Revenue grew by [CHF 1'250'000]"),
        ("We freed 1 200 m² of storage.", "We freed [1 200 m²] of storage"),
        ("We freed 1\u202f200\u00a0m² of storage.", "We freed [1\u202f200\u00a0m²] of storage"),
        ("Sales rose to 4,2 Mio. € in May.", "Sales rose to [4,2 Mio. €] in May"),
        ("Triage saved about 25 minutes per shift.", "Triage saved [about 25 minutes per shift]"),
        ("Restores dropped to under 20 minutes.", "Restores dropped to [under 20 minutes]"),
        ("Tips rose ~15 %.", "Tips rose [~15 %]"),
        ("Downtime decreased by 30–40 %.", "Downtime decreased by [30–40 %]"),
        ("Scores averaged 4.6/5 that year.", "Scores averaged [4.6/5] that year"),
        ("Guests agree: scores averaged 4 of 5.", "Guests agree: scores averaged [4 of 5]"),
        ("The mill saved Rs. 4 lakh a month.", "The mill saved [Rs. 4 lakh a month]"),
        ("Yield rose to 73±2 %.", "Yield rose to [73±2 %]"),
        ("Sick days are down to 1.2 per head per year.",
         "Sick days are down to [1.2 per head per year]"),
        # it counts something
        ("The fair drew 5,200 visitors.", "The fair drew [5,200] visitors"),
        ("It accepted 17 of our 19 proposals.", "It accepted [17 of our 19] proposals"),
        ("All of it is done: we cleared 26 trailers.",
         "All of it is done: we cleared [26] trailers"),
        # in other languages
        ("Die Wartezeit hat sich von 40 auf 11 Minuten verkürzt.",
         "Die Wartezeit hat sich von [40 auf 11 Minuten] verkürzt"),
        ("Les erreurs sont passées de 12 % à 3 %.", "Les erreurs sont passées de [12 % à 3 %]"),
        ("La nota subió del 71 % al 88 %.", "La nota subió del [71 % al 88 %]"),
        # a number has the words behind the number before it
        ("The job that took 5 hours now takes 12 minutes.",
         "The job that took 5 hours now takes [12 minutes]"),
        # it changed
        ("Returns within 30 days fell by 18 %.", "Returns within 30 days fell by [18 %]"),
        ("We shortened the cycle to 2 weeks.", "We shortened the cycle to [2 weeks]"),
        ("Fuel use dropped 11 %.", "Fuel use dropped [11 %]"),
        ("There was a 40 % drop in tickets.", "There was a [40 %] drop in tickets"),
        ("Delivery errors fell by two-thirds.", "Delivery errors fell by [two-thirds]"),
        ("Pipeline grew 2.5x in two quarters.", "Pipeline grew [2.5x] in two quarters"),
        ("The import is twice as fast.", "The import is [twice] as fast"),
        ("Stock: −1,900 pallets", "Stock: [−1,900] pallets"),
        ("Loading takes 35 minutes instead of 55.", "Loading takes [35 minutes] instead of 55"),
        ("The close takes 4 days, down from 10.", "The close takes [4 days]"),
        # it was reached, or so many did it
        ("Uptime reached 99.95 % in June.", "Uptime reached [99.95 %] in June"),
        ("3 of 4 teams adopted it.", "[3 of 4] teams adopted it"),
        ("85 percent of the branches switched.", "[85 percent] of the branches switched"),
        ("We won 12 customers.", "We won [12] customers"),
        ("The move had zero downtime.", "The move had [zero] downtime"),
        ("First-pass yield is now 97 %.", "First-pass yield is now [97 %]"),
        ("The course got 9.1/10 from them.", "The course got [9.1/10] from them"),
        ("Test coverage: 85 %", "Test coverage: [85 %]"),
        ("We exceeded our quota of $4M by 12 %.", "We exceeded our quota of $4M by [12 %]"),
    ],
)  # fmt: skip
def test_an_outcome_is_found_in_its_own_words(sentence: str, expected: str) -> None:
    assert marked(sentence) == [expected]


@pytest.mark.parametrize(
    "sentence",
    [
        # dates, names, ordinals, versions, exponents, codes
        "By May 2021 we had moved, on 5 March, to the new office.",
        "Traffic grew from 2019 to 2021.",
        "We upgraded from Python 3.8 to 3.11 and from OAuth 1 to OAuth 2.",
        "We reached Level 3 of ISO 27001 in Q3.",
        "The plant was improved from phase 1 to phase 2.",
        "We rose to 2nd place and stayed in the top 3.",
        "The speed-up grew to 10^3 on small inputs.",
        "Support was expanded to 24/7, at 0800 123 456.",
        "We reduced the opening hours to 10:30 and moved on.",
        "Team 7 cut the use of Route 53.",
        "I improved section 4.2 and raised ticket 1234.",
        # targets, costs, effort
        "The target was 500 ms.",
        "The board set a goal of cutting emissions by 30 %.",
        "We spent $80,000 and six months on it.",
        "The budget grew to €2.4M.",
        "I finished the plan in 2 weeks.",
        "We delivered it 9 days late.",
        "We saved money over 3 years.",
        "Team of 8, duration 5 months",
        # what was not so, or was so before
        "It would have cost $2M.",
        "If we had waited, churn would have risen by 15 %.",
        "We did not cut costs by 20 %.",
        "The merger could save €3M a year.",
        "We planned to go from 3 to 10 sites.",
        "Before that, errors rose to 9 %.",
        "Without the 40 % loss we were fine.",
        "We hoped for a 40 % drop in tickets.",
        "The vendor promised 99.9 % uptime.",
        "Our supplier raised prices by 12 %.",
        "The 2 nurses who had been at odds now do it together.",
        "After six meetings the two heads agreed.",
        "We now work in 5 regions.",
        "We upgraded the last Java 8 service.",
        "Sign-ups rose, while the average was 19 %.",
        "We had planned to bring p99 below 200 ms.",
        "They cut our funding by 30 %.",
        "We faced a 30 % rise in calls.",
        "A 20 % drop would be bad.",
        "The bill rose to €900 before I looked into it.",
        "Errors rose from 2 to 9 % until I found the cause.",
        "We won 2 weeks ago.",
        # nothing says what it is of
        "It went from 12 to 3.",
        "We improved by 85 %.",
        "Won 1 customer",
        "The 5 % who left were managers.",
        "[Fill in: did errors fall by 40 %, or from 9 to 4 %?]",
        "[Fill in: what? Errors fell by 40 %.]",
        "Errors fell by [Fill in: 40 %?]",
        "The team tripled its output.",
    ],
)
def test_what_is_not_clearly_an_outcome_is_left_out(sentence: str) -> None:
    assert marked(sentence) == []


def test_a_target_in_another_clause_takes_nothing_away() -> None:
    assert marked("The goal was 30 %; we cut emissions by 34 %.") == ["we cut emissions by [34 %]"]
    assert marked("I feared a rise of 9 %, but costs fell by 3 %.") == ["costs fell by [3 %]"]


# --- The words around it --------------------------------------------------------------------------


def test_a_long_clause_is_cut_between_words_that_belong_to_no_number() -> None:
    sentence = (
        "In the 14 shops on the coast that we had taken over from our rival in the autumn "
        "the share of bread thrown away at closing time fell by 12 % "
        "in the first 40 weeks of the new way of baking with the smaller oven"
    )
    assert marked(sentence) == [
        "bread thrown away at closing time fell by [12 %] in the first 40 weeks"
    ]


def test_two_outcomes_of_a_sentence_share_no_word() -> None:
    sentence = "Stock-outs fell 70 %, and carrying costs fell $600K and waste by 3 t."
    assert marked(sentence) == ["Stock-outs fell [70 %]", "carrying costs fell [$600K]"]


def test_they_stand_in_the_order_of_the_text_and_there_are_four() -> None:
    text = "Lag fell by 9 %. Load fell by 8 %.\nCost fell by 7 %. Waste fell by 6 %. Rent by 5 %."
    assert [found.number for found in find(text)] == ["9 %", "8 %", "7 %", "6 %"]
    assert [found.number for found in find(text, 2)] == ["9 %", "8 %"]


def test_a_number_that_is_told_twice_is_found_once() -> None:
    assert marked("Errors fell by 40 %.\nErrors are down 40 %.") == ["Errors fell by [40 %]"]


def test_no_text_has_no_outcomes() -> None:
    assert find("") == find("The team was happy.") == ()


# --- What holds for any text ----------------------------------------------------------------------

PIECES = """from to → -> 73 61% $1.8M 0.3 % zero 900ms 3.2 (up down ) , ; : . by of reduced fell 12
    Improved teams 4/5 2-week 500+ <3 ~30 [Fill in] X% - weeks a day per quarter and but saved won
    24/7 P95 v2.1 2023 — “ ” ½ ٣ 10–15 € 1'000 million out instead errors costs half third none"""
TEXTS = st.lists(st.sampled_from([*PIECES.split(), "\n", " "]), max_size=25).flatmap(
    lambda pieces: st.sampled_from([" ", "", "\u00a0"]).map(lambda space: space.join(pieces))
)


@pytest.mark.slow
@given(TEXTS | st.text(max_size=60))
def test_what_is_found_is_a_part_of_the_text_and_cuts_through_no_number(text: str) -> None:
    at = 0
    for found in find(text, 99):
        at = text.index(found.text, at)
        end = at + len(found.text)
        assert not text[at - 1 : at].isalnum() or at == 0
        assert not text[end : end + 1].isalnum()
        assert not (text[at].isdigit() and re.search(r"\d[.,'’]?\s?$", text[:at]))
        assert any(map(str.isalpha, found.text))
        at = end


# --- Against what a person marked by hand ---------------------------------------------------------


def result_of(story: str) -> str:
    text = (CORPUS / "stories" / f"{story}.md").read_text("utf-8")
    parts = re.split(r"^## +(\w+).*\n", text, flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    shown = "\n".join(sections.get(name, "") for name in ("Result", "Metrics"))
    return re.sub(r"^>.*\n?|\*\*|^ *(?:[-*]|\d+\.) ", "", shown, flags=re.MULTILINE)


def value_of(found: FoundNumber) -> str:
    number = re.sub(r"\bzero\b", "0", found.number.replace("/10", ""))
    numbers = re.findall(r"\d+(?:[.,]\d+)*", number) or ["0"]
    return numbers[0] if " of " in found.number else numbers[-1]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of stories is not beside this folder")
def test_it_finds_what_a_person_would_remember() -> None:
    right = found = wanted = 0
    for story, labels in json.loads(LABELS.read_text("utf-8")).items():
        values = {re.sub(r"[^\d.,]", "", value).strip(".") for _, value, _ in labels}
        numbers = {value_of(each) for each in find(result_of(story), 99)}
        right += len(numbers & values)
        found, wanted = found + len(numbers), wanted + len(values)
    print(f"precision {right / found:.3f}, recall {right / wanted:.3f}")
    assert right / found >= 0.95
    assert right / wanted >= 0.6
