"""Threshold: where a test's cut-off falls, and what a biased test does to one of two groups."""

from immunolib.explorers._controls import Number, Values, evenly
from immunolib.explorers._plan import Plan
from immunolib.explorers._shell import Explorer, explore
from immunolib.figures import _threshold
from immunolib.figures._threshold_scene import RANGES, Scene, scene

CONTROLS = (
    Number("cutoff", "Cut-off", "points", evenly(*RANGES["cutoff"], 2.0), 40.0, page=5),
    Number("share", "Would respond", "of 100 people", evenly(*RANGES["share"], 5.0), 20.0, page=3),
    Number("separation", "Distance of the hills", "points", evenly(*RANGES["separation"], 2.0),
           20.0, page=5),
    Number("shift", "Too high in group B", "points", evenly(*RANGES["shift"], 2.0), 10.0, page=2),
)  # fmt: skip


def state(values: Values) -> Scene:
    """The scene of these settings; pure."""
    return scene(values["cutoff"], values["share"], values["separation"], values["shift"])


PLAN = Plan(
    "threshold",
    "A cut-off for two groups",
    CONTROLS,
    state,
    _threshold.picture,
    _threshold.words,
    _threshold.table,
    _threshold.changed,
    carried=("cutoff", "shift"),
)


def threshold(
    cutoff: float = 40.0, share: float = 20.0, separation: float = 20.0, shift: float = 10.0
) -> Explorer:
    """Explore the cut-off of a test in synthetic people: who is treated, missed, spared.

    Args:
        cutoff: who reaches so many points is treated; 0 to 100.
        share: how many of 100 people would respond; 5 to 60.
        separation: how far those who would and would not respond lie apart; 0 to 40 points.
        shift: by how much the test reads too high in group B; 0 to 20 points.

    Raises:
        ValueRangeError: where a number is none, or outside its range.
    """
    return explore(
        PLAN, {"cutoff": cutoff, "share": share, "separation": separation, "shift": shift}
    )
