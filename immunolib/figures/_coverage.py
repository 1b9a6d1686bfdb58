"""What the data hold, drawn: first licences by year and dial, and by family and decade."""

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib import rc_context
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from immunolib import datasets
from immunolib.figures._described import DescribedFigure, count, sentence_list
from immunolib.figures._style import DIALS, FAINT, INK, PAPER, QUIET, RC, fit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HATCH = {"activation": "", "suppression": "////", "redirection": "...."}
_WIDTH_INCHES = 6.8
_LABEL_INCHES = 3.25


def approvals_per_year() -> DescribedFigure:
    """How many agents were licensed for the first time in each year, one panel for each dial.

    An agent counts once on each dial, in the year of its first licence by FDA or EMA for a use on
    that dial.  An emergency use is no licence.

    Returns:
        The described figure; its table has the columns year, activation, suppression, redirection.
    """
    first = datasets.first_licences()
    last = datasets.edition().year
    start = int(first["year"].min())
    counts = pd.crosstab(first["year"], first["direction"]).reindex(
        index=range(start, last + 1), columns=list(DIALS), fill_value=0
    )
    with rc_context(RC):
        figure = Figure(figsize=(_WIDTH_INCHES, 6.2))
        tops = [max(int(counts[name].max()), 2) + 1 for name in DIALS]
        axes = figure.subplots(
            len(DIALS), 1, sharex=True, gridspec_kw={"height_ratios": tops, "hspace": 0.42}
        )
        for ax, name, top in zip(axes, DIALS, tops, strict=True):
            _bars(ax, counts[name], name, top)
        axes[-1].set_xlim(start - 1, last + 1)
        axes[-1].set_xticks(range(start // 10 * 10, last, 10))
        axes[-1].set_xlabel(f"year of the first licence by FDA or EMA ({last}: so far)")
        axes[1].set_ylabel("agents")
        figure.subplots_adjust(left=0.09, right=0.98, top=0.95, bottom=0.1)
    return DescribedFigure(
        figure=figure,
        title="First licences by the FDA or the EMA in each year",
        alt=f"Bars of the agents first licensed by the FDA or the EMA in each year from {start} to "
        f"{last}, one panel for each dial.",
        description=_years_in_words(counts, start, last),
        table=counts[counts.sum(axis=1) > 0].reset_index().rename_axis(None, axis="columns"),
    )


def _bars(ax: "Axes", counts: "pd.Series[int]", name: str, top: int) -> None:
    dial = DIALS[name]
    ax.bar(counts.index, counts, width=0.8, color=dial.tint if _HATCH[name] else dial.colour,
           edgecolor=dial.colour, hatch=_HATCH[name], linewidth=1, gid=f"bars {name}")  # fmt: skip
    ax.set_title(
        f"{dial.symbol} {name}: {int(counts.sum())} agents",
        loc="left",
        color=dial.colour,
        fontweight="bold",
        fontsize=RC["font.size"],
    )
    ax.set_ylim(0, top)
    ax.set_yticks(range(0, top + 1, 2 if top < 8 else 5))
    ax.grid(axis="y", color=FAINT, linewidth=0.8)


def _years_in_words(counts: pd.DataFrame, start: int, last: int) -> str:
    lines = []
    for name in DIALS:
        mine = counts[name]
        years = mine[mine > 0]
        if years.empty:
            continue
        most = int(mine.max())
        peaks = [str(year) for year in mine.index[mine == most]]
        lines.append(
            f"{name.capitalize()}: {count(int(mine.sum()), 'agent')} first licensed by the FDA "
            f"or the EMA, from {years.index.min()} on; the most in one year were {most}, "
            f"in {sentence_list(peaks)}."
        )
    half = int(counts.sum(axis=1).sum() / 2)
    running = counts.sum(axis=1).cumsum()
    middle = int(running.index[running > half][0])
    lines.append(f"Half of all these first licences date from {middle} or later.")
    return "\n".join(lines)


def classes_by_decade() -> DescribedFigure:
    """How many agents of each family were licensed for the first time in each decade.

    An agent counts once on each dial, as in ``approvals_per_year``.

    Returns:
        The described figure; its table has a row for each dial and family and a column for each
        decade.
    """
    first = datasets.first_licences()
    first["decade"] = [f"{year // 10}0s" for year in first["year"]]
    start = int(first["year"].min()) // 10
    decades = [f"{decade}0s" for decade in range(start, datasets.edition().year // 10 + 1)]
    order = {name: at for at, name in enumerate(DIALS)}
    counts = pd.crosstab([first["direction"], first["family"]], first["decade"])
    counts = counts.reindex(columns=decades, fill_value=0).reset_index()
    begun = [next(d for d in decades if row[d]) for _, row in counts.iterrows()]
    counts = (
        counts.assign(
            dial=counts["direction"].map(order), begun=begun, all=counts[decades].sum(axis=1)
        )
        .sort_values(["dial", "begun", "all", "family"], ascending=[True, True, False, True])
        .drop(columns=["dial", "begun"])
        .reset_index(drop=True)
    )
    with rc_context(RC):
        height = 0.29 * (len(counts) + 1) + 0.75
        figure = Figure(figsize=(_WIDTH_INCHES, height))
        label = _LABEL_INCHES / _WIDTH_INCHES
        bottom = 0.1 / height
        ax = figure.add_axes((label, bottom, 1 - label - 0.01, 1 - bottom - 0.7 / height))
        _cells(ax, counts, decades)
    newest = counts[counts[decades[-1]] > 0]
    words = [
        f"{count(len(counts), 'row')} of families on a dial, {len(decades)} decades from "
        f"{decades[0]} to {decades[-1]}.",
    ]
    for name in DIALS:
        mine = counts[counts["direction"] == name]
        biggest = mine.sort_values(["all", "family"], ascending=[False, True]).head(3)
        said = [f"{row['family']} ({row['all']})" for _, row in biggest.iterrows()]
        if said:
            words.append(f"{name.capitalize()}, the largest: {sentence_list(said)}.")
    top = newest.sort_values([decades[-1], "family"], ascending=[False, True]).head(3)
    said = [f"{row['family']} ({row[decades[-1]]})" for _, row in top.iterrows()]
    words.append(f"Most new agents since {decades[-1][:4]}: {sentence_list(said)}.")
    return DescribedFigure(
        figure=figure,
        title="Families of agents by the decade of their first licence by the FDA or the EMA",
        alt="A grid of counts: families of agents by dial down, decades across, "
        "darker where more agents were first licensed.",
        description="\n".join(words),
        table=counts.rename_axis(None, axis=1),
    )


def _cells(ax: "Axes", counts: pd.DataFrame, decades: list[str]) -> None:
    most = int(counts[decades].to_numpy().max())
    for level, row in counts.iterrows():
        dial = DIALS[str(row["direction"])]
        ax.annotate(
            f"{dial.symbol} {fit(str(row['family']), _LABEL_INCHES - 0.3)}",
            (0, float(level)),  # type: ignore[arg-type]
            xycoords=("axes fraction", "data"),
            xytext=(-_LABEL_INCHES * 72, 0),
            textcoords="offset points",
            va="center",
            color=dial.colour,
            annotation_clip=False,
        )
        for at, decade in enumerate(decades):
            many = int(row[decade])
            if not many:
                continue
            share = 0.15 + 0.85 * many / most
            colour = [1 - share * (1 - part) for part in to_rgb(dial.colour)]
            ax.fill_between([at - 0.48, at + 0.48], float(level) - 0.44, float(level) + 0.44,  # type: ignore[arg-type]
                            color=colour, linewidth=0)  # fmt: skip
            ax.text(at, float(level), str(many), ha="center", va="center",  # type: ignore[arg-type]
                    color=PAPER if share > 0.6 else INK,
                    gid=f"cell {row['direction']} {row['family']} {decade}")  # fmt: skip
    ax.set_xlim(-0.5, len(decades) - 0.5)
    ax.set_ylim(len(counts) - 0.4, -0.6)
    ax.set_yticks([])
    ax.xaxis.tick_top()
    ax.set_xticks(range(len(decades)), [decade[:4] for decade in decades])
    ax.set_xlabel("decade that began in", loc="right")
    ax.xaxis.set_label_position("top")
    ax.tick_params(length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    for level in range(1, len(counts)):
        if counts["direction"].iloc[level] != counts["direction"].iloc[level - 1]:
            ax.axhline(level - 0.5, color=QUIET, linewidth=1)
