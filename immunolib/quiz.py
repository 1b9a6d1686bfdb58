"""Questions as data, with feedback for every option.

``ask("01")`` shows the questions of a lesson, ``ask("01", "q1")`` one of them.  Each option opens
to its feedback: this needs no kernel, no script and no mouse, and works in an exported page.
"""

from dataclasses import dataclass
from html import escape
from typing import Any

from immunolib._errors import DataError, choose
from immunolib.datasets import _reader

_KEYS = {"question", "ask", "options", "teaches", "source"}
_OPTION_KEYS = {"text", "right", "feedback"}


@dataclass(frozen=True)
class Option:
    """One answer to choose, with what there is to say about it."""

    text: str
    right: bool
    feedback: str


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        lesson: the lesson's number, for example ``"01"``.
        name: the question's key within its lesson, for example ``"q1"``.
        text: what is asked.
        options: the answers to choose from.
        teaches: the concept that it checks.
        source: key of ``sources.csv``.
    """

    lesson: str
    name: str
    text: str
    options: tuple[Option, ...]
    teaches: str
    source: str

    def __repr__(self) -> str:
        lines = [self.text]
        for letter, option in zip("ABCDEF", self.options, strict=False):
            lines.append(f"  {letter}. {option.text}")
            lines.append(f"     {_verdict(option)} {option.feedback}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        items = "".join(
            f"<details class='immunolib-option'><summary>{letter}. {escape(option.text)}</summary>"
            f"<p style='margin: 0.2em 0 0.8em 1.4em'><strong>{_verdict(option)}</strong> "
            f"{escape(option.feedback)}</p></details>"
            for letter, option in zip("ABCDEF", self.options, strict=False)
        )
        return (
            f"<section style='max-width: 46em; margin-bottom: 1em'><p>"
            f"<strong>{escape(self.text)}</strong></p>{items}</section>"
        )


@dataclass(frozen=True)
class Quiz:
    """Some questions of a lesson, shown one below the other."""

    questions: tuple[Question, ...]

    def __repr__(self) -> str:
        return "\n\n".join(
            f"{number}. {question!r}" for number, question in enumerate(self.questions, start=1)
        )

    def _repr_html_(self) -> str:
        return (
            "<p>Choose an answer and open it: with the mouse, a tap, or the Tab and space keys.</p>"
            + "".join(question._repr_html_() for question in self.questions)
        )


def _verdict(option: Option) -> str:
    return "✓ Right." if option.right else "✗ Not this one."


def lessons() -> list[str]:
    """The lessons that have questions, by number."""
    folder = _reader.root() / "questions"
    return sorted(
        entry.name.removesuffix(".json")
        for entry in folder.iterdir()
        if entry.name.endswith(".json")
    )


def questions(lesson: str) -> tuple[Question, ...]:
    """Every question of a lesson.

    Raises:
        UnknownNameError: where the lesson has no questions.
        DataError: where its file is damaged.
    """
    number = choose("lesson", lesson, lessons())
    name = f"questions/{number}.json"
    found = tuple(_question(number, name, entry) for entry in _reader.read_json(name))
    if len({question.name for question in found}) != len(found):
        raise DataError(f"{name}: two questions have the same name. Names must be unique.")
    return found


def _question(lesson: str, file: str, entry: dict[str, Any]) -> Question:
    where = f"{file}, question {entry.get('question', '?')!r}"
    if set(entry) != _KEYS:
        raise DataError(f"{where}: the keys are {sorted(entry)}; expected {sorted(_KEYS)}.")
    options = []
    for number, option in enumerate(entry["options"], start=1):
        if set(option) != _OPTION_KEYS or not option["feedback"]:
            raise DataError(
                f"{where}, option {number}: give text, right and feedback for every option."
            )
        options.append(Option(option["text"], bool(option["right"]), option["feedback"]))
    if not 2 <= len(options) <= 6 or sum(option.right for option in options) != 1:
        raise DataError(f"{where}: give two to six options, of which one is right.")
    return Question(
        lesson, entry["question"], entry["ask"], tuple(options), entry["teaches"], entry["source"]
    )


def ask(lesson: str, *names: str) -> Quiz:
    """Show the questions of a lesson, or those that are named.

    Args:
        lesson: the lesson's number, for example ``"01"``.
        names: questions of that lesson, for example ``"q1", "q2"``; all where left out.

    Raises:
        UnknownNameError: where there is no such lesson or question.
    """
    every = {question.name: question for question in questions(lesson)}
    chosen = [choose(f"question of lesson {lesson}", name, every) for name in names]
    return Quiz(tuple(every[name] for name in chosen or every if chosen or not _foretells(name)))


def predict(lesson: str, name: str = "prediction") -> Quiz:
    """Show a question that is answered before the next cell is run.

    Args:
        lesson: the lesson's number, for example ``"01"``.
        name: the question's key, which begins with ``prediction``.

    Raises:
        UnknownNameError: where there is no such lesson or prediction.
    """
    every = {found.name: found for found in questions(lesson) if _foretells(found.name)}
    return Quiz((every[choose(f"prediction of lesson {lesson}", name, every)],))


def _foretells(name: str) -> bool:
    """Whether a question is one that is answered before a cell is run."""
    return name.startswith("prediction")
