"""The timeline of licensed immunomodulators, both dials, as it stood on a day.

The scene says what there is to see, ``describe`` says it in words, and ``draw`` draws it.
"""

from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from immunolib import datasets
from immunolib._dates import period
from immunolib.datasets import _asof
from immunolib.datasets._views import BY
from immunolib.figures._described import DescribedFigure, count
from immunolib.figures._style import (
    DIALS,
    FAINT,
    INK,
    PAPER,
    QUIET,
    RC,
    Dial,
    fit,
    text_inches,
)
from immunolib.figures._timeline_scene import (
    AGENT,
    CLASS,
    EVERY,
    FAMILY,
    FIRST_DAY,
    LICENCE,
    Mark,
    Row,
    Scene,
    scene,
)
from immunolib.figures._timeline_words import describe

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BEND = 1980.0  # years before it are drawn five times narrower
_NARROW = 5.0
_TICKS = (1890, 1980, 1990, 2000, 2010, 2020)
_FEW_TICKS = (1890, 1980, 2000, 2020)  # where long labels leave little room
_ROW_INCHES = 0.285
_WIDTH_INCHES = 6.8
_LABEL_INCHES = (2.9, 4.15)  # of the column of labels: at least, at most
_LATE = 2018.0  # from here on a question mark stands to the left, clear of the edge
_APART = 3.5  # years on the axis between two question marks
_BAND = 0.84  # of a row's height, for the largest row


class Header(NamedTuple):
    """A line above some rows: their dial, and close up their regulator."""

    direction: str
    text: str


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
        height = (len(lines) + 4.2) * _ROW_INCHES + 0.55
        label = _label_inches(what)
        if ax is None:
            figure = Figure(figsize=(_WIDTH_INCHES, height))
            top, bottom = 3.4 * _ROW_INCHES / height, 0.62 / height
            ax = figure.add_axes(
                (
                    label / _WIDTH_INCHES,
                    bottom,
                    1 - (label + 0.42) / _WIDTH_INCHES,
                    1 - top - bottom,
                )
            )
        _axes(ax, what, len(lines), _TICKS if label < 3.2 else _FEW_TICKS)
        for level, line in enumerate(lines):
            if isinstance(line, Header):
                _header(ax, level, line, label)
            else:
                _row(ax, level, line, what, label)
        if not lines:
            ax.text(0.5, 0.5, "Nothing on record in this view", transform=ax.transAxes, ha="center")
        _legend(ax)
    return ax


def _heading(dial: Dial, regulator: str) -> str:
    if regulator:
        return f"{dial.symbol} {dial.name}, by {regulator}"
    return f"{dial.symbol} {dial.name}: {dial.effect}"


def _label_inches(what: Scene) -> float:
    """The width of the column of labels: as the longest needs, within limits."""
    longest = max((text_inches(row.label) for row in what.rows), default=0.0) + 0.35
    return min(max(longest, _LABEL_INCHES[0]), _LABEL_INCHES[1])


def _lines(what: Scene) -> list[Header | Row]:
    lines: list[Header | Row] = []
    for (name, by), members in groupby(what.rows, key=lambda row: (row.direction, row.regulator)):
        dial = DIALS[name]
        lines += [Header(name, _heading(dial, by)), *members]
    return lines


def _axes(ax: "Axes", what: Scene, levels: int, ticks: tuple[int, ...]) -> None:
    ax.set_xscale("function", functions=(_squeeze, _stretch))
    last = year(datasets.edition()) + 1.2
    ax.set_xlim(year(FIRST_DAY) - 2, last)
    ax.set_ylim(max(levels, 1) - 0.4, -0.7)
    ax.set_xticks(ticks, [str(tick) for tick in ticks])
    ax.set_xticks(range(1900, 1980, 10), minor=True)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=FAINT, linewidth=0.8)
    ax.set_xlabel("first licence or study (before 1980 drawn narrower)", x=1, ha="right")
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


def _header(ax: "Axes", level: int, header: Header, inches: float) -> None:
    dial = DIALS[header.direction]
    label = inches / (_WIDTH_INCHES - inches - 0.42)
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
        header.text,
        (0, level),
        xycoords=("axes fraction", "data"),
        xytext=(-inches * 72 + 6, 0),
        textcoords="offset points",
        va="center",
        color=dial.colour,
        fontweight="bold",
        annotation_clip=False,
        zorder=6,
    )


