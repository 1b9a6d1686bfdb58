"""Protection: how a group's level of neutralising antibody goes with the cases prevented."""

from immunolib.explorers._controls import Number, Values, by_ratio, evenly
from immunolib.explorers._plan import Plan
from immunolib.explorers._shell import Explorer, explore
from immunolib.figures import _protection
from immunolib.figures._protection_scene import RANGES, Scene, scene

CONTROLS = (
    Number("level", "Mean level", "times the level after recovery",
           by_ratio(*RANGES["level"], 10), 1.0),
    Number("drop", "Drop against a variant", "fold", by_ratio(*RANGES["drop"], 10), 1.0),
    Number("days", "Days of waning", "days", evenly(*RANGES["days"], 10.0), 0.0, page=5),
)  # fmt: skip


def state(values: Values) -> Scene:
    """The scene of these settings; pure."""
    return scene(values["level"], values["drop"], values["days"])


PLAN = Plan(
    "protection",
    "Antibodies and protection",
    CONTROLS,
    state,
    _protection.picture,
    _protection.words,
    _protection.table,
    _protection.changed,
    most=600,
)


def protection(level: float = 1.0, drop: float = 1.0, days: float = 0.0) -> Explorer:
    """Explore neutralisation and protection: a level, a variant that lowers it, and time.

    The relation is that of Khoury and colleagues (2021) between neutralising antibodies and
    protection against COVID-19, a group's curve and not one person's protection;
    ``figures.protection`` draws the same, and names its sources and limits.

    Args:
        level: the group's mean level, in multiples of the mean of people who had recovered;
            0.01 to 10.
        drop: by what factor a variant lowers it; 1 to 40.
        days: days of waning, at a half-life of 108 days; 0 to 250.

    Raises:
        ValueRangeError: where a number is none, or outside its range.
    """
    return explore(PLAN, {"level": level, "drop": drop, "days": days})
