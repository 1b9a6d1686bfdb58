"""Questions as data: what is asked, the options, and what there is to say about each."""

from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Any

from immunolib._errors import DataError, choose
from immunolib.datasets import _reader

_KEYS = {"question", "ask", "options", "teaches", "source"}
_OPTION_KEYS = {"text", "right", "feedback"}
_LETTERS = "ABCDEF"


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
        name: the question's key within its lesson, for example ``"two-bars"``; that of a
            prediction begins with ``prediction``.
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

    @property
    def key(self) -> str:
        """The question's name among those of all lessons."""
        return f"{self.lesson}/{self.name}"

    @property
    def foretells(self) -> bool:
        """Whether it is answered before a cell is run."""
        return self.name.startswith("prediction")

    @property
    def right(self) -> int:
        """The place of the right option, from 0."""
        return [option.right for option in self.options].index(True)

    @property
    def digest(self) -> str:
        """A mark that changes with the wording, so that an old answer is not taken for a new."""
        told = "\n".join([self.text, *(option.text for option in self.options)])
        return sha256(told.encode("utf-8")).hexdigest()[:12]

    def __repr__(self) -> str:
        lines = [self.text]
        for letter, option in zip(_LETTERS, self.options, strict=False):
            lines.append(f"  {letter}. {option.text}")
            lines.append(f"     {_verdict(option)} {option.feedback}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        body = self._guesses() if self.foretells else self._answers()
        return (
            f"<section data-question='{escape(self.key)}' "
            f"style='max-width: 46em; margin-bottom: 1em'>"
            f"<p><strong>{escape(self.text)}</strong></p>{body}</section>"
        )

    def _answers(self) -> str:
        return "".join(
            f"<details class='immunolib-option'><summary>{letter}. {escape(option.text)}</summary>"
            f"<p style='margin: 0.2em 0 0.8em 1.4em'><strong>{_verdict(option)}</strong> "
            f"{escape(option.feedback)}</p></details>"
            for letter, option in zip(_LETTERS, self.options, strict=False)
        )

    def _guesses(self) -> str:
        pairs = list(zip(_LETTERS, self.options, strict=False))
        choices = "".join(
            f"<li class='immunolib-guess'>{letter}. {escape(option.text)}</li>"
            for letter, option in pairs
        )
        feedback = "".join(
            f"<p><strong>{letter}. {_verdict(option)}</strong> {escape(option.feedback)}</p>"
            for letter, option in pairs
        )
        return (
            f"<ul style='list-style: none; padding-left: 0'>{choices}</ul>"
            "<details class='immunolib-after'><summary>What each guess comes to: open this after "
            f"you have run the next cell</summary>{feedback}</details>"
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


def questions(lesson: str | int) -> tuple[Question, ...]:
    """Every question of a lesson, its predictions among them.

    Args:
        lesson: the lesson's number, ``"05"`` or ``5``.

    Raises:
        UnknownNameError: where the lesson has no questions.
        DataError: where its file is damaged.
    """
    number = choose("lesson", f"{lesson:02}" if isinstance(lesson, int) else lesson, lessons())
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
