"""Slopes: severe events in the comparator's arm and in the treated arm of the same trial."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure

from immunolib._errors import choose
from immunolib.figures._described import DescribedFigure, count
from immunolib.figures._harm_rows import LINE, NOT_COMPARED, SEVERE, WIDTH, Row, folded, percent
from immunolib.figures._harm_rows import safety_rows as every_row
from immunolib.figures._style import DIALS, INK, PAPER, QUIET, RC

#: What an event was laid to, by words of its name.
LAID_TO = {
    "treatment": ("treatment-related", "drug-related", "related to the trial regimen"),
    "immune response": ("immune-related",),
    "any cause": ("any cause",),
}
_LEFT, _RIGHT = 2.35, 3.85  # inches from the left edge: where the two arms stand
_TALL = 4.6  # inches from none to the most
_TOP, _BOTTOM = 0.85, 1.15


def _found(laid_to: str) -> list[Row]:
    """Rows of whole trials on activation, severe events, with a comparator in the same trial."""
    return [
        row
        for row in every_row()
        if (row.direction, row.organ) == ("activation", "whole body")
        and row.grade in SEVERE
        and row.percent is not None
        and row.comparator_percent is not None
        and any(words in row.event for words in LAID_TO[laid_to])
    ]


def spread(wanted: Sequence[float], tall: Sequence[float], low: float, high: float) -> list[float]:
    """Middles for labels as near as may be to where they are wanted, none over another.

    Args:
        wanted: where each label's middle is wanted, in rising order.
        tall: how tall each label is.
        low: no label begins below this.
        high: no label ends above this, where there is room for all.
    """
    from scipy.optimize import isotonic_regression

    heights = np.asarray(tall, dtype=float)
    if not len(heights):
        return []
    # Less what lies below it, each label may stand anywhere above the one before.
    below = np.cumsum(heights) - heights / 2
    near = isotonic_regression(np.asarray(wanted) - below).x
    room = max(low, high - float(heights.sum()))
    return [float(x) for x in np.clip(near, low, room) + below]


def harm_slopes(laid_to: str = "treatment") -> DescribedFigure:
    """One line for each arm: from its trial's comparator to it, in percent of people.

    Only severe events (grade 3 or worse, or grades 3 and 4 alone, as each trial counted them) of
    medicines that turn a response up, and only trials that have a comparator.  A line that falls
    is dashed.

    Args:
        laid_to: what the events were laid to: ``treatment``, ``immune response`` or ``any cause``.

    Returns:
        The described figure; its table has a row for each line.

    Raises:
        UnknownNameError: where ``laid_to`` is none of these.
    """
    found = _found(choose("cause", laid_to, LAID_TO))
    found.sort(key=lambda row: (row.trial.casefold(), row.regimen.casefold()))
    with rc_context(RC):
        figure = _draw(found)
    up = sum(_rise(row) > 0 for row in found)
    lines = count(len(found), "line")
    laid = {"treatment": "laid to the treatment", "immune response": "laid to the immune response",
            "any cause": "of any cause"}[laid_to]  # fmt: skip
    return DescribedFigure(
        figure,
        f"Severe events {laid}: from the comparator to the treated arm",
        f"{lines.capitalize()} between two columns, the comparator and the treated arm of one "
        f"trial; {up} rise, {len(found) - up} fall.",
        "\n".join([*map(_told, found), _summary(found, up)]),
        pd.DataFrame(
            [(row.safety_id, row.trial, row.event, row.against, row.comparator_percent,
              row.regimen, row.percent, row.evidence, row.note) for row in found],
            columns=["safety_id", "trial", "event", "comparator", "comparator percent",
                     "regimen", "percent", "evidence", "note"],
        ),
    )  # fmt: skip


def _rise(row: Row) -> float:
    return (row.percent or 0.0) - (row.comparator_percent or 0.0)


def _told(row: Row) -> str:
    rise = _rise(row)
    way = "more" if rise > 0 else "fewer"
    second = "" if row.evidence == "primary" else "; read in a secondary source"
    return (
        f"{row.trial}, {row.what}: {percent(row.comparator_percent or 0.0)} percent with "
        f"{row.against}, {percent(row.percent or 0.0)} percent with {row.regimen}, "
        f"{percent(round(abs(rise), 1))} in 100 {way}{second}."
    )


def _summary(found: list[Row], up: int) -> str:
    return (
        f"{count(up, 'line')} of {len(found)} rise: more severe events than with the comparator. "
        "Compare the two ends of one line only. The comparator may be a placebo or another "
        f"medicine. {NOT_COMPARED}"
    )


def _draw(found: list[Row]) -> Figure:
    ends = [x for row in found for x in (row.percent, row.comparator_percent) if x is not None]
    most = max(ends)
    height = _TOP + _TALL + _BOTTOM
    figure = Figure(figsize=(WIDTH, height))
    ax = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(0, height)
    ax.set_axis_off()
    colour = DIALS["activation"].colour

    def level(share: float) -> float:
        return _BOTTOM + _TALL * share / most

    for where, words, side in ((_LEFT, "comparator", "right"), (_RIGHT, "treated arm", "left")):
        ax.plot([where, where], [_BOTTOM, _BOTTOM + _TALL], color=QUIET, linewidth=1)
        ax.text(where, height - 0.35, words, ha=side, fontweight="bold")
    for row in found:
        first, last = level(row.comparator_percent or 0.0), level(row.percent or 0.0)
        falls = _rise(row) < 0
        ax.plot([_LEFT, _RIGHT], [first, last], color=colour, linewidth=2.5,
                linestyle="--" if falls else "-", gid=f"slope {row.safety_id}")  # fmt: skip
        second = row.evidence != "primary"
        ax.plot([_LEFT], [first], marker="D", markersize=8, color=INK, markerfacecolor=PAPER,
                markeredgewidth=1.8)  # fmt: skip
        ax.plot([_RIGHT], [last], marker="s" if second else "o", markersize=9, color=colour)
    left = {(level(row.comparator_percent or 0.0), _beside(row)) for row in found}
    right = {
        (level(row.percent or 0.0), folded(f"{percent(row.percent or 0.0)}  {row.regimen}",
                                           WIDTH - _RIGHT - 0.4))
        for row in found
    }  # fmt: skip
    _labels(ax, sorted(left), _LEFT, -1)
    _labels(ax, sorted(right), _RIGHT, 1)
    ax.text(0.1, 0.12, "Percent of people with a severe event. Dashed: the line falls.\n"
            "Square: read in a secondary source. Compare the ends of one line only.",
            color=QUIET, linespacing=1.25)  # fmt: skip
    return figure


def _beside(row: Row) -> str:
    """A comparator's label: its trial, what it is, and its percentage."""
    words = folded(f"{row.trial}: {row.against}", _LEFT - 0.85)
    return f"{words}  {percent(row.comparator_percent or 0.0)}"


def _labels(ax: Any, held: list[tuple[float, str]], where: float, side: int) -> None:
    """Labels beside a column, spread so that none touches another, each with a leader."""
    tall = [LINE * (words.count("\n") + 1) + 0.07 for _, words in held]
    places = spread([at for at, _ in held], tall, _BOTTOM - 0.45, _BOTTOM + _TALL + 0.3)
    for (at, words), place in zip(held, places, strict=True):
        near, far = where + side * 0.1, where + side * 0.28
        ax.plot([near, far], [at, place], color=QUIET, linewidth=1)
        ax.text(far + side * 0.05, place, words, ha="left" if side > 0 else "right",
                va="center", linespacing=1.1)  # fmt: skip
