"""What a group of regimens costs, drawn: a dot for each arm, its comparator beside it."""

from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.figure import Figure

from immunolib.figures._described import Words, count, sentence_list
from immunolib.figures._harm_rows import (
    GRADE_WORDS,
    LINE,
    NOT_COMPARED,
    ORGANS,
    WIDTH,
    Row,
    folded,
    percent,
    rows_table,
)
from immunolib.figures._harms_by_regimen import step
from immunolib.figures._picture import Part, Picture
from immunolib.figures._price_scene import EVERY_GRADE, EVERY_ORGAN, Scene
from immunolib.figures._style import DIALS, FAINT, INK, PAPER, QUIET

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_LABEL = 3.55
_HEAD = 0.4
_TOP, _BOTTOM = 0.15, 1.7
_KEY = (
    ("o", "this arm, with its 95 percent interval where known"),
    ("s", "the same, read in a secondary source"),
    ("D", "comparator of the same study (none drawn: none on record)"),
)
_NONE = (
    "No number is recorded here.\n"
    "That says nothing of how many had it:\n"
    "it may have been counted, or not, or elsewhere."
)


def _words_of(row: Row, grade: str) -> tuple[str, str]:
    """A row's event and its regimen, folded to the label's width."""
    death = row.grade == "5" and ("death" in row.event or "fatal" in row.event)
    event = (
        f"{row.event}, {GRADE_WORDS[row.grade]}" if row.grade != grade and not death else row.event
    )
    event = f"{event}: {percent(row.percent or 0.0)}\u00a0%"
    return folded(event, _LABEL - 0.5), folded(f"{row.regimen} [{row.trial}]", _LABEL - 0.5)


Lines = tuple[tuple[Row, ...], str]  # the rows, and the grade asked for


def _layout(data: Lines) -> tuple[list[tuple[float, Row]], dict[str, float], float]:
    """Where each row and each organ's heading stands, in inches from the top; and the height."""
    rows, grade = data
    level, at, heads = 0.0, [], {}
    for row in rows:
        if row.organ not in heads:
            heads[row.organ] = level + 0.22
            level += _HEAD
        tall = 0.16 + LINE * sum(text.count("\n") + 1 for text in _words_of(row, grade))
        at.append((level + tall / 2, row))
        level += tall
    return at, heads, max(level, 1.2)


