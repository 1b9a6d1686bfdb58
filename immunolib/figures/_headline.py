"""A headline and the study behind it: the step on the ladder, and the facts layer by layer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from immunolib._errors import choose
from immunolib.figures._described import DescribedFigure, Words
from immunolib.figures._ladder import RUNGS, SETTINGS, Study, study
from immunolib.figures._picture import Part, Picture
from immunolib.figures._style import FAINT, INK, PAPER, QUIET, wrapped

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

NOT_YET = "no guess yet"
GUESSES = (NOT_YET, *SETTINGS)
#: What can be laid open, each layer with those before it.
LAYERS = (
    "headline only",
    "who was studied",
    "how many and how",
    "what was found",
    "what came later",
)
_UNREAD = (
    "Treat it as unread: pass nothing on, and decide nothing by it. If it matters to you, ask "
    "whoever published it which study is meant."
)
_WIDTH, _HEIGHT = 6.8, 7.45  # inches
_LEFT = 0.2
_STEP, _GAP = 1.26, 0.025
_FLOOR, _LOWEST, _RISE = 2.2, 0.5, 0.2
_TEXT = 3.0  # where the words begin
_LINE, _BETWEEN = 0.212, 0.1
_TINT = "#e8e8e8"
_ROOM = _WIDTH - 2 * _LEFT - 0.1


@dataclass(frozen=True)
class Scene:
    """A headline, a guess, and how many layers are open.

    Attributes:
        guess: one of ``GUESSES``.
        layers: how many layers beyond the headline are open, 0 to 4.
    """

    study: Study
    guess: str
    layers: int

    @property
    def answered(self) -> bool:
        """Whether it can be seen if the guess is right."""
        return self.guess != NOT_YET and self.layers > 0 and self.study.rung is not None

    @property
    def steps(self) -> tuple[int, ...]:
        """The steps that the study can stand on, as far as has been laid open."""
        if self.study.rung is None or not self.layers:
            return ()
        return SETTINGS[self.study.setting] if self.layers == 1 else (self.study.rung,)

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The layers that are open: a name and a text of each."""
        if not self.layers:
            return ()
        if self.study.rung is None:
            return (("Source not found", self.study.note), ("What to do", _UNREAD))
        facts = _facts(self.study)  # the verdict opens with what came later
        return facts if self.layers == len(LAYERS) - 1 else facts[: self.layers]


def scene(headline: str, guess: str = NOT_YET, reveal: str = LAYERS[-1]) -> Scene:
    """The scene of these settings.

    Raises:
        UnknownNameError: where one of them names nothing.
    """
    layers = LAYERS.index(choose("layer", reveal, LAYERS))
    return Scene(study(headline), choose("guess", guess, GUESSES), layers)


def _facts(what: Study) -> tuple[tuple[str, str], ...]:
    many = f"{what.n} {what.species}" if what.n.isdigit() else what.n
    second = "" if what.evidence == "primary" else " (Read second-hand.)"
    counted, found = ("", second) if what.effect else (second, "")
    return (
        (
            "Who was studied",
            f"{_capital(what.species)}. {what.journal}, {what.published or 'day not read'}.",
        ),
        (
            "How many, how, against what",
            f"{_capital(many) or 'The number is not in what was read'}. {_capital(what.design)}. "
            f"Compared with: {what.comparator or 'nothing on record'}.{counted}",
        ),
        ("What was found", (what.effect or "No number that could be read and checked.") + found),
        ("What came later", what.later or "Nothing is on record."),
        ("How the headline stands", f"{_capital(what.verdict)}."),
    )  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def picture(what: Scene) -> Picture:
    """The scene as a frame and parts."""
    says = wrapped(what.study.says, _ROOM, bold=True)
    at = _TEXT + len(says) * _LINE + _BETWEEN
    parts = [Part("headline", says, _says, zorder=3)]
    facts = what.facts
    for place in range(len(LAYERS)):
        name, text = facts[place] if place < len(facts) else ("", "")
        lines = wrapped(text, _ROOM) if text else ()
        parts.append(Part(f"fact {place + 1}", (round(at, 4), name, lines), _fact, zorder=3))
        at += (len(lines) + 1) * _LINE + _BETWEEN if lines else 0.0
    closed = () if what.study.rung is None and facts else LAYERS[what.layers + 1 :]
    parts += [
        Part("closed", (round(at, 4), closed), _closed, zorder=3),
        Part("step", (what.steps, _marked(what)), _mark, zorder=2),
        Part("guess", (what.guess, _verdict(what)), _guess, zorder=3),
    ]
    return Picture("headline", _stage, tuple(parts))


