"""The timeline of licensed immunomodulators, both dials, as it stood on a day.

The scene says what there is to see, and its words; ``draw`` draws it.
"""

from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from immunolib import datasets
from immunolib._dates import period
from immunolib.datasets import _asof
from immunolib.figures._described import DescribedFigure, count
from immunolib.figures._style import DIALS, FAINT, INK, PAPER, QUIET, RC, fit
from immunolib.figures._timeline_scene import EVERY, FIRST_DAY, Mark, Row, Scene, describe, scene

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BEND = 1980.0  # years before it are drawn five times narrower
_NARROW = 5.0
_TICKS = (1890, 1980, 1990, 2000, 2010, 2020)
_ROW_INCHES = 0.285
_WIDTH_INCHES = 6.8
_LABEL_INCHES = 2.9


def year(day: date) -> float:
    """A day as a decimal year, the unit of the time axis."""
    first = date(day.year, 1, 1)
    return day.year + (day - first) / (date(day.year + 1, 1, 1) - first)


def _squeeze(values: Any) -> Any:
    years = np.asarray(values, dtype=float)
    return np.where(years < _BEND, _BEND + (years - _BEND) / _NARROW, years)


def _stretch(values: Any) -> Any:
    held = np.asarray(values, dtype=float)
    return np.where(held < _BEND, _BEND + (held - _BEND) * _NARROW, held)


def draw(what: Scene, ax: "Axes | None" = None) -> "Axes":
    """Draw the scene; rows from top to bottom, time from left to right."""
    with rc_context(RC):
        lines = _lines(what)
        height = (len(lines) + 3.4) * _ROW_INCHES + 0.55
        if ax is None:
            figure = Figure(figsize=(_WIDTH_INCHES, height))
            top, bottom = 2.6 * _ROW_INCHES / height, 0.62 / height
            ax = figure.add_axes(
                (
                    _LABEL_INCHES / _WIDTH_INCHES,
                    bottom,
                    1 - (_LABEL_INCHES + 0.42) / _WIDTH_INCHES,
                    1 - top - bottom,
                )
            )
        _axes(ax, what, len(lines))
        for level, line in enumerate(lines):
            if isinstance(line, str):
                _header(ax, level, line)
            else:
                _row(ax, level, line, what)
        _legend(ax, what)
    return ax


def _lines(what: Scene) -> list[str | Row]:
    lines: list[str | Row] = []
    for name, members in groupby(what.rows, key=lambda row: row.direction):
        lines += [name, *members]
    return lines


def _axes(ax: "Axes", what: Scene, levels: int) -> None:
    ax.set_xscale("function", functions=(_squeeze, _stretch))
    last = year(datasets.edition()) + 1.2
    ax.set_xlim(year(FIRST_DAY) - 2, last)
    ax.set_ylim(max(levels, 1) - 0.4, -0.7)
    ax.set_xticks(_TICKS, [str(tick) for tick in _TICKS])
    ax.set_xticks(range(1900, 1980, 10), minor=True)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=FAINT, linewidth=0.8)
    ax.set_xlabel("year of the first licence (years before 1980 drawn narrower)", x=1, ha="right")
    today = year(what.as_of)
    ax.axvspan(year(what.covered_through), last, facecolor="none", edgecolor=QUIET, hatch="///",
               linewidth=0, alpha=0.45, gid="uncovered")  # fmt: skip
    ax.axvspan(today, last, color="#efefef", zorder=0.5, gid="later")
    ax.axvline(today, color=INK, linewidth=2, zorder=4, gid="as-of")
    ax.annotate(
        f"as of {what.as_of.isoformat()}",
        (today, 1),
        xycoords=("data", "axes fraction"),
        xytext=(0, 4),
        textcoords="offset points",
        ha="right" if today > 1996 else "left",
        fontweight="bold",
        annotation_clip=False,
    )


def _header(ax: "Axes", level: int, direction: str) -> None:
    dial = DIALS[direction]
    label = _LABEL_INCHES / (_WIDTH_INCHES - _LABEL_INCHES - 0.42)
    ax.add_patch(
        Rectangle(
            (-label, level - 0.5),
            1 + label,
            1,
            transform=ax.get_yaxis_transform(),
            color=dial.tint,
            clip_on=False,
            zorder=0.6,
        )
    )
    ax.annotate(
        f"{dial.symbol} {dial.name}: {dial.effect}",
        (0, level),
        xycoords=("axes fraction", "data"),
        xytext=(-_LABEL_INCHES * 72 + 6, 0),
        textcoords="offset points",
        va="center",
        color=dial.colour,
        fontweight="bold",
        annotation_clip=False,
        zorder=6,
    )


def _row(ax: "Axes", level: int, row: Row, what: Scene) -> None:
    dial = DIALS[row.direction]
    ax.annotate(
        fit(row.label, _LABEL_INCHES - 0.3),
        (0, level),
        xycoords=("axes fraction", "data"),
        xytext=(-_LABEL_INCHES * 72 + 18, 0),
        textcoords="offset points",
        va="center",
        color=INK if row.licensed else QUIET,
        annotation_clip=False,
    )
    held = [mark for mark in row.marks if mark.licensed]
    if held:
        start = min(year(period(mark.since).middle) for mark in held)
        ax.plot([start, year(what.as_of)], [level, level], color=dial.colour, linewidth=2,
                alpha=0.35, zorder=1.5, solid_capstyle="butt")  # fmt: skip
    for mark in row.marks:
        _mark(ax, level, mark)
    if not what.by_agent and row.licensed:
        ax.annotate(
            str(row.licensed),
            (1, level),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=dial.colour,
            fontweight="bold",
            annotation_clip=False,
        )


