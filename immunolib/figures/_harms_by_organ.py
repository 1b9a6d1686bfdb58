"""Unwanted effects by organ: a table in colour, one column for each regimen and study."""

from dataclasses import dataclass
from typing import Any

from matplotlib import rc_context
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from immunolib._errors import ImmunolibError, ValueRangeError, choose
from immunolib.figures._described import DescribedFigure, count, sentence_list
from immunolib.figures._harm_rows import (
    GRADE_WORDS,
    GRADES,
    LINE,
    NOT_COMPARED,
    ORGANS,
    WIDTH,
    Row,
    folded,
    percent,
    rows_table,
    safety_rows,
)
from immunolib.figures._style import DIALS, FAINT, INK, PAPER, QUIET, RC

_DEFAULT = ("pembrolizumab alone", "ipilimumab 10 mg/kg, adjuvant", "nivolumab + relatlimab")
_LABEL = 2.45
_MOST_COLUMNS = 3
_HUNDRED = 100
_HOLD = "\u00a0"  # keeps two words on one line


@dataclass(frozen=True)
class _Column:
    regimen: str
    trial: str


def harms_by_organ(*regimens: str) -> DescribedFigure:
    """A table in colour: what happened, organ by organ, with the percentage in each cell.

    One column for each regimen and study, one row for each event; in brackets stands the
    comparator's percentage where it is on record.  An empty cell is not recorded, and never zero.

    Args:
        regimens: names from the column ``regimen`` of ``load_safety()``; three of them where left
            out.

    Returns:
        The described figure; its table has a row for each cell that is recorded.

    Raises:
        UnknownNameError: for a regimen that is not in the data.
        ValueRangeError: where more columns would be needed than fit.
    """
    every = safety_rows()
    names = dict.fromkeys(row.regimen for row in every)
    chosen = list(dict.fromkeys(choose("regimen", one, names) for one in regimens or _DEFAULT))
    found = [row for row in every if row.regimen in chosen and not row.of_deaths]
    columns = list(dict.fromkeys(
        _Column(row.regimen, row.trial)
        for regimen in chosen for row in found if row.regimen == regimen
    ))  # fmt: skip
    if not columns:
        raise ImmunolibError(
            "These regimens have only shares of reported deaths, which are no risks. "
            "See icon_array for one of them, or choose another regimen."
        )
    if len(columns) > _MOST_COLUMNS:
        raise ValueRangeError(
            f"These regimens have {len(columns)} studies, and {_MOST_COLUMNS} fit side by side. "
            "Choose fewer regimens."
        )
    lines = sorted(
        {(row.organ, row.event, row.grade) for row in found},
        key=lambda line: (ORGANS.index(line[0]), line[1], GRADES.index(line[2])),
    )
    with rc_context(RC):
        figure = _draw_organs(found, columns, lines)
    return DescribedFigure(
        figure,
        f"Unwanted effects by organ: {sentence_list(chosen)}",
        f"A table in colour: {count(len(lines), 'event')} by organ down, "
        f"{count(len(columns), 'study', 'studies')} across, a percentage in each recorded cell.",
        "\n".join(_words_organs(found, columns, lines)),
        rows_table(found),
    )


def _draw_organs(
    found: list[Row], columns: list[_Column], lines: list[tuple[str, str, str]]
) -> Figure:
    wide = (WIDTH - _LABEL - 0.1) / len(columns)
    heads = [_head(column, wide - 0.03) for column in columns]
    labels = [folded(_line(event, grade), _LABEL - 0.3) for _, event, grade in lines]
    level, at, organs = 0.0, [], {}
    for (organ, _, _), label in zip(lines, labels, strict=True):
        if organ not in organs:
            organs[organ] = level
            level += 0.3
        tall = 0.13 + LINE * (label.count("\n") + 1)
        at.append((level, tall))
        level += tall
    key, top = 1.05, 0.2 + LINE * max("".join(head).count("\n") + 2 for head in heads)
    height = top + level + key
    figure = Figure(figsize=(WIDTH, height))
    ax = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(height - top, -top)
    ax.set_axis_off()
    for number, head in enumerate(heads):
        middle, lines_below = _LABEL + wide * (number + 0.5), head[1].count("\n") + 1
        ax.text(middle, -0.06, head[1], ha="center", va="bottom", linespacing=1.15, color=QUIET)
        ax.text(middle, -0.09 - LINE * lines_below, head[0], ha="center", va="bottom",
                linespacing=1.15)  # fmt: skip
    for organ, where in organs.items():
        ax.plot([0.08, WIDTH - 0.1], [where, where], color=QUIET, linewidth=1)
        ax.text(0.1, where + 0.16, organ, va="center", fontweight="bold")
    for (start, tall), (organ, event, grade), label in zip(at, lines, labels, strict=True):
        ax.text(0.25, start + tall / 2, label, va="center", linespacing=1.15)
        for number, column in enumerate(columns):
            left = _LABEL + wide * number
            box = (left + 0.03, start + 0.02), wide - 0.06, tall - 0.04
            ax.add_patch(Rectangle(*box, facecolor=PAPER, edgecolor=FAINT, linewidth=0.8))
            here = [row for row in found if (row.organ, row.event, row.grade, row.regimen,
                    row.trial) == (organ, event, grade, *_pair(column))]  # fmt: skip
            if here:
                _cell(ax, here, box)
    _key_organs(ax, level + 0.12)
    return figure


