"""What a learner has answered and predicted: kept in one file on their own computer.

``show()`` shows it by lesson, with buttons to save a copy, to bring one back and to begin anew.
Nothing is ever sent anywhere.  On Binder the computer is a borrowed one that forgets: save a copy.
"""

from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from immunolib import _kept, quiz
from immunolib._errors import ImmunolibError
from immunolib._live_quiz import Beside

if TYPE_CHECKING:
    import pandas as pd

_DAYS = 7  # after which a question is worth another try
_COLUMNS = ["lesson", "predictions", "answered", "right_first", "right_now", "last"]
_HEADS = {
    "lesson": "Lesson",
    "predictions": "Predictions made",
    "answered": "Questions answered",
    "right_first": "Right at the first try",
    "right_now": "Right by now",
    "last": "Last on",
}


def answers() -> "pd.DataFrame":
    """Every answer that is kept.

    Returns:
        One row a question: ``lesson``, ``question``, ``prediction`` (bool), ``first`` and ``last``
        (the options' texts), ``right_first`` and ``right_now`` (bool), ``times``, ``on`` (ISO
        8601).  A question whose wording has changed since is left out.

    Raises:
        KeptError: where the file can be neither read nor set aside.
    """
    import pandas as pd

    kept, _ = _kept.load()
    rows = [
        {
            "lesson": question.lesson,
            "question": question.name,
            "prediction": question.foretells,
            "first": question.options[answer.first].text,
            "last": question.options[answer.last].text,
            "right_first": answer.first == question.right,
            "right_now": answer.last == question.right,
            "times": answer.times,
            "on": answer.on,
        }
        for question, answer in _fitting(kept)
    ]
    names = ["lesson", "question", "prediction", "first", "last", "right_first", "right_now",
             "times", "on"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def _fitting(kept: _kept.Answers) -> list[tuple[quiz.Question, _kept.Answer]]:
    """The answers that belong to a question as it stands now."""
    found = []
    for lesson in quiz.lessons():
        for question in quiz.questions(lesson):
            answer = kept.get(question.key)
            places = range(len(question.options))
            if (
                answer
                and answer.asked == question.digest
                and {answer.first, answer.last} <= {*places}
            ):
                found.append((question, answer))
    return found


def by_lesson(kept: _kept.Answers | None = None) -> "pd.DataFrame":
    """How far each lesson has come.

    Args:
        kept: answers to count; those of the learner's file where left out.

    Returns:
        One row a lesson: ``lesson``; ``predictions``, ``answered``, ``right_first``, ``right_now``
        as "3 of 7"; ``last``, the day of the last answer; empty where there is nothing to count.

    Raises:
        KeptError: where the file can be neither read nor set aside.
    """
    import pandas as pd

    fitting = _fitting(_kept.load()[0] if kept is None else kept)
    rows = []
    for lesson in quiz.lessons():
        asked = quiz.questions(lesson)
        mine = [(question, answer) for question, answer in fitting if question.lesson == lesson]
        real = [(question, answer) for question, answer in mine if not question.foretells]
        guesses = sum(question.foretells for question in asked)
        total = len(asked) - guesses
        rows.append(
            {
                "lesson": lesson,
                "predictions": _of(len(mine) - len(real), guesses),
                "answered": _of(len(real), total),
                "right_first": _of(sum(a.first == q.right for q, a in real), len(real)),
                "right_now": _of(sum(a.last == q.right for q, a in real), len(real)),
                "last": max((answer.on for _, answer in mine), default=""),
            }
        )
    return pd.DataFrame(rows, columns=_COLUMNS)


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}" if whole else ""


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def again(today: str | None = None) -> list[str]:
    """The questions worth another try, the longest unseen first, as ``"05/pd-l1"``.

    These are the questions answered wrongly the last time, and those last seen a week ago or more:
    what is called to mind after a pause stays longer.

    Args:
        today: an ISO 8601 day; the computer's where left out.

    Raises:
        KeptError: where the file can be neither read nor set aside.
    """
    return _due(_kept.load()[0], date.fromisoformat(today) if today else date.today())


def _due(kept: _kept.Answers, day: date) -> list[str]:
    found = [
        (answer.on, question.key)
        for question, answer in _fitting(kept)
        if not question.foretells
        and (answer.last != question.right or (day - date.fromisoformat(answer.on)).days >= _DAYS)
    ]
    return [key for _, key in sorted(found)]


