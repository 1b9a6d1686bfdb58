"""Survival sandbox: two groups of made-up people, to learn to read survival curves."""

from immunolib.explorers._controls import Number, Values, evenly
from immunolib.explorers._plan import Plan
from immunolib.explorers._shell import Explorer, explore
from immunolib.figures import _sandbox
from immunolib.figures._sandbox_scene import RANGES, Scene, scene

_MEDIANS = (3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 18.0, 24.0, 30.0, 36.0)

CONTROLS = (
    Number("median", "Median of the comparator", "months", _MEDIANS, 10.0, page=3),
    Number("ratio", "Hazard ratio", "", evenly(*RANGES["ratio"], 0.05), 0.5, page=5),
    Number("cured", "Long-term survivors (treated)", "percent",
           evenly(*RANGES["cured"], 5.0), 0.0, page=3),
    Number("delay", "Delay before the effect begins", "months", evenly(*RANGES["delay"], 1.0),
           0.0, page=3),
)  # fmt: skip


def state(values: Values) -> Scene:
    """The scene of these settings; pure."""
    return scene(values["median"], values["ratio"], values["cured"], values["delay"])


PLAN = Plan(
    "survival_sandbox",
    "Survival of two groups of made-up people",
    CONTROLS,
    state,
    _sandbox.picture,
    _sandbox.words,
    _sandbox.table,
    _sandbox.changed,
    carried=("ratio", "cured"),
)


def survival_sandbox(
    median: float = 10.0, ratio: float = 0.5, cured: float = 0.0, delay: float = 0.0
) -> Explorer:
    """Explore survival curves of made-up people: what a median hides, and what a tail is.

    Args:
        median: of the comparator group, in months; 3 to 36.
        ratio: the hazard ratio of the treated who are not long-term survivors; 0.3 to 1.5.
        cured: percent of the treated, of those alive when the effect begins, who no longer die of
            the illness; 0 to 60.
        delay: months before the effect begins; 0 to 12.

    Raises:
        ValueRangeError: where a number is none, or outside its range.
    """
    values = {"median": median, "ratio": ratio, "cured": cured, "delay": delay}
    return explore(PLAN, values)
