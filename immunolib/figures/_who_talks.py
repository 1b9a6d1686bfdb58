"""Who talks: a matrix of senders and receivers, with a sign for what a message does."""

from collections import Counter
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from immunolib.figures import _who_talks_scene as _scene
from immunolib.figures._described import DescribedFigure
from immunolib.figures._picture import Part, Picture
from immunolib.figures._style import DIALS, FAINT, INK, QUIET
from immunolib.figures._who_talks_scene import EVERY, Scene

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_WIDTH, _LEFT, _TOP, _FOOT = 6.8, 1.56, 1.54, 1.08
_ACROSS, _DOWN = 0.395, 0.37  # a square, in inches
_LOOKS = {"+": DIALS["activation"], "−": DIALS["suppression"]}
_LETTERS = 80  # in a line at the foot
_LINES = 3


def picture(what: Scene) -> Picture:
    """The scene as a frame and parts."""
    counted = Counter((row.sender, row.receiver, row.sign) for row in what.rows)
    marks = tuple(
        (_scene.cells().index(sender), _scene.cells().index(receiver), sign, number)
        for (sender, receiver, sign), number in sorted(counted.items())
    )
    return Picture(
        "who talks",
        _stage,
        (
            Part("sender chosen", what.sender, _row, zorder=2.5),
            Part("receiver chosen", what.receiver, _column, zorder=2.5),
            Part("marks", marks, _marks, zorder=3),
            Part("names", _foot(what), _names, zorder=4),
        ),
    )


def _stage(ax: "Axes | None") -> list["Axes"]:
    cells = _scene.cells()
    high = _TOP + len(cells) * _DOWN + _FOOT
    if ax is None:
        ax = Figure(figsize=(_WIDTH, high)).add_axes((0, 0, 1, 1))
    ax.set_xlim(0, _WIDTH)
    ax.set_ylim(high, 0)
    ax.axis("off")
    right, low = _LEFT + len(cells) * _ACROSS, _TOP + len(cells) * _DOWN
    for number, cell in enumerate(cells):
        ax.text(_LEFT - 0.08, _row_at(number), cell, ha="right", va="center")
        ax.text(_column_at(number), _TOP - 0.08, cell, ha="center", va="bottom", rotation=90)
    for number in range(len(cells) + 1):
        x, y = _LEFT + number * _ACROSS, _TOP + number * _DOWN
        ax.plot([x, x], [_TOP, low], color=FAINT, linewidth=1)
        ax.plot([_LEFT, right], [y, y], color=FAINT, linewidth=1)
    ax.text(_LEFT - 0.08, _TOP - 0.2, "sends ↓", ha="right", va="bottom", fontweight="bold")
    ax.text(_LEFT - 0.08, _TOP - 0.5, "receives →", ha="right", va="bottom", fontweight="bold")
    key = "+ stimulates   − inhibits   a number: so many messages"
    ax.text(_LEFT, low + 0.1, key, va="top", color=QUIET)
    return [ax]


def _row_at(number: int) -> float:
    return _TOP + (number + 0.5) * _DOWN


def _column_at(number: int) -> float:
    return _LEFT + (number + 0.5) * _ACROSS


def _band(ax: "Axes", x: float, y: float, wide: float, high: float) -> list["Artist"]:
    look: dict[str, Any] = {"facecolor": "none", "edgecolor": INK, "linewidth": 2}
    return [ax.add_artist(Rectangle((x, y), wide, high, **look))]


def _row(ax: "Axes", cell: str) -> list["Artist"]:
    """A frame around the row of the sender that was chosen."""
    if cell == EVERY:
        return []
    at = _TOP + _scene.cells().index(cell) * _DOWN
    return _band(ax, 0.03, at, _LEFT + len(_scene.cells()) * _ACROSS - 0.03, _DOWN)


def _column(ax: "Axes", cell: str) -> list["Artist"]:
    """A frame around the column of the receiver that was chosen."""
    if cell == EVERY:
        return []
    at = _LEFT + _scene.cells().index(cell) * _ACROSS
    return _band(ax, at, 0.03, _ACROSS, _TOP + len(_scene.cells()) * _DOWN - 0.03)


def _marks(ax: "Axes", marks: tuple[tuple[int, int, str, int], ...]) -> list["Artist"]:
    """In each square what stimulates above, and what inhibits below; alone, either fills it."""
    signs = Counter((down, across) for down, across, _, _ in marks)
    artists: list[Artist] = []
    for down, across, sign, number in marks:
        both = signs[down, across] > 1
        high = _DOWN / 2 if both else _DOWN
        x, y = _LEFT + across * _ACROSS, _TOP + down * _DOWN
        y += high if both and sign == "−" else 0
        look = _LOOKS[sign]
        artists.append(ax.add_artist(Rectangle(
            (x + 0.02, y + 0.015), _ACROSS - 0.04, high - 0.03, facecolor=look.tint, linewidth=0,
        )))  # fmt: skip
        text = ax.text(
            x + _ACROSS / 2, y + high / 2, f"{sign}{number if number > 1 else ''}",
            ha="center", va="center_baseline", color=look.colour, fontweight="bold",
            fontsize=11.5 if both else 12, gid=f"mark {down} {across} {sign}",
        )  # fmt: skip
        artists.append(text)
    return artists


def _foot(what: Scene) -> str:
    """The names of the messages that are shown."""
    some = _scene.names(what.rows)
    if not some:
        return "No such message in our table: try another choice."
    lines = wrap(f"Shown: {', '.join(some)}.", _LETTERS)
    return "\n".join(lines[:_LINES])


def _names(ax: "Axes", text: str) -> list["Artist"]:
    low = _TOP + len(_scene.cells()) * _DOWN
    return [ax.text(0.06, low + 0.42, text, va="top", linespacing=1.25, fontsize=11.5)]


def table(what: Scene) -> pd.DataFrame:
    """The rows that are shown."""
    return pd.DataFrame(
        [(r.message, r.name, r.sender, r.receiver, r.effect, r.how) for r in what.rows],
        columns=["message", "name", "from", "to", "effect", "how"],
    )


def who_talks(
    message: str = EVERY, sender: str = EVERY, receiver: str = EVERY, ax: "Axes | None" = None
) -> DescribedFigure:
    """Who sends which message to whom: senders down, receivers across.

    A plus stands for messages that stimulate the cell that receives them, a minus for messages
    that inhibit it; a number counts them.

    Args:
        message: a message by its symbol or its name, for example ``"IL2"`` or ``"IL-2"``, or
            ``every``.
        sender: a kind of cell, for example ``"T cell"``, or ``every``.
        receiver: a kind of cell, or ``every``.
        ax: where to draw; a new figure where left out.

    Returns:
        The described figure; its table has the rows of ``load_messages()`` that are shown.

    Raises:
        UnknownNameError: where a name is none of the table's.
    """
    what = _scene.scene(message, sender, receiver)
    return DescribedFigure.of(picture(what), _scene.words(what), table(what), ax)
