"""Receptor occupancy over time: the concentration above, the share of receptors held below."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from immunolib.figures._described import DescribedFigure, Words
from immunolib.figures._occupancy_scene import (
    DAYS,
    HALF_LIFE,
    VOLUME,
    Scene,
    curve,
    scene,
)
from immunolib.figures._picture import Part, Picture
from immunolib.figures._style import DIALS, FAINT, INK, QUIET

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_CURVE, _TINT = DIALS["activation"].colour, DIALS["activation"].tint
_OTHER = DIALS["suppression"].colour
_WIDTH, _HEIGHT = 6.8, 6.2
_FLOOR, _ROOF = 1e-3, 1e5  # of the concentrations drawn, nmol per litre
_STYLES: dict[str, dict[str, Any]] = {
    "receptors held": {"color": _CURVE, "linewidth": 2.5},
    "its mean": {"color": INK, "linewidth": 2, "linestyle": (0, (5, 3))},
    "at the mean concentration": {"color": _OTHER, "linewidth": 2, "linestyle": (0, (1, 1.5))},
}


def picture(what: Scene) -> Picture:
    """The scene as a frame and parts."""
    once = (what.dose, what.interval)
    # The share depends on the dose and the Kd only through their ratio.
    ratio = Scene(float(f"{what.dose / what.kd:.9g}"), 1.0, what.interval)
    return Picture(
        "receptor occupancy",
        _stage,
        (
            Part("doses", what.interval, _doses, zorder=2),
            Part("Kd", what.kd, _kd, zorder=2.5),
            Part("concentration", once, _concentration, zorder=3),
            Part("below the mean", ratio, _below, zorder=1.5, axes=1),
            Part("at the mean concentration", ratio, _at_mean, zorder=2, axes=1),
            Part("mean", ratio, _mean, zorder=2.5, axes=1),
            Part("occupancy", ratio, _occupancy, zorder=3, axes=1),
            Part("figures", _figures(ratio), _written, zorder=4, axes=1),
        ),
    )


def _stage(_ax: "Axes | None") -> list["Axes"]:
    """Two panels on a figure of their own."""
    figure = Figure(figsize=(_WIDTH, _HEIGHT))
    above = figure.add_axes((0.135, 0.615, 0.835, 0.32))
    below = figure.add_axes((0.135, 0.095, 0.835, 0.3))
    above.set_yscale("log")
    above.set_ylim(_FLOOR, _ROOF)
    above.set_yticks([1e-2, 1, 100, 1e4], ["0.01", "1", "100", "10,000"])
    above.set_yticks([], minor=True)
    above.set_title("In the blood, nmol per litre", loc="left")
    below.set_ylim(0, 104)
    below.set_yticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100 %"])
    below.set_title("Receptors held", loc="left", y=1.36)
    below.set_xlabel("days since the first dose (▲ a dose)")
    for one in (above, below):
        one.set_xlim(0, DAYS)
        one.set_xticks(range(0, int(DAYS) + 1, 28))
        one.grid(color=FAINT, linewidth=0.8)
    for at, style in zip((1.3, 1.19, 1.08), _STYLES.values(), strict=True):
        below.add_artist(
            Line2D([0, 0.07], [at, at], transform=below.transAxes, clip_on=False, **style)
        )
    return [above, below]


def _line(ax: "Axes", x: Any, y: Any, **style: Any) -> "Artist":
    return ax.add_artist(Line2D(x, y, **style))


def _doses(ax: "Axes", interval: float) -> list["Artist"]:
    days = np.arange(0, DAYS, interval)
    return [_line(ax, days, np.full(len(days), _FLOOR * 1.9), marker="^", markersize=7,
                  linestyle="none", color=INK, clip_on=False)]  # fmt: skip


def _kd(ax: "Axes", kd: float) -> list["Artist"]:
    text = ax.text(1, 1.035, f"- -  Kd {kd:g}: half of the receptors held",
                   transform=ax.transAxes, ha="right", color=QUIET)  # fmt: skip
    return [_line(ax, [0, DAYS], [kd, kd], color=QUIET, linestyle=(0, (4, 2))), text]


def _concentration(ax: "Axes", data: tuple[float, float]) -> list["Artist"]:
    dose, interval = data
    days, held = curve(Scene(dose, 1.0, interval))
    return [_line(ax, days, np.maximum(held, _FLOOR), color=_CURVE, linewidth=2.5)]


def _share(what: Scene) -> tuple[Any, Any]:
    days, held = curve(what)
    return days, 100 * held / (held + what.kd)


def _occupancy(ax: "Axes", what: Scene) -> list["Artist"]:
    return [_line(ax, *_share(what), **_STYLES["receptors held"])]


def _below(ax: "Axes", what: Scene) -> list["Artist"]:
    """What the mean hides: the part of the last interval that lies below it."""
    days, share = _share(what)
    _, end = what.last
    mean = 100 * what.mean
    from_day = end - what.below
    here = (days > from_day) & (days <= end) & (share < mean)
    outline = [(from_day, mean), *zip(days[here], share[here], strict=True), (end, mean)]
    return [ax.add_artist(Polygon(outline, color=_TINT, linewidth=0))]


def _mean(ax: "Axes", what: Scene) -> list["Artist"]:
    return [_line(ax, what.last, [100 * what.mean] * 2, **_STYLES["its mean"])]


def _at_mean(ax: "Axes", what: Scene) -> list["Artist"]:
    share = 100 * what.occupancy(what.mean_concentration)
    return [_line(ax, what.last, [share] * 2, **_STYLES["at the mean concentration"])]


def _percent(share: float) -> str:
    """A share in percent, never rounded up to all or down to none."""
    percent = 100 * share
    if percent >= 99.95:
        return "over 99.9 %"
    return "under 0.1 %" if percent < 0.05 else f"{percent:.1f} %"


def _number(value: float) -> str:
    """A number to three figures, never in powers of ten."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _figures(what: Scene) -> tuple[str, ...]:
    high, low = (_percent(what.occupancy(c)) for c in (what.peak, what.trough))
    return (
        f"in the last whole interval, from {high} to {low}",
        f"its mean: {_percent(what.mean)}",
        f"at the mean concentration: {_percent(what.occupancy(what.mean_concentration))}",
    )


