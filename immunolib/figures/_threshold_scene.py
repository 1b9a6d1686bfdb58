"""A test with a cut-off, and two groups of people for whom it does not read alike.

The people are synthetic: nobody was measured.  In both groups the same share would respond to a
treatment.  A test gives each person a number of points, spread as a bell: around 30 points among
those who would not respond, and higher among those who would.  In group B the test reads too high,
for everybody by the same amount.  One cut-off decides who is treated.  Every number is worked out
from the bell's formula; nothing is drawn at random.

What it leaves out: real tests are not spread as bells, treated people are not sorted into two
kinds, and a test that reads too high does not do so by the same amount for everybody.

The published fact behind group B, read on 2026-11-22 (abstract): tests of the tumour alone put too
many people into the group with many mutations, above all people of Asian or African ancestry, since
inherited variants were counted with the tumour's own (Nassar 2022, doi
10.1016/j.ccell.2022.08.022).
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from immunolib._errors import within

LOW = 30.0  # points: the middle of those who would not respond
SPREAD = 10.0  # points: one standard deviation of each bell
END = 120.0  # points: the end of the scale that is drawn
GROUPS = ("A", "B")

#: The smallest and largest value that a scene takes.
RANGES = {
    "cutoff": (0.0, 100.0),
    "share": (5.0, 60.0),
    "separation": (0.0, 40.0),
    "shift": (0.0, 20.0),
    "cutoff_b": (0.0, 100.0),
}
UNITS = {
    "cutoff": "points",
    "share": "of 100 people",
    "separation": "points",
    "shift": "points",
    "cutoff_b": "points",
}


@lru_cache(maxsize=8192)
def above(cutoff: float, middle: float) -> float:
    """The part of a bell that lies over a cut-off."""
    from scipy.stats import norm

    return float(norm.sf(cutoff, loc=middle, scale=SPREAD))


@dataclass(frozen=True)
class Group:
    """One group of 100 people, and what its cut-off does to them.

    Attributes:
        name: ``A`` or ``B``.
        share: how many of 100 would respond.
        yes, no: the middle of those who would and would not respond, points as the test reads them.
        cutoff: the cut-off of this group, points.
    """

    name: str
    share: float
    yes: float
    no: float
    cutoff: float

    @property
    def sensitivity(self) -> float:
        """The share of those who would respond that is treated."""
        return above(self.cutoff, self.yes)

    @property
    def specificity(self) -> float:
        """The share of those who would not respond that is spared."""
        return 1 - above(self.cutoff, self.no)

    @property
    def treated(self) -> float:
        """How many of 100 people are treated."""
        return self.share * self.sensitivity + (100 - self.share) * (1 - self.specificity)

    @property
    def value(self) -> float:
        """The positive predictive value: the share of the treated that would respond."""
        treated = self.treated
        return self.share * self.sensitivity / treated if treated else math.nan

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Of 100 people, to the nearest person, in the order of ``KINDS``."""
        would = round(self.share)
        hit = min(would, round(self.share * self.sensitivity))
        wrong = min(100 - would, round((100 - self.share) * (1 - self.specificity)))
        return hit, would - hit, wrong, 100 - would - wrong


#: The four kinds of people, in the order of ``Group.counts``.
KINDS = (
    "would respond, treated",
    "would respond, missed",
    "would not respond, treated",
    "would not respond, spared",
)


@dataclass(frozen=True)
class Scene:
    """A cut-off, and what it does to two groups of 100 synthetic people.

    Attributes:
        cutoff: who reaches so many points is treated.
        share: how many of 100 people would respond, in both groups.
        separation: how far the two bells are apart, points.
        shift: by how much the test reads too high in group B, points.
        cutoff_b: the cut-off of group B.
    """

    cutoff: float
    share: float
    separation: float
    shift: float
    cutoff_b: float

    @property
    def groups(self) -> tuple[Group, Group]:
        """Group A, for which the test reads right, and group B."""
        first = Group("A", self.share, LOW + self.separation, LOW, self.cutoff)
        return first, replace(
            first,
            name="B",
            yes=first.yes + self.shift,
            no=first.no + self.shift,
            cutoff=self.cutoff_b,
        )

    @property
    def alike(self) -> bool:
        """Whether the cut-off does the same to both groups."""
        return math.isclose(self.cutoff_b - self.cutoff, self.shift, abs_tol=1e-9)


def scene(
    cutoff: object, share: object, separation: object, shift: object, cutoff_b: object = None
) -> Scene:
    """The scene of these settings; group B has the cut-off of A where none is given.

    Raises:
        ValueRangeError: where one is no finite number, or lies outside ``RANGES``.
    """
    given = {"cutoff": cutoff, "share": share, "separation": separation, "shift": shift}
    given["cutoff_b"] = cutoff if cutoff_b is None else cutoff_b
    return Scene(
        **{name: within(name, value, *RANGES[name], UNITS[name]) for name, value in given.items()}
    )


def bell(middle: float, people: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points, and how many of 100 people there are for each point."""
    from scipy.stats import norm

    points = np.linspace(0.0, END, 241)
    return points, people * norm.pdf(points, loc=middle, scale=SPREAD)