def _row(ax: "Axes", level: int, row: Row, what: Scene, inches: float) -> None:
    dial = DIALS[row.direction]
    ax.annotate(
        fit(row.label, inches - 0.3),
        (0, level),
        xycoords=("axes fraction", "data"),
        xytext=(-inches * 72 + 18, 0),
        textcoords="offset points",
        va="center",
        color=INK if row.licensed else QUIET,
        annotation_clip=False,
    )
    crowded = what.level in (FAMILY, CLASS)
    held = [mark for mark in row.marks if mark.licensed]
    if held and crowded:
        _band(ax, level, row, what)
    elif held:
        start = min(year(period(mark.since).middle) for mark in held)
        ax.plot([start, year(what.as_of)], [level, level], color=dial.colour, linewidth=2,
                alpha=0.35, zorder=1.5, solid_capstyle="butt")  # fmt: skip
    size = 0.6 if crowded else 1.0
    for mark in row.marks:
        _mark(ax, level, mark, size)
    _doubts(ax, level, row, size)
    if crowded and row.licensed:
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


def _band(ax: "Axes", level: int, row: Row, what: Scene) -> None:
    """How many agents of the row were licensed over time: a band that grows with them."""
    steps: list[tuple[float, int]] = []
    for mark in row.marks:
        if mark.since and mark.status in (_asof.APPROVED, _asof.WITHDRAWN):
            steps.append((year(period(mark.since).middle), 1))
            if mark.until:
                steps.append((year(period(mark.until).middle), -1))
    steps.sort()
    at = [when for when, _ in steps] + [year(what.as_of)]
    many = np.cumsum([by for _, by in steps])
    high = np.append(many, many[-1]) / what.most * _BAND
    ax.fill_between(at, level + 0.42, level + 0.42 - high, step="post", linewidth=0,
                    color=DIALS[row.direction].colour, alpha=0.3, zorder=1.5,
                    gid=f"band {row.direction} {row.label}")  # fmt: skip


def _mark(ax: "Axes", level: int, mark: Mark, size: float) -> None:
    if not mark.since or mark.status == _asof.UNKNOWN:
        return
    dial = DIALS[mark.direction]
    when = period(mark.since)
    at = year(when.middle)
    style: dict[str, Any] = {
        "marker": dial.marker,
        "markersize": (7 if dial.marker == "D" else 9) * size,
        "markeredgecolor": dial.colour,
        "markerfacecolor": dial.colour,
        "linestyle": "none",
        "zorder": 3,
    }
    if mark.status == _asof.EMERGENCY:
        style |= {"fillstyle": "left", "markerfacecoloralt": PAPER}
    elif mark.licensed:
        style |= {"markeredgecolor": PAPER, "markeredgewidth": 0.8 * size}
    elif mark.status == _asof.STUDIED:
        style |= {"marker": "o", "markersize": 7 * size, "markerfacecolor": PAPER,
                  "markeredgecolor": INK}  # fmt: skip
    else:
        style |= {"markerfacecolor": PAPER, "markeredgewidth": 1.6 * size}
    if when.precision != "day":
        ax.plot([year(when.start), year(when.end + timedelta(days=1))], [level, level],
                color=style["markeredgecolor"] if not mark.licensed else dial.colour,
                linewidth=1.5, zorder=2.5)  # fmt: skip
    if mark.by and mark.licensed and mark.studied and period(mark.studied).start < when.start:
        ax.plot([year(period(mark.studied).middle), at], [level, level], color=dial.colour,
                linewidth=1.2, linestyle=":", gid="begun before")  # fmt: skip
    if mark.until:
        end = year(period(mark.until).middle)
        ax.plot([at, end], [level, level], color=dial.colour, linewidth=1.2, linestyle=":")
        ax.plot(
            end, level, marker="x", markersize=8 * size, markeredgewidth=2 * size, color=dial.colour
        )
    name = " ".join(filter(None, (mark.direction, mark.agent, mark.regulator, mark.use)))
    ax.plot(at, level, gid=f"mark {name}", **style)


