"""The ladder of evidence: on which step the study behind a headline stands.

The rule is written here once, and reads ``species`` and ``design`` of ``headlines.csv``.  What
counts is the whole living being: blood or tissue of people in a study of mice does not lift it.
The step says how near a study is to people who are treated.  It does not say how good it is.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from immunolib import datasets
from immunolib._errors import DataError, choose

#: The steps from below, each as it is written on the picture.
RUNGS = (
    "cells in a dish",
    "animals",
    "people, not randomised",
    "randomised trial",
    "several trials",
)
#: Where a study took place, with the steps that this can mean.
SETTINGS = {"cells in a dish": (0,), "animals": (1,), "people": (2, 3, 4)}
VERDICTS = ("supported", "overstated", "too early to tell", "source not found")
_RANDOMISED = re.compile(r"(?<!not )(?<!non-)(?<!un)randomised")
_ANIMALS = ("mice", "animals", "rats", "monkeys", "dogs")


@dataclass(frozen=True)
class Study:
    """A headline, and the study behind it; texts are empty where nothing is known.

    Attributes:
        key: what ``headlines.csv`` calls the headline.
        says: the headline in our words.
        rung: its place in ``RUNGS``; None where no study was found.
    """

    key: str
    says: str
    authors: str
    journal: str
    published: str
    species: str
    n: str
    design: str
    comparator: str
    effect: str
    later: str
    verdict: str
    evidence: str
    source: str
    note: str
    rung: int | None

    @property
    def setting(self) -> str:
        """Where the study took place: a key of ``SETTINGS``, or nothing."""
        return next((name for name, steps in SETTINGS.items() if self.rung in steps), "")


def rung(species: str, design: str) -> int | None:
    """The step of a study, or None where no study is known.

    Raises:
        DataError: where the words of species and design lead to no step.
    """
    if not species:
        return None
    if "meta-analysis" in design or "systematic review" in design:
        return 4
    if any(animal in species for animal in _ANIMALS):
        return 1
    if "people" in species:
        return 3 if _RANDOMISED.search(design) else 2
    if "cells" in species:
        return 0
    raise DataError(
        f"headlines.csv: no step of the ladder fits the species {species!r}. "
        f"Name cells, people, or one of: {', '.join(_ANIMALS)}."
    )


@lru_cache(maxsize=1)
def studies() -> dict[str, Study]:
    """Every headline with its study, in the order of the data."""
    names = [name for name in Study.__dataclass_fields__ if name not in ("key", "rung")]
    found = {}
    for row in datasets.load_headlines().to_dict("records"):
        values = {name: str(row[name]) for name in names}
        step = rung(values["species"], values["design"])
        found[str(row["headline"])] = Study(str(row["headline"]), rung=step, **values)
    return found


def study(headline: str) -> Study:
    """The study behind a headline.

    Raises:
        UnknownNameError: where no headline is called so.
    """
    return studies()[choose("headline", headline, studies())]
