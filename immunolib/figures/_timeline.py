"""The timeline of licensed immunomodulators, both dials, as it stood on a day.

The scene says what there is to see, ``describe`` says it in words, and ``draw`` draws it.
"""

from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle

from immunolib import datasets
from immunolib._dates import period
from immunolib.datasets import _asof
from immunolib.datasets._views import BY
from immunolib.figures._described import DescribedFigure, Words, count
from immunolib.figures._picture import Part, Picture
from immunolib.figures._style import (
    DIALS,
    FAINT,
    INK,
    PAPER,
    QUIET,
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
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_BEND = 1980.0  # years before it are drawn five times narrower
_NARROW = 5.0
_TICKS = (1890, 1980, 1990, 2000, 2010, 2020)
_FEW_TICKS = (1890, 1980, 2000, 2020)  # where long labels leave little room
_ROW_INCHES = 0.29
_WIDTH_INCHES = 6.8
_TOP_INCHES, _BOTTOM_INCHES = 0.97, 0.62  # for the key and the day; for the axis
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


def picture(what: Scene) -> Picture:
    """The scene as a frame and parts: rows from top to bottom, time from left to right."""
    lines = _lines(what)
    inches = _label_inches(what)
    today = year(what.as_of)
    parts = [
        Part("later", (today, len(lines)), _later, zorder=0.5),
        Part("as of", (today, len(lines)), _cursor, zorder=4.2),
        Part("day", (today, what.as_of.isoformat()), _day, zorder=6.0),
    ]
    for level, line in enumerate(lines):
        if isinstance(line, Row):
            parts += _parts(what, level, line, inches)
    headers = tuple((at, line) for at, line in enumerate(lines) if isinstance(line, Header))
    return Picture(
        ("timeline", inches, len(lines), headers, what.covered_through),
        lambda ax: [_stage(ax, what, lines, inches)],
        tuple(parts),
    )


def draw(what: Scene, ax: "Axes | None" = None) -> "Axes":
    """Draw the scene."""
    return picture(what).draw(ax)[0]


def _stage(ax: "Axes | None", what: Scene, lines: list[Header | Row], label: float) -> "Axes":
    """What stays while the day moves: scales, headers, the key, and what lies beyond the data."""
    if ax is None:
        # Each row takes the same height in every view, so that views can be compared.
        rows = (max(len(lines), 1) + 0.3) * _ROW_INCHES
        height = _TOP_INCHES + rows + _BOTTOM_INCHES
        across = 1 - (label + 0.42) / _WIDTH_INCHES
        ax = Figure(figsize=(_WIDTH_INCHES, height)).add_axes(
            (label / _WIDTH_INCHES, _BOTTOM_INCHES / height, across, rows / height)
        )
    _axes(ax, what, len(lines), _TICKS if label < 3.2 else _FEW_TICKS)
    for level, line in enumerate(lines):
        if isinstance(line, Header):
            _header(ax, level, line, label)
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
    longest = max((text_inches(label) for label in what.labels), default=0.0) + 0.35
    return min(max(longest, _LABEL_INCHES[0]), _LABEL_INCHES[1])


def _lines(what: Scene) -> list[Header | Row]:
    lines: list[Header | Row] = []
    for (name, by), members in groupby(what.rows, key=lambda row: (row.direction, row.regulator)):
        dial = DIALS[name]
        lines += [Header(name, _heading(dial, by)), *members]
    return lines


def _axes(ax: "Axes", what: Scene, levels: int, ticks: tuple[int, ...]) -> None:
    ax.set_xscale("function", functions=(_squeeze, _stretch))
    ax.set_xlim(year(FIRST_DAY) - 2, _last())
    ax.set_ylim(max(levels, 1) - 0.4, -0.7)
    ax.set_xticks(ticks, [str(tick) for tick in ticks])
    ax.set_xticks(range(1900, 1980, 10), minor=True)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=FAINT, linewidth=0.8)
    ax.set_xlabel("first licence or study (before 1980 drawn narrower)", x=1, ha="right")
    ax.axvspan(year(what.covered_through), _last(), facecolor="none", edgecolor=QUIET, hatch="///",
               linewidth=0, alpha=0.45, gid="uncovered")  # fmt: skip


