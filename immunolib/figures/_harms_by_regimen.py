"""Unwanted effects by regimen: one dot for each arm of a study, its comparator beside it."""

from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from immunolib._errors import ImmunolibError, choose
from immunolib.figures._described import DescribedFigure, count
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
from immunolib.figures._style import DIALS, FAINT, INK, PAPER, RC


def harms_by_regimen(
    grade: str = "3 or worse", organ: str = "whole body", event: str | None = None
) -> DescribedFigure:
    """One dot for each arm of a study, with its interval, and the comparator beside it.

    The rows stand under their event and in the order of their names: they are not ranked, since
    studies cannot be compared with each other.

    Args:
        grade: ``any``, ``3 or worse`` (with rows that count grades 3 and 4 alone, told as such),
            ``3 or 4``, ``serious`` or ``5`` (deaths).
        organ: an organ of ``load_safety()``.
        event: words that the event's name must hold; every event where left out.

    Returns:
        The described figure; its table has a row for each dot.

    Raises:
        UnknownNameError: for a grade or an organ that is not in the data.
        ImmunolibError: where no row with a percentage is left.
    """
    grade, organ = choose("grade", grade, GRADES), choose("organ", organ, ORGANS)
    fits = [
        row
        for row in safety_rows()
        if row.within(grade) and row.organ == organ and not row.of_deaths
        and (event is None or event.casefold() in row.event.casefold())
    ]  # fmt: skip
    found = [row for row in fits if row.percent is not None]
    if not found:
        events = sorted({r.event for r in safety_rows()
                         if r.within(grade) and r.organ == organ})  # fmt: skip
        raise ImmunolibError(
            f"No percentage is recorded for {event or 'any event'!r}, organ {organ!r}, grade "
            f"{grade!r}. Events there: {', '.join(events) or 'none'}."
        )
    found.sort(key=lambda row: (_head(row, grade), row.regimen.casefold(), row.trial))
    with rc_context(RC):
        figure = _draw_regimens(found, grade)
    title = f"{organ.capitalize()}, {GRADE_WORDS[grade]}: {len(found)} arms of studies"
    return DescribedFigure(
        figure,
        title if len(found) > 1 else title.replace("arms", "arm"),
        f"Dots with intervals on a scale of percent, one for each of "
        f"{count(len(found), 'arm')} of studies, with the comparator where known.",
        "\n".join(_words_regimens(found, grade, len(fits) - len(found))),
        rows_table(found),
    )


def _head(row: Row, grade: str) -> str:
    """A row's event, with its grade where that is not the one asked for."""
    return row.event if row.grade == grade else row.what


