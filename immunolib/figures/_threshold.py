"""A test with a cut-off: two groups of synthetic people, and who of 100 is treated."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from immunolib.figures._described import DescribedFigure, Words
from immunolib.figures._picture import Part, Picture
from immunolib.figures._style import DIALS, FAINT, INK, PAPER, QUIET
from immunolib.figures._threshold_scene import (
    END,
    GROUPS,
    KINDS,
    UNITS,
    Group,
    Scene,
    bell,
    scene,
)

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_YES, _NO = DIALS["activation"].colour, DIALS["suppression"].colour
_TINTS = {"yes": DIALS["activation"].tint, "no": DIALS["suppression"].tint}
_WIDTH, _HEIGHT = 6.8, 6.5
_ROOF = 4.2  # people for each point
_LINES: dict[str, dict[str, Any]] = {
    "no": {"color": _NO, "linewidth": 2.5, "linestyle": (0, (4, 2))},
    "yes": {"color": _YES, "linewidth": 2.5},
}
_SMALL = 11.5
# One mark for each of the four kinds: filled is treated, round would respond.
_MARKS: tuple[dict[str, Any], ...] = (
    {"marker": "o", "markerfacecolor": _YES, "markeredgecolor": _YES},
    {"marker": "o", "markerfacecolor": PAPER, "markeredgecolor": _YES},
    {"marker": "s", "markerfacecolor": _NO, "markeredgecolor": _NO},
    {"marker": "s", "markerfacecolor": PAPER, "markeredgecolor": _NO},
)
_SYNTHETIC = "Synthetic people, made up for this lesson: nobody was measured."
_ROWS = (0.67, 0.48, 0.29, 0.1)  # of the key's lines
_COLUMNS = {"A": 0.7, "B": 0.9}


def picture(what: Scene) -> Picture:
    """The scene as a frame and parts."""
    parts = []
    for at, group in enumerate(what.groups):
        hills = (group.share, group.yes, group.no)
        parts += [
            Part(f"treated {group.name}", (*hills, group.cutoff), _treated, 1.5, at),
            Part(f"hills {group.name}", hills, _hills, 2.5, at),
            Part(f"cut-off {group.name}", group.cutoff, _cut, 3, at),
            Part(f"people {group.name}", group.counts, _people, 2, at + 2),
            Part(f"value {group.name}", _value(group), _written, 2, at + 2),
            Part(f"counts {group.name}", (group.name, group.counts), _counts, 2, 4),
        ]
    return Picture("threshold", _stage, tuple(parts))


def _stage(_ax: "Axes | None") -> list["Axes"]:
    """For each group its hills and its 100 people, and a key with the counts below."""
    figure = Figure(figsize=(_WIDTH, _HEIGHT))
    hills, people = [], []
    for name, bottom in zip(GROUPS, (0.648, 0.337), strict=True):
        ax = figure.add_axes((0.035, bottom, 0.555, 0.19))
        ax.set_xlim(0, END)
        ax.set_ylim(0, _ROOF)
        ax.set_xticks(range(0, int(END) + 1, 20))
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        ax.grid(axis="x", color=FAINT, linewidth=0.8)
        told = "the test reads right" if name == "A" else "the test may read too high"
        ax.set_title(f"Group {name}: {told}", loc="left", pad=20)
        hills.append(ax)
        icons = figure.add_axes((0.635, bottom - 0.005, 0.33, 0.2))
        icons.set_xlim(-0.6, 19.6)
        icons.set_ylim(4.9, -0.6)
        icons.axis("off")
        people.append(icons)
    hills[1].set_xlabel("points in the test")
    key = figure.add_axes((0.035, 0.0, 0.93, 0.262))
    key.set_xlim(0, 1)
    key.set_ylim(0, 1)
    key.axis("off")
    key.text(0, 0.88, "Of 100 people in each group", fontweight="bold", va="center")
    for name, x in _COLUMNS.items():
        key.text(x, 0.88, f"group {name}", fontweight="bold", va="center", ha="center")
    for y, mark, kind in zip(_ROWS, _MARKS, KINDS, strict=True):
        key.add_artist(Line2D([0.02], [y], linestyle="none", markersize=9, markeredgewidth=2,
                              clip_on=False, **mark))  # fmt: skip
        key.text(0.06, y, kind, va="center")
    figure.text(0.035, 0.977, _SYNTHETIC, va="center", fontweight="bold")
    for x, line, text in ((0.035, "no", "would not respond"), (0.37, "yes", "would respond")):
        figure.add_artist(Line2D([x, x + 0.06], [0.942] * 2, **_LINES[line]))
        figure.text(x + 0.07, 0.942, text, va="center")
    figure.text(0.68, 0.942, "shaded: treated", va="center", color=QUIET)
    return [*hills, *people, key]


def _hills(ax: "Axes", data: tuple[float, float, float]) -> list["Artist"]:
    share, yes, no = data
    return [
        ax.add_artist(Line2D(*bell(middle, people), **_LINES[kind]))
        for kind, middle, people in (("no", no, 100 - share), ("yes", yes, share))
    ]


def _treated(ax: "Axes", data: tuple[float, float, float, float]) -> list["Artist"]:
    """The parts of both hills that lie over the cut-off."""
    share, yes, no, cutoff = data
    found: list[Artist] = []
    for kind, middle, people in (("no", no, 100 - share), ("yes", yes, share)):
        points, height = bell(middle, people)
        start = float(np.interp(cutoff, points, height))
        over = points > cutoff
        outline = [(cutoff, 0.0), (cutoff, start)]
        outline += [*zip(points[over], height[over], strict=True), (END, 0.0)]
        shade = Polygon(outline, facecolor=_TINTS[kind], edgecolor="none", linewidth=0)
        found.append(ax.add_artist(shade))
    return found


def _cut(ax: "Axes", cutoff: float) -> list["Artist"]:
    line = Line2D([cutoff] * 2, [0, _ROOF], color=INK, linewidth=2)
    near_end = cutoff > 0.6 * END
    text = ax.text(cutoff, _ROOF * 1.05, f"cut-off {cutoff:g}: treated →",
                   ha="right" if near_end else "left", va="bottom", fontsize=_SMALL)  # fmt: skip
    return [ax.add_artist(line), text]


def _people(ax: "Axes", counts: tuple[int, ...]) -> list["Artist"]:
    """A hundred marks, column by column."""
    found: list[Artist] = []
    first = 0
    for number, mark in zip(counts, _MARKS, strict=True):
        places = np.arange(first, first + number)
        found.append(ax.add_artist(Line2D(places // 5, places % 5, linestyle="none", markersize=6,
                                          markeredgewidth=1.3, clip_on=False, **mark)))  # fmt: skip
        first += number
    return found


def _value(group: Group) -> str:
    """How many of those who are treated would respond, as written over the marks."""
    if group.treated < 0.5:
        return "hardly anyone\nis treated"
    return f"of 100 treated,\n{of_100(group.value)} respond"


def _written(ax: "Axes", text: str) -> list["Artist"]:
    return [ax.text(0, 1.05, text, transform=ax.transAxes, va="bottom", fontweight="bold")]


def _counts(ax: "Axes", data: tuple[str, tuple[int, ...]]) -> list["Artist"]:
    name, counts = data
    return [
        ax.text(_COLUMNS[name], y, str(number), va="center", ha="center", fontsize=13)
        for y, number in zip(_ROWS, counts, strict=True)
    ]


# --- its words


def of_100(share: float) -> str:
    """A share as people out of 100, never rounded up to all or down to none."""
    people = 100 * share
    if 0 < people < 0.5:
        return "fewer than 1"
    return "over 99" if 99.5 <= people < 100 else f"{people:.0f}"


def _responders(group: Group) -> str:
    """Who of the treated responds, with the group's name."""
    if group.treated < 0.5:
        return f"in group {group.name} hardly anyone is treated"
    return f"of 100 treated in group {group.name}, {of_100(group.value)} respond"