@lru_cache(maxsize=1)
def _last() -> float:
    """Where the time axis ends: a little after the edition."""
    return year(datasets.edition()) + 1.2


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


def _later(ax: "Axes", data: tuple[float, int]) -> list["Artist"]:
    """What is later than the day, in grey."""
    today, levels = data
    span = Rectangle((today, -0.7), _last() - today, max(levels, 1) + 0.3, color="#efefef",
                     linewidth=0, clip_on=False, gid="later")  # fmt: skip
    return [ax.add_patch(span)]


def _cursor(ax: "Axes", data: tuple[float, int]) -> list["Artist"]:
    """The line of the day."""
    today, levels = data
    ends = [-0.7, max(levels, 1) - 0.4]
    return [_line(ax, [today, today], ends, color=INK, linewidth=2, gid="as-of")]


def _day(ax: "Axes", data: tuple[float, str]) -> list["Artist"]:
    """The day, written over its line."""
    today, day = data
    return [
        ax.annotate(
            f"as of {day}",
            (today, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 4),
            textcoords="offset points",
            ha="right" if today > 1996 else "left",
            fontweight="bold",
            annotation_clip=False,
        )
    ]


def _line(ax: "Axes", x: list[float], y: list[float], **style: Any) -> Line2D:
    """A line that leaves the limits alone and is not cut off by them."""
    line = Line2D(x, y, clip_on=False, **style)
    ax.add_artist(line)
    return line


def _parts(what: Scene, level: int, row: Row, inches: float) -> list[Part]:
    """The parts of a row: its label, how many it holds over time, its marks, and its count."""
    name = " ".join(filter(None, (row.direction, row.regulator, row.label)))
    text = fit(row.label, inches - 0.3)
    parts = [Part(f"label {name}", (level, text, row.licensed > 0, inches), _label, zorder=6.0)]
    crowded = what.level in (FAMILY, CLASS)
    held = tuple(mark for mark in row.marks if mark.licensed)
    today = year(what.as_of)
    if crowded:
        band = (level, _steps(row), today, what.most, row.direction, row.label) if held else None
        parts.append(Part(f"band {name}", band, _band, zorder=1.5))
    else:
        start = min((_when(mark.since) for mark in held), default=today)
        parts.append(Part(f"span {name}", (level, start, today, row.direction), _span, zorder=1.5))
    size = 0.6 if crowded else 1.0
    for mark in row.marks:
        key = " ".join(filter(None, (mark.direction, mark.agent, mark.regulator, mark.use)))
        parts.append(Part(f"mark {key}", (level, mark, size), _mark, zorder=3.0))
    unsure = tuple(_when(mark.since) for mark in row.marks if mark.since and not mark.verified)
    doubt = (level, tuple(sorted(unsure)), size)
    parts.append(Part(f"doubt {name}", doubt, _doubts, zorder=5.0))
    if crowded:
        count = (level, row.licensed, row.direction)
        parts.append(Part(f"count {name}", count, _count, zorder=6.0))
    return parts


def _label(ax: "Axes", data: tuple[int, str, bool, float]) -> list["Artist"]:
    at, text, licensed, inches = data
    return [
        ax.annotate(
            text,
            (0, at),
            xycoords=("axes fraction", "data"),
            xytext=(-inches * 72 + 18, 0),
            textcoords="offset points",
            va="center",
            color=INK if licensed else QUIET,
            annotation_clip=False,
        )
    ]


def _count(ax: "Axes", data: tuple[int, int, str]) -> list["Artist"]:
    at, licensed, direction = data
    if not licensed:
        return []
    return [
        ax.annotate(
            str(licensed),
            (1, at),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=DIALS[direction].colour,
            fontweight="bold",
            annotation_clip=False,
        )
    ]


def _span(ax: "Axes", data: tuple[int, float, float, str]) -> list["Artist"]:
    """From the first licence to the day."""
    at, start, today, direction = data
    if start >= today:
        return []
    return [_line(ax, [start, today], [at, at], color=DIALS[direction].colour, linewidth=2,
                  alpha=0.35, solid_capstyle="butt")]  # fmt: skip


@lru_cache(maxsize=8192)
def _when(text: str) -> float:
    """The middle of a date's period, as a decimal year."""
    return year(period(text).middle)