def _written(ax: "Axes", lines: tuple[str, ...]) -> list["Artist"]:
    return [
        ax.text(0.09, at, line, transform=ax.transAxes, va="center", fontsize=11.5)
        for at, line in zip((1.3, 1.19, 1.08), lines, strict=True)
    ]


def describe(what: Scene) -> str:
    """Say in words what the picture shows."""
    start, end = what.last
    high, low, mean, flat = (
        _percent(share)
        for share in (
            what.occupancy(what.peak),
            what.occupancy(what.trough),
            what.mean,
            what.occupancy(what.mean_concentration),
        )
    )
    every = f"{what.interval:g} days"
    return "\n".join(
        [
            f"With {what.dose:g} mg every {every} and a Kd of {what.kd:g} nmol per litre, the "
            f"antibody holds {high} of its receptors right after a dose and {low} just before the "
            f"next (days {start:g} to {end:g}); the mean is {mean}.",
            f"The mean hides that for {what.below:.1f} of these {every} the share lies below it. "
            f"At the mean concentration ({_number(what.mean_concentration)} nmol per litre) the "
            f"share would be {flat}: never less than the mean of the shares, since the curve bends "
            "over.",
            f"In the blood the concentration falls from {_number(what.peak)} to "
            f"{_number(what.trough)} nmol per litre between two doses.",
            f"The model: one compartment, half-life {HALF_LIFE:g} days and volume {VOLUME:g} "
            "litres (US label of pembrolizumab, section 12.3), and more antibody than receptors. "
            "It leaves out that at low doses removal is not in proportion, that blood is not the "
            "tumour, and that a receptor which is held is not yet an effect.",
        ]
    )


def words(what: Scene) -> Words:
    """Title, alternative text and description of a scene."""
    every = f"{what.interval:g} days"
    return Words(
        title=f"Receptors held by {what.dose:g} mg every {every}, Kd {what.kd:g} nmol per litre",
        alt=f"Antibody in the blood and receptors held over {DAYS:g} days; lowest share "
        f"{_percent(what.occupancy(what.trough))}, mean {_percent(what.mean)}.",
        description=describe(what),
    )


def table(what: Scene) -> pd.DataFrame:
    """The curves, one row a week; on the day of a dose, right after it."""
    rows = []
    for day in range(0, int(DAYS), 7):
        here = what.at(day)
        rows.append((day, float(f"{here:.3g}"), float(f"{100 * what.occupancy(here):.3g}")))
    return pd.DataFrame(rows, columns=["day", "nmol per litre", "percent of receptors held"])


def changed(old: Scene, new: Scene) -> str:
    """Say what differs between two scenes."""
    named = (("dose", "mg"), ("kd", "nmol per litre"), ("interval", "days"))
    labels = {"dose": "Dose", "kd": "Kd", "interval": "Interval"}
    moved = [
        f"{labels[name]} {getattr(old, name):g} to {getattr(new, name):g} {unit}"
        for name, unit in named
        if getattr(old, name) != getattr(new, name)
    ]
    if not moved:
        return "Nothing has changed."
    before, after = (_percent(one.occupancy(one.trough)) for one in (old, new))
    lowest = f"stays at {after}" if before == after else f"goes from {before} to {after}"
    was, now = _percent(old.mean), _percent(new.mean)
    mean = f"stays at {now}" if was == now else f"goes from {was} to {now}"
    return f"{'; '.join(moved)}: the lowest share {lowest}, and the mean {mean}."


def receptor_occupancy(
    dose: float = 200.0, kd: float = 4.0, interval: float = 21.0
) -> DescribedFigure:
    """The share of receptors that repeated doses of an antibody hold, and what its mean hides.

    A one-compartment model with the half-life (22 days) and volume (6.0 litres) of the US label of
    pembrolizumab, and the law of mass action; the module names every source and limit.

    Args:
        dose: milligrams, each time; 0.1 to 1000.
        kd: the concentration that holds half of the receptors, nmol per litre; 0.01 to 1000.
        interval: days from one dose to the next; 7 to 84.

    Returns:
        The described figure; its table has the columns day, nmol per litre, percent of receptors
        held, one row a week; on the day of a dose, right after it.

    Raises:
        ValueRangeError: where a number is none, or outside its range.
    """
    what = scene(dose, kd, interval)
    return DescribedFigure.of(picture(what), words(what), table(what))