def _top(step: int) -> float:
    return _FLOOR - _LOWEST - _RISE * step


def _stage(ax: "Axes | None") -> list["Axes"]:
    """The ladder as five steps; inches from the top left corner."""
    if ax is None:
        ax = Figure(figsize=(_WIDTH, _HEIGHT)).add_axes((0, 0, 1, 1))
    ax.set_xlim(0, _WIDTH)
    ax.set_ylim(_HEIGHT, 0)
    ax.set_axis_off()
    for step, name in enumerate(RUNGS):
        left = _LEFT + step * (_STEP + _GAP)
        ax.add_patch(
            Rectangle((left, _top(step)), _STEP, _FLOOR - _top(step), facecolor=_TINT,
                      edgecolor=QUIET, linewidth=1)
        )  # fmt: skip
        label = "\n".join(wrapped(name, _STEP - 0.1))
        ax.text(left + _STEP / 2, _FLOOR - 0.25, label, ha="center", va="center", fontsize=11.5)
    ax.text(_LEFT, 0.24, "The ladder: how near to people who are treated?", va="center",
            color=QUIET)  # fmt: skip
    return [ax]


def _marked(what: Scene) -> str:
    if not what.steps:
        return "no study found" if what.layers else ""
    return "one of these" if len(what.steps) > 1 else "this study"


def _mark(ax: "Axes", data: tuple[tuple[int, ...], str]) -> list["Artist"]:
    steps, label = data
    made: list[Artist] = []
    for step in steps:
        left = _LEFT + step * (_STEP + _GAP)
        made.append(
            ax.add_patch(
                Rectangle((left, _top(step)), _STEP, _FLOOR - _top(step), facecolor="none",
                          edgecolor=INK, linewidth=3, gid=f"step {step}")
            )
        )  # fmt: skip
    if not label:
        return made
    if not steps:
        return [ax.text(_LEFT, 0.8, f"?  {label}", va="center", fontweight="bold")]
    middle = _LEFT + (sum(steps) / len(steps)) * (_STEP + _GAP) + _STEP / 2
    y = _top(max(steps)) - 0.17
    made.append(ax.text(middle, y, f"▼ {label}", ha="center", va="center", fontweight="bold"))
    return made


def _verdict(what: Scene) -> str:
    if what.guess == NOT_YET and what.layers:
        return "too late"
    if not what.answered:
        return ""
    return "right" if what.guess == what.study.setting else "not this one"


def _guess(ax: "Axes", data: tuple[str, str]) -> list["Artist"]:
    guess, verdict = data
    if guess == NOT_YET and verdict:
        return []
    if guess == NOT_YET:
        return [ax.text(_LEFT, _FLOOR + 0.38, "Your guess: cells, animals or people?", va="center",
                        color=QUIET)]  # fmt: skip
    steps = SETTINGS[guess]
    start = _LEFT + steps[0] * (_STEP + _GAP)
    end = _LEFT + steps[-1] * (_STEP + _GAP) + _STEP
    y = _FLOOR + 0.12
    said = {"": f"your guess: {guess}", "right": f"✓ your guess is right: {guess}",
            "not this one": f"✗ your guess: {guess}; it was not"}[verdict]  # fmt: skip
    return [
        ax.add_artist(Line2D([start, start, end, end], [y - 0.07, y, y, y - 0.07], color=INK,
                             linewidth=2, linestyle="-" if verdict == "right" else (0, (3, 2)))),
        ax.text(start, _FLOOR + 0.38, said, va="center",
                fontweight="bold" if verdict else "normal"),
    ]  # fmt: skip


def _says(ax: "Axes", lines: tuple[str, ...]) -> list["Artist"]:
    return [
        ax.text(_LEFT, _TEXT + at * _LINE, line, va="center", fontweight="bold", fontsize=12)
        for at, line in enumerate(lines)
    ]


def _fact(ax: "Axes", data: tuple[float, str, tuple[str, ...]]) -> list["Artist"]:
    y, name, lines = data
    if not lines:
        return []
    rule = ax.add_artist(Line2D([_LEFT, _WIDTH - _LEFT], [y - 0.13] * 2, color=FAINT, linewidth=1))
    head: Any = ax.text(_LEFT, y, name, va="center", color=QUIET, fontweight="bold")
    return [
        rule,
        head,
        *(ax.text(_LEFT + 0.1, y + (at + 1) * _LINE, line, va="center")
          for at, line in enumerate(lines)),
    ]  # fmt: skip


