"""Where agents act: every target, with those that act on it from each dial."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from immunolib import datasets
from immunolib._dates import period
from immunolib._errors import choose
from immunolib.datasets._views import BY
from immunolib.figures import _wiring
from immunolib.figures._described import DescribedFigure, count, sentence_list
from immunolib.figures._style import ARROW, DIALS, QUIET, RC, fit, text_inches

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EVERY = "every"
_WIDTH = 6.8
_LEAST = 4  # agents that a target needs to be drawn where all places are shown
_ELSEWHERE = {"circulating": "in blood and tissue fluid", "many cells": "on many kinds of cell"}


@dataclass(frozen=True)
class Seat:
    """One target and who acts on it from each side."""

    target: str
    cell: str
    sides: dict[str, tuple[tuple[str, str], ...]]


def seats(as_of: object = None) -> list[Seat]:
    """Every target with the agents licensed on the day that act on it, by dial, oldest first.

    Agents that act on several targets stand at each of them.
    """
    status = datasets.load_status(as_of)
    rows = status[(status["status"] == "approved") & (status["use"] != "")]
    held: dict[tuple[str, str], str] = {}
    since: dict[str, date] = {}
    for row in rows.itertuples(index=False):
        agent = str(row.agent)
        held[agent, str(row.use)] = str(row.direction)
        start = period(str(row.since).removeprefix(BY)).start
        since[agent] = min(start, since.get(agent, start))
    found: dict[tuple[str, str], dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for (agent, use), direction in held.items():
        for action in _wiring.actions_of(agent, use):
            found[action.cell or "place not recorded", action.target][direction][agent] = (
                action.verb
            )
    return [
        Seat(
            target,
            cell,
            {
                name: tuple(sorted(its.items(), key=lambda item: (since[item[0]], item[0])))
                for name, its in sides.items()
            },
        )
        for (cell, target), sides in sorted(
            found.items(), key=lambda item: (item[0][0].casefold(), item[0][1].casefold())
        )
    ]


def places(as_of: object = None) -> list[str]:
    """The places where licensed agents act on the day: cells, and beside them what is not one."""
    return list(dict.fromkeys(seat.cell for seat in seats(as_of)))


def where_agents_act(
    as_of: object = None, place: str = EVERY, ax: "Axes | None" = None
) -> DescribedFigure:
    """The targets of licensed agents: who acts on each, and which way that turns the response.

    Targets stand in the middle, grouped by the cell that carries them; agents that activate (or
    redirect) stand on the left, agents that suppress on the right.  Over all places only the
    targets of four or more agents, or of both dials, are drawn, and the others counted; of a
    single place, all.

    Args:
        as_of: the day whose licences count, up to the data's edition, which is the default.
        place: a cell, for example ``T cell``, or ``circulating``, or ``every``.
        ax: where to draw; a new figure where left out.

    Returns:
        The described figure; its table has the columns cell, target, dial, agent, action.

    Raises:
        UnknownNameError: where nothing acts at such a place on the day.
        DateError: where ``as_of`` is no day, or lies after the edition.
    """
    day = datasets.edition() if as_of is None else datasets.day_within(as_of)
    rows = seats(day)
    if place != EVERY:
        place = choose("place", place, [EVERY, *places(day)])
        rows = [seat for seat in rows if seat.cell == place]
    drawn_rows = [seat for seat in rows if place != EVERY or _busy(seat)]
    records = [
        (seat.cell, seat.target, dial, agent, verb)
        for seat in rows
        for dial, agents in seat.sides.items()
        for agent, verb in agents
    ]
    data = pd.DataFrame(records, columns=["cell", "target", "dial", "agent", "action"])
    both = [s.target for s in rows if {"activation", "suppression"} <= set(s.sides)]
    numbers = {name: data.loc[data["dial"] == name, "agent"].nunique() for name in DIALS}
    cells = len({seat.cell for seat in rows})
    parts = sentence_list([f"{count(numbers[n], 'agent')} for {n}" for n in DIALS if numbers[n]])
    where = f"in {count(cells, 'place')}"
    if place != EVERY:
        where = _ELSEWHERE.get(place, f"of the {place}")
    lines = [
        f"On {day.isoformat()}, licensed agents act on {count(len(rows), 'target')} "
        f"{where}: {parts or 'none'}."
    ]
    status = datasets.load_status(day)
    held = status[(status["status"] == "approved") & (status["use"] != "")]
    if len(drawn_rows) < len(rows):
        lines.append(
            f"Drawn are the {len(drawn_rows)} targets of {_LEAST} or more agents, or of opposite "
            "dials; the table holds all."
        )
    rest = set(held["agent"]) - set(data["agent"])
    if rest and place == EVERY:
        lines.append(f"Left out, since no target is on record: {sentence_list(sorted(rest))}.")
    if both:
        lines.append(
            "On these, agents of opposite dials act in the same place: "
            f"{sentence_list(sorted(set(both), key=str.casefold))}."
        )
    busiest = data.groupby("target")["agent"].nunique().sort_values(ascending=False).head(1)
    for target, number in busiest[busiest > 1].items():
        lines.append(f"The target with most agents is {_wiring.spoken(str(target))}: {number}.")
    with rc_context(RC):
        others = Counter(seat.cell for seat in rows if seat not in drawn_rows)
        drawn = _draw_seats(drawn_rows, others, ax)
    return DescribedFigure(
        figure=drawn.get_figure(root=True),  # type: ignore[arg-type]
        title=f"Where licensed agents act{'' if place == EVERY else f': {place}'}, "
        f"as of {day.isoformat()}",
        alt=f"Chart of {count(len(drawn_rows), 'target')} with the agents that act on each, "
        "by dial.",
        description=" ".join(lines),
        table=data,
    )


def _busy(seat: Seat) -> bool:
    """Whether a target is drawn where all places are."""
    agents = {agent for its in seat.sides.values() for agent, _ in its}
    return len(agents) >= _LEAST or {"activation", "suppression"} <= set(seat.sides)


def _draw_seats(rows: list[Seat], others: Counter[str], ax: "Axes | None") -> "Axes":
    lines: list[str | Seat] = []
    for seat in rows:
        if not lines or not isinstance(lines[-1], Seat) or lines[-1].cell != seat.cell:
            lines.append(seat.cell)
        lines.append(seat)
    high = len(lines) + 1.6
    if ax is None:
        figure = Figure(figsize=(_WIDTH, high * 0.29))
        ax = figure.add_axes((0, 0, 1, 1))
    ax.set_xlim(0, _WIDTH)
    ax.set_ylim(high - 0.6, -1.0)
    ax.axis("off")
    middle, half = _WIDTH / 2, 0.94
    up, down = DIALS["activation"], DIALS["suppression"]
    head = f"{up.symbol} up   {DIALS['redirection'].symbol} elsewhere"
    ax.text(middle - half - 0.35, -0.4, head, ha="right", va="center",
            color=up.colour, fontweight="bold")  # fmt: skip
    ax.text(middle + half + 0.35, -0.4, f"{down.symbol} down", ha="left", va="center",
            color=down.colour, fontweight="bold")  # fmt: skip
    for level, line in enumerate(lines, start=1):
        if isinstance(line, str):
            ax.axhspan(level - 0.5, level + 0.5, color="#eeeeee", zorder=0)
            where = _ELSEWHERE.get(line, line)
            ax.text(middle, level, where, ha="center", va="center", fontweight="bold")
            if others[line]:
                more = f"+ {count(others[line], 'target')}"
                ax.text(_WIDTH - 0.06, level, more, ha="right", va="center", color=QUIET)
            continue
        ax.text(middle, level, fit(line.target, 2 * half - 0.1), ha="center", va="center")
        for dial, agents in line.sides.items():
            left = dial != "suppression"
            look = DIALS[dial]
            edge = middle - half if left else middle + half
            outer = edge - 0.24 if left else edge + 0.24
            signs = {_wiring.EFFECTS[verb] for _, verb in agents if verb != "binds"}
            style = "-[,widthB=5,lengthB=0" if -1 in signs else ARROW if signs else "-"
            ax.add_patch(
                FancyArrowPatch(
                    (outer, level),
                    (edge, level),
                    shrinkA=0,
                    shrinkB=0,
                    color=look.colour,
                    arrowstyle=style,
                    linewidth=2.2,
                    mutation_scale=1.5 if style == ARROW else 1.0,
                )
            )
            first = agents[0][0]
            rest = f" + {len(agents) - 1}" if len(agents) > 1 else ""
            mark = f"{look.symbol} " if dial == "redirection" else ""
            room = edge - 0.32 if left else _WIDTH - edge - 0.32
            name = fit(first, room - text_inches(f"{mark}{rest}") - 0.06)
            ax.text(outer + (-0.06 if left else 0.06), level, f"{mark}{name}{rest}",
                    ha="right" if left else "left", va="center", color=look.colour)  # fmt: skip
    return ax
