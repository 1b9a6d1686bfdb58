"""Number needed to treat: from the counts of a trial to a number, with its interval.

A number needed to treat is one divided by the difference between two shares.  Its interval is that
of the difference, turned over, on a scale that runs from one helped over *none* (where the number
is endless) to one harmed.  An interval that holds no difference is therefore two pieces.

- The interval of a difference: Newcombe 1998 (doi
  10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I, abstract read), the method that
  combines the Wilson intervals of the two shares.
- That it serves for a number needed to treat, on the scale from 1 over infinity to -1: Bender 2001
  (doi 10.1016/S0197-2456(00)00134-3, abstract read).

The interval says how far chance may reach in that trial; it says nothing of other people, other
comparators or other times.
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from immunolib import datasets
from immunolib._errors import DataError, choose
from immunolib.figures._harm_rows import safety_rows

AS_IS = "as in the trial"
SIZES = {AS_IS: 0, "20": 20, "50": 50, "200": 200, "1000": 1000}
RISKS = {AS_IS: 0.0} | {f"{at} %": at / 100 for at in (1, 2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90)}
RATIO, DIFFERENCE = "the ratio", "the difference"
HELD = (RATIO, DIFFERENCE)
_Z = 1.959963984540054  # the normal distribution leaves 2.5 percent beyond it


@dataclass(frozen=True)
class Case:
    """Two groups of one trial, and one result that was counted in both.

    Attributes:
        name: what people call it, ``trial: result``.
        key: the row of ``outcomes.csv`` (the first of the two) or of ``safety.csv``.
        treated: what the first group was given.
        comparator: what the other group was given.
        result: one result in words.
        wanted: whether the result is a good one.
        time: when it was counted.
        counted: what was counted, where the result's own words leave something out.
    """

    name: str
    key: str
    treated: str
    comparator: str
    result: str
    wanted: bool
    time: str
    counted: str = ""


CASES = (
    Case("OPTION: arthritis, ACR20 response", "option-01", "tocilizumab with methotrexate",
         "placebo with methotrexate", "ACR20 response", True, "24 weeks"),
    Case("PALISADE: bears 600 mg of peanut protein", "palisade-01", "peanut powder", "placebo",
         "person who bears the dose", True, "about 24 weeks of maintenance"),
    Case("POISED: bears peanut after the stop", "poised-01", "peanut, then stopped", "placebo",
         "person who passes the test", True, "13 weeks after the stop"),
    Case("CARE-MS I: relapse of multiple sclerosis", "care-ms-i-01", "alemtuzumab",
         "interferon beta-1a", "person with a relapse", False, "2 years"),
    Case("CHIB 201: rejection of a kidney", "chib-201-01", "basiliximab + ciclosporin + steroids",
         "placebo + ciclosporin + steroids", "acute rejection", False, "6 months"),
    Case("Antithymocyte globulin: rejection",
         "antithymocyte-globulin-in-high-risk-kidney-recipients-01", "antithymocyte globulin",
         "daclizumab", "acute rejection", False, "1 year"),
    Case("Antithymocyte globulin: lost graft",
         "antithymocyte-globulin-in-high-risk-kidney-recipients-03", "antithymocyte globulin",
         "daclizumab", "lost graft", False, "1 year"),
    Case("RECOVERY: death with COVID-19", "recovery-dexamethasone-01",
         "dexamethasone with usual care", "usual care", "death", False, "28 days"),
    Case("RADIATE: serious infection", "toci-si-8", "tocilizumab with methotrexate",
         "placebo with methotrexate", "serious infection", False, "24 weeks"),
    Case("ORAL Surveillance: cancer", "tofa-cancer", "tofacitinib", "TNF inhibitor",
         "cancer", False, "4 years (median)", "cancer (non-melanoma skin cancer left out)"),
)  # fmt: skip
_BY_NAME = {one.name: one for one in CASES}


def names() -> list[str]:
    """Every case, by name."""
    return list(_BY_NAME)


@dataclass(frozen=True)
class Counts:
    """Who had the result, out of how many, in both groups, and how that was read."""

    events: int
    total: int
    others: int
    of_others: int
    evidence: str
    source: str


@lru_cache(maxsize=1)
def _shelf() -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    outcomes = datasets.load_outcomes().set_index("outcome_id").to_dict("index")
    return (
        {str(key): {str(name): value for name, value in row.items()}
         for key, row in outcomes.items()},
        {row.safety_id: row for row in safety_rows()},
    )  # fmt: skip


def counts(case: Case) -> Counts:
    """The counts of a case, from the data.

    Raises:
        DataError: where the data hold no such two groups.
    """
    outcomes, harms = _shelf()
    if case.key in outcomes:
        stem, number = case.key.rsplit("-", 1)
        one, other = outcomes[case.key], outcomes[f"{stem}-{int(number) + 1:02d}"]
        if (one["arm"], other["arm"]) == ("experimental", "comparator") and (
            one["endpoint"] == other["endpoint"]
        ):
            return Counts(int(one["events"]), int(one["total"]), int(other["events"]),
                          int(other["total"]), one["evidence"], one["source"])  # fmt: skip
    elif case.key in harms and harms[case.key].compared:
        row = harms[case.key]
        others, of_others = row.compared
        return Counts(row.events, row.total, others, of_others, row.evidence, row.source)
    raise DataError(f"{case.key!r} has no counts for two groups of one trial.")


def wilson(share: float, total: float) -> tuple[float, float]:
    """The Wilson interval of a share, 95 percent; the share may be of no whole number."""
    middle = share + _Z**2 / (2 * total)
    spread = _Z * math.sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2))
    whole = 1 + _Z**2 / total
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


@dataclass(frozen=True)
class Scene:
    """Two groups, and what the difference between them comes to.

    Attributes:
        case: what was counted.
        share: with the result in the treated group, 0 to 1; outside where no such group can be.
        other: the same in the comparator's group.
        total: people in the treated group.
        of_others: people in the comparator's group.
        size: how the groups' size was chosen.
        risk: how the comparator's share was chosen.
        held: what was kept while the comparator's share changed.
        held_as: that measure, as it is in the trial.
        evidence: how the counts were read.
    """

    case: Case
    share: float
    other: float
    total: int
    of_others: int
    size: str
    risk: str
    held: str
    held_as: float
    evidence: str

    @property
    def possible(self) -> bool:
        """Whether there can be such a group."""
        return 0.0 <= self.share <= 1.0

    @property
    def gain(self) -> float:
        """How many more are better off with the treatment, as a share; below 0, worse off."""
        return (self.share - self.other) * (1 if self.case.wanted else -1)

    @property
    def interval(self) -> tuple[float, float]:
        """The interval of the gain: Newcombe's, of two Wilson intervals."""
        (low, high), (low2, high2) = (
            wilson(self.share, self.total), wilson(self.other, self.of_others),
        )  # fmt: skip
        apart = self.share - self.other
        ends = (
            apart - math.hypot(self.share - low, high2 - self.other),
            apart + math.hypot(high - self.share, self.other - low2),
        )
        return ends if self.case.wanted else (-ends[1], -ends[0])

    @property
    def crosses(self) -> bool:
        """Whether the interval holds no difference."""
        return self.interval[0] <= 0 <= self.interval[1]

    @property
    def needed(self) -> int | None:
        """People for one more: rounded up for help, down for harm; None without a difference."""
        if abs(self.gain) < 1e-12:
            return None
        exact = 1 / abs(self.gain)
        return math.ceil(exact - 1e-9) if self.gain > 0 else max(1, math.floor(exact + 1e-9))


def scene(
    case: str = CASES[0].name, size: str = AS_IS, risk: str = AS_IS, held: str = RATIO
) -> Scene:
    """The scene of these settings.

    Raises:
        UnknownNameError: where one of them names nothing.
    """
    one = _BY_NAME[choose("trial", case, _BY_NAME)]
    size, risk = choose("size of each group", size, SIZES), choose("risk", risk, RISKS)
    held = choose("what is kept", held, HELD)
    found = counts(one)
    share, other = found.events / found.total, found.others / found.of_others
    held_as = share / other if held == RATIO else share - other
    what = Scene(one, share, other, found.total, found.of_others, size, risk, held, held_as,
                 found.evidence)  # fmt: skip
    if SIZES[size]:
        what = replace(what, total=SIZES[size], of_others=SIZES[size])
    if RISKS[risk]:
        base = RISKS[risk]
        new = base * held_as if held == RATIO else base + held_as
        what = replace(what, share=round(new, 12), other=base)
    return what