def _line(event: str, grade: str) -> str:
    """An event with its grade, whose words stay together."""
    if grade == "5" and "death" in event:
        return event
    return f"{event}, {GRADE_WORDS[grade].replace(' ', _HOLD)}"


def _pair(column: _Column) -> tuple[str, str]:
    return column.regimen, column.trial


def _cell(ax: Any, here: list[Row], box: tuple[tuple[float, float], float, float]) -> None:
    """One recorded cell: tint by percentage, hatched where secondary, its number written."""
    (left, low), wide, tall = box
    row = here[0]
    dial = DIALS[row.direction]
    share = 0.0 if row.percent is None else 0.06 + min(1.0, row.percent / _HUNDRED) ** 0.5 * 0.5
    tint = [1 - share * (1 - part) for part in to_rgb(dial.colour)]
    second = row.evidence != "primary"
    ax.add_patch(Rectangle((left, low), wide, tall, facecolor=tint, edgecolor=dial.colour,
                           hatch="////" if second else "", linewidth=1,
                           linestyle="--" if second else "-",
                           gid=f"box {row.safety_id}"))  # fmt: skip
    ground = {"facecolor": PAPER if second else tint, "edgecolor": "none", "pad": 1.5}
    ax.text(left + wide / 2, low + tall / 2, " / ".join(map(_written, here)), ha="center",
            va="center", color=INK, gid=f"cell {row.safety_id}", bbox=ground)  # fmt: skip


def _written(row: Row) -> str:
    if row.percent is None:
        return "no share"
    beside = "" if row.comparator_percent is None else f" ({percent(row.comparator_percent)})"
    return f"{percent(row.percent)}{beside}"


def _key_organs(ax: Any, level: float) -> None:
    texts = (
        (PAPER, FAINT, "", "empty: not recorded here, which does not mean zero"),
        (PAPER, QUIET, "////", "hatched: read in a secondary source"),
    )
    ax.text(0.1, level + 0.08, "Numbers are percent; in brackets the comparator of that study.",
            va="center")  # fmt: skip
    for number, (face, edge, hatch, text) in enumerate(texts, start=1):
        where = level + 0.08 + 0.28 * number
        ax.add_patch(Rectangle((0.12, where - 0.09), 0.34, 0.18, facecolor=face, edgecolor=edge,
                               hatch=hatch, linewidth=1))  # fmt: skip
        ax.text(0.56, where, text, va="center")


def _head(column: _Column, inches: float) -> tuple[str, str]:
    return folded(column.regimen, inches), folded(column.trial, inches)


def _words_organs(
    found: list[Row], columns: list[_Column], lines: list[tuple[str, str, str]]
) -> list[str]:
    said = [f"{count(len(lines), 'event')} in {count(len(columns), 'study', 'studies')}."]
    for column in columns:
        mine = [row for row in found if (row.regimen, row.trial) == _pair(column)]
        mine.sort(key=lambda row: (ORGANS.index(row.organ), row.event))
        parts = [
            f"{row.organ}: {row.what} {_written(row)}" for row in mine if row.percent is not None
        ]
        empty = len(lines) - len({(row.organ, row.event, row.grade) for row in mine})
        said.append(
            f"{column.regimen} [{column.trial}]: {'; '.join(parts) or 'no percentage'}. "
            f"Not recorded: {count(empty, 'cell')}."
        )
    second = sum(row.evidence != "primary" for row in found)
    said.append(
        "Numbers are percent; in brackets the comparator. An empty cell is not recorded, not zero. "
        f"Read in a secondary source: {count(second, 'number')}."
    )
    said.append(NOT_COMPARED)
    return said
