"""A hundred people as marks: with and without an unwanted effect, and the comparator's beside."""

from typing import Any

import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure

from immunolib._errors import ImmunolibError, choose
from immunolib.figures._described import DescribedFigure
from immunolib.figures._harm_rows import LINE, WIDTH, Row, folded, percent, safety_rows
from immunolib.figures._style import DIALS, INK, PAPER, QUIET, RC

_HUNDRED = 100
_ALONE = "No comparator is on record: how many would have had it anyway is not known."


def icon_array(safety_id: str) -> DescribedFigure:
    """A hundred people (or doses, visits, reports) as marks, and the comparator's beside them.

    The number of filled marks is rounded; the exact number stands above them in words.  Where it
    is more than none and rounds to none, one mark carries a dot: less than one in a hundred.

    Args:
        safety_id: the name of a row of ``load_safety()``.

    Returns:
        The described figure; its table has a row for each group.

    Raises:
        UnknownNameError: where there is no such row.
        ImmunolibError: where the row has no percentage.
    """
    rows = {row.safety_id: row for row in safety_rows()}
    row = rows[choose("safety_id", safety_id, rows)]
    if row.percent is None:
        raise ImmunolibError(
            f"The row {row.safety_id!r} has no percentage, so no people can be drawn. "
            f"What is on record: {row.note}"
        )
    groups = [(row.regimen, row.percent, row.exact)]
    if row.comparator_percent is not None:
        share = row.comparator_percent
        groups.append((row.against, share, _comparator_exact(row)))
    with rc_context(RC):
        figure = _draw_icons(row, groups)
    after = f", {row.at}" if row.at else ""
    said = [f"{row.what[0].upper()}{row.what[1:]}, {row.trial}: {row.arm}{after}."]
    said += [f"{name}: {of_hundred(share)} of 100 {row.unit}; exactly {exact}."
             for name, share, exact in groups]  # fmt: skip
    if len(groups) == 1:
        said.append(_ALONE)
    if row.of_deaths:
        said.append("This is a share of reported deaths, and not a risk.")
    if row.evidence != "primary":
        said.append("Read in a secondary source.")
    table = pd.DataFrame(
        [(name, row.event, row.grade, rounded(share), share, exact)
         for name, share, exact in groups],
        columns=["group", "event", "grade", "marks filled", "percent", "exactly"],
    )  # fmt: skip
    beside = f" beside {groups[1][0]}" if len(groups) > 1 else ""
    return DescribedFigure(
        figure,
        f"Out of 100 {row.unit}: {row.what}",
        fit_letters(f"{of_hundred(row.percent)} of 100 marks filled for {row.regimen}{beside}"),
        "\n".join(said),
        table,
    )


def fit_letters(text: str, most: int = 149) -> str:
    """A sentence of at most so many letters."""
    return f"{text}." if len(text) < most else f"{text[: most - 1].rstrip()}…"


def _comparator_exact(row: Row) -> str:
    """The comparator's number: its count too, where the note has it."""
    share = percent(row.comparator_percent or 0.0)
    if row.compared is None:
        return f"{share} percent of {row.unit}, number not on record"
    events, people = row.compared
    return f"{events:,} of {people:,} {row.unit} ({share} percent)"


def rounded(share: float) -> int:
    """To whole marks, halves up; never all where some are without it."""
    marks = int(share + 0.5)
    return _HUNDRED - 1 if marks == _HUNDRED and share < _HUNDRED else marks


def of_hundred(share: float) -> str:
    return "fewer than 1" if share > 0 and not rounded(share) else str(rounded(share))


def _draw_icons(row: Row, groups: list[tuple[str, float, str]]) -> Figure:
    side, gap = 3.0, 0.3
    heads = [
        "\n".join((
            folded(name, side, bold=True),
            f"{of_hundred(share)} of 100 {row.unit}",
            folded(exact.replace(" percent", " %"), side),
        ))
        for name, share, exact in groups
    ]  # fmt: skip
    title = folded(row.what, WIDTH - 0.4, bold=True)
    tall = LINE * max(head.count("\n") + 1 for head in heads) + 0.15
    above = LINE * (title.count("\n") + 1) + 0.2
    key = 0.62 if any(of_hundred(share).startswith("fewer") for _, share, _ in groups) else 0.36
    height = above + tall + side + key
    figure = Figure(figsize=(WIDTH, height))
    ax = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(height, 0)
    ax.set_axis_off()
    ax.text(0.2, 0.1, title, va="top", fontweight="bold", linespacing=1.15)
    dial = DIALS[row.direction]
    for number, ((_, share, _), head) in enumerate(zip(groups, heads, strict=True)):
        left = 0.2 + number * (side + gap)
        ax.text(left, above, head, va="top", linespacing=1.15)
        colour = dial.colour if not number else INK
        spots = [(left + side * (at % 10 + 0.5) / 10, above + tall + side * (at // 10 + 0.5) / 10)
                 for at in range(_HUNDRED)]  # fmt: skip
        some = rounded(share)
        _marks(ax, spots[:some], colour, colour, f"with {number}")
        _marks(ax, spots[some:], PAPER, QUIET, f"without {number}")
        if of_hundred(share).startswith("fewer"):
            ax.plot(*spots[0], marker=".", markersize=9, color=colour, gid=f"part {number}")
    if len(groups) == 1:
        ax.text(0.2 + side + gap, above + tall + 0.1, folded(_ALONE, side), va="top",
                linespacing=1.2)  # fmt: skip
    words = "filled: with the event; open: without"
    if key > 0.5:
        words += "\na dot in a mark: some, but fewer than 1 in 100"
    ax.text(0.2, height - 0.1, words, va="bottom", linespacing=1.2, color=QUIET)
    return figure


def _marks(ax: Any, spots: list[tuple[float, float]], face: str, edge: str, gid: str) -> None:
    ax.plot([x for x, _ in spots], [y for _, y in spots], linestyle="none", marker="o",
            markersize=15, markerfacecolor=face, markeredgecolor=edge, markeredgewidth=1.5,
            gid=gid)  # fmt: skip
