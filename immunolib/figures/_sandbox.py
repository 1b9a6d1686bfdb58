"""Two groups of made-up people as survival curves, with what went in and what comes out."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from immunolib.figures._described import DescribedFigure, Words
from immunolib.figures._picture import Part, Picture
from immunolib.figures._sandbox_scene import (
    GROUPS,
    JOINING,
    LOOK,
    MONTHS,
    Curve,
    Scene,
    scene,
    steps_of,
)
from immunolib.figures._style import DIALS, FAINT, INK, PAPER, QUIET

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_WIDTH, _HEIGHT = 6.8, 5.45
_TICKS = (0, 12, 24, 36, 48, 60)
_LINES: dict[str, dict[str, Any]] = {
    "treated": {"color": DIALS["activation"].colour, "linewidth": 2.8},
    "comparator": {"color": DIALS["suppression"].colour, "linewidth": 2.4,
                   "linestyle": (0, (5, 2))},
}  # fmt: skip
_KEY = (1.215, 1.135, 1.055)  # heights of the three lines above, in the axes
_RISK = (-0.27, -0.345)  # of the two rows of people at risk


def picture(what: Scene) -> Picture:
    """The scene as a frame and parts."""
    other = what._without()
    return Picture(
        "survival sandbox",
        _stage,
        (
            Part("comparator", other, _comparator, zorder=2.6),
            Part("treated", what, _treated, zorder=3),
            Part("comparator's median", other, _comparator_half, zorder=3.5),
            Part("treated median", what, _treated_half, zorder=3.6),
            Part("comparator at risk", other, _comparator_risk, zorder=4),
            Part("treated at risk", what, _treated_risk, zorder=4),
            Part("figures", _written_lines(what), _written, zorder=4),
        ),
    )


def _stage(_ax: "Axes | None") -> list["Axes"]:
    figure = Figure(figsize=(_WIDTH, _HEIGHT))
    ax = figure.add_axes((0.125, 0.255, 0.835, 0.535))
    ax.set_xlim(0, MONTHS)
    ax.set_ylim(0, 103)
    ax.set_xticks(_TICKS)
    ax.set_yticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100 %"])
    ax.set_xlabel("months since joining", labelpad=3)
    ax.grid(color=FAINT, linewidth=0.8)
    ax.axhline(50, color=QUIET, linewidth=1.2, linestyle=(0, (2, 2)), zorder=1.5)
    ax.axvline(LOOK, color=QUIET, linewidth=1.2, linestyle=(0, (2, 2)), zorder=1.5)
    ax.text(MONTHS - 0.6, 51, "half", ha="right", va="bottom", color=QUIET)
    ax.text(-0.13, 1.3, "Alive: made-up people, to learn to read curves", transform=ax.transAxes,
            va="center", fontweight="bold", fontsize=13)  # fmt: skip
    ax.text(-0.13, -0.195, "Still followed (at risk):", transform=ax.transAxes, va="center",
            color=QUIET)  # fmt: skip
    for group, high, low in zip(GROUPS, _KEY[:2], _RISK, strict=True):
        for y in (high, low):
            ax.add_artist(
                Line2D([-0.13, -0.06], [y, y], transform=ax.transAxes, clip_on=False,
                       **_LINES[group])
            )  # fmt: skip
    return [ax]


def _line(ax: "Axes", x: Any, y: Any, **style: Any) -> "Artist":
    return ax.add_artist(Line2D(x, y, **style))


def _drawn(ax: "Axes", curve: Curve, group: str) -> list["Artist"]:
    corners = list(steps_of(curve))
    alive = np.sort(curve.months[~curve.died])
    style = _LINES[group]
    return [
        _line(ax, [x for x, _ in corners], [y for _, y in corners], **style),
        _line(ax, alive, [100 * curve.alive(month) for month in alive], linestyle="none",
              marker="|", markersize=8, markeredgewidth=1.2, color=style["color"]),
        _line(ax, [LOOK], [100 * curve.alive(LOOK)], linestyle="none", marker="o", markersize=8,
              markerfacecolor=PAPER, markeredgewidth=2, color=style["color"]),
    ]  # fmt: skip


def _treated(ax: "Axes", what: Scene) -> list["Artist"]:
    return _drawn(ax, what.curve("treated"), "treated")


def _comparator(ax: "Axes", what: Scene) -> list["Artist"]:
    return _drawn(ax, what.curve("comparator"), "comparator")


def _half(ax: "Axes", curve: Curve, group: str) -> list["Artist"]:
    """A mark where the curve comes to half, and a line down to the month."""
    month = curve.median
    if math.isnan(month):
        return []
    colour = _LINES[group]["color"]
    return [
        _line(ax, [month, month], [0, 50], color=colour, linewidth=2, linestyle=(0, (1, 1.2))),
        _line(ax, [month], [50], linestyle="none", marker="D", markersize=8, color=colour),
    ]


def _treated_half(ax: "Axes", what: Scene) -> list["Artist"]:
    return _half(ax, what.curve("treated"), "treated")


def _comparator_half(ax: "Axes", what: Scene) -> list["Artist"]:
    return _half(ax, what.curve("comparator"), "comparator")


def _risk(ax: "Axes", curve: Curve, row: float) -> list["Artist"]:
    return [
        ax.text(month, row, f"{curve.at_risk(month):,}", transform=ax.get_xaxis_transform(),
                ha="center", va="center", color=INK)
        for month in _TICKS
    ]  # fmt: skip


def _treated_risk(ax: "Axes", what: Scene) -> list["Artist"]:
    return _risk(ax, what.curve("treated"), _RISK[0])


def _comparator_risk(ax: "Axes", what: Scene) -> list["Artist"]:
    return _risk(ax, what.curve("comparator"), _RISK[1])


def _written_lines(what: Scene) -> tuple[str, ...]:
    lines = []
    for group in GROUPS:
        curve = what.curve(group)
        lines.append(
            f"{group}: ◆ median {_months(curve.median)}; "
            f"○ at {LOOK:g} months {_percent(curve.alive(LOOK))} alive"
        )
    ratio = f"hazard ratio: {what.ratio:.2f} went in; from these people {_ratio(what.worked_out)}"
    return (*lines, ratio)


def _written(ax: "Axes", lines: tuple[str, ...]) -> list["Artist"]:
    return [
        ax.text(-0.04, high, line, transform=ax.transAxes, va="center")
        for high, line in zip(_KEY, lines, strict=True)
    ]


# --- its words


def _months(value: float) -> str:
    return "not reached" if math.isnan(value) else f"{value:.1f} months"


def _percent(share: float) -> str:
    """A share in percent, never rounded up to all or down to none."""
    percent = 100 * share
    if 0 < percent < 0.5:
        return "under 1 %"
    return "over 99 %" if 99.5 <= percent < 100 else f"{percent:.0f} %"


def _ratio(found: tuple[float, float, float]) -> str:
    value, low, high = found
    if math.isnan(value):
        return "none (no deaths to compare)"
    return f"{value:.2f} ({low:.2f} to {high:.2f})"


def _went_in(what: Scene) -> str:
    said = f"a comparator median of {what.median:g} months and a hazard ratio of {what.ratio:.2f}"
    if what.delay:
        said += f", which begins after {what.delay:g} months"
    if what.cured:
        said += (
            f"; {what.cured:g} percent of the treated"
            f"{' who are alive then' if what.delay else ''} no longer die of the illness"
        )
    return said


def _gist(what: Scene) -> str:
    treated, other = (what.curve(group) for group in GROUPS)
    return (
        f"Made-up people: median {_months(treated.median)} (treated) against "
        f"{_months(other.median)} (comparator); alive at {LOOK:g} months "
        f"{_percent(treated.alive(LOOK))} against {_percent(other.alive(LOOK))}; "
        f"the hazard ratio that went in is {what.ratio:.2f}."
    )


def describe(what: Scene) -> str:
    """Say in words what the picture shows."""
    treated, other = (what.curve(group) for group in GROUPS)
    deaths = [int(curve.died.sum()) for curve in (treated, other)]
    luck = (
        "Nothing is left to chance: the people are spread evenly, alike in both groups."
        if not what.luck
        else f"Each group has luck of its own (number {what.luck}), so chance moves both curves."
    )
    return "\n".join(
        [
            _gist(what),
            f"What went in: {_went_in(what)}.",
            "One hazard ratio worked out from all of these people, as a trial would do it (Cox): "
            f"{_ratio(what.worked_out)}; the brackets hold the 95 percent interval.",
            f"{what.people:,} people in each group; {deaths[0]:,} of the treated and {deaths[1]:,} "
            f"of the comparator group died in the time they were followed. At {LOOK:g} months "
            f"{treated.at_risk(LOOK):,} and {other.at_risk(LOOK):,} are still followed, at 48 "
            f"months {treated.at_risk(48):,} and {other.at_risk(48):,}.",
            f"They join over {JOINING:g} months, and are counted {MONTHS:g} months after the first "
            "has joined; a tick on a curve is a person who was still alive then (censored).",
            luck,
            "The curves are Kaplan-Meier estimates. These people are made up, to learn to read "
            "curves: it is arithmetic, and no model of an illness or of a medicine.",
        ]
    )


def words(what: Scene) -> Words:
    """Title, alternative text and description of a scene."""
    treated, other = (what.curve(group) for group in GROUPS)
    return Words(
        title="Survival of two groups of made-up people",
        alt=f"Two falling step curves of made-up people: median {_months(treated.median)} treated, "
        f"{_months(other.median)} comparator, over {MONTHS:g} months.",
        description=describe(what),
    )


def table(what: Scene) -> pd.DataFrame:
    """The curves, one row for each half year."""
    treated, other = (what.curve(group) for group in GROUPS)
    rows = [
        (month, round(100 * treated.alive(month), 1), treated.at_risk(month),
         round(100 * other.alive(month), 1), other.at_risk(month))
        for month in range(0, int(MONTHS), 6)
    ]  # fmt: skip
    columns = ["month", "treated, percent alive", "treated, at risk",
               "comparator, percent alive", "comparator, at risk"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


_NAMED = {
    "median": ("Median of the comparator", "{:g} months"),
    "ratio": ("Hazard ratio", "{:.2f}"),
    "cured": ("Long-term survivors", "{:g} percent"),
    "delay": ("Delay", "{:g} months"),
    "people": ("People in each group", "{:,}"),
    "luck": ("Luck", "{:d}"),
}


def changed(old: Scene, new: Scene) -> str:
    """Say what differs between two scenes."""
    moved = [
        f"{label} {form.format(getattr(old, name))} to {form.format(getattr(new, name))}"
        for name, (label, form) in _NAMED.items()
        if getattr(old, name) != getattr(new, name)
    ]
    if not moved:
        return "Nothing has changed."
    said = []
    for group in GROUPS:
        before, after = (_months(one.curve(group).median) for one in (old, new))
        stays = f"stays {after}" if before == after else f"goes from {before} to {after}"
        said.append(f"the {group} median {stays}")
    shares = " against ".join(_percent(new.curve(group).alive(LOOK)) for group in GROUPS)
    return f"{'; '.join(moved)}: {' and '.join(said)}; alive at {LOOK:g} months {shares}."


def survival_sandbox(
    median: float = 10.0,
    ratio: float = 0.5,
    cured: float = 0.0,
    delay: float = 0.0,
    people: int = 200,
    luck: int = 0,
) -> DescribedFigure:
    """Survival curves of two groups of made-up people, to learn to read such curves.

    It is arithmetic, and no model of an illness; the module of the scene says how it is made.

    Args:
        median: of the comparator group, in months; 3 to 36.
        ratio: the hazard ratio of the treated who are not long-term survivors; 0.3 to 1.5.
        cured: percent of the treated, of those alive when the effect begins, who no longer die of
            the illness; 0 to 60.
        delay: months before the effect begins; 0 to 12.
        people: how many in each group; 10 to 5000.
        luck: 0 leaves nothing to chance; any other whole number to 9999 is one way in which
            chance may deal out the people.

    Returns:
        The described figure; its table has a row for each half year.

    Raises:
        ValueRangeError: where a number is none, or outside its range.
    """
    what = scene(median, ratio, cured, delay, people, luck)
    return DescribedFigure.of(picture(what), words(what), table(what))
