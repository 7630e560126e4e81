"""Headings that are a known part but for a slip, and those that are right as they are."""

import pytest

from starbook.content.headings import find_meant, parse
from starbook.model import Kind
from starbook.text.vocabulary import load

SLIPS = """
    Reslt Result|Resutl Result|Rsult Result|Resullt Result|Rezult Result|RESLT Result
    Situaton Situation|Sitaution Situation|Situtation Situation|Taks Task|Taskk Task|Atsk Task
    Actoin Action|Acion Action|My acton My action|Aproach Approach|Outcom Outcome|Impcat Impact
    Contxt Context|Backgroud Background|Chalenge Challenge|Obstacel Obstacle|Objetive Objective
    Reflektion Reflection|Refleciton Reflection|Lessons lerned Lessons learned|Learings Learnings
    Metrisc Metrics|Follow-upps Follow-ups|Folow-ups Follow-ups|Weak anwser Weak answer
    Levles Levels|Key takaways Key takeaways|Risk mitigaton Risk mitigation
    Ergebnise Ergebnis|Aufgbae Aufgabe|Konntext Kontext|Resultdo Resultado|Objectf Objectif
"""

# Headings of sections as people write them beside the known parts.
OTHERS = """
    Results and lessons|Resources|Restart|Content|Contents|Contest|Settings|Migration|Litigation
    Timeline|Stakeholders|Notes|Sources|Team|The team|Ask|Asks|Talk|Desk|Tank|Mask|Level|Contacts
    Decision|Decisions|Options|Reaction|Auction|Challenges|Problems|Tools|Actor|Actors|Faction
    Traction|Section|Rest|Consequences|Facts|Key numbers|Lessons for the team|Quotes|Diagram
    Interviewer notes|Impacts|Setup|Objections|Next steps|My tasks|Missions|Mission control|Roles
    Questions|Aftermath|My roles|Process|Trade-offs|Alternatives|Architecture|Constraints|Feedback
    Retro|Role|Scope|Summary|Story|Script|Hook|Opening|Close|Ending|Why me|Who|When|Where|How
    What the board said|What I would say|What happened|People|Quit|Quote|Quote of the day|Fission
    Links|See also|References|Appendix|Details|Evidence|Proof|Data|Number|Members|Metric|Merits
    Tactics|Attack|Track|Stack|Disk|Dusk|Gaols of the audit|Target audience|Budget|Tarif|Earnings
    Insult|Consult|Adult|Revolt|Session|Sessions|Mansion|Emission|Omission|Permission|Admission
    Fazit|Anhang|Quellen|Beteiligte|Ausgabe|Ziele|Zahl|Zahlen|Rolle|Contenido|Notas|Fuentes|Equipo
    Anexo|Milan|Area|Leere|Lehrer|Wandlung|Vergehen|Detalles|Équipe|Sources et notes|Source
"""


def headings(text: str) -> list[str]:
    return [one.strip() for line in text.strip().splitlines() for one in line.split("|")]


@pytest.mark.parametrize("pair", headings(SLIPS))
def test_a_slip_of_the_keyboard_is_asked_about(pair: str) -> None:
    words = pair.split()
    typed, meant = (" ".join(half) for half in (words[: len(words) // 2], words[len(words) // 2 :]))
    assert parse(typed, load()).kind is Kind.OTHER
    assert find_meant(typed, load()) == meant


@pytest.mark.parametrize("heading", headings(OTHERS))
def test_a_section_of_another_name_is_not_asked_about(heading: str) -> None:
    assert find_meant(heading, load()) == ""


@pytest.mark.parametrize(
    ("heading", "meant"),
    [
        ("Reslt (20 seconds)", "Result"),
        ("**Reslt**:", ""),  # as a heading is read, without its markup
        ("Reslt: what changed", "Result"),
        ("Actoin – the first week", "Action"),
        ("Lessons  lerned [30 s]", "Lessons learned"),
    ],
)
def test_a_time_or_words_behind_it_do_not_hide_a_slip(heading: str, meant: str) -> None:
    assert find_meant(heading, load()) == meant


def test_no_known_spelling_is_asked_about() -> None:
    for spellings in load().parts.values():
        for spelling in spellings:
            assert parse(spelling, load()).kind is not Kind.OTHER
