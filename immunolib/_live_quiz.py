"""Questions at work: the same page as without a kernel, and what is chosen is kept."""

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from immunolib import _kept
from immunolib._errors import ImmunolibError
from immunolib._questions import Question

VIEW = "application/vnd.jupyter.widget-view+json"


class Beside(anywidget.AnyWidget):
    """A widget that stands beside a form of itself that needs no kernel."""

    def beside(self, bundle: dict[str, str]) -> Any:
        """What a cell shows: the still forms, and the widget where one can be shown."""
        view = super()._repr_mimebundle_()
        held = view[0] if isinstance(view, tuple) else view
        return bundle | {VIEW: held[VIEW]} if held and VIEW in held else bundle


class LiveQuiz(Beside):
    """Some questions at work.

    Attributes:
        said: the sentence that was said last.
    """

    _esm = Path(__file__).with_name("quiz.js")
    _css = Path(__file__).with_name("quiz.css")
    _html = traitlets.Unicode().tag(sync=True)
    #: The place of each prediction that was made earlier, by its question's key.
    _made: Any = traitlets.Dict().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)

    def __init__(self, questions: tuple[Question, ...], html: str) -> None:
        self._questions = {question.key: question for question in questions}
        made, said = self._earlier()
        super().__init__(_html=html, _made=made, said=said)
        self.on_msg(self._heard)

    def _earlier(self) -> tuple[dict[str, int], str]:
        """Predictions made before, and a sentence on what was answered before."""
        try:
            kept, said = _kept.load()
        except ImmunolibError as error:
            return {}, str(error)
        held = {
            key: (question, kept[key])
            for key, question in self._questions.items()
            if key in kept and kept[key].asked == question.digest
        }
        made = {key: answer.last for key, (question, answer) in held.items() if question.foretells}
        answered = [
            (question, answer) for question, answer in held.values() if not question.foretells
        ]
        if answered and not said:
            right = sum(answer.first == question.right for question, answer in answered)
            last = max(answer.on for _, answer in answered)
            said = (
                f"You have answered {len(answered)} of these before, last on {last}: "
                f"{right} right at the first try. Try again without looking."
            )
        return made, said

    def _heard(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        question = self._questions.get(str(message.get("question")))
        option = message.get("option")
        if (
            question is None
            or not isinstance(option, int)
            or not 0 <= option < len(question.options)
        ):
            self.said = "This choice could not be kept: run the cell again."
            return
        try:
            said = _kept.record(question.key, question.digest, option)
        except ImmunolibError as error:
            self.said = str(error)
            return
        if question.foretells:
            chosen = question.options[option].text.rstrip(".")
            told = f"Your guess is kept: {chosen}. Now run the next cell."
        else:
            told = self._tally()
        self.said = f"{said} {told}".strip()

    def _tally(self) -> str:
        kept, _ = _kept.load()
        answers = [
            (question, kept[key])
            for key, question in self._questions.items()
            if key in kept and kept[key].asked == question.digest
        ]
        right = sum(answer.first == question.right for question, answer in answers)
        return (
            f"Kept on this computer: {len(answers)} of {len(self._questions)} answered, "
            f"{right} right at the first try."
        )
