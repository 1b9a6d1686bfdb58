"""The sandbox of survival curves: made-up people against the formulas they are made from."""

import math
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import minimize_scalar

from immunolib import explorers, figures
from immunolib._errors import ValueRangeError
from immunolib.explorers import _survival_sandbox
from immunolib.figures import _sandbox as drawn
from immunolib.figures import _sandbox_scene as model

NAMES = ("median", "ratio", "cured", "delay")
SETTINGS = st.tuples(*(st.floats(*model.RANGES[name]) for name in NAMES))
SCENES = st.builds(
    lambda four, people, luck: model.scene(*four, people, luck),
    SETTINGS, st.integers(10, 800), st.integers(0, 50),
)  # fmt: skip


def by_hand(what, month):
    """The share of the treated alive, from the words of the module: rate, delay, survivors."""
    rate = math.log(2) / what.median
    alive = math.exp(-rate * min(month, what.delay))
    if month > what.delay:
        since = month - what.delay
        never = what.cured / 100
        alive *= never + (1 - never) * math.exp(-rate * what.ratio * since)
    return alive


@settings(max_examples=60, deadline=None)
@given(SETTINGS)
def test_with_many_people_the_curves_are_those_of_the_formula(four):
    what = model.scene(*four, people=5000)
    treated, other = (what.curve(group) for group in model.GROUPS)
    for month in (0.0, 1.0, 6.0, 12.0, 24.0, 35.9):  # nobody is censored before 36
        assert treated.alive(month) == pytest.approx(by_hand(what, month), abs=5e-4)
        assert other.alive(month) == pytest.approx(0.5 ** (month / what.median), abs=5e-4)
        assert what.alive("treated", month) == pytest.approx(by_hand(what, month), abs=1e-12)
    for month in (48.0, 55.0):
        assert treated.alive(month) == pytest.approx(by_hand(what, month), abs=0.02)


@settings(max_examples=60, deadline=None)
@given(SETTINGS)
def test_medians_are_those_of_the_closed_form(four):
    what = model.scene(*four, people=5000)
    assert what.expected_median("comparator") == pytest.approx(what.median, rel=1e-12)
    assert what.curve("comparator").median == pytest.approx(what.median, rel=2e-2)
    expected = what.expected_median("treated")
    if math.isfinite(expected):
        assert by_hand(what, expected) == pytest.approx(0.5, abs=1e-9)
    found = what.curve("treated").median
    if expected < 35.9:
        assert by_hand(what, found) == pytest.approx(0.5, abs=1e-3)
    elif expected > 70:
        assert math.isnan(found) or by_hand(what, found) == pytest.approx(0.5, abs=0.03)


@settings(max_examples=30, deadline=None)
@given(st.floats(*model.RANGES["median"]), st.floats(*model.RANGES["delay"]))
def test_a_hazard_ratio_of_one_gives_the_same_numbers_in_both_groups(median, delay):
    what = model.scene(median, 1.0, 0.0, delay)
    treated, other = (what.curve(group) for group in model.GROUPS)
    np.testing.assert_allclose(treated.months, other.months, rtol=1e-9)
    np.testing.assert_array_equal(treated.died, other.died)
    assert what.worked_out[0] == pytest.approx(1.0, abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.floats(3.0, 24.0), st.floats(*model.RANGES["ratio"]))
def test_a_steady_ratio_comes_out_again(median, ratio):
    found, low, high = model.scene(median, ratio, 0.0, 0.0, people=5000).worked_out
    assert found == pytest.approx(ratio, rel=0.02)
    assert low < ratio < high


