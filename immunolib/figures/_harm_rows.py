"""The rows of the table of unwanted effects, with their words, for every figure of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import fill

import pandas as pd

from immunolib import datasets
from immunolib.figures._style import fit, text_inches

ORGANS = (
    "whole body", "skin", "gut", "liver", "lung", "endocrine", "heart", "nerve", "kidney", "joint",
    "eye", "blood", "infection", "infusion",
)  # fmt: skip
GRADES = ("any", "3 or worse", "3 or 4", "serious", "5")
GRADE_WORDS = {"any": "any grade", "3 or worse": "grade 3 or worse", "3 or 4": "grade 3 or 4",
               "serious": "serious", "5": "deaths"}  # fmt: skip
#: Both count severe events; the second counts deaths apart.
SEVERE = ("3 or worse", "3 or 4")
WIDTH = 6.8  # inches, of every figure here
LINE = 0.21  # inches, of one line of type
NOT_COMPARED = (
    "Each number belongs to one study: other people, other times, other rules of counting. "
    "Do not compare studies with each other."
)
_OF_DEATHS = "fatal reports"


@dataclass(frozen=True)
class Row:
    """One row of the table of unwanted effects."""

    safety_id: str
    regimen: str
    direction: str
    trial: str
    arm: str
    event: str
    organ: str
    grade: str
    events: int | None
    total: int | None
    percent: float | None
    low: float | None
    high: float | None
    at: str | None
    comparator_percent: float | None
    evidence: str
    source: str
    note: str

    @property
    def what(self) -> str:
        if self.grade == "5" and "death" in self.event:
            return self.event
        return f"{self.event} ({GRADE_WORDS[self.grade]})"

    def within(self, grade: str) -> bool:
        """Whether it belongs to a grade; "3 or worse" takes in "3 or 4", told as such."""
        return self.grade == grade or (grade in SEVERE[:1] and self.grade in SEVERE)

    @property
    def of_deaths(self) -> bool:
        """Whether it is a share of reported deaths, and no risk."""
        return self.arm == _OF_DEATHS

    @property
    def unit(self) -> str:
        """What was counted."""
        if self.of_deaths:
            return "reports of a death"
        if self.arm == "injection visits":
            return "visits"
        return "doses" if re.search(r"total is doses|per million doses", self.note) else "people"

    @property
    def exact(self) -> str:
        """Its number in words, as exact as it is on record."""
        if self.percent is None:
            return "no percentage on record"
        share = f"{percent(self.percent)} percent"
        if self.events is not None and self.total is not None:
            return f"{self.events:,} of {self.total:,} {self.unit} ({share})"
        if self.total is not None:
            return f"{share} of {self.total:,} {self.unit}"
        return f"{share} of {self.unit}, number not on record"

    @property
    def against(self) -> str:
        """What the comparator is, as the note names it."""
        note = self.note
        for pattern in (
            r"comparator (?:is )?(?:primary )?([A-Za-z][A-Za-z0-9 -]*?)"
            r"(?= \d+(?:\.\d+)?(?: of \d|;|$)|\s*[(;]|$)",
            r"\b(placebo(?: plus [a-z]+)?) \d",
            r"\b(without the antibody) \d",
        ):
            found = re.search(pattern, note)
            if found:
                return found[1]
        return "control group" if re.search(r"\bcontrol \d", note) else "comparator"

    @property
    def compared(self) -> tuple[int, int] | None:
        """The comparator's events and total, where the note has them and they give its share."""
        share = self.comparator_percent or 0.0
        for many, total in re.findall(r"(\d[\d ]*) of (\d[\d ]*)", self.note):
            events, people = int(many.replace(" ", "")), int(total.replace(" ", ""))
            near = rf"{re.escape(self.against)} {re.escape(many)} of"
            if people and abs(100 * events / people - share) < 0.51 and re.search(near, self.note):
                return events, people
        return None


def percent(value: float) -> str:
    """A percentage as its source prints it, never as a power of ten."""
    if value >= 1 or value == 0:
        return f"{value:.1f}".removesuffix(".0")
    return f"{value:.10f}".rstrip("0")


def safety_rows() -> list[Row]:
    """Every row of the table, in its order."""
    table = datasets.load_safety()
    held = table.astype(object).where(table.notna(), None).to_dict("records")
    return [
        Row(**{str(name): value for name, value in one.items() if name in Row.__match_args__})
        for one in held
    ]


def folded(text: str, inches: float, *, bold: bool = False) -> str:
    """A text in as many lines as it takes to be no wider than that."""
    for letters in range(60, 3, -1):
        lines = fill(text, letters, break_long_words=letters < 12, break_on_hyphens=letters < 16)
        if max(text_inches(line, bold=bold) for line in lines.splitlines()) <= inches:
            return lines
    return fit(text, inches)


def rows_table(found: Iterable[Row]) -> pd.DataFrame:
    """Rows as the table behind a figure."""
    names = ("safety_id", "regimen", "trial", "organ", "event", "grade", "events", "total",
             "percent", "low", "high", "comparator_percent", "evidence", "note")  # fmt: skip
    rows = [[getattr(row, name) for name in names] for row in found]
    held = pd.DataFrame(rows, columns=list(names))
    return held.astype({
        "events": "Int64", "total": "Int64", "percent": "Float64", "low": "Float64",
        "high": "Float64", "comparator_percent": "Float64",
    })  # fmt: skip