def _mark(ax: "Axes", level: int, mark: Mark) -> None:
    if not mark.since or mark.status == _asof.UNKNOWN:
        return
    dial = DIALS[mark.direction]
    when = period(mark.since)
    at = year(when.middle)
    style: dict[str, Any] = {
        "marker": dial.marker,
        "markersize": 7 if dial.marker == "D" else 9,
        "markeredgecolor": dial.colour,
        "markerfacecolor": dial.colour,
        "linestyle": "none",
        "zorder": 3,
    }
    if mark.status == _asof.EMERGENCY:
        style |= {"fillstyle": "left", "markerfacecoloralt": PAPER}
    elif mark.licensed:
        style |= {"markeredgecolor": PAPER, "markeredgewidth": 0.8}
    elif mark.status == _asof.STUDIED:
        style |= {"marker": "o", "markersize": 7, "markerfacecolor": PAPER, "markeredgecolor": INK}
    else:
        style |= {"markerfacecolor": PAPER, "markeredgewidth": 1.6}
    if when.precision != "day":
        ax.plot([year(when.start), year(when.end + timedelta(days=1))], [level, level],
                color=style["markeredgecolor"] if not mark.licensed else dial.colour,
                linewidth=1.5, zorder=2.5)  # fmt: skip
    if mark.until:
        end = year(period(mark.until).middle)
        ax.plot([at, end], [level, level], color=dial.colour, linewidth=1.2, linestyle=":")
        ax.plot(end, level, marker="x", markersize=8, markeredgewidth=2, color=dial.colour)
    ax.plot(at, level, gid=f"mark {mark.direction} {mark.agent}", **style)


def _legend(ax: "Axes", what: Scene) -> None:
    present = {mark.status for mark in what.marks if mark.since}
    hollow = {"markerfacecolor": PAPER}
    entries: list[tuple[str, str, dict[str, Any]]] = [("licensed", "^", {})]
    if _asof.EMERGENCY in present:
        half = {"fillstyle": "left", "markerfacecoloralt": PAPER}
        entries.append(("emergency use", "^", half))
    if _asof.WITHDRAWN in present:
        entries += [("no longer", "^", hollow), ("its end", "x", {})]
    if _asof.UNCERTAIN in present:
        entries.append(("uncertain", "^", hollow | {"linestyle": "-"}))
    if _asof.STUDIED in present:
        entries.append(("studied", "o", hollow))
    plain: dict[str, Any] = {"linestyle": "none", "markersize": 8, "color": INK}
    ax.figure.legend(
        handles=[
            Line2D([], [], marker=marker, label=label, **plain | style)
            for label, marker, style in entries
        ],
        loc="upper left",
        ncols=len(entries),
        frameon=False,
        borderaxespad=0.2,
        handlelength=1.5,
        handletextpad=0.4,
        columnspacing=0.9,
    )


def table(what: Scene) -> pd.DataFrame:
    """The scene as a table: one row a mark."""
    records = [
        {
            "dial": mark.direction,
            "class": mark.group,
            "agent": mark.agent,
            "status": mark.status,
            "since": mark.since,
            "ended": mark.until,
        }
        for mark in what.marks
        if mark.status != _asof.UNKNOWN
    ]
    columns = ["dial", "class", "agent", "status", "since", "ended"]
    return pd.DataFrame(records, columns=columns)


def show(what: Scene, ax: "Axes | None" = None) -> DescribedFigure:
    """The described figure of a scene."""
    drawn = draw(what, ax)
    held = len({mark.agent for mark in what.marks if mark.licensed})
    return DescribedFigure(
        figure=drawn.get_figure(root=True),  # type: ignore[arg-type]
        title=f"Timeline of licensed immunomodulators, as of {what.as_of.isoformat()}",
        alt=f"Timeline with {count(held, 'agent')} licensed on {what.as_of.isoformat()}, "
        f"in {count(sum(1 for r in what.rows if r.licensed), 'row')} by dial and class.",
        description=describe(what),
        table=table(what),
    )


def timeline(
    as_of: object = None,
    direction: str = EVERY,
    group: str = EVERY,
    regulator: str = EVERY,
    ax: "Axes | None" = None,
) -> DescribedFigure:
    """The timeline of licensed immunomodulators on a day.

    With more than 32 agents in view a row is a class and a number at its end counts the agents
    licensed; with fewer, a row is one agent.  The hatched part lies beyond the records.

    Args:
        as_of: the day, ``YYYY-MM-DD`` or a date, up to the data's edition, which is the default.
        direction: ``activation``, ``suppression``, ``redirection`` or ``every``.
        group: a class of agents, for example ``PD-1 antibody``, or ``every``.
        regulator: for example ``FDA``, or ``every``.
        ax: where to draw; a new figure where left out.

    Returns:
        The described figure; its table has the columns dial, class, agent, status, since, ended.

    Raises:
        UnknownNameError: where a filter names nothing.
        DateError: where ``as_of`` is no day, or lies after the edition.
    """
    return show(scene(as_of, direction, group, regulator), ax)