@pytest.mark.parametrize("luck", [0, 1, 2])
def test_the_ratio_is_the_one_that_makes_the_deaths_most_likely(luck):
    """Cox's partial likelihood (Breslow), summed death by death."""
    what = model.scene(12, 0.6, 10, 2, people=40, luck=luck)
    treated, other = (what.curve(group) for group in model.GROUPS)

    def lost(log):
        total = 0.0
        for mine, theirs, weight in ((treated, other, log), (other, treated, 0.0)):
            for month in mine.months[mine.died]:
                here = math.exp(log if mine is treated else 0.0) * (mine.months >= month).sum()
                there = math.exp(log if theirs is treated else 0.0) * (theirs.months >= month).sum()
                total -= weight - math.log(here + there)
        return total

    best = minimize_scalar(lost, bounds=(-4, 4), method="bounded", options={"xatol": 1e-8})
    found, low, high = what.worked_out
    assert math.log(found) == pytest.approx(best.x, abs=1e-4)
    step = 1e-3
    bend = (lost(best.x + step) - 2 * lost(best.x) + lost(best.x - step)) / step**2
    assert math.log(high / low) == pytest.approx(2 * 1.959964 / math.sqrt(bend), rel=1e-3)


@settings(max_examples=30, deadline=None)
@given(SCENES)
def test_the_curve_is_kaplan_and_meiers_worked_out_by_hand(what):
    for group in model.GROUPS:
        curve = what.curve(group)
        alive = 1.0
        for month in np.unique(curve.months[curve.died])[:25]:
            at_risk = (curve.months >= month).sum()
            alive *= 1 - ((curve.months == month) & curve.died).sum() / at_risk
            assert curve.alive(month) == pytest.approx(alive, abs=1e-9)
            assert curve.at_risk(month) == at_risk
        assert len(curve.months) == what.people
        assert curve.last <= model.MONTHS


@settings(max_examples=40, deadline=None)
@given(SCENES)
def test_longer_follow_up_never_brings_people_back(what):
    for group in model.GROUPS:
        curve = what.curve(group)
        assert (np.diff(curve.shares) < 0).all()
        assert (np.diff(curve.steps) > 0).all()
        assert (curve.months[~curve.died] >= model.MONTHS - model.JOINING).all()
        corners = list(model.steps_of(curve))
        assert corners[0] == (0.0, 100.0)
        assert all(
            later >= sooner and under <= over
            for (sooner, over), (later, under) in pairwise(corners)
        )


def test_the_same_luck_gives_the_same_people_and_other_luck_others():
    one, again, other = (model.scene(10, 0.5, 0, 0, 50, luck) for luck in (7, 7, 8))
    np.testing.assert_array_equal(one.curve("treated").months, again.curve("treated").months)
    assert not np.array_equal(one.curve("treated").months, other.curve("treated").months)
    before = np.random.get_state()[1].copy()
    model.scene(11, 0.5, 0, 0, 50, 9).curve("treated")
    np.testing.assert_array_equal(np.random.get_state()[1], before)


def test_luck_moves_small_groups_far_and_large_ones_little():
    def spread(people):
        found = [math.log(model.scene(10, 1, 0, 0, people, luck).worked_out[0])
                 for luck in range(1, 41)]  # fmt: skip
        return float(np.std(found))

    assert spread(20) > 3 * spread(500)
    held = [model.scene(10, 1, 0, 0, 100, luck).worked_out for luck in range(1, 201)]
    inside = sum(low <= 1 <= high for _, low, high in held)
    assert stats.binomtest(inside, 200, 0.95).pvalue > 0.001


@settings(max_examples=40, deadline=None)
@given(SCENES)
def test_the_words_the_table_and_the_picture_are_those_of_the_scene(what):
    text = drawn.describe(what)
    treated, other = (what.curve(group) for group in model.GROUPS)
    first = text.splitlines()[0]
    assert "Made-up people" in first
    assert f"median {drawn._months(treated.median)} (treated)" in first
    assert f"against {drawn._months(other.median)} (comparator)" in first
    assert f"{drawn._percent(treated.alive(24))} against {drawn._percent(other.alive(24))}" in first
    assert f"the hazard ratio that went in is {what.ratio:.2f}." in first
    assert "no model of an illness" in text
    assert "nan" not in text
    assert len(drawn.words(what).alt) <= 150
    table = drawn.table(what)
    assert list(table["month"]) == list(range(0, 60, 6))
    assert table.iloc[4, 1] == round(100 * treated.alive(24), 1)
    assert list(table["treated, at risk"]) == sorted(table["treated, at risk"], reverse=True)
    parts = {part.name: part for part in drawn.picture(what).parts}
    assert any(drawn._months(treated.median) in line for line in parts["figures"].data)


