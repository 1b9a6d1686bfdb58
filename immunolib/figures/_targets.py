"""Where agents act: every target, with those that act on it from each dial."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from immunolib import datasets
from immunolib.figures import _wiring
from immunolib.figures._described import DescribedFigure, count, sentence_list
from immunolib.figures._style import ARROW, DIALS, RC, fit, text_inches

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH = 6.8
_ELSEWHERE = {"circulating": "in blood and tissue fluid", "many cells": "on many kinds of cell"}


@dataclass(frozen=True)
class Seat:
    """One target and who acts on it from each side."""

    target: str
    cell: str
    sides: dict[str, tuple[tuple[str, str], ...]]


def seats(as_of: object = None) -> list[Seat]:
    """Every target with the agents licensed on the day that act on it, by dial.

    Agents that act on several targets stand at each of them.
    """
    status = datasets.load_status(as_of)
    held = {
        (str(r.agent), str(r.use)): str(r.direction)
        for r in status[(status["status"] == "approved") & (status["use"] != "")].itertuples(
            index=False
        )
    }
    found: dict[tuple[str, str], dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for (agent, use), direction in held.items():
        for action in _wiring.actions_of(agent, use):
            found[action.cell or "place not recorded", action.target][direction][agent] = (
                action.verb
            )
    return [
        Seat(target, cell, {name: tuple(sorted(its.items())) for name, its in sides.items()})
        for (cell, target), sides in sorted(
            found.items(), key=lambda item: (item[0][0].casefold(), item[0][1].casefold())
        )
    ]


def where_agents_act(as_of: object = None, ax: "Axes | None" = None) -> DescribedFigure:
    """Every target of a licensed agent: who acts on it, and which way that turns the response.

    Targets stand in the middle, grouped by the cell that carries them; agents that activate (or
    redirect) stand on the left, agents that suppress on the right.

    Args:
        as_of: the day whose licences count, up to the data's edition, which is the default.
        ax: where to draw; a new figure where left out.

    Returns:
        The described figure; its table has the columns cell, target, dial, agent, action.

    Raises:
        DateError: where ``as_of`` is no day, or lies after the edition.
    """
    day = datasets.edition() if as_of is None else datasets.day_within(as_of)
    rows = seats(day)
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
    parts = sentence_list([f"{numbers[n]} for {n}" for n in DIALS if numbers[n]])
    lines = [
        f"On {day.isoformat()}, licensed agents act on {count(len(rows), 'target')} "
        f"in {count(cells, 'place')}: {parts or 'none'}."
    ]
    status = datasets.load_status(day)
    held = status[(status["status"] == "approved") & (status["use"] != "")]
    rest = set(held["agent"]) - set(data["agent"])
    if rest:
        lines.append(f"Left out, since no target is on record: {sentence_list(sorted(rest))}.")
    if both:
        lines.append(
            "Agents of opposite dials act on the same target in the same place at "
            f"{sentence_list(sorted(both))}."
        )
    busiest = data.groupby("target")["agent"].nunique().sort_values(ascending=False).head(1)
    for target, number in busiest.items():
        lines.append(f"The target with most agents is {_wiring.spoken(str(target))}: {number}.")
    with rc_context(RC):
        drawn = _draw_seats(rows, ax)
    return DescribedFigure(
        figure=drawn.get_figure(root=True),  # type: ignore[arg-type]
        title=f"Where licensed agents act, as of {day.isoformat()}",
        alt=f"Chart of {count(len(rows), 'target')} with the agents that act on each, by dial.",
        description=" ".join(lines),
        table=data,
    )


def _draw_seats(rows: list[Seat], ax: "Axes | None") -> "Axes":
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
    ax.text(middle - half - 0.35, -0.4, f"{up.symbol} response up", ha="right", va="center",
            color=up.colour, fontweight="bold")  # fmt: skip
    ax.text(middle + half + 0.35, -0.4, f"{down.symbol} response down", ha="left", va="center",
            color=down.colour, fontweight="bold")  # fmt: skip
    for level, line in enumerate(lines, start=1):
        if isinstance(line, str):
            ax.axhspan(level - 0.5, level + 0.5, color="#eeeeee", zorder=0)
            where = _ELSEWHERE.get(line, line)
            ax.text(middle, level, where, ha="center", va="center", fontweight="bold")
            continue
        ax.text(middle, level, line.target, ha="center", va="center")
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
