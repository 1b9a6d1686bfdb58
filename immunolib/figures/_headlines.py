"""All headlines on the ladder of evidence: how far up each study stands, and how each holds."""

from typing import Any

import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from immunolib.figures._described import DescribedFigure, count, sentence_list
from immunolib.figures._ladder import RUNGS, VERDICTS, Study, studies
from immunolib.figures._style import FAINT, INK, PAPER, QUIET, RC, wrapped

_NOT_FOUND = "source not found"
_COLUMNS = (*RUNGS, "no study found")
_MARKS: dict[str, Any] = {
    "supported": {"marker": "o", "markerfacecolor": INK},
    "overstated": {"marker": "^", "markerfacecolor": INK},
    "too early to tell": {"marker": "s", "markerfacecolor": PAPER},
    _NOT_FOUND: {"marker": "x", "markerfacecolor": INK},
}
_WIDTH, _SIDE = 6.8, 0.1  # inches
_COLUMN = (_WIDTH - 2 * _SIDE) / len(_COLUMNS)
_ROW, _HEAD, _FOOT = 0.27, 1.0, 0.95


def headlines() -> DescribedFigure:
    """Every headline on the ladder of evidence, with how many there are of each verdict.

    Returns:
        The described figure; its table has a row for each headline.
    """
    every = sorted(studies().values(), key=lambda one: (_column(one), one.key))
    height = _HEAD + _FOOT + _ROW * len(every)
    with rc_context(RC):
        figure = Figure(figsize=(_WIDTH, height))
        _draw(figure, every, height)
    verdicts = _verdicts(every)
    return DescribedFigure(
        figure,
        f"{count(len(every), 'headline')} on the ladder of evidence",
        f"{count(len(every), 'headline')} as marks in six columns, from cells in a dish to several "
        "trials and no study found; the mark shows the verdict.",
        _told(every, verdicts),
        pd.DataFrame(
            [(s.key, s.says, "" if s.rung is None else RUNGS[s.rung], s.verdict, s.source)
             for s in every],
            columns=["headline", "says", "step", "verdict", "source"],
        ),
    )  # fmt: skip


def _column(one: Study) -> int:
    return len(RUNGS) if one.rung is None else one.rung


def _verdicts(every: list[Study]) -> dict[str, int]:
    return {name: sum(one.verdict == name for one in every) for name in VERDICTS}


def _draw(figure: Figure, every: list[Study], height: float) -> None:
    ax = figure.add_axes(
        (_SIDE / _WIDTH, _FOOT / height, 1 - 2 * _SIDE / _WIDTH, 1 - (_HEAD + _FOOT) / height)
    )
    ax.set_xlim(-0.5, len(_COLUMNS) - 0.5)
    ax.set_ylim(len(every) - 0.5, -0.5)
    ax.set_xticks([])
    ax.set_yticks([])
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    for at, one in enumerate(every):
        ax.axhline(at, color=FAINT, linewidth=0.8, zorder=0)
        left = one.rung is None
        ax.text(_column(one) + (-0.55 if left else 0.15), at, one.key.removeprefix("hl-"),
                ha="right" if left else "left", va="center",
                bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1})  # fmt: skip
        ax.plot([_column(one)], [at], color=INK, linestyle="none", markersize=10,
                markeredgecolor=INK, markeredgewidth=2, gid=f"headline {one.key}",
                **_MARKS[one.verdict])  # fmt: skip
    for at, name in enumerate(_COLUMNS):
        ax.axvline(at - 0.5, color=QUIET if at == len(RUNGS) else FAINT,
                   linewidth=1.5 if at == len(RUNGS) else 0.8)  # fmt: skip
        number = sum(_column(one) == at for one in every)
        lines = wrapped(name, _COLUMN - 0.05)
        ax.text(at, -0.75, "\n".join([*lines, str(number)]), ha="center", va="bottom",
                fontsize=11.5, linespacing=1.1)  # fmt: skip
    handles = [
        Line2D([], [], color=INK, linestyle="none", markersize=10, markeredgecolor=INK,
               markeredgewidth=2, label=f"{name}: {number}", **_MARKS[name])
        for name, number in _verdicts(every).items()
    ]  # fmt: skip
    figure.legend(handles=handles, loc="lower center", ncols=2, frameon=False,
                  title="How the headline stands", alignment="left")  # fmt: skip


def _told(every: list[Study], verdicts: dict[str, int]) -> str:
    found = [one for one in every if one.rung is not None]
    steps = [f"{sum(one.rung == at for one in found)} on {name!r}" for at, name in enumerate(RUNGS)]
    lines = [
        f"Of {len(every)} headlines a study was found for {len(found)}: {sentence_list(steps)}.",
        "How they stand: "
        + sentence_list([f"{number} {name}" for name, number in verdicts.items()])
        + ".",
        "The step says how near a study is to people who are treated. It does not say how good "
        "the study is, or how many took part; two headlines can be of one study.",
    ]
    return "\n".join(lines)