def _doubts(ax: "Axes", level: int, row: Row, size: float) -> None:
    """A question mark beside each date that is not verified; one for dates close together."""
    unsure = (mark for mark in row.marks if mark.since and not mark.verified)
    last = -np.inf
    for at in sorted(year(period(mark.since).middle) for mark in unsure):
        place = float(_squeeze(at))
        if place - last < _APART:
            continue
        last, late = place, at > _LATE
        ax.annotate("?", (at, level), xytext=((-6 if late else 6) * size, 0),
                    textcoords="offset points", ha="right" if late else "left", va="center",
                    color=INK, fontweight="bold", zorder=5)  # fmt: skip


def _legend(ax: "Axes") -> None:
    """The key of every mark, the same in each view, so that the picture keeps its height."""
    hollow: dict[str, Any] = {"markerfacecolor": PAPER}
    entries: list[tuple[str, str, dict[str, Any]]] = [
        ("licensed", "^", {}),
        ("emergency use", "^", {"fillstyle": "left", "markerfacecoloralt": PAPER}),
        ("licence ended", "^", hollow),
        ("day of its end", "x", {}),
        ("uncertain", "^", hollow | {"linestyle": "-"}),
        ("only studied", "o", hollow),
        ("not verified", "$?$", {}),
    ]
    plain: dict[str, Any] = {"linestyle": "none", "markersize": 8, "color": INK}
    ax.figure.legend(
        handles=[
            Line2D([], [], marker=marker, label=label, **plain | style)
            for label, marker, style in entries
        ],
        loc="upper left",
        ncols=4,
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
            "family": mark.family,
            "class": mark.group,
            "agent": mark.agent,
            **({"regulator": mark.regulator, "use": mark.use} if what.level == LICENCE else {}),
            "status": mark.status,
            "since": f"{BY if mark.by else ''}{mark.since}",
            "ended": mark.until,
            "verified": "" if not mark.since else "yes" if mark.verified else "no",
        }
        for mark in what.marks
        if mark.status != _asof.UNKNOWN
    ]
    columns = ["dial", "family", "class", "agent", "status", "since", "ended", "verified"]
    if what.level == LICENCE:
        columns[4:4] = ["regulator", "use"]
    return pd.DataFrame(records, columns=columns)


def show(what: Scene, ax: "Axes | None" = None) -> DescribedFigure:
    """The described figure of a scene."""
    drawn = draw(what, ax)
    held = len({mark.agent for mark in what.marks if mark.licensed})
    kinds = {FAMILY: "family", CLASS: "class", AGENT: "agent", LICENCE: "licence"}
    return DescribedFigure(
        figure=drawn.get_figure(root=True),  # type: ignore[arg-type]
        title=f"Timeline of licensed immunomodulators, as of {what.as_of.isoformat()}",
        alt=f"Timeline with {count(held, 'agent')} licensed on {what.as_of.isoformat()}, "
        f"in {count(len(what.rows), 'row')} by dial and "
        f"{kinds[what.level]}.",
        description=describe(what),
        table=table(what),
    )


def timeline(
    as_of: object = None,
    direction: str = EVERY,
    group: str = EVERY,
    agent: str = EVERY,
    regulator: str = EVERY,
    ax: "Axes | None" = None,
) -> DescribedFigure:
    """The timeline of licensed immunomodulators on a day.

    With more than 32 agents in view a row is a family of agents, or within one family a class:
    a band grows with the number licensed, which stands at its end.  With fewer, a row is one
    agent; of a single agent, each use with each regulator.  The hatched part lies beyond the
    records, and a question mark stands beside a date that is not verified.

    Args:
        as_of: the day, ``YYYY-MM-DD`` or a date, up to the data's edition, which is the default.
        direction: ``activation``, ``suppression``, ``redirection`` or ``every``.
        group: a family or class of agents, for example ``checkpoint antibodies`` or
            ``PD-1 antibody``, or ``every``.
        agent: one agent by any of its names, which goes before a group; or ``every``.
        regulator: for example ``FDA``, or ``every``.
        ax: where to draw; a new figure where left out.

    Returns:
        The described figure; its table has the columns dial, family, class, agent, status, since,
        ended, verified; of a single agent also regulator and use.

    Raises:
        UnknownNameError: where a filter names nothing.
        DateError: where ``as_of`` is no day, or lies after the edition.
    """
    return show(scene(as_of, direction, group, agent, regulator), ax)
