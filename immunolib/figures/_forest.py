"""Ratios of trials with their intervals: what is less often, or more often, with the medicine."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure

from immunolib import datasets
from immunolib._errors import ImmunolibError, choose
from immunolib.figures._described import DescribedFigure, count, sentence_list
from immunolib.figures._style import DIALS, FAINT, INK, PAPER, QUIET, RC, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MEASURES = ("hazard ratio", "rate ratio", "risk ratio")
_MEANS = {
    "hazard ratio": "how fast something happens with the medicine, divided by how fast it happens "
                    "with what it was compared with",
    "rate ratio": "how often something happens over time with the medicine, divided by how often "
                  "with what it was compared with",
    "risk ratio": "the share of people to whom something happens with the medicine, divided by "
                  "the share with what it was compared with",
}  # fmt: skip
_WIDTH, _LEFT, _RIGHT = 6.8, 0.22, 2.05  # inches
_ROOM = _WIDTH - _LEFT - 0.15  # for a line of type
_TOP, _BOTTOM = 0.98, 0.72
_LINE, _BAND, _GAP = 0.225, 0.34, 0.16
_TICKS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
_FEWEST, _MOST = 0.4, 2.4
_FLOOR = 0.01  # a lower end below this is drawn as an arrow
_MOST_TOLD = 16  # rows; more are told by their number alone
_SAME = 1e-9
_SECOND_HAND = "second-hand"


@dataclass(frozen=True)
class _Placed:
    """Where a line of words stands, in inches from the top, and whether it is a trial's name."""

    y: float
    text: str
    bold: bool


def forest(
    measure: str = "hazard ratio", direction: str | None = None, trials: Iterable[str] = ()
) -> DescribedFigure:
    """Ratios with their intervals, one row for each trial and endpoint, by the trial's name.

    Args:
        measure: ``"hazard ratio"``, ``"rate ratio"`` or ``"risk ratio"``.
        direction: the dial of the use; all of them where left out.
        trials: keys of ``load_trials()``; all of them where left out.

    Returns:
        The described figure; its table has a row for each ratio that is drawn.

    Raises:
        UnknownNameError: for a measure, a direction or a trial that is not in the data.
        ImmunolibError: where there is no such ratio.
    """
    rows = _rows(measure, direction, [trials] if isinstance(trials, str) else list(trials))
    words, bands, height = _layout(rows)
    with rc_context(RC):
        figure = Figure(figsize=(_WIDTH, height + _TOP + _BOTTOM))
        full = height + _TOP + _BOTTOM
        ax = figure.add_axes(
            (_LEFT / _WIDTH, _BOTTOM / full, 1 - (_LEFT + _RIGHT) / _WIDTH, height / full)
        )
        _draw(ax, rows, words, bands, height, measure)
    many = rows["trial"].nunique()
    return DescribedFigure(
        figure,
        f"{measure.capitalize()}s with their intervals, by the name of the trial",
        f"{count(len(rows), measure)} of {count(many, 'trial')} on a log axis, with their "
        "intervals; left of 1 is less with the medicine, right is more.",
        "\n".join(_told(rows, measure)),
        rows.drop(columns=["title", "key", "condition"]),
    )


def _rows(measure: str, direction: str | None, trials: list[str]) -> pd.DataFrame:
    """The ratios to draw, by the name of their trial and then by endpoint."""
    measure = choose("measure of a forest", measure, MEASURES)
    every, outcomes = datasets.load_trials(), datasets.load_outcomes()
    if direction is not None:
        direction = choose("direction", direction, DIALS)
        every = every[every["direction"] == direction]
    if trials:
        known = datasets.load_trials()["trial"]
        keys = [choose("trial", key, known) for key in trials]
        every = every[every["trial"].isin(keys)]
    found = outcomes[outcomes["measure"] == measure].merge(
        every[["trial", "name", "title", "condition", "comparator", "published"]], on="trial"
    )
    if found.empty:
        raise ImmunolibError(
            f"No {measure} is in the data for these trials. Leave out direction or trials, or "
            f"look at load_outcomes(): its column measure names what there is."
        )
    found = found.assign(order=found["name"].str.casefold())
    found = found.sort_values(["order", "endpoint", "outcome_id"], ignore_index=True)
    numbers = {name: found[name].astype("float64") for name in ("value", "low", "high", "level")}
    return pd.DataFrame({
        "trial": found["name"], "compared with": found["comparator"].fillna(""),
        "endpoint": found["endpoint"], measure: numbers["value"], "from": numbers["low"],
        "to": numbers["high"], "level, percent": numbers["level"],
        "when": found["at"].fillna(""), "published": found["published"].fillna(""),
        "evidence": found["evidence"], "source": found["source"],
        "title": found["title"], "key": found["outcome_id"], "condition": found["condition"],
    })  # fmt: skip


