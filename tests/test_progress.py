"""A learner's answers: kept in one file, never lost, never stored with a notebook."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from immunolib import _kept, progress, quiz
from immunolib._errors import UnknownNameError
from immunolib._kept import Answer, KeptError

TWO_BARS = next(q for q in quiz.questions("01") if q.name == "two-bars")
TODAY = date.today().isoformat()


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    path = tmp_path / "deep" / "progress.json"
    monkeypatch.setenv("IMMUNOLIB_PROGRESS", str(path))
    return path


def wrong(question):
    return next(at for at, option in enumerate(question.options) if not option.right)


def choose(shown, question, option):
    """What the page sends when an option is opened."""
    shown._heard(shown, {"question": question.key, "option": option}, [])


def live(quiz_shown):
    from immunolib._live_quiz import LiveQuiz

    return LiveQuiz(quiz_shown.questions, "")


def test_a_missing_file_is_the_state_of_one_who_begins():
    frame = progress.by_lesson()
    assert list(frame["lesson"]) == quiz.lessons()
    assert all(text.startswith("0 of ") for text in frame["answered"])
    assert set(frame["last"]) == set(frame["right_first"]) == {""}
    assert progress.answers().empty
    assert progress.again() == []
    assert progress.show().said == "No question has been answered yet."


def test_the_first_answer_stays_and_the_last_one_moves(file):
    shown = live(quiz.ask("01", "two-bars"))
    choose(shown, TWO_BARS, wrong(TWO_BARS))
    assert shown.said == "Kept on this computer: 1 of 1 answered, 0 right at the first try."
    choose(shown, TWO_BARS, TWO_BARS.right)
    row = progress.answers().iloc[0]
    assert (row["right_first"], row["right_now"], row["times"]) == (False, True, 2)
    assert row["first"] == TWO_BARS.options[wrong(TWO_BARS)].text
    assert row["on"] == TODAY
    held = json.loads(file.read_text())
    assert set(held["answers"]) == {"01/two-bars"}
    assert list(file.parent.iterdir()) == [file], "no draft is left behind"


def test_a_second_look_tells_of_the_first():
    choose(live(quiz.ask("01", "two-bars")), TWO_BARS, TWO_BARS.right)
    said = live(quiz.ask("01", "two-bars", "definition")).said
    assert said.startswith(f"You have answered 1 of these before, last on {TODAY}: 1 right")


def test_two_lessons_open_at_once_lose_nothing():
    first, second = live(quiz.ask("01", "two-bars")), live(quiz.ask("03", "date"))
    asked = next(q for q in quiz.questions("03") if q.name == "date")
    choose(first, TWO_BARS, 0)
    choose(second, asked, 1)
    choose(first, TWO_BARS, 1)
    assert set(progress.answers()["question"]) == {"two-bars", "date"}


@pytest.mark.parametrize(
    "message",
    [{}, {"question": "01/two-bars"}, {"question": "01/two-bars", "option": 99},
     {"question": "99/none", "option": 0}, {"question": "01/two-bars", "option": "A"}],
)  # fmt: skip
def test_a_choice_that_is_none_is_answered_in_words(file, message):
    shown = live(quiz.ask("01", "two-bars"))
    shown._heard(shown, message, [])
    assert shown.said == "This choice could not be kept: run the cell again."
    assert not file.exists()


@pytest.mark.parametrize(
    "damage",
    ["", "{", "[]", "null", '{"other": 1}', '{"immunolib progress": 1}',
     '{"immunolib progress": 1, "answers": {"01/two-bars": 3}}',
     '{"immunolib progress": 1, "answers": {"x": {"asked": "a", "first": -1, "last": 0, '
     '"times": 1, "on": "2026-01-01"}}}',
     '{"immunolib progress": 1, "answers": {"x": {"asked": "a", "first": true, "last": 0, '
     '"times": 1, "on": "2026-01-01"}}}',
     '{"immunolib progress": 1, "answers": {"x": {"asked": "a", "first": 1, "last": 0, '
     '"times": 1, "on": "yesterday"}}}'],
)  # fmt: skip
def test_a_damaged_file_is_set_aside_and_not_lost(file, damage):
    file.parent.mkdir()
    file.write_text(damage)
    shown = live(quiz.ask("01", "two-bars"))
    assert "set aside" in shown.said
    aside = next(path for path in file.parent.iterdir() if "damaged" in path.name)
    assert aside.read_text() == damage
    assert str(aside) in shown.said
    choose(shown, TWO_BARS, 0)
    assert len(progress.answers()) == 1


def test_a_file_that_is_no_text_is_set_aside_too(file):
    file.parent.mkdir()
    file.write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in progress.show().said
    assert any("damaged" in path.name for path in file.parent.iterdir())


def test_a_file_of_a_newer_version_is_not_touched(file):
    file.parent.mkdir()
    text = '{"immunolib progress": 2, "answers": []}'
    file.write_text(text)
    shown = live(quiz.ask("01", "two-bars"))
    assert "newer version" in shown.said
    choose(shown, TWO_BARS, 0)
    assert "newer version" in shown.said
    assert file.read_text() == text


def test_a_folder_that_cannot_be_written_is_told_and_the_quiz_goes_on(tmp_path, monkeypatch):
    (tmp_path / "plain").write_text("a file, and no folder")
    monkeypatch.setenv("IMMUNOLIB_PROGRESS", str(tmp_path / "plain" / "progress.json"))
    shown = live(quiz.ask("01", "two-bars"))
    choose(shown, TWO_BARS, 0)
    assert shown.said.startswith("Your answers are not kept")
    assert "IMMUNOLIB_PROGRESS" in shown.said


def test_an_answer_to_other_words_is_kept_but_not_counted(file):
    file.parent.mkdir()
    file.write_text(_kept.written({"01/two-bars": Answer("0" * 12, 0, 0, 1, "2025-01-01")}))
    assert progress.answers().empty
    assert "1 answer to questions that this edition words differently" in progress.show().said
    choose(live(quiz.ask("01", "two-bars")), TWO_BARS, 1)
    assert progress.answers().iloc[0]["times"] == 1


def test_what_was_wrong_or_is_a_week_old_is_worth_another_try():
    day = date(2026, 11, 22)
    mine = quiz.ask("01").questions[:3]
    held = [
        (mine[0], wrong(mine[0]), day),
        (mine[1], mine[1].right, day - timedelta(7)),
        (mine[2], mine[2].right, day - timedelta(6)),
    ]
    _kept.save({q.key: Answer(q.digest, o, o, 1, d.isoformat()) for q, o, d in held})
    assert progress.again(day.isoformat()) == [mine[1].key, mine[0].key]


def test_a_copy_goes_out_and_comes_back(tmp_path):
    choose(live(quiz.ask("01", "two-bars")), TWO_BARS, 1)
    copy = progress.save_copy(tmp_path / "copy.json")
    progress.reset()
    assert progress.answers().empty
    assert progress.bring_back(copy) == 1
    assert len(progress.answers()) == 1


def test_the_later_answer_counts_when_a_copy_comes_back(tmp_path):
    old = {TWO_BARS.key: Answer(TWO_BARS.digest, 0, 0, 1, "2026-01-01")}
    (tmp_path / "copy.json").write_text(_kept.written(old))
    choose(live(quiz.ask("01", "two-bars")), TWO_BARS, 2)
    progress.bring_back(tmp_path / "copy.json")
    assert progress.answers().iloc[0]["on"] == TODAY


@pytest.mark.parametrize("text", ["nonsense", '{"a": 1}', '{"immunolib progress": 9}'])
def test_a_file_that_is_no_copy_changes_nothing(tmp_path, file, text):
    choose(live(quiz.ask("01", "two-bars")), TWO_BARS, 1)
    before = file.read_text()
    (tmp_path / "other.json").write_text(text)
    with pytest.raises(KeptError, match="Nothing has changed"):
        progress.bring_back(tmp_path / "other.json")
    assert file.read_text() == before
    with pytest.raises(KeptError, match="cannot be read"):
        progress.bring_back(tmp_path / "absent.json")


def test_the_view_saves_brings_back_and_forgets(monkeypatch, file):
    choose(live(quiz.ask("01", "two-bars")), TWO_BARS, TWO_BARS.right)
    shown = progress.show()
    assert "1 question answered, 1 right at the first try." in shown.said
    assert f"1 of {len(quiz.ask('01').questions)}" in shown._html
    sent = []
    monkeypatch.setattr(shown, "send", sent.append)
    shown._heard(shown, {"kind": "copy"}, [])
    shown._heard(shown, {"kind": "forget"}, [])
    assert not file.exists()
    assert "Every answer is forgotten." in shown.said
    shown._heard(shown, {"kind": "back", "text": sent[0]["text"]}, [])
    assert "The copy is back, with 1 answer." in shown.said
    shown._heard(shown, {"kind": "back", "text": "no"}, [])
    assert "cannot be brought back" in shown.said


def test_what_a_notebook_stores_is_the_state_of_one_who_begins():
    before = progress.show()
    fresh = repr(before), before._repr_mimebundle_()["text/html"]
    asked = quiz.ask("01")
    still = repr(asked), asked._repr_mimebundle_()["text/html"]
    choose(live(asked), TWO_BARS, 1)
    after = progress.show()
    assert (repr(after), after._repr_mimebundle_()["text/html"]) == fresh
    assert (repr(asked), asked._repr_mimebundle_()["text/html"]) == still


@given(
    st.dictionaries(
        st.text(min_size=1),
        st.builds(
            Answer, st.text(), st.integers(0, 5), st.integers(0, 5), st.integers(1, 99),
            st.dates().map(date.isoformat),
        ),
        max_size=5,
    )
)  # fmt: skip
def test_what_is_written_is_read_again(answers):
    assert _kept.read(_kept.written(answers)) == answers


def test_a_lesson_may_be_named_by_its_number():
    assert quiz.ask(1) == quiz.ask("01")
    with pytest.raises(UnknownNameError, match="No lesson is called"):
        quiz.ask(99)
    with pytest.raises(UnknownNameError):
        quiz.ask(None)
