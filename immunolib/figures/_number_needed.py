"""Number needed to treat, drawn: two groups of a hundred marks, and a scale with no end between."""

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.figure import Figure

from immunolib.figures._described import DescribedFigure, Words
from immunolib.figures._harm_rows import folded
from immunolib.figures._number_needed_scene import (
    AS_IS,
    CASES,
    RATIO,
    Scene,
    scene,
    wilson,
)
from immunolib.figures._picture import Part, Picture
from immunolib.figures._style import DIALS, FAINT, INK, PAPER, QUIET

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_INK = DIALS["suppression"].colour
_WIDTH, _HEIGHT = 6.8, 6.45
_SCALE = (0.045, 0.135, 0.91, 0.1)
_TOPS = {"treated": 0.5, "comparator": 2.05}  # inches from the top
_STEP = 0.255
_ACROSS = 25
_HUNDRED = 100
_TICKS = (1, 2, 5, 10, 20, 100)
_KEY = (
    ("o", "with the result", "o"),
    ("D", "more than with the comparator", "D"),
    ("d", "fewer than with it", "o"),
)


def picture(what: Scene) -> Picture:
    """The scene as a frame and parts."""
    common, more, fewer = _marks_of(what)
    wide = (what.gain, *what.interval) if what.possible else None
    return Picture(
        "number needed",
        _stage,
        (
            Part(
                "result",
                f"{_capital(what.case.counted or what.case.result)}, {what.case.time}",
                _title,
            ),
            Part("treated head", _head(what, treated=True), _treated_head),
            Part("treated", (common, more, fewer) if what.possible else None, _treated),
            Part("comparator head", _head(what, treated=False), _comparator_head),
            Part("comparator", _whole(what.other), _comparator),
            Part("headline", short(what), _headline),
            Part("kept", kept(what), _kept),
            Part("interval", wide, _interval, zorder=3, axes=1),
            Part("interval in words", interval_words(what), _interval_text),
        ),
    )


def _whole(share: float) -> int:
    """Marks of a hundred, halves up; never all nor none where some are otherwise."""
    marks = math.floor(100 * share + 0.5)
    if marks == 0 and share > 0:
        return 1
    return _HUNDRED - 1 if marks == _HUNDRED and share < 1 else marks


def _marks_of(what: Scene) -> tuple[int, int, int]:
    """Marks of the treated group: as with the comparator, more than with it, fewer than with it."""
    if not what.possible:
        return (0, 0, 0)
    mine, other = _whole(what.share), _whole(what.other)
    return min(mine, other), max(0, mine - other), max(0, other - mine)


def _stage(_ax: "Axes | None") -> list["Axes"]:
    """The page in inches, and the scale, on a figure of their own."""
    figure = Figure(figsize=(_WIDTH, _HEIGHT))
    page = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    page.set_xlim(0, _WIDTH)
    page.set_ylim(_HEIGHT, 0)
    page.set_axis_off()
    at = 0.3
    for marker, words, _ in _KEY:
        page.add_artist(_dots([at], [3.72], marker))
        page.text(at + 0.14, 3.72, words, va="center")
        at += {"o": 1.58, "D": 2.98, "d": 0}[marker]
    scale = figure.add_axes(_SCALE)
    scale.set_xlim(-1.06, 1.06)
    scale.set_ylim(0, 1)
    scale.set_yticks([])
    for side in ("left", "top", "right"):
        scale.spines[side].set_visible(False)
    places = [sign / math.sqrt(n) for sign in (-1, 1) for n in _TICKS]
    scale.set_xticks([0, *places], ["∞", *[str(n) for _ in (-1, 1) for n in _TICKS]])
    scale.grid(axis="x", color=FAINT, linewidth=0.8)
    scale.text(-1.04, 1.16, "◀ one more harmed in", color=QUIET)
    scale.text(1.04, 1.16, "one more helped in ▶", color=QUIET, ha="right")
    scale.text(0, 1.16, "no difference", color=QUIET, ha="center")
    return [page, scale]