def _steps(row: Row) -> tuple[tuple[float, int], ...]:
    """When licences of the row began and ended."""
    steps: list[tuple[float, int]] = []
    for mark in row.marks:
        if mark.since and mark.status in (_asof.APPROVED, _asof.WITHDRAWN):
            steps.append((_when(mark.since), 1))
            if mark.until:
                steps.append((_when(mark.until), -1))
    return tuple(sorted(steps))


def _band(
    ax: "Axes", data: tuple[int, tuple[tuple[float, int], ...], float, int, str, str] | None
) -> list["Artist"]:
    """How many agents of the row were licensed over time: a band that grows with them."""
    if data is None:
        return []
    at, steps, today, most, direction, label = data
    base, held = at + 0.42, 0
    outline = [(steps[0][0], base)]
    for when, by in steps:
        outline.append((when, base - held / most * _BAND))
        held += by
        outline.append((when, base - held / most * _BAND))
    outline += [(today, base - held / most * _BAND), (today, base)]
    band = Polygon(outline, linewidth=0, color=DIALS[direction].colour, alpha=0.3,
                   clip_on=False, gid=f"band {direction} {label}")  # fmt: skip
    ax.add_artist(band)
    return [band]


def _mark(ax: "Axes", data: tuple[int, Mark, float]) -> list["Artist"]:
    """A mark at the first licence or study, with what its date leaves open and how it ended."""
    at, mark, size = data
    if not mark.since or mark.status == _asof.UNKNOWN:
        return []
    dial = DIALS[mark.direction]
    when = period(mark.since)
    x = _when(mark.since)
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
    found: list[Artist] = []
    if when.precision != "day":
        found.append(_line(
            ax, [year(when.start), year(when.end + timedelta(days=1))], [at, at],
            color=style["markeredgecolor"] if not mark.licensed else dial.colour,
            linewidth=1.5, zorder=2.5))  # fmt: skip
    if mark.by and mark.licensed and mark.studied and period(mark.studied).start < when.start:
        found.append(_line(ax, [_when(mark.studied), x], [at, at], color=dial.colour,
                           linewidth=1.2, linestyle=":", gid="begun before"))  # fmt: skip
    if mark.until:
        end = _when(mark.until)
        found.append(_line(ax, [x, end], [at, at], color=dial.colour, linewidth=1.2,
                           linestyle=":"))  # fmt: skip
        found.append(_line(ax, [end], [at], marker="x", markersize=8 * size,
                           markeredgewidth=2 * size, color=dial.colour, zorder=2.8))  # fmt: skip
    name = " ".join(filter(None, (mark.direction, mark.agent, mark.regulator, mark.use)))
    return [*found, _line(ax, [x], [at], gid=f"mark {name}", **style)]


def _doubts(ax: "Axes", data: tuple[int, tuple[float, ...], float]) -> list["Artist"]:
    """A question mark beside each date that is not verified; one for dates close together."""
    at, unsure, size = data
    found: list[Artist] = []
    last = -np.inf
    for when in unsure:
        place = float(_squeeze(when))
        if place - last < _APART:
            continue
        last, late = place, when > _LATE
        found.append(
            ax.annotate("?", (when, at), xytext=((-6 if late else 6) * size, 0),
                        textcoords="offset points", ha="right" if late else "left", va="center",
                        color=INK, fontweight="bold"))  # fmt: skip
    return found


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


def words(what: Scene) -> Words:
    """Title, alternative text and description of a scene."""
    held = len({mark.agent for mark in what.marks if mark.licensed})
    kinds = {FAMILY: "family", CLASS: "class", AGENT: "agent", LICENCE: "licence"}
    return Words(
        title=f"Timeline of licensed immunomodulators, as of {what.as_of.isoformat()}",
        alt=f"Timeline with {count(held, 'agent')} licensed on {what.as_of.isoformat()}, "
        f"in {count(len(what.rows), 'row')} by dial and "
        f"{kinds[what.level]}.",
        description=describe(what),
    )


def show(what: Scene, ax: "Axes | None" = None) -> DescribedFigure:
    """The described figure of a scene."""
    return DescribedFigure.of(picture(what), words(what), table(what), ax)


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