def _compared(row: "pd.Series") -> str:
    """What was tried, in which illness, and against what."""
    said = str(row["title"])
    if str(row["condition"]).casefold() not in said.casefold():
        said = f"{said}; {row['condition']}"
    other = str(row["compared with"])
    if other and other.casefold() not in said.casefold():
        said = f"{said}; against {other}"
    return said


def _layout(rows: pd.DataFrame) -> tuple[list[_Placed], list[float], float]:
    """Where the words stand, the middle of each row's band, and the height of all; inches."""
    words: list[_Placed] = []
    bands: list[float] = []
    y, last = 0.05, ""
    for _, row in rows.iterrows():
        if row["trial"] != last:
            y += _GAP if last else 0.0
            last = str(row["trial"])
            texts = [(line, True) for line in wrapped(last, _ROOM, bold=True)]
            texts += [(line, False) for line in wrapped(_compared(row), _ROOM)]
        else:
            texts = []
        when = f", {row['when']}" if row["when"] else ""
        how = "" if row["evidence"] == "primary" else f" ({_SECOND_HAND})"
        texts += [(line, False) for line in wrapped(f"– {row['endpoint']}{when}{how}", _ROOM)]
        for text, bold in texts:
            words.append(_Placed(y + _LINE / 2, text, bold))
            y += _LINE
        bands.append(y + _BAND / 2)
        y += _BAND
    return words, bands, y + 0.05


def _limits(rows: pd.DataFrame, measure: str) -> tuple[float, float]:
    """The ends of the axis; 1 stands in its right half, so that the words fit."""
    low = rows["from"].where(rows["from"] >= _FLOOR, rows[measure])
    least = float(min(low.min(), rows[measure].min()))
    most = max(_MOST, float(max(rows["to"].max(), rows[measure].max())) * 1.1)
    return min(_FEWEST, least / 1.15, 1 / most), most


def _draw(ax: "Axes", rows: pd.DataFrame, words: list[_Placed], bands: list[float],
          height: float, measure: str) -> None:  # fmt: skip
    low, high = _limits(rows, measure)
    ticks = [tick for tick in _TICKS if low <= tick <= high]
    ax.set_xscale("log")
    ax.set_xlim(low, high)
    ax.set_ylim(height, 0)
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.set_xticks([], minor=True)
    ax.set_yticks([])
    ax.tick_params(length=4, top=True, labeltop=True)
    ax.spines["left"].set_visible(False)
    ax.spines["top"].set_visible(True)
    ax.set_xlabel(f"{measure} on a log axis (1: no difference)")
    across = ax.get_yaxis_transform()
    for text in words:
        ax.text(0, text.y, text.text, transform=across, va="center", color=INK,
                fontweight="bold" if text.bold else "normal")  # fmt: skip
    half = _BAND / 2
    for tick in ticks:
        one = tick == 1
        ax.vlines([tick] * len(bands), [y - half for y in bands], [y + half for y in bands],
                  color=INK if one else FAINT, linewidth=2 if one else 0.8, zorder=1)  # fmt: skip
    for y, (_, row) in zip(bands, rows.iterrows(), strict=True):
        _interval(ax, y, row, measure, low)
    _head(ax, rows)