def test_the_picture_has_the_corners_of_the_curve_and_the_people_at_risk():
    what = model.scene(10, 0.5, 20, 2)
    made = figures.survival_sandbox(10, 0.5, 20, 2)
    (ax,) = made.figure.axes
    lines = [line.get_xydata() for line in ax.lines]
    corners = np.array(list(model.steps_of(what.curve("treated"))))
    assert any(line.shape == corners.shape and np.allclose(line, corners) for line in lines)
    texts = [text.get_text() for text in ax.texts]
    for group in model.GROUPS:
        for month in (0, 12, 24, 36, 48, 60):
            assert f"{what.curve(group).at_risk(month):,}" in texts
    median = what.curve("treated").median
    assert any(len(line) == 1 and np.allclose(line, [[median, 50]]) for line in lines)
    assert "made-up people" in " ".join(texts)


def test_a_median_that_is_not_reached_has_no_mark():
    made = figures.survival_sandbox(36, 0.3, 60, 0)
    assert "median not reached (treated)" in made.description
    marks = [line for line in made.figure.axes[0].lines if line.get_marker() == "D"]
    assert len(marks) == 1


def test_what_changed_is_told_with_its_units():
    old, new = model.scene(10, 0.5, 0, 0), model.scene(3, 0.5, 0, 0)
    assert drawn.changed(old, new) == (
        "Median of the comparator 10 months to 3 months: the treated median goes from 20.0 months "
        "to 6.0 months and the comparator median goes from 10.0 months to 3.0 months; alive at 24 "
        "months 6 % against 1 %."
    )
    assert drawn.changed(old, old) == "Nothing has changed."


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"median": 2}, "3 to 36 months"),
        ({"ratio": float("nan")}, "0.3 to 1.5"),
        ({"cured": 100}, "0 to 60 percent"),
        ({"delay": "3"}, "0 to 12 months"),
        ({"people": 5}, "10 to 5000 people"),
        ({"people": 20.5}, "not a whole number"),
        ({"luck": -1}, "0 to 9999"),
        ({"luck": True}, "0 to 9999"),
    ],
)
def test_numbers_out_of_range_are_refused(values, expected):
    with pytest.raises(ValueRangeError, match=re.escape(expected)):
        figures.survival_sandbox(**values)


def test_the_explorer_begins_where_its_figure_does_and_spans_the_range():
    for control in _survival_sandbox.CONTROLS:
        low, high = model.RANGES[control.name]
        assert control.positions[0] == low
        assert control.positions[-1] == high
        assert control.default in control.positions
        assert list(control.positions) == sorted(set(control.positions))
    explorer = explorers.survival_sandbox()
    assert explorer.description == figures.survival_sandbox().description


def test_every_position_of_the_sliders_has_a_picture_that_fits():
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    longest = []
    for median in (3.0, 10.0, 36.0):
        for ratio in (0.3, 1.0, 1.5):
            for cured in (0.0, 60.0):
                for delay in (0.0, 12.0):
                    longest.append(model.scene(median, ratio, cured, delay))
    for what in longest:
        axes = drawn.picture(what).draw()
        figure = axes[0].get_figure(root=True)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        width = figure.get_figwidth() * figure.dpi
        for text in axes[0].texts:
            box = text.get_window_extent(canvas.get_renderer())
            assert box.x0 >= -1, text.get_text()
            assert box.x1 <= width + 1, text.get_text()
            assert text.get_fontsize() >= 11
