"""Dose-response: how dose, Kd and interval decide the share of receptors that are held."""

from immunolib.explorers._controls import Number, Values, by_ratio, evenly
from immunolib.explorers._plan import Plan
from immunolib.explorers._shell import Explorer, explore
from immunolib.figures import _occupancy
from immunolib.figures._occupancy_scene import RANGES, Scene, scene

CONTROLS = (
    Number("dose", "Dose", "mg", by_ratio(*RANGES["dose"], 10), 200.0),
    Number("kd", "Kd", "nmol per litre", by_ratio(*RANGES["kd"], 10), 4.0),
    Number("interval", "Interval", "days", evenly(*RANGES["interval"], 7.0), 21.0, page=4),
)


def state(values: Values) -> Scene:
    """The scene of these settings; pure."""
    return scene(values["dose"], values["kd"], values["interval"])


PLAN = Plan(
    "dose_response",
    "Dose and receptors held",
    CONTROLS,
    state,
    _occupancy.picture,
    _occupancy.words,
    _occupancy.table,
    _occupancy.changed,
)


def dose_response(dose: float = 200.0, kd: float = 4.0, interval: float = 21.0) -> Explorer:
    """Explore receptor occupancy: choose a dose, a Kd and an interval, and see what the mean hides.

    Args:
        dose: milligrams, each time; 0.1 to 1000.
        kd: the concentration that holds half of the receptors, nmol per litre; 0.01 to 1000.
        interval: days from one dose to the next; 7 to 84.

    Raises:
        ValueRangeError: where a number is none, or outside its range.
    """
    return explore(PLAN, {"dose": dose, "kd": kd, "interval": interval})
