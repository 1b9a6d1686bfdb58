"""The timeline of licensed immunomodulators, both dials, as it stood on a day.

``scene`` works out what there is to see, ``draw`` draws it and ``describe`` says it; picture and
words come from the same scene.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from immunolib import datasets
from immunolib._dates import period
from immunolib._errors import choose
from immunolib.datasets import _asof
from immunolib.figures._described import DescribedFigure, count, sentence_list
from immunolib.figures._style import DIALS, FAINT, INK, PAPER, QUIET, RC, fit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FIRST_DAY = date(1890, 1, 1)
EVERY = "every"
_MOST_AGENT_ROWS = 32
_BEND = 1980.0  # years before it are drawn five times narrower
_NARROW = 5.0
_TICKS = (1890, 1980, 1990, 2000, 2010, 2020)
_ROW_INCHES = 0.285
_WIDTH_INCHES = 6.8
_LABEL_INCHES = 2.9

_LICENSED = frozenset({_asof.APPROVED, _asof.EMERGENCY})


@dataclass(frozen=True)
class Mark:
    """One agent on one dial: what it is on the day of the scene."""

    agent: str
    direction: str
    group: str
    status: str
    since: str
    until: str

    @property
    def licensed(self) -> bool:
        """Whether it holds a licence, or an emergency use, on the day."""
        return self.status in _LICENSED


@dataclass(frozen=True)
class Row:
    """One line of the picture: a class of agents, or a single agent."""

    label: str
    direction: str
    marks: tuple[Mark, ...]

    @property
    def licensed(self) -> int:
        """How many agents of the row hold a licence on the day."""
        return sum(mark.licensed for mark in self.marks)


@dataclass(frozen=True)
class Scene:
    """Everything the timeline shows on one day under its filters."""

    as_of: date
    rows: tuple[Row, ...]
    by_agent: bool
    direction: str
    group: str
    regulator: str
    covered_through: date

    @property
    def marks(self) -> list[Mark]:
        """Every mark, licensed or not."""
        return [mark for row in self.rows for mark in row.marks]


def directions() -> list[str]:
    """The directions to choose from."""
    return [EVERY, *DIALS]


def groups() -> list[str]:
    """The classes to choose from, in alphabetical order."""
    return [EVERY, *sorted(set(datasets.load_agents()["class"]), key=str.casefold)]


def regulators() -> list[str]:
    """The regulators to choose from."""
    return [EVERY, *datasets.regulators()["name"]]


def scene(
    as_of: object = None, direction: str = EVERY, group: str = EVERY, regulator: str = EVERY
) -> Scene:
    """Work out what the timeline shows.

    Args:
        as_of: the day, from 1890-01-01 to the data's edition; the edition where left out.
        direction: one of ``directions()``.
        group: a class of agents, one of ``groups()``.
        regulator: one of ``regulators()``.

    Raises:
        UnknownNameError: where a filter names nothing.
        DateError: where ``as_of`` is no day, or lies after the edition.
    """
    day = datasets.edition() if as_of is None else datasets.day_within(as_of)
    direction = choose("direction", direction, directions())
    group = choose("class", group, groups())
    regulator = choose("regulator", regulator, regulators())
    entire = _marks(datasets.edition(), direction, group, regulator)
    now = {(m.agent, m.direction): m for m in _marks(day, direction, group, regulator)}
    by_agent = len(entire) <= _MOST_AGENT_ROWS
    rows = []
    for name in DIALS:
        dial = sorted(
            (m for m in entire if m.direction == name),
            key=lambda m: (_first(entire, m, by_agent), m.group, _start(m), m.agent),
        )
        for label, members in groupby(dial, key=lambda m: m.agent if by_agent else m.group):
            marks = tuple(now[m.agent, m.direction] for m in members)
            rows.append(Row(label, name, marks))
    covered = datasets.regulators().set_index("name")["covered_through"]
    through = covered.min() if regulator == EVERY else covered[regulator]
    return Scene(
        day, tuple(rows), by_agent, direction, group, regulator, date.fromisoformat(str(through))
    )


def _start(mark: Mark) -> date:
    return period(mark.since).start if mark.since else date.max


def _first(marks: list[Mark], mark: Mark, by_agent: bool) -> date:
    """When the mark's row begins: rows are drawn in this order."""
    if by_agent:
        return _start(mark)
    return min(_start(m) for m in marks if (m.group, m.direction) == (mark.group, mark.direction))


def _marks(day: date, direction: str, group: str, regulator: str) -> list[Mark]:
    agents = datasets.load_agents()
    classes = dict(zip(agents["agent"], agents["class"], strict=True))
    status = datasets.load_status(day)
    if direction != EVERY:
        status = status[status["direction"] == direction]
    if regulator != EVERY:
        status = status[status["regulator"] == regulator]
    if group != EVERY:
        status = status[status["agent"].map(classes) == group]
    studied = _studies()
    found = []
    records = status[["agent", "direction", "status", "since", "until"]].itertuples(index=False)
    ordered = sorted(records, key=lambda r: (str(r.agent), str(r.direction)))
    for (agent, its_direction), members in groupby(
        ordered, key=lambda r: (str(r.agent), str(r.direction))
    ):
        held = list(members)
        state = _asof.strongest(str(r.status) for r in held)
        since = min((str(r.since) for r in held if r.since), key=_key, default="")
        until = max((str(r.until) for r in held if r.until), key=_key, default="")
        if not since and state != _asof.UNKNOWN:
            since = studied.get(agent, "")
        ended = until if state == _asof.WITHDRAWN else ""
        found.append(Mark(agent, its_direction, classes[agent], state, since, ended))
    return found


