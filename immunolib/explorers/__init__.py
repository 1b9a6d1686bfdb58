"""Things to move: a few labelled controls, one described picture, one sentence on what changed.

Each explorer is a plan in a module of its own: controls, a pure ``state(values)``, and what to
draw and say of that state.  The shell is the same for all.  The functions here make one: put it
last in a cell.
"""

from immunolib.explorers import (
    _brakes_off,
    _classify,
    _dose_response,
    _headline,
    _il2_and_cells,
    _living_drug,
    _neutrophil_valley,
    _number_needed,
    _order_game,
    _price,
    _protection,
    _survival_sandbox,
    _threshold,
    _timeline,
    _tolerance,
    _too_little_too_much,
    _tug_of_war,
    _who_talks,
)
from immunolib.explorers._brakes_off import brakes_off
from immunolib.explorers._classify import classify
from immunolib.explorers._dose_response import dose_response
from immunolib.explorers._headline import headline
from immunolib.explorers._il2_and_cells import il2_and_cells
from immunolib.explorers._living_drug import living_drug
from immunolib.explorers._neutrophil_valley import neutrophil_valley
from immunolib.explorers._number_needed import number_needed
from immunolib.explorers._order_game import order_game
from immunolib.explorers._plan import Plan
from immunolib.explorers._price import price
from immunolib.explorers._protection import protection
from immunolib.explorers._shell import Explorer
from immunolib.explorers._survival_sandbox import survival_sandbox
from immunolib.explorers._threshold import threshold
from immunolib.explorers._timeline import timeline
from immunolib.explorers._tolerance import tolerance
from immunolib.explorers._too_little_too_much import too_little_too_much
from immunolib.explorers._tug_of_war import tug_of_war
from immunolib.explorers._who_talks import who_talks

__all__ = [
    "Explorer",
    "brakes_off",
    "classify",
    "dose_response",
    "headline",
    "il2_and_cells",
    "living_drug",
    "neutrophil_valley",
    "number_needed",
    "order_game",
    "plans",
    "price",
    "protection",
    "survival_sandbox",
    "threshold",
    "timeline",
    "tolerance",
    "too_little_too_much",
    "tug_of_war",
    "who_talks",
]


def plans() -> dict[str, Plan]:
    """The plan of every explorer, by the name of the function that makes it."""
    every = (
        _timeline,
        _classify,
        _dose_response,
        _protection,
        _tug_of_war,
        _il2_and_cells,
        _order_game,
        _brakes_off,
        _living_drug,
        _neutrophil_valley,
        _too_little_too_much,
        _tolerance,
        _headline,
        _who_talks,
        _threshold,
        _survival_sandbox,
        _number_needed,
        _price,
    )
    return {module.PLAN.name: module.PLAN for module in every}
