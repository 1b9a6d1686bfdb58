"""The cut-off of a test: counts, values and bias, over the whole range of every control."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from immunolib import explorers, figures
from immunolib._errors import ValueRangeError
from immunolib.explorers import _threshold as explorer
from immunolib.explorers._plan import States
from immunolib.figures import _threshold as drawn
from immunolib.figures import _threshold_scene as model

SCENES = st.builds(model.scene, *(st.floats(*limits) for limits in model.RANGES.values()))


def share_above(cutoff, middle):
    """The part of a bell over a cut-off, without the library that the model uses."""
    return 0.5 * math.erfc((cutoff - middle) / model.SPREAD / math.sqrt(2))


def grid(step=5):
    """A grid over the whole range of the controls, both ends in it."""
    held = [
        sorted({*control.positions[::step], control.positions[-1]}) for control in explorer.CONTROLS
    ]
    return itertools.product(*held)


@settings(max_examples=200, deadline=None)
@given(SCENES)
def test_each_measure_is_that_of_the_bells_worked_out_the_long_way(what):
    for group, shift, cutoff in zip(
        what.groups, (0, what.shift), (what.cutoff, what.cutoff_b), strict=True
    ):
        hit = what.share * share_above(cutoff, 30 + what.separation + shift)
        wrong = (100 - what.share) * share_above(cutoff, 30 + shift)
        assert group.share * group.sensitivity == pytest.approx(hit, abs=1e-9)
        assert (100 - group.share) * (1 - group.specificity) == pytest.approx(wrong, abs=1e-9)
        assert group.treated == pytest.approx(hit + wrong, abs=1e-9)
        if hit + wrong > 1e-6:
            assert group.value == pytest.approx(hit / (hit + wrong), rel=1e-6)


@settings(max_examples=200, deadline=None)
@given(SCENES)
def test_the_counts_are_of_100_people_and_none_is_negative(what):
    for group in what.groups:
        assert sum(group.counts) == 100
        assert min(group.counts) >= 0
        assert sum(group.counts[:2]) == round(what.share)
        exact = (
            group.share * group.sensitivity,
            group.share * (1 - group.sensitivity),
            (100 - group.share) * (1 - group.specificity),
            (100 - group.share) * group.specificity,
        )
        assert all(abs(c - e) <= 1.01 for c, e in zip(group.counts, exact, strict=True))


def test_a_higher_cut_off_treats_fewer_of_both_kinds_and_misses_more():
    control = explorer.CONTROLS[0]
    for _, share, separation, shift in grid():
        before = None
        for cutoff in control.positions:
            groups = model.scene(cutoff, share, separation, shift).groups
            if before:
                for old, new in zip(before, groups, strict=True):
                    assert new.sensitivity <= old.sensitivity
                    assert new.specificity >= old.specificity
                    assert new.counts[0] <= old.counts[0]
                    assert new.counts[1] >= old.counts[1]
                    assert new.counts[2] <= old.counts[2]
                    assert new.counts[3] >= old.counts[3]
            before = groups


def test_the_more_the_test_reads_too_high_the_more_of_group_b_are_treated():
    for cutoff, share, separation, _ in grid():
        counts = [
            model.scene(cutoff, share, separation, shift).groups[1].counts
            for shift in explorer.CONTROLS[3].positions
        ]
        for before, after in itertools.pairwise(counts):
            assert after[0] >= before[0]
            assert after[2] >= before[2]


def test_with_no_shift_the_groups_fare_alike_and_only_then():
    for cutoff, share, separation, shift in grid():
        what = model.scene(cutoff, share, separation, shift)
        first, second = what.groups
        assert what.alike == (shift == 0)
        assert (first.sensitivity == second.sensitivity) == (
            shift == 0 or first.sensitivity in (0, 1)
        )
        if shift == 0:
            assert first.counts == second.counts
            assert "does the same to both groups" in drawn.describe(what)


def test_a_cut_off_of_its_own_that_follows_the_shift_makes_the_groups_alike():
    for cutoff, share, separation, shift in grid():
        if cutoff + shift <= model.RANGES["cutoff_b"][1]:
            what = model.scene(cutoff, share, separation, shift, cutoff + shift)
            first, second = what.groups
            assert what.alike
            assert first.counts == second.counts
            assert second.value == pytest.approx(first.value, rel=1e-6)


def test_hills_that_lie_on_each_other_make_a_test_that_knows_nothing():
    for cutoff in (10, 30, 50):
        for share in (5, 20, 60):
            for group in model.scene(cutoff, share, 0, 10).groups:
                assert group.value == pytest.approx(share / 100)


def test_ninety_of_100_twice_is_fifty_of_100_treated_where_ten_would_respond():
    what = model.scene(42.8, 10, 25.6, 0)
    group = what.groups[0]
    assert drawn.of_100(group.sensitivity) == drawn.of_100(group.specificity) == "90"
    assert drawn.of_100(group.value) == "50"
    assert group.counts == (9, 1, 9, 81)


def test_the_picture_shows_the_counts_and_the_bells_of_the_scene():
    for values in ((40, 20, 20, 10), (0, 5, 0, 0), (100, 60, 40, 20), (66, 35, 38, 13)):
        what = model.scene(*values)
        axes = drawn.picture(what).draw()
        key = [text.get_text() for text in axes[4].texts]
        for at, group in enumerate(what.groups):
            marks = [len(line.get_xdata()) for line in axes[at + 2].get_lines()]
            assert tuple(marks) == group.counts
            assert axes[at + 2].texts[0].get_text() == drawn._value(group)
            heights = [max(line.get_ydata()) for line in axes[at].get_lines()[:2]]
            peaks = [what.share / 10 / math.sqrt(2 * math.pi)]
            peaks.append((100 - what.share) / 10 / math.sqrt(2 * math.pi))
            assert sorted(heights) == pytest.approx(sorted(peaks), rel=2e-3)
            assert max(heights) < drawn._ROOF
            assert [str(c) for c in group.counts] == key[6 + 4 * at + 1 : 6 + 4 * at + 5]
            cut = axes[at].get_lines()[2]
            assert list(cut.get_xdata()) == [group.cutoff] * 2


@settings(max_examples=100, deadline=None)
@given(SCENES)
def test_the_words_and_the_table_are_those_of_the_scene(what):
    said = drawn.words(what)
    assert "ynthetic people" in said.title
    assert said.alt.startswith("Synthetic people")
    assert len(said.alt) <= 150
    assert "made up for this lesson" in said.description
    held = drawn.table(what)
    for column, group in zip(("group A", "group B"), what.groups, strict=True):
        assert tuple(map(int, held[column][:4])) == group.counts
        hit, missed, wrong, spared = group.counts
        assert f"{hit} would respond and are treated, {missed} would respond" in said.description
        assert f"{wrong} would not respond and are treated, {spared} would" in said.description
    assert "nan" not in said.description + said.alt


def test_no_share_is_rounded_up_to_all_or_down_to_none():
    assert drawn.of_100(0.9999) == "over 99"
    assert drawn.of_100(1e-9) == "fewer than 1"
    assert drawn.of_100(1.0) == "100"
    assert drawn.of_100(0.0) == "0"
    for share in np.linspace(0.005, 0.9949, 200):
        assert abs(int(drawn.of_100(share)) - 100 * share) <= 0.5 + 1e-9


def test_what_changed_is_told_with_its_units_and_its_price():
    old, new = model.scene(40, 20, 20, 10), model.scene(60, 20, 20, 10)
    assert drawn.changed(old, old) == "Nothing has changed."
    told = drawn.changed(old, new)
    assert told.startswith("Cut-off 40 to 60 points: of 100 treated in group A, ")
    assert told.endswith(
        f"Missed, of 100 people: {new.groups[0].counts[1]} in A and {new.groups[1].counts[1]} in B."
    )
    own = model.scene(40, 20, 20, 10, 50)
    assert drawn.changed(old, own).startswith("Cut-off of group B 40 to 50 points:")


def test_every_corner_of_the_controls_fits_into_the_picture():
    """The painter refuses what would run over the picture's edge."""
    states = States(explorer.PLAN)
    ends = [(control.positions[0], control.positions[-1]) for control in explorer.CONTROLS]
    for values in itertools.product(*ends):
        names = (control.name for control in explorer.CONTROLS)
        state = states.at(dict(zip(names, values, strict=True)))
        assert state.gist.endswith(".")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"cutoff": "forty"}, "cutoff='forty' is not a finite number. Give a number from 0 to 100"),
        ({"cutoff_b": "50"}, "cutoff_b='50' is not a finite number"),
        ({"cutoff_b": [50]}, "is not a finite number. Give a number from 0 to 100 points"),
        ({"cutoff_b": 500}, "cutoff_b=500 lies outside 0 to 100"),
        ({"share": 0}, "5 to 60 of 100 people"),
        ({"separation": float("nan")}, "0 to 40 points"),
        ({"shift": -1}, "shift=-1 lies outside 0 to 20"),
        ({"shift": True}, "is not a finite number"),
    ],
)
def test_what_is_no_number_or_out_of_range_is_refused_in_words(values, expected):
    with pytest.raises(ValueRangeError, match=expected.replace("(", r"\(").replace("[", r"\[")):
        figures.threshold(**values)


def test_the_explorer_refuses_in_the_same_words_and_begins_as_the_figure_does():
    with pytest.raises(ValueRangeError, match="0 to 100 points"):
        explorers.threshold(cutoff="high")
    made = explorers.threshold()
    assert made.description == figures.threshold().description
    for control in explorer.CONTROLS:
        low, high = model.RANGES[control.name]
        assert (control.positions[0], control.positions[-1]) == (low, high)
        assert control.default in control.positions
