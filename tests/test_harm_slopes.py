"""Slopes of severe events: ends that are those of the data, labels that never touch."""

import itertools

import pytest
from figure_checks import FigureChecks
from hypothesis import given, settings
from hypothesis import strategies as st

from immunolib import datasets, figures
from immunolib._errors import UnknownNameError
from immunolib.figures._harm_slopes import _BOTTOM, _TALL, LAID_TO, spread

SAFETY = datasets.load_safety().set_index("safety_id")


@pytest.fixture(params=LAID_TO)
def made(request):
    return figures.harm_slopes(request.param)


class TestHarmSlopesFigures(FigureChecks):
    """What every figure must pass."""


def lines(made):
    """Each line's two heights, by the row it stands for."""
    found = {}
    for one in made.figure.findobj(lambda artist: str(artist.get_gid()).startswith("slope ")):
        found[one.get_gid().removeprefix("slope ")] = one
    return found


def test_both_ends_of_every_line_stand_where_the_table_puts_them(made):
    drawn = lines(made)
    rows = SAFETY.loc[list(drawn)]
    assert set(drawn) == set(made.table["safety_id"])
    most = float(max(rows["percent"].max(), rows["comparator_percent"].max()))
    for name, line in drawn.items():
        ends = [float(rows.loc[name, part]) for part in ("comparator_percent", "percent")]
        assert [float(y) for y in line.get_ydata()] == pytest.approx(
            [_BOTTOM + _TALL * end / most for end in ends]
        )
        assert (line.get_linestyle() == "--") == (ends[1] < ends[0])
        assert f"{rows.loc[name, 'trial']}, " in made.description
    ups = (rows["percent"] > rows["comparator_percent"]).sum()
    assert f"of {len(rows)} rise" in made.description
    assert made.description.splitlines()[-1].startswith(f"{ups} line" if ups else "no line")


def test_together_they_hold_every_severe_event_of_activation_with_a_comparator():
    held = SAFETY[
        (SAFETY["direction"] == "activation")
        & SAFETY["grade"].isin(["3 or worse", "3 or 4"])
        & (SAFETY["organ"] == "whole body")
        & SAFETY["percent"].notna()
        & SAFETY["comparator_percent"].notna()
    ]
    drawn = [set(lines(figures.harm_slopes(one))) for one in LAID_TO]
    assert set().union(*drawn) == set(held.index)
    assert sum(map(len, drawn)) == len(held)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0.1, 0.7)), min_size=1, max_size=9))
def test_labels_never_overlap_and_stay_near(labels):
    labels = sorted(labels)
    wanted, tall = [at for at, _ in labels], [height for _, height in labels]
    places = spread(wanted, tall, -0.5, 6.5)
    for (one, its), (other, other_its) in itertools.pairwise(zip(places, tall, strict=True)):
        assert other - one >= (its + other_its) / 2 - 1e-9
    assert places[0] - tall[0] / 2 >= -0.5 - 1e-9
    assert places[-1] + tall[-1] / 2 <= max(6.5, sum(tall) - 0.5) + 1e-9
    alone = spread(wanted[:1], tall[:1], -0.5, 6.5)
    assert alone == pytest.approx([max(wanted[0], tall[0] / 2 - 0.5)])


def test_it_refuses_a_cause_that_it_does_not_know():
    with pytest.raises(UnknownNameError, match="treatment"):
        figures.harm_slopes("treatmnt")
