"""Spelling: British and American forms of a word have one stem, and other words keep theirs."""

import re

import pytest

from starbook.text.spelling import BEGINNINGS, RULES, american
from starbook.text.tokenizer import stem

PAIRS = """
organisation organization, organised organized, organisers organizers, reorganising reorganizing
authorisation authorization, criticised criticized, incentivise incentivize, optimise optimize
unauthorised unauthorized, analyse analyze, analysed analyzed, paralysing paralyzing
behaviour behavior, behavioural behavioral, favour favor, favourite favorite, colourful colorful
honour honor, dishonourable dishonorable, labour labor, neighbouring neighboring, rumours rumors
centre center, centres centers, centred centered, theatre theater, kilometres kilometers
litre liter, fibre fiber, programme program, programmes programs, catalogue catalog
catalogued cataloged, dialogues dialogs, licence license, licences licenses, defence defense
offence offense, pretences pretenses, practise practice, practised practiced, practising practicing
judgement judgment, acknowledgements acknowledgments, travelled traveled, travellers travelers
labelling labeling, cancelled canceled, modelled modeled, fuelled fueled, dialling dialing
skilful skillful, fulfil fulfill, enrolment enrollment, instalments installments, grey gray
sceptical skeptical, artefacts artifacts, ageing aging, enquiries inquiries, manoeuvre maneuver
manoeuvring maneuvering, mould mold, learnt learned, focussed focused, jewellery jewelry
"""
SAME = """
advise advisable exercise promised promising surprise enterprise revised supervise precise
expertise advertising compromise premises rising arise otherwise noise raised paradise improvise
franchise disguise crises hour four tour contour detour source journey genre acre were before
ensure agreement engagement else sense science hence silence existing missing disable visible
called telling spelling programmer programming analysis analyst league colleague vogue prize
"""


@pytest.mark.parametrize("pair", re.split(r"[,\n]\s*", PAIRS.strip()))
def test_both_spellings_have_one_stem(pair: str) -> None:
    british, other = pair.split()
    assert stem(british) == stem(other)


@pytest.mark.parametrize("word", SAME.split())
def test_a_word_of_one_spelling_stays_as_it_is(word: str) -> None:
    assert american(word) == word


@pytest.mark.parametrize("word", [*PAIRS.replace(",", " ").split(), *SAME.split()])
def test_american_spelling_stays_american(word: str) -> None:
    assert american(american(word)) == american(word)


def test_each_rule_keeps_one_group_as_javascript_can_read_it() -> None:
    for pattern, _ in RULES:
        assert re.compile(pattern).groups == 1
        assert not re.search(r"\(\?<|\\[AZ]|\(\?P", pattern)
    assert all(re.fullmatch("[a-z]+", root) for pair in BEGINNINGS.items() for root in pair)