def _interval(ax: "Axes", y: float, row: "pd.Series", measure: str, low: float) -> None:
    value, start, end = (float(row[name]) for name in (measure, "from", "to"))
    second = row["evidence"] != "primary"
    if not np.isnan(start):
        cut = start < low
        ax.plot([max(start, low), end], [y, y], color=INK, linewidth=2.5, zorder=2,
                solid_capstyle="butt", gid=f"interval {row['key']}")  # fmt: skip
        ends = [end] if cut else [start, end]
        ax.plot(ends, [y] * len(ends), linestyle="none", marker="|", markersize=9,
                markeredgewidth=2, color=INK, zorder=2)  # fmt: skip
        if cut:
            ax.plot([low], [y], marker="<", markersize=8, color=INK, zorder=3, clip_on=False)
    ax.plot([value], [y], marker="s", markersize=9, markeredgewidth=2, markeredgecolor=INK,
            color=PAPER if second else INK, zorder=4, gid=f"ratio {row['key']}")  # fmt: skip
    ax.text(1, y, f"  {_numbers(value, start, end)}", transform=ax.get_yaxis_transform(),
            va="center", color=INK)  # fmt: skip


def _head(ax: "Axes", rows: pd.DataFrame) -> None:
    """What the sides mean, and what the markers do."""
    top = ax.get_xaxis_transform()
    inch = 1 / (ax.get_position().height * ax.get_figure(root=True).get_figheight())  # type: ignore[union-attr]
    place = 1 + 0.42 * inch
    ax.text(0.96, place, "◀ less with the medicine", transform=top, ha="right", va="center",
            fontweight="bold")  # fmt: skip
    ax.text(1.05, place, "more ▶", transform=top, ha="left", va="center", fontweight="bold")
    ax.text(1, place, "  ratio (interval)", transform=ax.transAxes, va="center", color=QUIET)
    key = "■ read in the paper, its abstract, a label or a regulator's page"
    if (rows["evidence"] != "primary").any():
        key = f"■ read at its origin   □ {_SECOND_HAND}: on another page that states it"
    ax.text(0, 1 + 0.76 * inch, key, transform=ax.transAxes, va="center", color=QUIET)


def _numbers(value: float, low: float, high: float) -> str:
    if np.isnan(low):
        return f"{_two(value)} (no interval)"
    return f"{_two(value)} ({_two(low)} to {_two(high)})"


def _two(value: float) -> str:
    """With two decimals, or as many more as the number was read with."""
    text = f"{value:.2f}"
    return text if abs(float(text) - value) < _SAME else f"{value:g}"


def _told(rows: pd.DataFrame, measure: str) -> list[str]:
    low, high = rows["from"], rows["to"]
    known = low.notna()
    below, above = int((known & (high < 1)).sum()), int((known & (low > 1)).sum())
    both, without = int(known.sum()) - below - above, int((~known).sum())
    lines = [
        f"A {measure} is {_MEANS[measure]}. Below 1 it happens less with the medicine, above 1 "
        "more. In a row on survival it is the end of it (death, or return or growth of the "
        "illness) that is counted.",
        f"{count(len(rows), 'row')} of {count(rows['trial'].nunique(), 'trial')}: the whole "
        f"interval lies below 1 in {below} of {len(rows)}, above 1 in {above}, and holds 1 in "
        f"{both}, so that both less and more remain possible.",
    ]
    if without:
        lines.append(f"In {without} of {len(rows)} no interval was read: the number stands alone.")
    odd = sorted({f"{level:g}" for level in rows["level, percent"].dropna() if level != 95})
    if odd:
        lines.append(f"Intervals are 95 percent intervals; some are of {sentence_list(odd)} "
                     "percent, see the table.")  # fmt: skip
    else:
        lines.append("Intervals are 95 percent intervals.")
    if len(rows) <= _MOST_TOLD:
        lines += [_row_told(row, measure) for _, row in rows.iterrows()]
    second = int((rows["evidence"] != "primary").sum())
    if second:
        lines.append(f"Hollow markers, {second} of {len(rows)}: the number was read second-hand, "
                     "on another page that states it.")  # fmt: skip
    lines.append(
        "The rows stand in the order of the trials' names and are not to be ranked: people, "
        "comparators, endpoints and times differ, so trials cannot be compared with each other."
    )
    return lines


def _row_told(row: "pd.Series", measure: str) -> str:
    value, start, end = (float(row[name]) for name in (measure, "from", "to"))
    interval = "no interval was read" if np.isnan(start) else f"{_two(start)} to {_two(end)}"
    other = f" against {row['compared with']}" if row["compared with"] else ""
    when = f", {row['when']}" if row["when"] else ""
    how = "" if row["evidence"] == "primary" else f"; {_SECOND_HAND}"
    return f"{row['trial']}{other}, {row['endpoint']}{when}: {_two(value)} ({interval}{how})."
