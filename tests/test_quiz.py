"""Questions: one right answer, feedback for every option, and answers that the data bear out."""

import json

import pytest

from immunolib import datasets, quiz
from immunolib._errors import DataError, UnknownNameError
from immunolib.datasets import _reader

EVERY = [question for lesson in quiz.lessons() for question in quiz.questions(lesson)]


@pytest.mark.parametrize("question", EVERY, ids=lambda q: f"{q.lesson}-{q.name}")
def test_each_question_has_one_right_answer_and_feedback_for_every_option(question):
    assert sum(option.right for option in question.options) == 1
    assert len({option.text for option in question.options}) == len(question.options) >= 3
    for option in question.options:
        assert len(option.feedback.split()) >= 4
    assert question.source in set(datasets.load_sources()["source"])
    html = question._repr_html_()
    assert html.count("<details") == (1 if question.foretells else len(question.options))
    assert "<script" not in html
    assert html.count("✓ Right.") == 1


def test_the_right_answer_is_not_always_in_the_same_place_nor_always_the_longest():
    for lesson in quiz.lessons()[1:]:
        found = quiz.questions(lesson)
        places = {[o.right for o in q.options].index(True) for q in found}
        assert len(places) > 1
        longest = [max(q.options, key=lambda o: len(o.text)).right for q in found]
        assert not all(longest)


@pytest.mark.parametrize("lesson", quiz.lessons()[1:])
def test_a_lesson_has_five_to_eight_questions_besides_its_predictions(lesson):
    assert 5 <= len(quiz.ask(lesson).questions) <= 8


@pytest.mark.parametrize("lesson", quiz.lessons()[1:])
def test_a_prediction_is_shown_where_it_is_asked_for_and_not_among_the_questions(lesson):
    made = quiz.predict(lesson).questions
    assert [question.name for question in made] == ["prediction"]
    assert not any(question.foretells for question in quiz.ask(lesson).questions)
    with pytest.raises(UnknownNameError, match="prediction"):
        quiz.predict(lesson, "definition")


def right(lesson, name):
    question = next(q for q in quiz.questions(lesson) if q.name == name)
    return next(option for option in question.options if option.right)


def test_answers_that_can_be_computed_are():
    uses = datasets.load_uses()
    dials = uses[uses["agent"] == "rituximab"]["direction"]
    assert set(dials) == {"activation", "suppression"}
    assert "depends" in right("01", "belongs-to-use").text

    status = datasets.load_status("2005-12-31")
    mine = status[(status["agent"] == "natalizumab") & (status["regulator"] == "FDA")]
    assert "withdrawn" in set(mine["status"])
    assert "Withdrawn" in right("03", "withdrawn").text

    agents = datasets.load_agents(as_of="2011-02-01").set_index("agent")
    assert agents.loc["lentinan", "approved_by"] == "PMDA"
    assert "lentinan" in right("03", "glucans").text

    now = datasets.load_status()
    now = now[now["regulator"] == "FDA"].set_index(["agent", "use"])["status"]
    assert set(now["CpG 1018"]) == {"approved"}
    cpg = now["CpG 7909"]
    assert cpg["anthrax vaccination"] == "approved"
    assert set(cpg.drop("anthrax vaccination")) == {"studied in people"}
    assert "adjuvant" in right("03", "cpg").text

    day = datasets.load_agents(as_of="1990-06-15").set_index("agent")
    assert day.loc["BCG", "status"] == "uncertain"
    assert "uncertain" in right("03", "uncertain").text

    first = datasets.load_agents(as_of=datasets.edition()).set_index("agent")
    assert first.loc["cortisone", "since"].startswith("1950")
    held = datasets.load_status()
    held = held[held["status"] == "approved"].groupby("direction")["agent"].nunique()
    answer = right("01", "not-only-cancer").feedback
    assert "more than a hundred licensed agents on that dial" in answer
    assert held["suppression"] > 100


def test_a_chosen_question_is_shown_alone_and_in_the_order_asked_for():
    shown = quiz.ask("01", "redirection", "definition")
    assert [q.name for q in shown.questions] == ["redirection", "definition"]
    assert repr(shown).startswith("1. Why do we not simply")


def test_an_unknown_lesson_or_question_is_answered_with_the_choices():
    with pytest.raises(UnknownNameError, match="'01'"):
        quiz.ask("99")
    with pytest.raises(UnknownNameError, match="definition"):
        quiz.ask("01", "definitoin")


GOOD = json.loads(_reader.read_text("questions/01.json"))[0]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"options": GOOD["options"][:1]}, "two to six options"),
        ({"options": [{**o, "right": True} for o in GOOD["options"]]}, "one is right"),
        ({"options": [{**o, "feedback": ""} for o in GOOD["options"]]}, "for every option"),
        ({"extra": 1}, "the keys are"),
    ],
)
def test_a_damaged_question_is_refused_with_its_name(monkeypatch, change, expected):
    monkeypatch.setattr(_reader, "read_json", lambda name: [{**GOOD, **change}])
    with pytest.raises(DataError, match=expected) as caught:
        quiz.questions("01")
    assert GOOD["question"] in str(caught.value)


def test_an_apostrophe_or_a_tag_in_a_question_does_no_harm():
    option = quiz.Option("it's <b>", True, 'don\'t & "do"')
    html = quiz.Question("01", "x", "what's <i>?", (option,), "t", "s")._repr_html_()
    assert "<b>" not in html
    assert "it&#x27;s &lt;b&gt;" in html
