"""The price explorer: what it draws is what the table holds, and empty is never zero."""

from itertools import product

import pandas as pd
import pytest
from figure_checks import FigureChecks

from immunolib import datasets, explorers
from immunolib._errors import UnknownNameError
from immunolib.figures import _price as drawn
from immunolib.figures import _price_scene as model

PLAN = explorers.plans()["price"]
SAFETY = datasets.load_safety().set_index("safety_id")
RISKS = SAFETY[SAFETY["arm"] != "fatal reports"]
EVERY = list(product(model.groups(), model.organs(), model.grades()))
LOOKS = {
    **{group: (group,) for group in model.groups()},
    "one organ": ("CAR-T cells", "nerve", "3 or worse"),
    "nothing": ("natalizumab", "gut"),
    "hidden": ("ipilimumab", "every organ", "every grade", "hidden"),
}


@pytest.fixture(params=LOOKS)
def made(request):
    return PLAN.show(model.scene(*LOOKS[request.param]))


class TestPriceFigures(FigureChecks):
    """What every figure must pass."""


def dots(made, marker):
    """Where the marks of one shape stand, from the top."""
    lines = [ln for ln in made.figure.axes[0].lines if ln.get_marker() == marker]
    found = [(float(ln.get_ydata()[0]), float(ln.get_xdata()[0])) for ln in lines]
    return [x for _, x in sorted(found)]


def test_every_row_is_in_one_group_and_is_shown_there_once():
    shown = []
    for group in model.groups():
        what = model.scene(group)
        shown += [row.safety_id for row in (*what.rows, *what.bare)]
    assert sorted(shown) == sorted(RISKS.index)


@pytest.mark.parametrize("values", EVERY)
def test_every_position_holds_the_rows_of_its_choice(values):
    group, organ, grade = values
    what = model.scene(*values)
    held = RISKS[[model.group_of(name) == group for name in RISKS["regimen"]]]
    also = {"3 or worse": ["3 or 4"]}.get(grade, [])
    held = held[held["grade"].isin([grade, *also]) | (grade == "every grade")]
    here = held[(held["organ"] == organ) | (organ == "every organ")]
    assert {row.safety_id for row in (*what.rows, *what.bare)} == set(here.index)
    assert {row.safety_id for row in what.rows} == set(here.index[here["percent"].notna()])
    assert set(what.gap) == set(model.ORGANS) - set(held["organ"])
    text = drawn.describe(what)
    assert ("No number is recorded here." in text) == (not what.rows)
    assert "not ranked" in text
    keys = [(model.ORGANS.index(row.organ), row.event.casefold()) for row in what.rows]
    assert keys == sorted(keys)


@pytest.mark.parametrize("group", model.groups())
def test_dots_and_comparators_stand_where_the_table_puts_them(group):
    what = model.scene(group)
    made = PLAN.show(what)
    rows = [SAFETY.loc[row.safety_id] for row in what.rows]
    for marker, evidence in (("o", "primary"), ("s", "secondary")):
        wanted = [float(row["percent"]) for row in rows if row["evidence"] == evidence]
        assert dots(made, marker) == pytest.approx(wanted)
    beside = [
        float(row["comparator_percent"]) for row in rows if pd.notna(row["comparator_percent"])
    ]
    assert dots(made, "D") == pytest.approx(beside)
    hidden = model.scene(group, comparator="hidden")
    assert dots(PLAN.show(hidden), "D") == []
    assert made.figure.axes[0].get_xlim() == PLAN.show(hidden).figure.axes[0].get_xlim()


def test_hidden_comparators_are_not_told_either():
    what = model.scene("ipilimumab", comparator="hidden")
    text = drawn.describe(what)
    assert "placebo" not in text
    assert "how many would have had it anyway is not shown" in text
    assert "placebo: 0.2 percent" in drawn.describe(model.scene("ipilimumab"))


def test_shares_of_deaths_are_not_among_the_risks():
    ids = {row.safety_id for group in model.groups() for row in model.scene(group).rows}
    assert not ids & set(SAFETY.index[SAFETY["arm"] == "fatal reports"])


def test_what_changed_is_told():
    old = model.scene()
    assert drawn.changed(old, old) == "Nothing has changed."
    said = drawn.changed(old, model.scene(comparator="hidden"))
    assert said.startswith("The comparators are now hidden; 7 of these numbers have one")
    assert "on record" in drawn.changed(old, model.scene("CAR-T cells"))


@pytest.mark.parametrize(
    ("values", "expected"),
    [({"group": "CAR-T cell"}, "CAR-T cells"), ({"organ": "brain"}, "nerve|lung|skin|organ"),
     ({"grade": "3"}, "3 or worse|5"), ({"comparator": "off"}, "shown|hidden")],
)  # fmt: skip
def test_wrong_names_are_answered_with_what_would_do(values, expected):
    with pytest.raises(UnknownNameError, match=expected):
        explorers.price(**values)