def _closed(ax: "Axes", data: tuple[float, tuple[str, ...]]) -> list["Artist"]:
    y, names = data
    if not names:
        return []
    box = ax.add_patch(
        Rectangle((_LEFT, y - 0.1), _WIDTH - 2 * _LEFT, len(names) * 0.27 + 0.06, facecolor=PAPER,
                  edgecolor=FAINT, linewidth=1, hatch="....", zorder=0)
    )  # fmt: skip
    return [
        box,
        *(ax.text(_LEFT + 0.12, y + 0.07 + at * 0.27, f"not open yet: {name}", va="center",
                  color=QUIET, bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5})
          for at, name in enumerate(names)),
    ]  # fmt: skip


def _place(what: Scene) -> str:
    if not what.layers:
        return ""
    if what.study.rung is None:
        return "No step of the ladder can be marked: no study with this title was found."
    if what.layers == 1:
        steps = " or ".join(RUNGS[step] for step in what.steps)
        return f"On the ladder that is: {steps}."
    return (
        f"On the ladder the study stands on step {what.study.rung + 1} of {len(RUNGS)}: "
        f"{RUNGS[what.study.rung]}."
    )


def describe(what: Scene) -> str:
    """Say in words what the picture shows."""
    lines = [f"The headline, in our words: {what.study.says}."]
    place = _place(what)
    if place:
        lines[0] += f" {place}"
    else:
        lines[0] += " Was it seen in cells in a dish, in animals or in people? Guess first."
    if what.guess != NOT_YET:
        told = {
            "": f"Your guess is {what.guess}; open the next layer to see.",
            "right": f"Your guess, {what.guess}, is right.",
            "not this one": f"Your guess was {what.guess}; it was {what.study.setting}.",
        }[_verdict(what)]
        if what.study.rung is None and what.layers:
            told = f"Your guess, {what.guess}, can be neither right nor wrong."
        lines.append(told)
    lines += [f"{name}: {text}" for name, text in what.facts]
    return "\n".join(lines)


def words(what: Scene) -> Words:
    """Title, alternative text and description of a scene."""
    if not what.layers:
        alt = "Five steps from cells in a dish to several trials; no step is marked yet."
    elif what.study.rung is None:
        alt = "Five steps from cells in a dish to several trials; none is marked: no study found."
    else:
        marked = " or ".join(RUNGS[step] for step in what.steps)
        alt = f"Five steps from cells in a dish to several trials; marked: {marked}."
    return Words(f"Headline and study: {what.study.key}", alt, describe(what))


def table(what: Scene) -> pd.DataFrame:
    """What is laid open, one row a layer, and where it was read."""
    rows = [("The headline, in our words", what.study.says), *what.facts]
    if what.layers and what.study.source:
        rows.append(("Source", what.study.source))
    return pd.DataFrame(rows, columns=["layer", "what it says"])


def changed(old: Scene, new: Scene) -> str:
    """Say what differs between two scenes."""
    if old == new:
        return "Nothing has changed."
    said = []
    if old.study != new.study:
        said.append(f"The headline is now: {new.study.says}.")
    if old.layers != new.layers:
        said.append(f"Open now: {LAYERS[new.layers]}.")
    if old.guess != new.guess:
        said.append("The guess is gone." if new.guess == NOT_YET else f"You guessed {new.guess}.")
    if new.answered and (_verdict(new), new.study) != (_verdict(old), old.study):
        right = new.guess == new.study.setting
        said.append("That is right." if right else f"It was {new.study.setting}.")
    elif new.layers and old.layers != new.layers:
        said.append(_place(new))
    return " ".join(said)


def headline(
    headline: str, guess: str = NOT_YET, reveal: str = LAYERS[-1], ax: "Axes | None" = None
) -> DescribedFigure:
    """A headline and the study behind it, on the ladder of evidence.

    Args:
        headline: its name in ``load_headlines()``, for example ``"hl-mesothelioma"``.
        guess: ``"cells in a dish"``, ``"animals"``, ``"people"`` or ``"no guess yet"``.
        reveal: the last layer that is open: ``"headline only"``, ``"who was studied"``,
            ``"how many and how"``, ``"what was found"`` or ``"what came later"``.
        ax: where to draw; a figure of its own where left out.

    Raises:
        UnknownNameError: where the headline, the guess or the layer names nothing.
    """
    what = scene(headline, guess, reveal)
    return DescribedFigure.of(picture(what), words(what), table(what), ax)