def _dots(x: Any, y: Any, marker: str) -> "Artist":
    """Marks of one kind; the kinds differ in shape and in filling."""
    from matplotlib.lines import Line2D

    style: dict[str, Any] = {
        "o": {"marker": "o", "markersize": 11, "markerfacecolor": INK, "markeredgecolor": INK},
        "D": {"marker": "D", "markersize": 9.5, "markerfacecolor": _INK, "markeredgecolor": _INK},
        "d": {"marker": "D", "markersize": 9.5, "markerfacecolor": PAPER, "markeredgecolor": _INK},
        ".": {"marker": "o", "markersize": 5, "markerfacecolor": PAPER, "markeredgecolor": QUIET},
    }[marker]
    return Line2D(x, y, linestyle="none", markeredgewidth=1.8 if marker in "dD" else 1.2, **style)


def _spots(start: int, end: int, top: float) -> tuple[list[float], list[float]]:
    across = [0.32 + _STEP * (n % _ACROSS) for n in range(start, end)]
    return across, [top + _STEP * (n // _ACROSS) for n in range(start, end)]


def _block(ax: "Axes", runs: list[tuple[str, int]], top: float) -> list["Artist"]:
    drawn, at = [], 0
    for marker, many in runs:
        drawn.append(ax.add_artist(_dots(*_spots(at, at + many, top), marker)))
        at += many
    return drawn


def _treated(ax: "Axes", data: tuple[int, int, int] | None) -> list["Artist"]:
    top = _TOPS["treated"] + 0.5
    if data is None:
        return [ax.text(0.25, top + 0.35, "There can be no such group.", style="italic")]
    common, more, fewer = data
    rest = _HUNDRED - common - more - fewer
    return _block(ax, [("o", common), ("D", more), ("d", fewer), (".", rest)], top)


def _comparator(ax: "Axes", many: int) -> list["Artist"]:
    return _block(ax, [("o", many), (".", _HUNDRED - many)], _TOPS["comparator"] + 0.5)


def _title(ax: "Axes", words: str) -> list["Artist"]:
    return [ax.text(0.2, 0.27, words, fontweight="bold")]


def _treated_head(ax: "Axes", words: str) -> list["Artist"]:
    return [ax.text(0.2, _TOPS["treated"] + 0.22, words)]


def _comparator_head(ax: "Axes", words: str) -> list["Artist"]:
    return [ax.text(0.2, _TOPS["comparator"] + 0.22, words)]


def _headline(ax: "Axes", words: str) -> list["Artist"]:
    return [ax.text(0.2, 4.05, folded(words, _WIDTH - 0.5, bold=True), va="top", linespacing=1.15,
                    fontweight="bold")]  # fmt: skip


def _kept(ax: "Axes", words: str) -> list["Artist"]:
    return [ax.text(0.2, _HEIGHT - 0.12, words, color=QUIET)]


def _interval_text(ax: "Axes", words: str) -> list["Artist"]:
    return [ax.text(0.2, _HEIGHT - 0.38, words)]


def _place(gain: float) -> float:
    """Where a difference stands on the scale."""
    return math.copysign(math.sqrt(abs(gain)), gain)


def pieces(low: float, high: float) -> list[tuple[float, float]]:
    """The interval of a difference as it stands on the scale: two pieces where it holds none."""
    if low < 0 < high:
        return [(_place(low), 0.0), (0.0, _place(high))]
    return [(_place(low), _place(high))]


def _interval(ax: "Axes", data: tuple[float, float, float] | None) -> list["Artist"]:
    from matplotlib.lines import Line2D

    if data is None:
        return []
    gain, low, high = data
    drawn: list[Artist] = []
    held = pieces(low, high)
    for start, end in held:
        harm = end <= 0
        style: dict[str, Any] = {
            "color": INK if harm else _INK,
            "linestyle": (0, (2, 1)) if harm else "-",
            "linewidth": 4,
        }
        gap = 0.018 if len(held) == 2 else 0.0
        ends = (start, max(start, end - gap)) if harm and gap else (min(start + gap, end), end)
        line = Line2D(ends, [0.5, 0.5], solid_capstyle="butt", dash_capstyle="butt", **style)
        caps = [one for one in (start, end) if one != 0.0 or len(held) == 1]
        mark = Line2D(caps, [0.5] * len(caps), linestyle="none", marker="|", markersize=15,
                      markeredgewidth=2.5, color=style["color"])  # fmt: skip
        drawn += [ax.add_artist(line), ax.add_artist(mark)]
    point = Line2D([_place(gain)], [0.5], marker="o", markersize=11, markerfacecolor=PAPER,
                   markeredgecolor=INK, markeredgewidth=2.5)  # fmt: skip
    return [*drawn, ax.add_artist(point)]


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


def number(value: float) -> str:
    """A number needed, with one decimal below ten."""
    return f"{value:.1f}" if value < 9.95 else f"{value:,.0f}"


def _per_100(share: float) -> str:
    return f"{100 * share:.1f}".removesuffix(".0")


def _head(what: Scene, *, treated: bool) -> str:
    name, share, total = (
        (what.case.treated, what.share, what.total)
        if treated
        else (what.case.comparator, what.other, what.of_others)
    )
    if treated and not what.possible:
        return f"{name}: {_per_100(share)} of 100?"
    mine = what.risk == AS_IS and what.size == AS_IS
    people = f"{round(share * total):,} of {total:,}" if mine else f"as a group of {total:,}"
    return f"{name}: {_per_100(share)} of 100 ({people})"


def kept(what: Scene) -> str:
    """What stays the same when the comparator's risk is changed."""
    if what.held == RATIO:
        return f"Kept when the risk changes: the ratio, {what.held_as:.2f}"
    return f"Kept when the risk changes: the difference, {100 * what.held_as:+.1f} in 100"


def short(what: Scene) -> str:
    """The number in one sentence, as the picture says it."""
    result = what.case.result
    if not what.possible:
        return (
            f"No number: {what.held} kept, {_per_100(what.share)} of 100 would have to have the "
            "result."
        )
    if what.needed is None:
        return "No difference, so no number."
    if what.gain > 0:
        gained = f"one more {result}" if what.case.wanted else f"one {result} fewer"
        return f"About {what.needed:,} treated for {gained}"
    lost = f"One {result} fewer" if what.case.wanted else f"One more {result}"
    return f"{lost} in about {what.needed:,} treated"


def interval_words(what: Scene) -> str:
    """The interval in words; in two pieces where it holds no difference."""
    if not what.possible:
        return ""
    low, high = what.interval
    if what.crosses:
        ends = [number(1 / abs(end)) if end else "∞" for end in (low, high)]
        return f"95 percent interval, two pieces: harmed {ends[0]} to ∞; helped ∞ to {ends[1]}"
    near, far = sorted((1 / abs(low), 1 / abs(high)))
    return f"95 percent interval: {number(near)} to {number(far)}"


def describe(what: Scene) -> str:
    """Say in words what the picture shows."""
    one = what.case
    said = [f"{short(what).rstrip('.')}: {one.treated} against {one.comparator}, {one.time}."]
    if not what.possible:
        said.append(
            "A share lies between none and all, so no measure can be carried to every risk. "
            "Choose another risk, or keep the other measure."
        )
    else:
        exact = "" if what.needed is None else f" Not rounded, the number is {_exact(what)}."
        said.append(
            f"With the result: {_head(what, treated=True)}; {_head(what, treated=False)}.{exact} "
            f"{interval_words(what)}."
        )
        if what.crosses:
            said.append(
                "The interval holds no difference, where the number is endless (∞). So it is drawn "
                "in two pieces, and neither help nor harm can be ruled out."
            )
    said.append(f"{kept(what)}.")
    asked = what.risk != AS_IS or what.size != AS_IS
    said.append(
        "A thought experiment: this size or this risk was not that of the trial."
        if asked
        else "These are the counts of the trial."
    )
    read = "" if what.evidence == "primary" else " The counts were read in a secondary source."
    said.append(
        "The number belongs to this result, this comparator and this time. A number for help is "
        "rounded up, one for harm down. The interval is ours, by the method of Newcombe (1998)."
        f"{read}"
    )
    return "\n".join(said)


def _exact(what: Scene) -> str:
    return f"{1 / abs(what.gain):,.1f}"


def words(what: Scene) -> Words:
    """Title, alternative text and description of a scene."""
    if not what.possible:
        alt = "A hundred marks for the comparator; no group can be drawn beside them."
    else:
        across = "two pieces, across no difference" if what.crosses else "one piece"
        alt = (
            f"Two groups of 100 marks, {_whole(what.share)} and {_whole(what.other)} with the "
            f"result; below, a scale with the interval in {across}."
        )
    return Words(f"Number needed: {what.case.name}", alt, describe(what))


def table(what: Scene) -> pd.DataFrame:
    """The shares with their Wilson intervals, their difference and the number needed."""
    rows: list[tuple[Any, ...]] = []
    for name, share, total in (
        (what.case.treated, what.share, what.total),
        (what.case.comparator, what.other, what.of_others),
    ):
        ends = wilson(share, total) if 0 <= share <= 1 else (None, None)
        rows.append((f"{name}, of 100", _round(share), *map(_round, ends)))
    if what.possible:
        rows.append(("better off, of 100", _round(what.gain), *map(_round, what.interval)))
        if what.needed is not None:
            turned = [] if what.crosses else sorted(round(1 / abs(x), 2) for x in what.interval)
            near, far = turned or (None, None)
            kind = "helped" if what.gain > 0 else "harmed"
            rows.append((f"treated for one more {kind}", round(1 / abs(what.gain), 2), near, far))
    return pd.DataFrame(rows, columns=["what", "value", "low", "high"]).astype(
        dict.fromkeys(("value", "low", "high"), "Float64")
    )


def _round(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 2)


def changed(old: Scene, new: Scene) -> str:
    """Say what differs between two scenes."""
    if old == new:
        return "Nothing has changed."
    if old.case != new.case:
        moved = f"Now {new.case.name}"
    else:
        pairs = (("groups", old.size, new.size), ("comparator's risk", old.risk, new.risk),
                 ("kept", old.held, new.held))  # fmt: skip
        moved = "; ".join(f"{name}: {was} to {now}" for name, was, now in pairs if was != now)
    about = interval_words(new)
    return f"{_capital(moved)}. {short(new).rstrip('.')}{f'; {about}' if about else ''}."


def number_needed(
    case: str = CASES[0].name, size: str = AS_IS, risk: str = AS_IS, held: str = RATIO
) -> DescribedFigure:
    """Two groups of a trial as a hundred marks each, and the number needed on a scale.

    The scale has no difference, where the number is endless, in its middle: an interval that holds
    it stands there in two pieces.

    Args:
        case: a trial and its result, for example ``"OPTION: arthritis, ACR20 response"``.
        size: people in each group: ``as in the trial``, ``20``, ``50``, ``200`` or ``1000``, with
            the shares of the trial.
        risk: the comparator's share: ``as in the trial``, or one from ``1 %`` to ``90 %``.
        held: what is kept when that share changes: ``the ratio`` or ``the difference``.

    Returns:
        The described figure; its table has a row for each share, for their difference and for the
        number needed, with the ends of their 95 percent intervals.

    Raises:
        UnknownNameError: where one of them names nothing.
    """
    what = scene(case, size, risk, held)
    return DescribedFigure.of(picture(what), words(what), table(what))
