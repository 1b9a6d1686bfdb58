"""Neutralising antibody and protection: two curves, and the point where a group stands."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from immunolib.figures._described import DescribedFigure, Words
from immunolib.figures._picture import Part, Picture
from immunolib.figures._protection_scene import HALF, HALF_LIFE, Scene, efficacy, scene
from immunolib.figures._style import DIALS, FAINT, INK, PAPER, QUIET

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_WIDTH, _HEIGHT = 6.8, 5.6
_LEFT, _RIGHT = 3e-5, 15.0  # of the levels drawn
_LEVELS = np.geomspace(_LEFT, _RIGHT, 161)
_SYMPTOMS, _SEVERE = HALF
_BOTH = (_SYMPTOMS, _SEVERE)
_STYLES: dict[str, dict[str, Any]] = {
    _SYMPTOMS: {"colour": DIALS["activation"].colour, "tint": DIALS["activation"].tint,
                "marker": "o", "line": "-"},
    _SEVERE: {"colour": DIALS["suppression"].colour, "tint": DIALS["suppression"].tint,
              "marker": "s", "line": (0, (5, 2))},
}  # fmt: skip
_LABELS = {_SYMPTOMS: (0.9, 34, "left"), _SEVERE: (0.004, 66, "right")}
_ROWS = {_SYMPTOMS: 1.13, _SEVERE: 1.05}
_TICKS = {1e-4: "0.01 %", 1e-3: "0.1 %", 1e-2: "1 %", 0.1: "10 %", 1.0: "100 %", 10.0: "1,000 %"}


def picture(what: Scene) -> Picture:
    """The scene as a frame and parts."""
    found = tuple(tuple(round(v, 6) for v in what.now(outcome)) for outcome in _BOTH)
    return Picture(
        "protection",
        _stage,
        (
            Part("start", what.level, _start, zorder=2),
            Part("way", (what.level, float(f"{what.left:.6g}")), _way, zorder=3),
            Part("points", (float(f"{what.left:.6g}"), found), _points, zorder=4),
            Part("figures", found, _written, zorder=4),
        ),
    )


def _stage(ax: "Axes | None") -> list["Axes"]:
    """The two curves with their bands: they never move."""
    if ax is None:
        ax = Figure(figsize=(_WIDTH, _HEIGHT)).add_axes((0.115, 0.115, 0.835, 0.66))
    ax.set_xscale("log")
    ax.set_xlim(_LEFT, _RIGHT)
    ax.set_ylim(0, 102)
    ax.set_xticks(list(_TICKS), list(_TICKS.values()))
    ax.set_xticks([], minor=True)
    ax.set_yticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100 %"])
    ax.set_xlabel("neutralising level, in percent of the mean after recovery")
    ax.set_title("Cases prevented, percent", loc="left", y=1.19)
    ax.grid(color=FAINT, linewidth=0.8)
    for outcome in reversed(_BOTH):
        style = _STYLES[outcome]
        best, low, high = HALF[outcome]
        upper, lower = (100 * efficacy(_LEVELS, half) for half in (low, high))
        outline = [*zip(_LEVELS, upper, strict=True), *zip(_LEVELS[::-1], lower[::-1], strict=True)]
        ax.add_patch(Polygon(outline, color=style["tint"], linewidth=0, zorder=1, alpha=0.85))
        ax.add_artist(
            Line2D(_LEVELS, 100 * efficacy(_LEVELS, best), color=style["colour"], linewidth=2.5,
                   linestyle=style["line"], zorder=2)
        )  # fmt: skip
        x, y, side = _LABELS[outcome]
        paper = {"facecolor": PAPER, "linewidth": 0, "pad": 2}
        ax.text(x, y, outcome.replace(" ", "\n"), color=style["colour"], ha=side, va="center",
                linespacing=1.1, bbox=paper, zorder=3.5)  # fmt: skip
        ax.add_artist(
            Line2D([-0.02, 0.02, 0.06], [_ROWS[outcome]] * 3, transform=ax.transAxes, clip_on=False,
                   marker=style["marker"], markevery=[1], markersize=9, color=style["colour"],
                   linestyle=style["line"], linewidth=2.5)
        )  # fmt: skip
    return [ax]


def _start(ax: "Axes", level: float) -> list["Artist"]:
    return [
        ax.add_artist(Line2D([level], [2.2], marker="^", markersize=9, linestyle="none", color=INK))
    ]


def _way(ax: "Axes", data: tuple[float, float]) -> list["Artist"]:
    """From the level at the start, along the floor, to the level that is left."""
    level, left = data
    style: dict[str, Any] = {"color": QUIET, "linewidth": 2}
    return [
        ax.add_artist(Line2D([left, level], [2.2, 2.2], linestyle=(0, (1, 1.5)), **style)),
        ax.add_artist(Line2D([left, left], [0, 102], **style)),
    ]


def _points(ax: "Axes", data: tuple[float, tuple[tuple[float, ...], ...]]) -> list["Artist"]:
    left, found = data
    return [
        ax.add_artist(
            Line2D([left], [100 * best], marker=_STYLES[outcome]["marker"], markersize=11,
                   linestyle="none", color=_STYLES[outcome]["colour"], markeredgecolor="white",
                   markeredgewidth=1.5)
        )
        for outcome, (best, _, _) in zip(_BOTH, found, strict=True)
    ]  # fmt: skip


def _percent(share: float) -> str:
    """A share in percent, never rounded up to all or down to none."""
    percent = 100 * share
    if percent > 99:
        return "over 99"
    return "under 1" if percent < 1 else f"{percent:.0f}"


def _ranged(found: tuple[float, ...]) -> str:
    """A share with its range; the range alone says it where it is one number in words."""
    best, low, high = (_percent(share) for share in found)
    return best if best == low == high else f"{best} ({low} to {high})"


def _written(ax: "Axes", found: tuple[tuple[float, ...], ...]) -> list["Artist"]:
    return [
        ax.text(0.08, _ROWS[outcome], f"{outcome}: {_ranged(one)} of 100 prevented",
                transform=ax.transAxes, va="center", fontsize=11.5)
        for outcome, one in zip(_BOTH, found, strict=True)
    ]  # fmt: skip


def _level(value: float) -> str:
    """A level in percent of the convalescent mean, to three figures."""
    percent = float(f"{100 * value:.3g}")
    return f"{percent:,.0f} %" if percent >= 1000 else f"{percent:g} %"


def _why(what: Scene) -> str:
    """What lowered the level, in words; empty where nothing did."""
    found = []
    if what.drop > 1:
        found.append(f"a variant lowers it {what.drop:g}-fold")
    if what.days > 0:
        found.append(f"{what.days:g} days pass")
    return " and ".join(found)


def describe(what: Scene) -> str:
    """Say in words what the picture shows."""
    symptoms, severe = (what.now(outcome) for outcome in _BOTH)
    why = _why(what)
    where = (
        f"After {why}, a level of {_level(what.level)} of the mean after recovery is down to "
        f"{_level(what.left)}: there"
        if why
        else f"At a mean level of {_level(what.level)} of the mean after recovery"
    )
    was = ""
    if why:
        before = " and ".join(f"{_percent(what.start(o))} against {o}" for o in _BOTH)
        was = f" At the start it was {before}."
    one, other = _ranged(symptoms), _ranged(severe)
    return "\n".join(
        [
            f"{where} the relation gives {one} of 100 cases of symptomatic illness prevented, and "
            f"{other} of 100 cases of severe illness.{was}",
            "The ranges, drawn as bands, come from the 95 percent interval of the level of 50 "
            "percent protection alone: 20.2 % (14.4 to 28.4) for symptomatic and 3 % (0.7 to 13) "
            "for severe illness.",
            "A case prevented is one of those that unvaccinated people would have had. The "
            "triangle marks the level at the start, the upright line the level that is left.",
            "The relation is of trials of seven vaccines (severe illness: six) and of people who "
            "had recovered (severe illness: none), all with early variants (Khoury and colleagues, "
            f"2021); levels halve in {HALF_LIFE:g} days, and nothing is said here beyond day 250. "
            "It is the curve of a group, not one person's protection, and not advice. It is a link "
            "between two measurements, and does not exclude a part of T cells.",
        ]
    )


def words(what: Scene) -> Words:
    """Title, alternative text and description of a scene."""
    symptoms, severe = (_percent(what.now(outcome)[0]) for outcome in _BOTH)
    return Words(
        title=f"Protection at {_level(what.left)} of the mean level after recovery",
        alt=f"Two rising curves of cases prevented by antibody level. At {_level(what.left)}: "
        f"symptomatic {symptoms}, severe {severe} of 100.",
        description=describe(what),
    )


def table(what: Scene) -> pd.DataFrame:
    """Protection at the start and as it is left, with its range; and the curves, by level."""
    at = [("at the start", what.level), ("left", what.left)]
    at += [("curve", level) for level in (0.001, 0.01, 0.03, 0.1, 0.202, 0.5, 1.0, 2.0, 5.0, 10.0)]
    rows = []
    for kind, level in at:
        row: list[Any] = [kind, float(f"{100 * level:.3g}")]
        for outcome in _BOTH:
            best, low, high = HALF[outcome]
            row += [round(100 * float(efficacy(level, half)), 1) for half in (best, high, low)]
        rows.append(row)
    names = [f"{o}, {part}" for o in _BOTH for part in ("percent prevented", "low", "high")]
    return pd.DataFrame(rows, columns=["kind", "percent of the mean after recovery", *names])


def changed(old: Scene, new: Scene) -> str:
    """Say what differs between two scenes."""
    moved = []
    if old.level != new.level:
        moved.append(f"Level {_level(old.level)} to {_level(new.level)}")
    if old.drop != new.drop:
        moved.append(f"Drop {old.drop:g}-fold to {new.drop:g}-fold")
    if old.days != new.days:
        moved.append(f"Days {old.days:g} to {new.days:g}")
    if not moved:
        return "Nothing has changed."
    told = []
    for outcome in _BOTH:
        was, now = (_percent(one.now(outcome)[0]) for one in (old, new))
        told.append(
            f"{outcome} prevented "
            + (f"stays at {now}" if was == now else f"goes from {was} to {now}")
        )
    return f"{'; '.join(moved)}: of 100 cases, {' and '.join(told)}."


def protection(
    level: float = 1.0, drop: float = 1.0, days: float = 0.0, ax: "Axes | None" = None
) -> DescribedFigure:
    """How many cases of COVID-19 a group's neutralising antibodies go with preventing.

    The relation of Khoury and colleagues (2021), from their abstract and their code: a logistic
    curve, averaged over the spread of levels between people.  The module names what was read, and
    what the relation leaves out.  It is a group's curve, not one person's protection.

    Args:
        level: the group's mean level, in multiples of the mean of people who had recovered;
            0.01 to 10.
        drop: by what factor a variant lowers it; 1 to 40.
        days: days of waning, at a half-life of 108 days; 0 to 250.
        ax: the axes to draw on; a figure of its own where left out.

    Returns:
        The described figure; its table has the protection against symptomatic and severe illness
        with its range, at the start, as it is left, and along the curve.

    Raises:
        ValueRangeError: where a number is none, or outside its range.
    """
    what = scene(level, drop, days)
    return DescribedFigure.of(picture(what), words(what), table(what), ax)