def _studies() -> dict[str, str]:
    rows = datasets.load_milestones()
    rows = rows[rows["kind"].isin(["first_in_human", "study"]) & (rows["agent"] != "")]
    return {
        str(agent): min(map(str, found), key=_key) for agent, found in rows.groupby("agent")["date"]
    }


def _key(text: str) -> tuple[date, date]:
    return period(text).start, period(text).end


def describe(what: Scene) -> str:
    """Say in words what the scene shows."""
    marks = what.marks
    agents = {mark.agent for mark in marks}
    held = {mark.agent for mark in marks if mark.licensed}
    lines = [
        f"On {what.as_of.isoformat()}, {len(held)} of the {len(agents)} agents of this view "
        f"({_filters(what)}) {'was' if len(held) == 1 else 'were'} licensed{_by_dial(what)}."
    ]
    newest = sorted((m for m in marks if m.licensed), key=lambda m: (_key(m.since), m.agent))
    if newest:
        first, last = newest[0], newest[-1]
        lines[0] += f" The first was {first.agent} ({first.since})"
        lines[0] += "." if last == first else f", the newest {last.agent} ({last.since})."
    for status, lead in _ASIDE.items():
        found = {_beside(m, held) for m in marks if m.status == status} - held
        names = sorted(found, key=str.casefold)
        if names:
            lines.append(f"{lead}: {sentence_list(names)}.")
    if what.as_of > what.covered_through:
        lines.append(
            f"The records end on {what.covered_through.isoformat()}; "
            "what was decided later is not in them."
        )
    return "\n".join(lines)


_ASIDE = {
    _asof.WITHDRAWN: "No longer licensed or sold by then",
    _asof.UNCERTAIN: "Uncertain, since only the month or year is known",
    _asof.STUDIED: "Studied in people and not licensed by then",
}


def _beside(mark: Mark, held: set[str]) -> str:
    """An agent's name; with the dial, where it holds a licence on another one."""
    if mark.agent in held and mark.status == _asof.WITHDRAWN:
        return f"{mark.agent} ({mark.direction})"
    return mark.agent


def _filters(what: Scene) -> str:
    parts = [
        "both dials and redirection" if what.direction == EVERY else what.direction,
        "every class" if what.group == EVERY else what.group,
        "any regulator on record" if what.regulator == EVERY else what.regulator,
    ]
    return ", ".join(parts)


def _by_dial(what: Scene) -> str:
    numbers = Counter(mark.direction for mark in what.marks if mark.licensed)
    if not numbers or what.direction != EVERY:
        return ""
    parts = [f"{numbers[name]} for {name}" for name in DIALS if numbers[name]]
    both = numbers.total() - len({mark.agent for mark in what.marks if mark.licensed})
    twice = f" ({count(both, 'agent counts', 'agents count')} on two dials)" if both else ""
    return f": {sentence_list(parts)}{twice}"


def changed(old: Scene, new: Scene) -> str:
    """Say what differs between two scenes, as a learner moves from one to the other."""
    before = {m.agent for m in old.marks if m.licensed}
    after = {m.agent for m in new.marks if m.licensed}
    if old.as_of == new.as_of:
        if (old.direction, old.group, old.regulator) == (new.direction, new.group, new.regulator):
            return "Nothing has changed."
        return (
            f"The view now shows {_filters(new)}: "
            f"{count(len(after), 'licensed agent')} in place of {len(before)}."
        )
    span = f"From {old.as_of.isoformat()} to {new.as_of.isoformat()}"
    gained, lost = sorted(after - before), sorted(before - after)
    parts = []
    if new.as_of > old.as_of:
        parts += [f"{_some(gained)} came in"] if gained else []
        parts += [f"{_some(lost)} left"] if lost else []
    else:
        parts += [f"{_some(lost)} had not come in yet"] if lost else []
        still = "was" if len(gained) == 1 else "were"
        parts += [f"{_some(gained)} {still} still licensed"] if gained else []
    if not parts:
        return f"{span}: no licence in this view began or ended."
    return f"{span}: {'; '.join(parts)}."


def _some(names: list[str], most: int = 6) -> str:
    if len(names) <= most:
        return sentence_list(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def year(day: date) -> float:
    """A day as a decimal year, the unit of the time axis."""
    first = date(day.year, 1, 1)
    return day.year + (day - first) / (date(day.year + 1, 1, 1) - first)


def _squeeze(values: Any) -> Any:
    import numpy as np

    years = np.asarray(values, dtype=float)
    return np.where(years < _BEND, _BEND + (years - _BEND) / _NARROW, years)


def _stretch(values: Any) -> Any:
    import numpy as np

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
        entries.append(("only studied", "o", hollow))
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
        handletextpad=0.1,
        columnspacing=1.0,
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
