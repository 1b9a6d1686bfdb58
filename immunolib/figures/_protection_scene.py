"""Neutralising antibody and protection: what a mean level comes to, for two outcomes.

The relation is that of Khoury and colleagues (Nature Medicine 2021, doi
10.1038/s41591-021-01377-8).  The chance that one person is protected is a logistic curve of the
logarithm of the person's neutralisation level.  People differ: the logarithms of their levels lie
in a normal distribution.  The protective efficacy of a group is the mean of the curve over that
distribution, worked out here by Gauss-Hermite quadrature.  Waning moves the mean down at one
half-life, a variant moves it down by a factor.

What was read on 2026-11-22:

- The abstract: the level of 50 percent protection is 20.2 percent of the mean level of people who
  had recovered (95 percent interval 14.4 to 28.4), and 3 percent (0.7 to 13) for severe illness;
  data of seven vaccines and of people who had recovered.
- The authors' code, "generate figures" for figures 2 and 3, and its description, in a copy of
  their repository COVID19-ProtectiveThreshold: the logistic curve, its mean over a normal
  distribution, the slope 3.0 for each factor of ten, the standard deviation 0.44 of the
  log10 levels, and a half-life of 108 days, constant to day 250.  The same slope serves for both
  outcomes there.
- The authors' tables of counts in that copy: eight groups for symptomatic illness (seven vaccines,
  people who had recovered), six vaccines for severe illness (80 cases, 2 of them in vaccinated
  people), and the pooled standard deviation 0.440.  Their fit, done again from these counts in
  tests/test_protection.py, gives the levels and intervals of the abstract, and a slope of 3.0 (2.2
  to 4.1).
- The paper itself was not read beyond its abstract.  Its title says symptomatic infection, its
  abstract detectable infection; the title is followed here.

What it leaves out: the intervals of slope and spread, everything after day 250, boosters, newer
variants, and whatever protects besides these antibodies.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from immunolib._errors import within

SLOPE = 3.0  # of the logistic curve, for each factor of ten in the level
SPREAD = 0.44  # standard deviation of log10 levels between people
HALF_LIFE = 108.0  # days

#: The level of 50 percent protection and its interval, in mean convalescent levels, by outcome.
HALF: dict[str, tuple[float, float, float]] = {
    "symptomatic illness": (0.202, 0.144, 0.284),
    "severe illness": (0.03, 0.007, 0.13),
}

#: The smallest and largest level (multiples of the mean convalescent level), drop and days.
RANGES = {"level": (0.01, 10.0), "drop": (1.0, 40.0), "days": (0.0, 250.0)}
_UNITS = {"level": "times the mean convalescent level", "drop": "fold", "days": "days"}

_AT, _WEIGHTS = np.polynomial.hermite_e.hermegauss(80)
_NODES: NDArray[np.float64] = SPREAD * np.asarray(_AT)
_SHARES: NDArray[np.float64] = np.asarray(_WEIGHTS) / np.asarray(_WEIGHTS).sum()


def efficacy(level: ArrayLike, half: float) -> NDArray[np.float64]:
    """The share of cases prevented in a group with this mean level.

    Args:
        level: the mean (geometric) neutralisation level, over zero.
        half: the level of 50 percent protection, in the same unit.
    """
    middle = np.log10(np.asarray(level, dtype=float) / half)
    held = SLOPE * (middle[..., np.newaxis] + _NODES)
    found: NDArray[np.float64] = (0.5 + 0.5 * np.tanh(held / 2)) @ _SHARES
    return found


@dataclass(frozen=True)
class Scene:
    """A group's mean level, what lowers it, and the protection that is left.

    Attributes:
        level: the mean neutralisation level at the start, in mean convalescent levels.
        drop: by what factor a variant lowers it.
        days: days of waning since the start.
    """

    level: float
    drop: float
    days: float

    @property
    def left(self) -> float:
        """The mean level against the variant on the day, in mean convalescent levels."""
        return self.level / self.drop * math.exp2(-self.days / HALF_LIFE)

    def start(self, outcome: str) -> float:
        """The protection before drop and waning."""
        return float(efficacy(self.level, HALF[outcome][0]))

    def now(self, outcome: str) -> tuple[float, float, float]:
        """The protection that is left; and its range, from the interval of the 50 percent level."""
        best, low, high = (float(efficacy(self.left, half)) for half in HALF[outcome])
        return best, high, low


def scene(level: float, drop: float, days: float) -> Scene:
    """The scene of these settings.

    Raises:
        ValueRangeError: where one is no finite number, or lies outside ``RANGES``.
    """
    given = {"level": level, "drop": drop, "days": days}
    return Scene(**{name: within(name, value, *RANGES[name], _UNITS[name])
                    for name, value in given.items()})  # fmt: skip