def _headline(what: Scene) -> str:
    said = "; ".join(_responders(group) for group in what.groups)
    found = ", and ".join(f"{of_100(g.sensitivity)} in {g.name}" for g in what.groups)
    first = f"{said[0].upper()}{said[1:]}"
    return f"{first}. Of 100 who would respond, the test finds {found}."


def _group(group: Group) -> str:
    hit, missed, wrong, spared = group.counts
    return (
        f"Of 100 people in group {group.name} (cut-off {group.cutoff:g} points): {hit} would "
        f"respond and are treated, {missed} would respond and are missed, {wrong} would not "
        f"respond and are treated, {spared} would not respond and are spared. "
        f"Sensitivity {of_100(group.sensitivity)} of 100, specificity "
        f"{of_100(group.specificity)} of 100."
    )


def describe(what: Scene) -> str:
    """Say in words what the picture shows."""
    if what.alike:
        told = "The cut-off does the same to both groups."
    else:
        told = "The groups differ in nothing but the reading of the test and its cut-off."
    shift = "the test reads right in both groups"
    if what.shift:
        shift = f"in group B the test reads {what.shift:g} points too high"
    return "\n".join(
        [
            _headline(what),
            *(_group(group) for group in what.groups),
            f"In both groups {what.share:g} of 100 would respond; the two hills lie "
            f"{what.separation:g} points apart; {shift}. {told}",
            f"{_SYNTHETIC} Counts are to the nearest person. Real tests are not spread as bells, "
            "and do not read too high by the same amount for everybody.",
        ]
    )