def _limit(rows: tuple[Row, ...]) -> float:
    """The end of the scale; the same whether the comparator is drawn or not."""
    ends = [v for row in rows for v in (row.percent, row.high, row.comparator_percent)]
    most = max((v for v in ends if v is not None), default=100.0) or 1.0
    size = step(most)
    return size * max(2, -int(-most / size // 1))


def picture(what: Scene) -> Picture:
    """The scene as a frame and parts."""
    data = (what.rows, what.grade)
    return Picture(
        ("price", data),
        lambda ax: _stage(data),
        (
            Part(
                "comparators", data if what.beside else ((), what.grade), _comparators, zorder=1.5
            ),
            Part("arms", data, _arms, zorder=3),
        ),
    )


def _stage(data: Lines) -> list["Axes"]:
    at, heads, tall = _layout(data)
    height = _TOP + tall + _BOTTOM
    figure = Figure(figsize=(WIDTH, height))
    ax = figure.add_axes(
        (_LABEL / WIDTH, _BOTTOM / height, 1 - (_LABEL + 0.3) / WIDTH, tall / height)
    )
    limit = _limit(data[0])
    ax.set_xlim(-0.03 * limit, limit * 1.03)
    ax.set_ylim(tall, 0)
    ax.set_yticks([])
    size = step(limit) if data[0] else limit
    ticks = [size * part for part in range(round(limit / size) + 1)]
    ax.set_xticks(ticks, [percent(round(tick, 10)) for tick in ticks])
    ax.grid(axis="x", color=FAINT, linewidth=0.8)
    if data[0]:
        ax.set_xlabel("percent", loc="right")
    page = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    page.set_xlim(0, WIDTH)
    page.set_ylim(height - _TOP, -_TOP)
    page.set_axis_off()
    page.patch.set_alpha(0)
    for organ, where in heads.items():
        page.text(0.1, where, organ, va="center", fontweight="bold")
    for where, row in at:
        event, regimen = _words_of(row, data[1])
        up = LINE * (event.count("\n") + 1)
        down = LINE * (regimen.count("\n") + 1)
        top = where - (up + down) / 2
        page.text(0.25, top + up / 2, event, va="center", linespacing=1.15)
        page.text(0.25, top + up + down / 2, regimen, va="center", color=QUIET, linespacing=1.15)
    if not at:
        page.text(0.2, tall / 2, _NONE, va="center", linespacing=1.3)
        ax.set_axis_off()
    for number, (marker, words) in enumerate(_KEY):
        where = tall + 0.78 + 0.27 * number
        page.add_artist(_mark([0.3], [where], marker, INK))
        page.text(0.5, where, words, va="center")
    return [ax, page]


def _mark(x: Any, y: Any, marker: str, colour: str) -> "Artist":
    from matplotlib.lines import Line2D

    diamond = marker == "D"
    return Line2D(x, y, marker=marker, markersize=9 if diamond else 10, linestyle="none",
                  color=colour, markerfacecolor=PAPER if diamond else colour,
                  markeredgecolor=INK if diamond else colour,
                  markeredgewidth=1.8 if diamond else 1, clip_on=False)  # fmt: skip


def _comparators(ax: "Axes", data: Lines) -> list["Artist"]:
    from matplotlib.lines import Line2D

    drawn: list[Artist] = []
    for where, row in _layout(data)[0]:
        if row.comparator_percent is not None:
            ends: list[Any] = [row.comparator_percent, row.percent]
            drawn.append(ax.add_artist(Line2D(ends, [where, where], color=FAINT, linewidth=4)))
            drawn.append(ax.add_artist(_mark(ends[:1], [where], "D", INK)))
    return drawn


def _arms(ax: "Axes", data: Lines) -> list["Artist"]:
    from matplotlib.lines import Line2D

    drawn: list[Artist] = []
    for where, row in _layout(data)[0]:
        colour = DIALS[row.direction].colour
        if row.low is not None and row.high is not None:
            span = Line2D([row.low, row.high], [where, where], color=colour, linewidth=2.5)
            drawn.append(ax.add_artist(span))
        shape = "o" if row.evidence == "primary" else "s"
        drawn.append(ax.add_artist(_mark([row.percent], [where], shape, colour)))
    return drawn


def _chosen(what: Scene) -> str:
    organ = what.organ if what.organ == EVERY_ORGAN else f"organ: {what.organ}"
    grade = what.grade if what.grade == EVERY_GRADE else GRADE_WORDS[what.grade]
    return f"{what.group}, {organ}, {grade}"


def describe(what: Scene) -> str:
    """Say in words what the picture shows."""
    found = count(len(what.rows), "number")
    said = [f"{_chosen(what)}: {found} on record."]
    for row in what.rows:
        text = f"{row.organ}: {row.what}, {row.regimen} [{row.trial}], {row.exact}"
        if row.comparator_percent is None:
            text += "; no comparator on record"
        elif what.beside:
            text += f"; {row.against}: {percent(row.comparator_percent)} percent"
        said.append(f"{text}{'' if row.evidence == 'primary' else '; secondary source'}.")
    if not what.rows:
        said.append(_NONE.replace("\n", " "))
    if what.bare:
        named = sentence_list([f"{row.event} on {row.regimen}" for row in what.bare])
        said.append(f"On record without a percentage, and so not drawn: {named}.")
    if what.organ == EVERY_ORGAN and what.gap:
        missing = "every organ" if len(what.gap) == len(ORGANS) else sentence_list(list(what.gap))
        said.append(f"Nothing recorded here for: {missing}. Not recorded is not zero.")
    if what.rows and not what.beside:
        said.append("The comparators are hidden: how many would have had it anyway is not shown.")
    said.append(f"In the order of organs and names, not ranked. {NOT_COMPARED}")
    return "\n".join(said)


def words(what: Scene) -> Words:
    """Title, alternative text and description of a scene."""
    beside = "with comparators where known" if what.beside else "comparators hidden"
    alt = (
        f"Dots with intervals on a scale of percent, one for each of "
        f"{count(len(what.rows), 'number')} on record, {beside}."
        if what.rows
        else "No number is recorded for this choice, so no dot is drawn."
    )
    return Words(f"Unwanted effects: {_chosen(what)}", alt, describe(what))


def table(what: Scene) -> pd.DataFrame:
    """The rows shown, those without a percentage too."""
    return rows_table([*what.rows, *what.bare])


def changed(old: Scene, new: Scene) -> str:
    """Say what differs between two scenes."""
    if old == new:
        return "Nothing has changed."
    if (old.group, old.organ, old.grade) == (new.group, new.organ, new.grade):
        shown = sum(row.comparator_percent is not None for row in new.rows)
        state = "shown" if new.beside else "hidden"
        has = f"{shown or 'none'} of these numbers {'has' if shown < 2 else 'have'} one"
        return f"The comparators are now {state}; {has}."
    return f"Now {_chosen(new)}: {count(len(new.rows), 'number')} on record."
