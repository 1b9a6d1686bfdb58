"""How far checkpoint inhibitors reach: out of a hundred people with advanced cancer."""

from typing import Any, NamedTuple

import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure

from immunolib import datasets
from immunolib._errors import ImmunolibError, choose
from immunolib.figures._described import DescribedFigure, sentence_list
from immunolib.figures._icon_array import of_hundred, rounded
from immunolib.figures._style import DIALS, INK, PAPER, QUIET, RC

_WIDTH, _SIDE, _GAP, _LEFT = 6.8, 3.0, 0.35, 0.2
_ABOVE, _BELOW = 1.0, 1.18
_MOST = 2
_COLOUR, _TINT = DIALS["activation"].colour, DIALS["activation"].tint
_HUNDRED = 100


class _Year(NamedTuple):
    """One estimate: percent of people with advanced cancer."""

    year: str
    eligible: float
    responding: float
    source: str


def reach(*years: str) -> DescribedFigure:
    """How many of 100 people with advanced cancer in the US checkpoint inhibitors may reach.

    These are estimates from licences, deaths and response rates: no count of people treated.

    Args:
        *years: one or two years of ``load_reach()``; the first and the last where left out.

    Returns:
        The described figure; its table has a row for each year.

    Raises:
        UnknownNameError: for a year that is not in the data.
        ImmunolibError: for more than two years.
    """
    every = datasets.load_reach().set_index("year", drop=False)
    if len(years) > _MOST:
        raise ImmunolibError(f"Name one or two years; {len(years)} do not fit beside each other.")
    keys = [choose("year", year, every.index) for year in years or every.index[[0, -1]]]
    shown = [_Year(*every.loc[key, list(_Year._fields)]) for key in keys]
    with rc_context(RC):
        figure = _draw(shown)
    told = [
        f"{one.year}: {of_hundred(one.responding)} of 100 would respond (estimated at "
        f"{one.responding:g} percent), and {of_hundred(one.eligible)} of 100 could be given one "
        f"({one.eligible:g} percent), those who respond among them."
        for one in shown
    ]
    names = sentence_list([one.year for one in shown])
    return DescribedFigure(
        figure,
        f"Checkpoint inhibitors: how many of 100 people with advanced cancer, US, {names}",
        f"A hundred marks for each year ({names}): filled would respond, pale could be given one, "
        "open could not.",
        "\n".join([
            "Out of 100 people with advanced or metastatic cancer in the United States, of all "
            "kinds of cancer together:",
            *told,
            "An estimate, worked out from licences, response rates and deaths by kind of cancer; "
            "nobody counted people who were treated. Where several medicines were licensed, the "
            "highest response rate was taken, so the true share may well be lower.",
            "To respond is not to be cured, and not to live longer.",
        ]),
        pd.DataFrame(shown, columns=["year", "percent who could be given one",
                                     "percent who would respond", "source"]),
    )  # fmt: skip


def _draw(shown: list[_Year]) -> Figure:
    height = _ABOVE + _SIDE + _BELOW
    figure = Figure(figsize=(_WIDTH, height))
    ax = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    ax.set_xlim(0, _WIDTH)
    ax.set_ylim(height, 0)
    ax.set_axis_off()
    for number, one in enumerate(shown):
        left = _LEFT + number * (_SIDE + _GAP)
        ax.text(left, 0.12, one.year, va="top", fontweight="bold", fontsize=14)
        ax.text(left, 0.42, f"● respond: {of_hundred(one.responding)} of 100\n"
                f"● and pale: eligible, {of_hundred(one.eligible)} of 100", va="top",
                linespacing=1.2)  # fmt: skip
        spots = [(left + _SIDE * (at % 10 + 0.5) / 10, _ABOVE + _SIDE * (at // 10 + 0.5) / 10)
                 for at in range(_HUNDRED)]  # fmt: skip
        some, could = rounded(one.responding), rounded(one.eligible)
        _put(ax, spots[:some], _COLOUR, _COLOUR, f"responding {number}")
        _put(ax, spots[some:could], _TINT, _COLOUR, f"eligible {number}")
        few = of_hundred(one.responding).startswith("fewer")
        for x, y in spots[some + few : could]:
            ax.text(x, y, "/", ha="center", va="center_baseline", color=_COLOUR)
        _put(ax, spots[could:], PAPER, QUIET, f"neither {number}")
        if few:
            ax.plot(*spots[0], marker=".", markersize=9, color=INK, gid=f"part {number}")
    key = [
        "filled: would respond; pale with a stroke: eligible (could be given one), and",
        "no response expected; open: none licensed for their cancer",
    ]
    if any(of_hundred(one.responding).startswith("fewer") for one in shown):
        key.append("a dot in a mark: some would respond, but fewer than 1 in 100")
    key.append("Estimated shares of people with advanced cancer in the US.")
    ax.text(_LEFT, height - 0.08, "\n".join(key), va="bottom", linespacing=1.25, color=QUIET,
            fontsize=11.5)  # fmt: skip
    return figure


def _put(ax: Any, spots: list[tuple[float, float]], face: str, edge: str, gid: str) -> None:
    ax.plot([x for x, _ in spots], [y for _, y in spots], linestyle="none", marker="o",
            markersize=15, markerfacecolor=face, markeredgecolor=edge, markeredgewidth=1.5,
            gid=gid)  # fmt: skip
