"""The one shell of all explorers: controls, picture and sentence in an ipywidgets box.

It holds no knowledge of any subject.  A control's change asks the explorer's pure functions for
the new scene, its picture and its sentence; an error is shown in the sentence, and the last good
picture stays.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets

from immunolib._errors import ImmunolibError
from immunolib.explorers._controls import Choice, Control, Day, Values, clean
from immunolib.figures import DescribedFigure


@dataclass(frozen=True)
class Plan:
    """What makes an explorer: its controls and its pure functions.

    Attributes:
        name: the function of ``immunolib.explorers`` that makes it.
        title: a short name for people.
        controls: what can be set.
        state: from values to the scene, an immutable description of all that is shown.
        show: from the scene to the described figure.
        changed: from an old and a new scene to one sentence on what changed.
    """

    name: str
    title: str
    controls: tuple[Control, ...]
    state: Callable[[Values], Any]
    show: Callable[[Any], DescribedFigure]
    changed: Callable[[Any, Any], str]


class Voice(anywidget.AnyWidget):
    """What an explorer says: a live region that stays on the page while its words change.

    A region that is replaced with its words, as ``widgets.HTML`` does, is often not read aloud.
    The same few lines keep JupyterLab's shortcuts away from the explorer's controls: without
    them the arrow keys in a drop-down list move the notebook's cells instead.
    """

    _esm = Path(__file__).with_name("voice.js")
    said = traitlets.Unicode().tag(sync=True)
    gist = traitlets.Unicode().tag(sync=True)


class Explorer(widgets.VBox):  # type: ignore[misc]
    """An explorer at work.

    It links, observes and lays out like any ipywidget.  ``values`` holds the settings, ``set``
    changes them from code, ``scene`` is what is shown, ``sentence`` what was said last, and
    ``code`` is the line that brings this state back.  As text, and in a notebook that has not been
    run, it is the described picture of its first state.
    """

    def __init__(self, plan: Plan, values: Values) -> None:
        self._plan = plan
        self.values = clean(plan.controls, values)
        self.scene = plan.state(self.values)
        self.first = plan.show(self.scene)
        self.sentence = ""
        self._quiet = False
        self._inputs = {c.name: _widget(c, self.values[c.name]) for c in plan.controls}
        self._picture = widgets.HTML(layout=widgets.Layout(width="auto"))
        self._voice = Voice()
        self._words = widgets.HTML(layout=widgets.Layout(width="auto"))
        for control in plan.controls:
            self._inputs[control.name].observe(self._moved, names="value")
        reset = widgets.Button(description="Start again", layout=_TOUCH)
        reset.on_click(self._reset)
        row = widgets.Box(
            [*self._inputs.values(), reset],
            layout=widgets.Layout(flex_flow="row wrap", align_items="center", width="100%"),
        )
        super().__init__([row, self._voice, self._picture, self._words])
        self.add_class(_CLASS)
        self._start = dict(self.values)
        self._paint(self.first, "")

    def set(self, **values: Any) -> None:
        """Change some settings from code, as if by hand.

        Raises:
            UnknownNameError: for a name that no control has, or a choice that does not exist.
            DateError: for a day outside its range.
        """
        wanted = clean(self._plan.controls, {**self.values, **values})
        self._quiet = True
        for name, value in wanted.items():
            self._inputs[name].value = value
        self._quiet = False
        self._show(wanted)

    @property
    def code(self) -> str:
        """The line that makes an explorer in the present state."""
        settings = ", ".join(
            f"{c.name}={self.values[c.name].isoformat()!r}"
            if isinstance(c, Day)
            else f"{c.name}={self.values[c.name]!r}"
            for c in self._plan.controls
            if self.values[c.name] != c.default
        )
        return f"explorers.{self._plan.name}({settings})"

    def _reset(self, _button: object) -> None:
        self.set(**self._start)

    def _moved(self, _change: object) -> None:
        if not self._quiet:
            self._show({name: box.value for name, box in self._inputs.items()})

    def _show(self, values: Values) -> None:
        try:
            wanted = clean(self._plan.controls, values)
            scene = self._plan.state(wanted)
            shown = self._plan.show(scene)
            said = self._plan.changed(self.scene, scene)
        except ImmunolibError as error:
            self._say(f"This cannot be shown: {error}")
            return
        self.values, self.scene = wanted, scene
        self._paint(shown, said)

    def _paint(self, shown: DescribedFigure, said: str) -> None:
        self._picture.value = shown.image()
        self.description = shown.description
        self._say(said)

    def _say(self, said: str) -> None:
        """Put what changed and the gist above the picture, and all the words below it."""
        self.sentence = said
        gist, *rest = self.description.splitlines()
        with self._voice.hold_sync():
            self._voice.said, self._voice.gist = said, gist
        words = "".join(f"<p>{escape(line)}</p>" for line in rest)
        self._words.value = (
            f"<div style='{_TEXT}'>{words}<p>This state as code: <code>{escape(self.code)}</code>"
            "</p></div>"
        )

    def __repr__(self) -> str:
        return repr(self.first)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        names = ", ".join(control.label for control in self._plan.controls)
        still = (
            f"<p><em>{escape(self._plan.title)}: this is its first picture. Run the notebook to "
            f"move it by: {escape(names)}.</em></p>{self.first.html()}"
        )
        bundle: dict[str, Any] = {"text/plain": repr(self), "text/html": still}
        view = super()._repr_mimebundle_()
        key = "application/vnd.jupyter.widget-view+json"
        return bundle | {key: view[key]} if view and key in view else bundle


_CLASS = "immunolib-explorer"
_TEXT = "max-width: 46em; font-size: 14px; line-height: 1.45"
_TOUCH = widgets.Layout(height="44px", width="auto", margin="4px")


def _widget(control: Control, value: Any) -> widgets.Widget:
    style = {"description_width": "initial"}
    if isinstance(control, Choice):
        box = widgets.Dropdown(
            options=[(control.label_of(option), option) for option in control.options],
            value=value,
            description=control.label,
            style=style,
        )
    else:
        box = widgets.DatePicker(
            value=value, min=control.first, max=control.last, description=control.label, style=style
        )
    box.layout = widgets.Layout(
        height="44px", width="auto", min_width="15em", max_width="100%", margin="4px"
    )
    return box