def save_copy(target: str | Path) -> Path:
    """Write a copy of what is kept.

    Raises:
        KeptError: where it cannot be read or written.
    """
    path = Path(target)
    kept, _ = _kept.load()
    try:
        path.write_text(_kept.written(kept), encoding="utf-8")
    except OSError as trouble:
        raise _kept.KeptError(f"{path} cannot be written: {trouble.strerror}.") from None
    return path


def bring_back(source: str | Path) -> int:
    """Bring back a copy; give how many answers it holds.

    Where a question is answered in both, the later answer counts.

    Raises:
        KeptError: where it cannot be read, or is no such copy; nothing has changed then.
    """
    path = Path(source)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as trouble:
        raise _kept.KeptError(f"{path} cannot be read: {trouble}. Nothing has changed.") from None
    return _kept.merge(text)


def reset() -> None:
    """Forget every answer; a copy that was saved elsewhere stays.

    Raises:
        KeptError: where the file cannot be deleted.
    """
    _kept.forget()


def show() -> "Progress":
    """Show how far each lesson has come, with buttons to save, bring back and begin anew."""
    return Progress()


def _table(frame: "pd.DataFrame") -> str:
    from immunolib.tables import rows_html

    return (
        "<table><caption style='text-align: left; font-weight: bold'>Your way through the course"
        f"</caption>{rows_html(frame.rename(columns=_HEADS))}</table>"
    )


class Progress(Beside):
    """The progress view at work; as text, and where no kernel runs, that of one who begins.

    What is stored with a notebook never holds a learner's answers.

    Attributes:
        said: the sentence that was said last.
    """

    _esm = Path(__file__).with_name("progress.js")
    _css = Path(__file__).with_name("quiz.css")
    _html = traitlets.Unicode().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)

    def __init__(self) -> None:
        super().__init__()
        self._renew("")
        self.on_msg(self._heard)

    def _renew(self, said: str) -> None:
        """Show the file as it stands."""
        try:
            kept, trouble = _kept.load()
        except ImmunolibError as error:
            kept, trouble = {}, str(error)
        self._html = _table(by_lesson(kept))
        self.said = " ".join(filter(None, [trouble, said or self._told(kept)]))

    def _told(self, kept: _kept.Answers) -> str:
        if not kept:
            return _NOT_BEGUN
        fitting = _fitting(kept)
        real = [(question, answer) for question, answer in fitting if not question.foretells]
        right = sum(answer.first == question.right for question, answer in real)
        parts = [f"{_count(len(real), 'question')} answered, {right} right at the first try."]
        changed = len(kept) - len(fitting)
        if changed:
            parts.append(
                f"{_count(changed, 'answer')} to questions that this edition words differently "
                "or does not have: kept, and not counted."
            )
        due = _due(kept, date.today())
        if due:
            parts.append(f"Worth another try, the longest unseen first: {', '.join(due[:5])}.")
        return " ".join(parts)

    def _heard(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        try:
            match message.get("kind"):
                case "renew":
                    self._renew("")
                case "copy":
                    text = _kept.written(_kept.load()[0])
                    self.send({"kind": "copy", "text": text})
                    self._renew("A copy was handed to the browser, which saves it as a download.")
                case "back":
                    count = _kept.merge(str(message.get("text", "")))
                    self._renew(f"The copy is back, with {_count(count, 'answer')}.")
                case "forget":
                    _kept.forget()
                    self._renew("Every answer is forgotten.")
        except ImmunolibError as error:
            self.said = str(error)

    def __repr__(self) -> str:
        counts = by_lesson({})
        lines = [
            f"- lesson {row['lesson']}: {row['answered']} questions answered"
            + (f", {row['predictions']} predictions made" if row["predictions"] else "")
            for row in counts.to_dict("records")
        ]
        return "\n".join([_NOT_BEGUN, *lines])

    def _repr_mimebundle_(self, **_kwargs: Any) -> Any:
        html = f"<p>{escape(_NOT_BEGUN)}</p>{_table(by_lesson({}))}"
        return self.beside({"text/plain": repr(self), "text/html": html})


_NOT_BEGUN = "No question has been answered yet."
