"""Things to move: a few labelled controls, one described picture, one sentence on what changed.

Each explorer is a plan in a module of its own: controls, a pure ``state(values)``, and what to
draw and say of that state.  The shell is the same for all.  The functions here make one: put it
last in a cell.
"""

from immunolib.explorers import _classify, _dose_response, _timeline
from immunolib.explorers._classify import classify
from immunolib.explorers._dose_response import dose_response
from immunolib.explorers._plan import Plan
from immunolib.explorers._shell import Explorer
from immunolib.explorers._timeline import timeline

__all__ = ["Explorer", "classify", "dose_response", "plans", "timeline"]


def plans() -> dict[str, Plan]:
    """The plan of every explorer, by the name of the function that makes it."""
    every = (_timeline.PLAN, _classify.PLAN, _dose_response.PLAN)
    return {plan.name: plan for plan in every}
