"""Price: unwanted effects by organ and by group of regimens, with or without the comparator."""

from immunolib.explorers._controls import Choice, Values
from immunolib.explorers._plan import Plan
from immunolib.explorers._shell import Explorer, explore
from immunolib.figures import _price
from immunolib.figures import _price_scene as _scene
from immunolib.figures._harm_rows import GRADE_WORDS

CONTROLS = (
    Choice("group", "Medicines", _scene.groups, _scene.groups()[0]),
    Choice("organ", "Organ", _scene.organs, _scene.EVERY_ORGAN),
    Choice(
        "grade", "Grade", _scene.grades, _scene.EVERY_GRADE, lambda one: GRADE_WORDS.get(one, one)
    ),
    Choice("comparator", "Comparator", lambda: [_scene.SHOWN, _scene.HIDDEN], _scene.SHOWN),
)


def state(values: Values) -> _scene.Scene:
    """The scene of these settings; pure."""
    return _scene.scene(*(values[control.name] for control in CONTROLS))


PLAN = Plan(
    "price",
    "What it can cost, organ by organ",
    CONTROLS,
    state,
    _price.picture,
    _price.words,
    _price.table,
    _price.changed,
    carried=("group", "grade", "comparator"),
)


def price(
    group: str = _scene.groups()[0],
    organ: str = _scene.EVERY_ORGAN,
    grade: str = _scene.EVERY_GRADE,
    comparator: str = _scene.SHOWN,
) -> Explorer:
    """Explore unwanted effects: choose medicines, an organ and a grade, and hide the comparator.

    Args:
        group: a group of medicines, for example ``"CAR-T cells"``.
        organ: an organ of ``load_safety()``, or ``every organ``.
        grade: ``any``, ``3 or worse``, ``serious``, ``5`` (deaths), or ``every grade``.
        comparator: ``shown`` or ``hidden``.

    Raises:
        UnknownNameError: where one of them names nothing.
    """
    return explore(PLAN, {"group": group, "organ": organ, "grade": grade, "comparator": comparator})
