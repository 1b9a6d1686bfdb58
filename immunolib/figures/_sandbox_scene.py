"""Two groups of made-up people: what a median, a hazard ratio and a tail come to as curves.

This is arithmetic, to learn to read survival curves; it is no model of an illness.  In the
comparator group people die at one steady rate.  In the treated group they do so too until the
effect begins; from then on a share of those alive no longer dies of the illness, and the others
die at the steady rate times the hazard ratio.

Every made-up person is a number between 0 and 1: the share of the group that is to outlive them.
It is turned into a time (inverse transform), so that a curve moves smoothly with what is set.
With ``luck`` 0 the numbers, and the days of joining, are spread evenly and are the same in both
groups: nothing is left to chance.  Any other ``luck`` is the seed of a generator, and each group
draws numbers of its own.

People join over 24 months and are counted 60 months after the first has joined, so that those who
are still alive have been followed for 36 to 60 months (censored there).  The curve is the
Kaplan-Meier estimate of ``scipy.stats.ecdf``.  The ratio that is worked out from all people is
that of Cox (1972) for two groups, with Breslow's rule for ties and an interval from the
information; it is computed here.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from immunolib._errors import ValueRangeError, within

MONTHS = 60.0  # from the first person to the count
JOINING = 24.0  # months in which people join
LOOK = 24.0  # months at which the picture compares the groups
GROUPS = ("treated", "comparator")
#: The smallest and largest number of each setting that a scene takes.
RANGES = {
    "median": (3.0, 36.0),
    "ratio": (0.3, 1.5),
    "cured": (0.0, 60.0),
    "delay": (0.0, 12.0),
    "people": (10, 5000),
    "luck": (0, 9999),
}
UNITS = {
    "median": "months", "ratio": "", "cured": "percent", "delay": "months", "people": "people",
    "luck": "",
}  # fmt: skip
_WHOLE = ("people", "luck")
_OWN = (1, 2)  # the groups' parts of a seed
_GOLDEN = (math.sqrt(5) - 1) / 2  # steps of this size, modulo 1, spread people evenly in time


@dataclass(frozen=True)
class Scene:
    """What went in.

    Attributes:
        median: of the comparator group, in months.
        ratio: the hazard ratio of those treated who are not long-term survivors.
        cured: the percentage of the treated, of those alive when the effect begins, who no
            longer die of the illness.
        delay: months before the effect begins.
        people: how many in each group.
        luck: 0 for numbers that are spread evenly, else a seed.
    """

    median: float
    ratio: float
    cured: float
    delay: float
    people: int
    luck: int

    @property
    def rate(self) -> float:
        """The share of the comparator group that dies at once, in a month."""
        return math.log(2) / self.median

    def alive(self, group: str, month: float) -> float:
        """The share alive after so many months, by the formula."""
        if group == "comparator" or month <= self.delay:
            return math.exp(-self.rate * month)
        held = self.cured / 100
        begun = math.exp(-self.rate * self.delay)
        since = math.exp(-self.rate * self.ratio * (month - self.delay))
        return begun * (held + (1 - held) * since)

    def expected_median(self, group: str) -> float:
        """The month by which half have died, by the formula; endless where that never comes."""
        return float(self._times(group, np.array([0.5]))[0])

    def _times(self, group: str, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        """The month at which so large a share is left alive, for each number."""
        with np.errstate(divide="ignore"):
            steady = -np.log(numbers) / self.rate
        if group == "comparator":
            return steady
        begun = math.exp(-self.rate * self.delay)
        held = self.cured / 100
        mortal = (numbers / begun - held) / (1 - held)
        with np.errstate(divide="ignore", invalid="ignore"):
            later = self.delay - np.log(mortal) / (self.rate * self.ratio)
        later = np.where(mortal > 0, later, np.inf)
        return np.where(numbers >= begun, steady, later)

    def curve(self, group: str) -> "Curve":
        """The people of a group, as a trial would count them."""
        return _curve(self if group == "treated" else self._without(), group)

    def _without(self) -> "Scene":
        """What the comparator group depends on."""
        return Scene(self.median, 1.0, 0.0, 0.0, self.people, self.luck)

    @property
    def worked_out(self) -> tuple[float, float, float]:
        """One hazard ratio from all people of both groups, and its 95 percent interval."""
        return _cox(self.curve("treated"), self.curve("comparator"))


@dataclass(frozen=True, eq=False)
class Curve:
    """One group as it was counted.

    Attributes:
        months: for how long each person was followed.
        died: whether the follow-up ended with death; if not, the person was still alive.
        steps: the months at which the curve falls.
        shares: the share alive from each of them on (Kaplan-Meier).
    """

    months: NDArray[np.float64]
    died: NDArray[np.bool_]
    steps: NDArray[np.float64]
    shares: NDArray[np.float64]

    def alive(self, month: float) -> float:
        """The estimated share alive after so many months."""
        at = int(np.searchsorted(self.steps, month, side="right"))
        return float(self.shares[at - 1]) if at else 1.0

    @property
    def median(self) -> float:
        """The first month at which half or fewer are alive; NaN where it is not reached."""
        below = np.nonzero(self.shares <= 0.5 + 1e-9)[0]
        return float(self.steps[below[0]]) if len(below) else math.nan

    def at_risk(self, month: float) -> int:
        """How many were followed for at least so long."""
        return int((self.months >= month).sum())

    @property
    def last(self) -> float:
        """The longest time for which anyone was followed."""
        return float(self.months.max())


def scene(
    median: float, ratio: float, cured: float, delay: float, people: int = 200, luck: int = 0
) -> Scene:
    """The scene of these settings.

    Raises:
        ValueRangeError: where one is no number, lies outside ``RANGES``, or is not whole where
            people are counted.
    """
    given = {"median": median, "ratio": ratio, "cured": cured, "delay": delay, "people": people,
             "luck": luck}  # fmt: skip
    held = {name: within(name, value, *RANGES[name], UNITS[name]) for name, value in given.items()}
    for name in _WHOLE:
        if held[name] != int(held[name]):
            raise ValueRangeError(
                f"{name}={held[name]:g} is not a whole number. Give one without part."
            )
    return Scene(held["median"], held["ratio"], held["cured"], held["delay"],
                 int(held["people"]), int(held["luck"]))  # fmt: skip


@lru_cache(maxsize=64)
def _numbers(people: int, luck: int, group: str) -> NDArray[np.float64]:
    """A number between 0 and 1 for each person of a group."""
    if not luck:
        return np.maximum(np.arange(people, dtype=np.float64), 0.25) / people
    drawn = np.random.default_rng((luck, _OWN[GROUPS.index(group)])).random(people)
    return np.sort(np.maximum(drawn, 1e-12))


@lru_cache(maxsize=64)
def _followed(people: int, luck: int) -> NDArray[np.float64]:
    """For how long each person can be followed: who joins when has nothing to do with luck."""
    if luck:
        return MONTHS - JOINING * np.random.default_rng((luck, 0)).random(people)
    return MONTHS - JOINING * np.mod(np.arange(people, dtype=np.float64) * _GOLDEN, 1.0)


@lru_cache(maxsize=256)
def _curve(what: Scene, group: str) -> Curve:
    from scipy import stats

    times = what._times(group, _numbers(what.people, what.luck, group))
    most = _followed(what.people, what.luck)
    died = times <= most
    months: NDArray[np.float64] = np.where(died, times, most)
    months = np.round(months, 9)  # alike where only rounding differs
    sf = stats.ecdf(stats.CensoredData(uncensored=months[died], right=months[~died])).sf
    before = np.concatenate([[1.0], sf.probabilities[:-1]])
    falls = sf.probabilities < before - 1e-12
    return Curve(months, died, sf.quantiles[falls], sf.probabilities[falls])


def _cox(treated: Curve, comparator: Curve) -> tuple[float, float, float]:
    """The hazard ratio that fits all deaths best, and its interval (Cox, two groups)."""
    from scipy.optimize import brentq

    at = np.union1d(treated.months[treated.died], comparator.months[comparator.died])

    def counted(group: Curve) -> tuple[Any, Any]:
        times = np.sort(group.months)
        deaths = np.sort(group.months[group.died])
        risk = len(times) - np.searchsorted(times, at, side="left")
        fell = np.searchsorted(deaths, at, "right") - np.searchsorted(deaths, at, "left")
        return risk, fell

    (risk, fell), (other_risk, other_fell) = counted(treated), counted(comparator)
    every, mine = fell + other_fell, int(fell.sum())
    if not mine or mine == int(every.sum()):
        return math.nan, math.nan, math.nan

    def missing(log: float) -> float:
        weight = math.exp(log) * risk
        return float(mine - (every * weight / (weight + other_risk)).sum())

    log = float(brentq(missing, -12.0, 12.0, xtol=1e-10))
    share = math.exp(log) * risk / (math.exp(log) * risk + other_risk)
    spread = 1.959964 / math.sqrt(float((every * share * (1 - share)).sum()))
    return math.exp(log), math.exp(log - spread), math.exp(log + spread)


def steps_of(curve: Curve) -> Iterator[tuple[float, float]]:
    """The corners of a curve: month, and percent alive."""
    share = 100.0
    yield 0.0, share
    for month, left in zip(curve.steps, curve.shares, strict=True):
        yield float(month), share
        share = 100 * float(left)
        yield float(month), share
    yield curve.last, share
