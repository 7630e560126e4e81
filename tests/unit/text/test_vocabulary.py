"""Vocabulary: the words of each language, what is built from them, and a person's own."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from conftest import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from starbook.content import headings
from starbook.model import Kind, Labels
from starbook.text import vocabulary
from starbook.text.vocabulary import extend, fold, load

FILES = sorted((Path(vocabulary.__file__).parent / "languages").glob("*.yml"))
LANGUAGES = {path.stem: vocabulary.read_language(path) for path in FILES}
# What a language may lack: Russian has no articles.
MAY_BE_EMPTY = {"question_articles"}
# What each part was understood by when these words were in the code.
BEFORE = {
    "situation": """
        situation| the_situation| context| the_context| background| the_background| setting|
        challenge| the_challenge| problem| the_problem| situation_/_context|
        situation_and_context| context_and_background| why| situation_/_task| situación| contexto|
        situação| desafio| kontext| ausgangslage| contexte| la_situation| ситуация| контекст| 情境|
        背景| 情况| 状況| 상황| 배경
    """,
    "task": """
        task| tasks| the_task| my_task| goal| goals| the_goal| my_goal| objective| objectives|
        target| responsibility| my_responsibility| my_role| obstacle| obstacles| tarea| objetivo|
        mi_tarea| tarefa| minha_tarefa| aufgabe| meine_aufgabe| ziel| tâche| ma_tâche| mission|
        objectif| задача| цель| 任务| 目标| 課題| タスク| 任務| 目標| 과제| 임무| 목표
    """,
    "action": """
        action| actions| the_action| my_action| my_actions| actions_taken| action_taken|
        actions_i_took| approach| my_approach| what_i_did| steps_taken| activity| activities|
        acción| acciones| qué_hice| ação| ações| o_que_fiz| aktion| handlung| vorgehen|
        massnahmen| was_ich_tat| ce_que_j'ai_fait| действие| действия| 行动| 行動| アクション| 행동|
        조치
    """,
    "result": """
        result| results| the_result| the_results| outcome| outcomes| the_outcome| impact|
        the_impact| result_and_impact| results_and_impact| result_/_impact| outcome_and_impact|
        how_it_turned_out| resultado| resultados| impacto| ergebnis| ergebnisse| wirkung|
        résultat| résultats| bilan| результат| результаты| итог| 结果| 結果| 成果| 결과| 성과
    """,
    "reflection": """
        reflection| reflections| learning| learnings| key_learning| key_learnings| lesson|
        lessons| lesson_learned| lessons_learned| lessons_learnt| key_takeaway| key_takeaways|
        takeaway| takeaways| what_i_learned| what_i_learnt| what_i_would_do_differently|
        what_i'd_do_differently| insight| insights| retrospective| reflection_/_lessons|
        reflection_and_learnings| aprendizaje| lección| lecciones| aprendizado| lição| reflexión|
        reflexão| lehre| gelernt| erkenntnis| was_ich_gelernt_habe| leçon| apprentissage|
        ce_que_j'ai_appris| вывод| выводы| урок| 反思| 学到| 収穫| 学び| 振り返り| 배운_점| 교훈
    """,
    "metrics": """
        metrics| key_metrics| numbers| the_numbers| measurements
    """,
    "risk": """
        risk_mitigation| risks| risk| mitigation| risks_and_mitigation
    """,
    "follow_ups": """
        follow-ups| follow_ups| followups| follow-up| follow-up_questions| follow_up_questions|
        probes| probing_questions| likely_follow-ups
    """,
    "weak": """
        weak_answer| weak_answers| a_weak_answer| weak_example| weak_version
    """,
    "quiz": """
        quiz| check_yourself| test_yourself| self-check
    """,
    "angles": """
        angles| angle| principle_angles| angles_by_principle
    """,
    "levels": """
        levels| by_level| level_variations| for_other_levels
    """,
}


def phrases_of(labels: Labels) -> list[str]:
    """Every phrase of a language, under whatever key."""
    values = [getattr(labels, key) for key in Labels.__struct_fields__]
    lists = [inner for v in values for inner in (v.values() if isinstance(v, dict) else [v])]
    return [phrase for phrases in lists for phrase in phrases]


def split(text: str) -> list[str]:
    return [" ".join(one.replace("_", " ").split()) for one in text.split("|")]


# The files


def test_fourteen_languages_are_there() -> None:
    assert list(LANGUAGES) == "de en es fr hi it ja ko nl pl pt ru tr zh".split()


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_has_words_for_everything(code: str) -> None:
    labels = LANGUAGES[code]
    empty = [key for key in Labels.__struct_fields__ if not getattr(labels, key)]
    assert set(empty) <= MAY_BE_EMPTY
    for key, names in vocabulary.KEYS.items():
        assert tuple(getattr(labels, key)) == names
        assert all(getattr(labels, key).values())


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_phrases_of_a_language_are_folded_and_distinct(code: str) -> None:
    phrases = phrases_of(LANGUAGES[code])
    assert [phrase for phrase in phrases if fold(phrase) != phrase or "," in phrase] == []
    for key in Labels.__struct_fields__:
        value = getattr(LANGUAGES[code], key)
        for found in value.values() if isinstance(value, dict) else [value]:
            assert [one for one, count in Counter(found).items() if count > 1] == []


@pytest.mark.parametrize("group", ["parts", "fields", "units_of_time"])
def test_no_phrase_of_any_language_means_two_things(group: str) -> None:
    meanings: dict[str, set[str]] = {}
    for labels in LANGUAGES.values():
        for key, found in getattr(labels, group).items():
            for phrase in found:
                meanings.setdefault(vocabulary.as_key(phrase), set()).add(key)
    assert {phrase: keys for phrase, keys in meanings.items() if len(keys) > 1} == {}


def test_no_label_of_a_field_is_the_name_of_a_part() -> None:
    labels = {label for found in load().fields.values() for label in found}
    assert sorted(labels & set(load().kind_of)) == []


def test_a_name_of_a_part_that_may_be_the_task_is_a_situation() -> None:
    spellings = set(load().parts["situation"])
    assert set(load().challenges) <= spellings


@pytest.mark.parametrize("part", BEFORE)
def test_no_spelling_of_a_part_was_lost(part: str) -> None:
    kinds = {spelling: load().kind_of.get(spelling) for spelling in split(BEFORE[part])}
    assert kinds == dict.fromkeys(kinds, vocabulary.PARTS[part])


# Look-ups


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Maps to", "names"), ("Question variants", "questions"), ("Company", "company"),
        ("tl;dr", "headline"), ("Firma", "company"), ("Categoría", "categories"),
        ("Usable for questions about", "questions"), ("Best for", "tags"), ("Titel", "title"),
        ("KISA ÖZET", "headline"), ("一句话总结", "headline"), ("所要時間", "duration"),
        ("Подходит для", "tags"), ("Niemand", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_label_names_a_field(label: str, field: str) -> None:
    assert load().field_of_label(label) == field


# Patterns: a text, and whether it is one


MATCHES: Mapping[str, tuple[Callable[..., object], Sequence[str], Sequence[str]]] = {
    "method_heading": (
        re.Pattern.search,
        ["The STAR method", "How to use it", "La méthode STAR", "So geht die STAR-Methode",
         "Was ist STAR?", "Что такое STAR", "¿Qué es STAR?", "STAR法とは", "Wat is STAR?",
         "Cos’è il metodo", "STAR yöntemi nedir"],
        ["The lighthouse", "Methodical", "Restructured the depot", "Der Aufbau des Lagers",
         "Introducción del nuevo turno", "Formatted"],
    ),
    "answer_heading": (
        re.Pattern.fullmatch,
        ["Sample answer", "Strong sample answer (STAR format)", "My answer", "Answer",
         "Example STAR",
         "Пример ответа", "Respuesta buena", "예시 답변", "Musterantwort", "回答例", "AI feedback",
         "Exemple de réponse", "Örnek cevap"],
        ["Sample answer to the board", "My boat", "Answer the phone", "Антон отвечает"],
    ),
    "weak_heading": (
        re.Pattern.fullmatch,
        ["Bad example", "Respuesta mala", "What not to say", "悪い回答例", "Weak answer 2"],
        ["A bad example of glass", "Example"],
    ),
    "addresses_reader": (
        re.Pattern.search,
        ["Write your part", "Schreibe deinen Teil", "What did you do"],
        ["The yard", "I wrote it"],
    ),
    "template_heading": (
        re.Pattern.search,
        ["Blank template", "STAR-Vorlage", "Plantilla en blanco", "空白模板", "Şablon"],
        ["The plate", "Vorlagerung"],
    ),
    "to_ask_heading": (
        re.Pattern.search,
        ["Questions to ask", "Questions to Ask Your Interviewer", "For the hiring manager",
         "Reverse interview", "What I'll ask", "Preguntas para el entrevistador", "逆質問",
         "反问环节",
         "Fragen an das Team", "Questions à poser", "Вопросы работодателю", "Ask the interviewer",
         "Questions for the engineering team"],
        ["Behavioral questions", "What they asked", "Prep for the panel", "Fragen zum Lebenslauf"],
    ),
    "questions_heading": (
        re.Pattern.search,
        ["Common questions", "Vorstellungsfragen und Fragen", "よくある質問", "Вопросы",
         "Domande frequenti"],
        ["Requests", "Quest"],
    ),
    "categories_heading": (
        re.Pattern.fullmatch,
        ["Categories", "Story themes", "Kategorien", "類別"],
        ["Categories of fish", "Theme"],
    ),
    "advice_heading": (re.Pattern.search, ["Questions to avoid", "Don’t ask",
    "Tipps"], ["A void"]),
    "contents_heading": (
        re.Pattern.fullmatch, ["Table of contents", "Inhalt", "目次"], ["Contents of the crate"],
    ),
    "instruction": (
        re.Pattern.search,
        ["Describe the scene.", "- What did you do?", "Keep your tone calm", "Beschreibe die Lage",
         "Décrivez le contexte", "描述当时的情况", "Опишите задачу"],
        ["I described the lamp.", "Der Hafen war zu.", "Le port du Havre était fermé."],
    ),
    "speaks_of_self": (
        re.Pattern.search,
        ["I rowed.", "Then we rowed", "Ich ruderte", "J’ai ramé", "Я гребла", "我划船",
         "Ik roeide"],
        ["The boat is i.", "Island", "It was late", "Er ruderte"],
    ),
    "placeholder": (
        re.Pattern.match,
        ["TODO", "fill in later", "", "___", "Your goal here", "Example: the lamp", "例如：灯",
         "Ausfüllen"],
        ["For example the lamp", "Yours", "Exempt", "Example of a lamp", "Es war spät",
         "Tu verras"],
    ),
    "placeholder_title": (
        re.Pattern.fullmatch,
        ["Your story", "Story Title", "Example #2", "Titel", "Template", "Historia 3", "標題"],
        ["Story of a lamp", "Title deeds"],
    ),
    "draft_word": (
        re.Pattern.search,
        ["The lamp (draft)", "half done", "noch schreiben", "черновик", "未完成"],
        ["Draughts", "The offer"],
    ),
    "word_title": (
        re.Pattern.fullmatch,
        ["Project: the lamp", "Case: oil", "故事：灯", "Projekt: Lampe"],
        ["Project the lamp", "Projection: a lamp", "Project:"],
    ),
    "story_reference": (
        re.Pattern.match,
        ["Use: the lamp", "→ the lamp", "**Best story:** oil", "- Tell: it", "Nutze: die Lampe"],
        ["Used: oil", "He used it: oil", "Usefulness"],
    ),
    "question_start": (
        re.Pattern.match,
        ["Tell me about oil", "Could you describe it", "Cuéntame algo", "Erzählen Sie", "请说说",
         "Why oil",
         "Расскажите о себе", "Opowiedz o sobie", "Vertel eens"],
        ["Telling me", "Whyever", "Was able to lift it", "Has led the crew", "Come up with it"],
    ),
    "begins_with_story": (
        re.Pattern.match, ["Story 2, she nodded", "used story 3", "Geschichte 1"],
        ["She liked my story 2", "Stories"],
    ),
    "question_label": (
        re.Pattern.match, ["Q: why oil", "**Q2.** why", "Question 3 - why", "Frage 1: warum"],
        ["Quickly: why", "Questions: why", "Question of oil"],
    ),
    "asks_company": (
        re.Pattern.search,
        ["What does a typical day look like?", "Whom would I report to?", "Wie ist das Team?",
         "试用期怎么考核？"],
        ["Tell me about oil", "Why should we hire you?", "Wie ruderten Sie?"],
    ),
    "own_stories": (
        re.Pattern.search, ["STAR stories", "Meine Geschichten"], ["The STAR method", "History"],
    ),
    "offer": (
        re.Pattern.match,
        ["Shall we begin?", "Would you like to try another one?", "Möchtest du weiter üben?",
         "Quieres que sigamos?", "Quer treinar mais uma?"],
        ["Would you row at night?", "Do you want to lead?", "Quiere usted remar?"],
    ),
    "standard_question": (
        re.Pattern.fullmatch,
        ["Strengths", "Tell me about yourself", "Schwächen", "自己紹介（1分）", "자기소개"],
        ["Strengths of the yard", "Starke Winde", "自己"],
    ),
    "interviewer_name": (
        re.Pattern.fullmatch, ["Interviewer", "Q", "Q2", "I", "面试官", "Entrevistador"], ["q",
        "Quinn"],
    ),
    "candidate_name": (
        re.Pattern.fullmatch, ["Candidate", "Me", "A", "A 3", "候选人", "Ich"], ["a", "Mel"],
    ),
    "count": (
        re.Pattern.search,
        ["Task (2-3 sentences)", "Aufgabe (3 Sätze)", "行动（3句）", "Task (max 40 words)"],
        ["Task (30 seconds)", "Task (2)"],
    ),
    "amount": (
        re.Pattern.search,
        ["Say it in 1 or 2 sentences", "2-3 Sätze", "at least 50% of the answer"],
        ["The mill gained 12%.", "2 ships"],
    ),
    "asking_word": (
        re.Pattern.match,
        ["Why the sea", "Have you rowed", "Warum wir", "¿Por qué"], ["Tell me why", "Describe it"],
    ),
    "plain_question": (
        re.Pattern.match,
        ["How did you row home", "Have you rowed at night", "A time when you rowed",
         "Situation where you had to row", "Was ist dein Boot", "Comment avez-vous ramé",
         "Comment gérez-vous la pluie"],
        ["What you did", "How to row", "When you row", "Why oars float", "Time flies"],
    ),
    "story_request": (
        re.Pattern.search,
        ["Tell me about a time", "Your proudest boat"], ["Tell me about boats"],
    ),
    "request_end": (
        re.Pattern.fullmatch,
        ["夜に船を漕いだ経験を教えてください。", "노를 저은 경험을 말씀해 주세요",
         "Bir geceden bahsedin."],
        ["划船的经历", "We learned it with an example", "夜に船を漕いだ。"],
    ),
    "greeting": (
        re.Pattern.match,
        ["Good. Let us begin. Tell me", "Okay, next question: why", "So tell me about oil",
         "好的，请说"],
        ["Good communication wins", "Sorted", "Well water"],
    ),
}  # fmt: skip
IN = [(name, how, text) for name, (how, yes, _) in MATCHES.items() for text in yes]
OUT = [(name, how, text) for name, (how, _, no) in MATCHES.items() for text in no]


@pytest.mark.parametrize(("name", "how", "text"), IN)
def test_a_pattern_finds_what_people_write(name, how, text) -> None:
    assert how(getattr(load(), name), text)


@pytest.mark.parametrize(("name", "how", "text"), OUT)
def test_a_pattern_passes_over_what_only_looks_like_it(name, how, text) -> None:
    assert not how(getattr(load(), name), text)


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Tell me about a time you rowed", True),
        ("Was war Ihr größter Fehler?", True),
        ("讲一次你划船的经历", True),
        ("How would you row in a difficult situation?", False),
        ("Why do you row?", False),
    ],
)
def test_a_question_for_something_that_happened_is_known(question, asks) -> None:
    assert load().asks_for_story(question) is asks


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("The situation was that the oil ran out.", Kind.SITUATION),
        ("Meine Aufgabe war es, zu rudern.", Kind.TASK),
        ("As a result, we came home.", Kind.RESULT),
        ("The boat had a task.", None),
    ],
)
def test_a_sentence_names_the_part_that_it_begins(sentence, kind) -> None:
    assert load().kind_of_sentence(sentence) is kind


def test_letters_stand_for_the_parts_of_an_acronym() -> None:
    known = load().kinds_of_acronym
    assert known["CAR"] == (Kind.SITUATION, Kind.ACTION, Kind.RESULT)
    assert known["SAHE"] == (Kind.SITUATION, Kind.TASK, Kind.ACTION, Kind.RESULT)


def test_every_pattern_is_tried() -> None:
    taken_apart = {"counted_title", "story_number", "question_preamble", "time"}
    names = [name for name in dir(vocabulary.Vocabulary) if not name.startswith("_")]
    patterns = {name for name in names if isinstance(getattr(load(), name), re.Pattern)}
    assert patterns == {*MATCHES, *taken_apart}


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Can you tell me about a time when you had to row at night?", "row at night?"),
        ("Tell me about the time you rowed", "rowed"),
        ("Describe a situation where the oil ran out", "the oil ran out"),
        ("Tell us about your oil", "oil"),
        ("Give me an example of a lamp you lit", "lamp you lit"),
        ("Walk me through your lamp", "lamp"),
        ("Please share an example of when you've rowed", "rowed"),
        ("Erzählen Sie von einer Situation, in der Sie gerudert sind", "gerudert sind"),
        ("Können Sie mir ein Beispiel für Geduld nennen?", None),
        ("Cuéntame una ocasión en la que remaste", "remaste"),
        ("Racontez-moi une situation où vous avez ramé", "ramé"),
        ("Расскажите о случае, когда вы гребли", "гребли"),
        ("请描述一次你划船的经历", "划船的经历"),
        ("Opowiedz o sytuacji, w której pomogłeś", "pomogłeś"),
        ("Explaining oil", None),
        ("Telling", None),
    ],
)
def test_a_title_leaves_out_the_phrase_of_the_interviewer(question: str, rest: str | None) -> None:
    match = load().question_preamble.match(question)
    assert (question[match.end() :] if match else None) == rest


@pytest.mark.parametrize(
    ("text", "number", "title"),
    [
        ("Story 3: The lamp", "3", "The lamp"), ("Q4. Why oil", "4", "Why oil"),
        ("故事一：灯", "一", "灯"), ("Geschichte Nr. 2", None, None), ("Beispiel 2 – Öl", "2",
        "Öl"),
        ("Example A: oil", "A", "oil"), ("История 5", "5", ""), ("Opowieść 5", None, None),
        ("Example of oil", None, None), ("Historie", None, None), ("Esempio n° 7: olio", "7",
        "olio"),
    ],
)  # fmt: skip
def test_a_counted_title_has_its_number(text: str, number: str | None, title: str | None) -> None:
    match = load().counted_title.fullmatch(text)
    assert (match and match["number"], match and match["title"]) == (number, title)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Story 3 or #4", ["3", "4"]), ("Stories 1", ["1"]), ("Historia 2, 故事 5", ["2", "5"]),
        ("history 3", []), ("a story of 3", []),
    ],
)  # fmt: skip
def test_a_story_is_referred_to_by_its_number(text: str, numbers: list[str]) -> None:
    assert load().story_number.findall(text) == numbers


@pytest.mark.parametrize(
    ("heading", "words", "seconds"),
    [
        ("Situation (35 seconds)", "Situation", 35),
        ("Situation (1 minute 45 seconds)", "Situation", 105),
        ("Situation (1m30s)", "Situation", 90),
        ("Situation (1 min, 30 sec.)", "Situation", 90),
        ("Situation (2 minutes and 5 seconds)", "Situation", 125),
        ("Situation (60 to 90 s)", "Situation", 90),
        ("Ergebnis (etwa 1,5 Minuten)", "Ergebnis", 90),
        ("Resultado (unos 40 segundos)", "Resultado", 40),
        ("情境（约30秒）", "情境", 30),
        ("情境（1分30秒）", "情境", 90),
        ("결과 (20초)", "결과", 20),
        ("Результат (2 минуты)", "Результат", 120),
        ("Sonuç (30 saniye)", "Sonuç", 30),
        ("GÖREV: 30 sn", "GÖREV", 30),
        ("Result (48 hours)", "Result (48 hours)", None),
        ("Result (3 seconds 2 minutes)", "Result (3 seconds 2 minutes)", None),
        ("Result (in 90 days)", "Result (in 90 days)", None),
        ("Result (never 90 s)", "Result (never 90 s)", None),
    ],
)
def test_a_time_is_taken_from_a_heading_in_any_language(heading, words, seconds) -> None:
    found = headings.parse(heading, load())
    assert found.kind is not Kind.OTHER
    assert (found.words, found.seconds) == (words, seconds)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("about 30-45 seconds", "45 seconds"), ("1 minute 45 seconds", "45 seconds"),
        ("约2分钟", "2 分钟"), ("90 Sekunden", "90 Sekunden"), ("9 ships", None),
    ],
)  # fmt: skip
def test_a_time_is_found_in_a_text(text: str, found: str | None) -> None:
    match = load().time.search(text)
    assert (f"{match['number']} {match['unit']}" if match else None) == found


@pytest.mark.parametrize(
    "heading", ["DURUM", "BAŞLANGIÇ DURUMU", "Başlangıç durumu", "Öğrendiklerim"]
)
def test_a_turkish_heading_is_read_in_capitals(heading: str) -> None:
    assert headings.parse(heading, load()).kind in (Kind.SITUATION, Kind.REFLECTION)


# Own words


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


PHRASES = st.lists(st.text(min_size=1, max_size=12).filter(fold), max_size=3)


@pytest.mark.slow
@settings(max_examples=examples(30))
@given(PHRASES, PHRASES, st.text(max_size=40))
def test_any_words_can_be_added_and_are_plain_text(own, others, text) -> None:
    labels = Labels(
        parts={"situation": tuple(own)}, greetings=tuple(others), story_words=tuple(own),
        to_ask_headings=tuple(others), units_of_time={"minutes": tuple(own)},
    )  # fmt: skip
    words = extend(load(), labels)
    for name in ("greeting", "counted_title", "to_ask_heading", "time"):
        getattr(words, name).search(text)
    for phrase in filter(vocabulary.fold_label, own):
        assert words.kind_of[vocabulary.as_key(vocabulary.fold_label(phrase))] is Kind.SITUATION


@given(st.text(max_size=40), st.sampled_from(["", " (30 s)", "（1分）", ": 1 min 5 s"]))
def test_a_heading_of_any_letters_is_read(text: str, time_text: str) -> None:
    found = headings.parse(f"{text}{time_text}", load())
    assert found.kind is not Kind.OTHER or found.words == " ".join(f"{text}{time_text}".split())
    headings.find_meant(text, load())


def test_own_words_win_over_ours_and_leave_the_rest() -> None:
    words = extend(load(), Labels(parts={"situation": ("Impact", "Utgångsläge")}))
    assert words.kind_of["impact"] is Kind.SITUATION
    assert "impact" not in words.parts["result"]
    assert words.kind_of["utgångsläge"] is Kind.SITUATION
    assert words.kind_of["outcome"] is Kind.RESULT
    assert load().kind_of["impact"] is Kind.RESULT


def test_a_part_of_ones_own_is_no_field() -> None:
    words = extend(load(), Labels(parts={"situation": ("Topic",)}))
    assert (load().field_of_label("Topic"), words.field_of_label("Topic")) == ("categories", "")


def test_no_own_words_change_nothing() -> None:
    assert extend(load(), Labels()) is load()


def test_a_slip_in_a_word_of_ones_own_is_asked_about() -> None:
    words = extend(load(), Labels(parts={"situation": ("Utgångsläge",)}))
    assert headings.find_meant("Utgångslage", words) == "Utgångsläge"
    assert headings.find_meant("Utgångslage", load()) == ""


def test_an_own_word_that_is_no_slip_is_left_alone() -> None:
    words = extend(load(), Labels(other_words=("Reslt",)))
    assert headings.find_meant("Reslt", words) == ""
    assert headings.find_meant("Reslt", load()) == "Result"
