"""Questions as data, with feedback for every option.

``ask("01")`` shows the questions of a lesson, ``ask("01", "two-bars")`` one of them, and
``predict("01")`` the question that is answered before a cell is run.  Each option opens to its
feedback: this needs no kernel, no script and no mouse, and works in an exported page.  Where a
kernel runs, what was chosen is kept on the learner's own computer (``progress``).
"""

from dataclasses import dataclass
from typing import Any

from immunolib._errors import choose
from immunolib._live_quiz import LiveQuiz
from immunolib._questions import Option, Question, lessons, questions

__all__ = ["Option", "Question", "Quiz", "ask", "lessons", "predict", "questions"]


@dataclass(frozen=True)
class Quiz:
    """Some questions, shown one below the other."""

    questions: tuple[Question, ...]

    def __repr__(self) -> str:
        return "\n\n".join(
            f"{number}. {question!r}" for number, question in enumerate(self.questions, start=1)
        )

    def _repr_html_(self) -> str:
        how = (
            "Choose before you run the next cell. Nobody sees your guess."
            if all(question.foretells for question in self.questions)
            else "Choose an answer and open it: with the mouse, a tap, or the Tab and space keys."
        )
        return f"<p>{how}</p>" + "".join(question._repr_html_() for question in self.questions)

    def _repr_mimebundle_(self, **_kwargs: Any) -> Any:
        """Text and HTML that need no kernel, and a widget that keeps what is chosen."""
        bundle = {"text/plain": repr(self), "text/html": self._repr_html_()}
        return LiveQuiz(self.questions, bundle["text/html"]).beside(bundle)


def ask(lesson: str | int, *names: str) -> Quiz:
    """Show the questions of a lesson, or those that are named.

    Args:
        lesson: the lesson's number, ``"01"`` or ``1``.
        names: questions of that lesson, for example ``"two-bars", "redirection"``; all but the
            predictions where left out.

    Raises:
        UnknownNameError: where there is no such lesson or question.
    """
    every = {question.name: question for question in questions(lesson)}
    chosen = [choose(f"question of lesson {lesson}", name, every) for name in names]
    if not chosen:
        chosen = [name for name, question in every.items() if not question.foretells]
    return Quiz(tuple(every[name] for name in chosen))


def predict(lesson: str | int, name: str = "prediction") -> Quiz:
    """Show a question that is answered before the next cell is run.

    Args:
        lesson: the lesson's number, ``"01"`` or ``1``.
        name: the question's key, which begins with ``prediction``.

    Raises:
        UnknownNameError: where there is no such lesson or prediction.
    """
    every = {question.name: question for question in questions(lesson) if question.foretells}
    return Quiz((every[choose(f"prediction of lesson {lesson}", name, every)],))