def _draw_regimens(found: list[Row], grade: str) -> Figure:
    label, right = 3.3, 0.3
    level, at, heads = 0.0, [], {}
    mixed = len({row.direction for row in found}) > 1
    names = [
        (
            folded(f"{DIALS[row.direction].symbol} " * mixed + row.regimen, label - 0.3),
            folded(row.trial, label - 0.3),
        )
        for row in found
    ]
    for row, pair in zip(found, names, strict=True):
        if _head(row, grade) not in heads:
            heads[_head(row, grade)] = level + 0.22
            level += 0.42
        tall = 0.2 + LINE * sum(text.count("\n") + 1 for text in pair)
        at.append(level + tall / 2)
        level += tall
    bottom, top = 1.5, 0.15
    height = bottom + level + top
    figure = Figure(figsize=(WIDTH, height))
    ax = figure.add_axes((
        label / WIDTH, bottom / height, 1 - (label + right) / WIDTH, level / height,
    ))  # fmt: skip
    ends = [v for row in found for v in (row.percent, row.high, row.comparator_percent)]
    most = max(v for v in ends if v is not None)
    size = step(most)
    limit = size * max(2, -int(-most / size // 1))
    ax.set_xlim(-0.02 * limit, limit * 1.02)
    ax.set_ylim(level, 0)
    ax.set_yticks([])
    ticks = [size * part for part in range(round(limit / size) + 1)]
    ax.set_xticks(ticks, [percent(round(tick, 10)) for tick in ticks])
    ax.grid(axis="x", color=FAINT, linewidth=0.8)
    ax.set_xlabel("percent", loc="right")
    for event, where in heads.items():
        ax.text(0.1 - label, where, event, transform=_inches(figure, ax), va="center",
                fontweight="bold")  # fmt: skip
    for row, pair, where in zip(found, names, at, strict=True):
        ax.text(0.2 - label, where, "\n".join(pair), transform=_inches(figure, ax), va="center",
                linespacing=1.15)  # fmt: skip
        _dot(ax, row, where)
    _key_regimens(figure, height, found)
    return figure


def step(most: float) -> float:
    """A round step of which at most five reach that far."""
    size = 10.0
    while size * 0.2 >= most:
        size /= 10
    return next(size * part for part in (0.1, 0.2, 0.5, 1.0, 2.0) if 5 * size * part >= most)


def _inches(figure: Figure, ax: Any) -> Any:
    """Across in inches from the axes' left edge, down in the axes' own numbers."""
    from matplotlib.transforms import ScaledTranslation, blended_transform_factory

    edge = ScaledTranslation(ax.get_position().x0 * WIDTH, 0, figure.dpi_scale_trans)
    return blended_transform_factory(figure.dpi_scale_trans + edge, ax.transData)


def _dot(ax: Any, row: Row, where: float) -> None:
    dial = DIALS[row.direction]
    second = row.evidence != "primary"
    if row.comparator_percent is not None:
        ax.plot([row.comparator_percent, row.percent], [where, where], color=FAINT, linewidth=3,
                zorder=1.5)  # fmt: skip
        ax.plot([row.comparator_percent], [where], marker="D", markersize=9, zorder=3,
                markerfacecolor=PAPER, markeredgecolor=INK, markeredgewidth=1.8, clip_on=False,
                gid=f"comparator {row.safety_id}")  # fmt: skip
    if row.low is not None and row.high is not None:
        ax.plot([row.low, row.high], [where, where], color=dial.colour, linewidth=2.5, zorder=2,
                gid=f"interval {row.safety_id}")  # fmt: skip
    ax.plot([row.percent], [where], marker="s" if second else "o", markersize=10, zorder=4,
            color=dial.colour, linestyle="none", clip_on=False,
            gid=f"dot {row.safety_id}")  # fmt: skip


def _key_regimens(figure: Figure, height: float, found: list[Row]) -> None:
    directions = {row.direction for row in found}
    ink = DIALS[directions.pop()].colour if len(directions) == 1 else INK
    marks = {
        "this arm, with its 95 percent interval where known": Line2D(
            [], [], color=ink, marker="o", markersize=10, linewidth=2.5),
        "the same, read in a secondary source": Line2D(
            [], [], color=ink, marker="s", markersize=10, linewidth=2.5),
        "comparator of the same study (no diamond: none on record)": Line2D(
            [], [], color=FAINT, marker="D", markersize=9, linewidth=3, markerfacecolor=PAPER,
            markeredgecolor=INK, markeredgewidth=1.8),
    }  # fmt: skip
    figure.legend(list(marks.values()), list(marks), loc="lower left", frameon=False,
                  bbox_to_anchor=(0.0, 0.05 / height), handlelength=2.4,
                  labelspacing=0.45)  # fmt: skip


def _words_regimens(found: list[Row], grade: str, without: int) -> list[str]:
    said = []
    for row in found:
        text = f"{row.regimen} [{row.trial}], {_head(row, grade)}: {row.exact}"
        if row.low is not None and row.high is not None:
            text += f", 95 percent interval {percent(row.low)} to {percent(row.high)}"
        if row.comparator_percent is not None:
            text += f"; {row.against}: {percent(row.comparator_percent)} percent"
        elif "this arm is the comparator" in row.note:
            text += "; this arm is itself the comparator of another row"
        else:
            text += "; no comparator on record"
        said.append(f"{text}{'' if row.evidence == 'primary' else '; secondary source'}.")
    if without:
        said.append(f"Left out, since no percentage is on record: {count(without, 'row')}.")
    said.append(f"In the order of names within each event, not ranked. {NOT_COMPARED}")
    return said
