"""Number needed: how many are treated for one more, and what chance and risk make of it."""

from immunolib.explorers._controls import Choice, Values
from immunolib.explorers._plan import Plan
from immunolib.explorers._shell import Explorer, explore
from immunolib.figures import _number_needed
from immunolib.figures import _number_needed_scene as _scene

CONTROLS = (
    Choice("case", "Trial and result", _scene.names, _scene.CASES[0].name),
    Choice("size", "People in each group", lambda: list(_scene.SIZES), _scene.AS_IS),
    Choice(
        "risk",
        "The comparator's risk",
        lambda: list(_scene.RISKS),
        _scene.AS_IS,
        carried_from=lambda: [_scene.AS_IS, "1 %", "5 %", "20 %", "40 %", "90 %"],
    ),
    Choice("held", "Kept when the risk changes", lambda: list(_scene.HELD), _scene.RATIO),
)


def state(values: Values) -> _scene.Scene:
    """The scene of these settings; pure."""
    return _scene.scene(*(values[control.name] for control in CONTROLS))


PLAN = Plan(
    "number_needed",
    "How many are treated for one more?",
    CONTROLS,
    state,
    _number_needed.picture,
    _number_needed.words,
    _number_needed.table,
    _number_needed.changed,
)


def number_needed(
    case: str = _scene.CASES[0].name,
    size: str = _scene.AS_IS,
    risk: str = _scene.AS_IS,
    held: str = _scene.RATIO,
) -> Explorer:
    """Explore the number needed to treat: choose a trial, a group's size and a risk.

    Args:
        case: a trial and its result, for example ``"OPTION: arthritis, ACR20 response"``.
        size: people in each group: ``as in the trial``, ``20``, ``50``, ``200`` or ``1000``.
        risk: the comparator's share: ``as in the trial``, or one from ``1 %`` to ``90 %``.
        held: what is kept when that share changes: ``the ratio`` or ``the difference``.

    Raises:
        UnknownNameError: where one of them names nothing.
    """
    return explore(PLAN, {"case": case, "size": size, "risk": risk, "held": held})