def words(what: Scene) -> Words:
    """Title, alternative text and description of a scene."""
    values = ", ".join(
        f"{'none' if g.treated < 0.5 else of_100(g.value)} in {g.name}" for g in what.groups
    )
    return Words(
        title=f"A cut-off at {what.cutoff:g} points, and two groups of synthetic people",
        alt=f"Synthetic people: a test's numbers, its cut-off, and who of 100 is treated. "
        f"Of 100 treated would respond: {values}.",
        description=describe(what),
    )


def table(what: Scene) -> pd.DataFrame:
    """A row for each kind of people, and one for each measure, with a column for each group."""
    first, second = what.groups
    rows = [
        (f"{kind}, of 100 people", str(a), str(b))
        for kind, a, b in zip(KINDS, first.counts, second.counts, strict=True)
    ]
    rows += [
        (name, of_100(getattr(first, key)), of_100(getattr(second, key)))
        for name, key in (
            ("sensitivity: treated, of 100 who would respond", "sensitivity"),
            ("specificity: spared, of 100 who would not respond", "specificity"),
            ("positive predictive value: would respond, of 100 treated", "value"),
        )
    ]
    rows.append(("cut-off, points", f"{first.cutoff:g}", f"{second.cutoff:g}"))
    return pd.DataFrame(rows, columns=["what", "group A", "group B"])


def changed(old: Scene, new: Scene) -> str:
    """Say what differs between two scenes."""
    labels = {"cutoff": "Cut-off", "share": "Would respond", "separation": "Distance of the hills",
              "shift": "Too high in group B", "cutoff_b": "Cut-off of group B"}  # fmt: skip
    names = [name for name in labels if getattr(old, name) != getattr(new, name)]
    if old.cutoff == old.cutoff_b and new.cutoff == new.cutoff_b:
        names = [name for name in names if name != "cutoff_b"]
    moved = [
        f"{labels[name]} {getattr(old, name):g} to {getattr(new, name):g} {UNITS[name]}"
        for name in names
    ]
    if not moved:
        return "Nothing has changed."
    said = "; ".join(_responders(group) for group in new.groups)
    lost = " and ".join(f"{group.counts[1]} in {group.name}" for group in new.groups)
    return f"{'; '.join(moved)}: {said}. Missed, of 100 people: {lost}."


def threshold(
    cutoff: float = 40.0,
    share: float = 20.0,
    separation: float = 20.0,
    shift: float = 10.0,
    cutoff_b: float | None = None,
) -> DescribedFigure:
    """What one cut-off of a test does to two groups of synthetic people.

    The people are made up: two bells of numbers with a spread of 10 points, one around 30 points
    for those who would not respond.  All counts are worked out, and none is drawn at random.

    Args:
        cutoff: who reaches so many points is treated; 0 to 100.
        share: how many of 100 people would respond, in both groups; 5 to 60.
        separation: how far the two bells are apart; 0 to 40 points.
        shift: by how much the test reads too high in group B; 0 to 20 points.
        cutoff_b: a cut-off for group B alone; that of group A where left out.

    Returns:
        The described figure; its table has a row for each of the four kinds of people and for
        sensitivity, specificity and positive predictive value, and a column for each group.

    Raises:
        ValueRangeError: where a number is none, or outside its range.
    """
    what = scene(cutoff, share, separation, shift, cutoff_b)
    return DescribedFigure.of(picture(what), words(what), table(what))
