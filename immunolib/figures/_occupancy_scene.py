"""Receptor occupancy after repeated doses: what an antibody's dose, Kd and interval come to.

The model is the plainest that has all three.  A dose enters the blood at once and leaves it at a
rate in proportion to what is there (one compartment); doses add up; and the antibody holds the
share ``C / (C + Kd)`` of its receptors, the law of mass action with far more antibody than
receptors.  It leaves out that real removal is not in proportion at low doses, that blood is not the
tumour, and that a receptor which is held is not yet an effect.

Sources, all read on 2026-11-22:

- Half-life and volume: US prescribing information of pembrolizumab, section 12.3, in effect
  2026-07-10 (DailyMed 9333c79b-d487-4538-a9f0-71b91a02b287), read in a transcription.
- Molecular mass, 149 kDa: DrugBank DB09037, a secondary source.
- Doses that add up: Bourne, Pharmacokinetics (boomer.org), "superposition".
- Occupancy, and that holding is not yet an effect: TRC-P, Receptor occupancy (trc-p.nl).  Removal
  of pembrolizumab not in proportion below 0.3 mg per kg every 3 weeks: Elassaiss-Schaap 2017, doi
  10.1002/psp4.12132, abstract.  Kd of pembrolizumab: from 0.027 nmol/L (doi
  10.1038/s41598-019-54231-w, introduction) to 4 nmol/L for an analog (doi
  10.1371/journal.pone.0229206, Table 3), by the way it was measured.
- A limit: one dose of nivolumab, 0.3 to 10 mg per kg, held more than 70 percent of PD-1 on blood
  T cells for two months or longer, regardless of dose (Brahmer 2010, doi
  10.1200/JCO.2009.26.7609, abstract).  This model does not reproduce that at the lowest dose.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from immunolib._errors import within

HALF_LIFE = 22.0  # days
VOLUME = 6.0  # litres
MASS = 149.0  # kilodaltons
DAYS = 182.0  # drawn
_POINTS = 24  # of the curve, between two doses

#: The smallest and largest dose (mg), Kd (nmol/L) and interval (days) that a scene takes.
RANGES = {"dose": (0.1, 1000.0), "kd": (0.01, 1000.0), "interval": (7.0, 84.0)}
_UNITS = {"dose": "mg", "kd": "nmol per litre", "interval": "days"}


@dataclass(frozen=True)
class Scene:
    """Doses of one size, given again and again, and what they come to.

    Attributes:
        dose: milligrams, each time.
        kd: the concentration that holds half of the receptors, nmol per litre.
        interval: days from one dose to the next.
    """

    dose: float
    kd: float
    interval: float

    @property
    def first(self) -> float:
        """The concentration right after the first dose, nmol per litre."""
        return self.dose / VOLUME / MASS * 1000

    @property
    def left(self) -> float:
        """The share of a concentration that is left after one interval."""
        return math.exp2(-self.interval / HALF_LIFE)

    @property
    def doses(self) -> int:
        """How many doses the picture shows."""
        return math.floor(DAYS / self.interval) + (DAYS % self.interval > 0)

    @property
    def last(self) -> tuple[float, float]:
        """The days between which the last whole interval of the picture lies."""
        whole = math.floor(DAYS / self.interval)
        return (whole - 1) * self.interval, whole * self.interval

    def _peak(self, doses: int) -> float:
        """The concentration right after so many doses: a geometric series."""
        return self.first * (1 - self.left**doses) / (1 - self.left)

    def at(self, day: float) -> float:
        """The concentration on a day, nmol per litre; on the day of a dose, right after it."""
        given = math.floor(day / self.interval)
        return self._peak(given + 1) * math.exp2(-(day - given * self.interval) / HALF_LIFE)

    @property
    def peak(self) -> float:
        """The highest concentration of the last interval, nmol per litre."""
        return self._peak(math.floor(DAYS / self.interval))

    @property
    def trough(self) -> float:
        """The lowest concentration of the last interval, nmol per litre."""
        return self.peak * self.left

    @property
    def mean_concentration(self) -> float:
        """The mean concentration of the last interval, nmol per litre."""
        return (self.peak - self.trough) / -math.log(self.left)

    def occupancy(self, concentration: float) -> float:
        """The share of receptors held at a concentration."""
        return concentration / (concentration + self.kd)

    @property
    def mean(self) -> float:
        """The mean share of receptors held over the last interval, in closed form."""
        spread = math.log1p(self.peak / self.kd) - math.log1p(self.trough / self.kd)
        return spread / -math.log(self.left)

    @property
    def below(self) -> float:
        """For how many days of the last interval the share lies below its mean."""
        at_mean = self.kd * self.mean / (1 - self.mean)
        return self.interval - math.log2(self.peak / at_mean) * HALF_LIFE


def scene(dose: float, kd: float, interval: float) -> Scene:
    """The scene of these settings.

    Raises:
        ValueRangeError: where one is no finite number, or lies outside ``RANGES``.
    """
    given = {"dose": dose, "kd": kd, "interval": interval}
    return Scene(**{name: within(name, value, *RANGES[name], _UNITS[name])
                    for name, value in given.items()})  # fmt: skip


def curve(what: Scene) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Days and concentrations (nmol per litre) of the picture, with the leap at each dose."""
    days, held = [np.zeros(1)], [np.zeros(1)]
    for dose in range(what.doses):
        start = dose * what.interval
        end = min(start + what.interval, DAYS)
        since = np.linspace(0.0, end - start, _POINTS)
        days.append(start + since)
        held.append(what._peak(dose + 1) * 0.5 ** (since / HALF_LIFE))
    return np.concatenate(days), np.concatenate(held)
