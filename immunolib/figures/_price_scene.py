"""What a group of regimens costs, organ by organ: which rows are shown, and what is not there."""

import re
from dataclasses import dataclass

from immunolib._errors import choose
from immunolib.figures._harm_rows import GRADES, ORGANS, Row, safety_rows

EVERY_ORGAN, EVERY_GRADE = "every organ", "every grade"
SHOWN, HIDDEN = "shown", "hidden"
#: Groups of regimens, in words; the first pattern that fits a regimen's name decides.
_GROUPS = {
    "two brakes off": r"nivolumab.* \+ |fewest|most$|any checkpoint|combination",
    "chemotherapy, with and without G-CSF": r"G-CSF|chemotherapy",
    "one PD-1 or PD-L1 antibody": r"anti-PD-1|nivolumab|pembrolizumab|atezolizumab",
    "ipilimumab": r"ipilimumab",
    "CAR-T cells": r"-cel\b",
    "vaccines": r"vaccine|tozinameran|elasomeran",
    "TNF blockers": r"TNF|adalimumab|etanercept|infliximab",
    "glucocorticoids": r"predniso",
    "natalizumab": r"natalizumab",
    "tofacitinib": r"tofacitinib",
    "other suppressors": r"belatacept|tocilizumab|ocrelizumab|omalizumab",
    "allergen treatment": r"allergen",
}
_RENAMED = {"two brakes off": "two brakes off, and all checkpoint inhibitors together"}


def group_of(regimen: str) -> str:
    """The group of a regimen."""
    found = next(name for name, words in _GROUPS.items() if re.search(words, regimen))
    return _RENAMED.get(found, found)


_FIRST = "ipilimumab"


def groups() -> list[str]:
    """Every group of regimens, the medicines that turn a response up first."""
    named = [_RENAMED.get(name, name) for name in _GROUPS]
    return [_FIRST, *[name for name in named if name != _FIRST]]


def organs() -> list[str]:
    """Every organ, by name."""
    return [EVERY_ORGAN, *ORGANS]


def grades() -> list[str]:
    """Every grade to choose; "3 or worse" takes in rows that count grades 3 and 4 alone."""
    return [EVERY_GRADE, *(one for one in GRADES if one != "3 or 4")]


@dataclass(frozen=True)
class Scene:
    """Some rows of unwanted effects.

    Attributes:
        group: a group of regimens.
        organ: an organ, or every organ.
        grade: a grade, or every grade.
        beside: whether the comparator is drawn.
        rows: what is drawn, by organ and then by name; never by how much.
        bare: rows of this choice that have no percentage.
        gap: organs for which this group and grade has no row at all.
    """

    group: str
    organ: str
    grade: str
    beside: bool
    rows: tuple[Row, ...]
    bare: tuple[Row, ...]
    gap: tuple[str, ...]


def scene(
    group: str = _FIRST,
    organ: str = EVERY_ORGAN,
    grade: str = EVERY_GRADE,
    comparator: str = SHOWN,
) -> Scene:
    """The scene of these settings.

    Raises:
        UnknownNameError: where one of them names nothing.
    """
    group, organ = choose("group", group, groups()), choose("organ", organ, organs())
    grade = choose("grade", grade, grades())
    beside = choose("comparator", comparator, (SHOWN, HIDDEN)) == SHOWN
    mine = [
        row
        for row in safety_rows()
        if not row.of_deaths
        and group_of(row.regimen) == group
        and (grade == EVERY_GRADE or row.within(grade))
    ]
    here = [row for row in mine if organ in (EVERY_ORGAN, row.organ)]
    here.sort(
        key=lambda row: (ORGANS.index(row.organ), row.event.casefold(), GRADES.index(row.grade),
                         row.regimen.casefold(), row.trial)
    )  # fmt: skip
    held = {row.organ for row in mine}
    return Scene(
        group, organ, grade, beside,
        tuple(row for row in here if row.percent is not None),
        tuple(row for row in here if row.percent is None),
        tuple(name for name in ORGANS if name not in held),
    )  # fmt: skip
