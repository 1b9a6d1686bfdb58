"""Receptor occupancy: its closed forms against sums and integrals worked out the long way."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from immunolib import figures
from immunolib._errors import ValueRangeError
from immunolib.explorers import _dose_response
from immunolib.figures import _occupancy as drawn
from immunolib.figures import _occupancy_scene as model

SCENES = st.builds(
    model.scene, *(st.floats(*model.RANGES[name]) for name in ("dose", "kd", "interval"))
)


def summed(what, day):
    """The concentration on a day, dose by dose: each decays by itself."""
    first = what.dose * 1e-3 / 149e3 / 6.0 * 1e9  # mg to g to mol to nmol per litre
    given_on = np.arange(0, day + 1e-9, what.interval)
    return float(sum(first * math.exp(-math.log(2) * (day - at) / 22.0) for at in given_on))


@settings(max_examples=60, deadline=None)
@given(SCENES)
def test_peak_trough_and_means_are_those_of_the_sum_of_all_doses(what):
    start, end = what.last
    days = np.linspace(start, end - 1e-9 * end, 4001)
    held = np.array([summed(what, start) * math.exp(-math.log(2) * (d - start) / 22) for d in days])
    share = held / (held + what.kd)
    assert what.peak == pytest.approx(summed(what, start), rel=1e-9)
    assert what.trough == pytest.approx(held[-1], rel=1e-6)
    assert what.mean_concentration == pytest.approx(
        np.trapezoid(held, days) / what.interval, rel=1e-5
    )
    assert what.mean == pytest.approx(np.trapezoid(share, days) / what.interval, rel=1e-5)
    assert what.below == pytest.approx((share < what.mean).mean() * what.interval, abs=0.05)
    assert what.mean <= what.occupancy(what.mean_concentration) * (1 + 1e-12)
    assert 0 < what.occupancy(what.trough) <= what.mean <= what.occupancy(what.peak) < 1


@settings(max_examples=40, deadline=None)
@given(SCENES, st.integers(0, 25))
def test_the_table_and_the_curve_are_the_sum_of_all_doses(what, week):
    near = [summed(what, 7 * week + by) for by in (-1e-7, 0, 1e-7) if 7 * week + by >= 0]
    assert min(abs(what.at(7 * week) - one) for one in near) < 1e-5 * near[-1]
    days, held = model.curve(what)
    assert (np.diff(days) > -1e-9).all()
    assert days[-1] <= model.DAYS
    for at in (1, len(days) // 2, len(days) - 1):
        before = summed(what, days[at] - 1e-7)
        assert min(abs(held[at] - before), abs(held[at] - summed(what, days[at]))) < 1e-5 * held[at]


def test_the_accumulation_is_near_that_of_the_label():
    """The Swiss product information of pembrolizumab: 2.1-fold at 200 mg every 3 weeks."""
    what = model.scene(200, 4, 21)
    assert what.peak / what.first == pytest.approx(2.1, abs=0.06)


def test_half_of_the_receptors_are_held_at_the_kd():
    assert model.scene(200, 4, 21).occupancy(4.0) == 0.5


@settings(max_examples=40, deadline=None)
@given(SCENES)
def test_the_words_and_the_table_are_those_of_the_scene(what):
    text = drawn.describe(what)
    assert f"{drawn._percent(what.occupancy(what.trough))} just before the next" in text
    assert f"the mean is {drawn._percent(what.mean)}." in text
    assert "e+" not in text
    assert not re.search(r"\b(100|0)\.0 %", text)
    table = drawn.table(what)
    assert list(table["day"]) == list(range(0, 182, 7))
    assert table.iloc[0, 1] == pytest.approx(what.first, rel=6e-3)


@settings(max_examples=40, deadline=None)
@given(SCENES, st.sampled_from([0.1, 0.5, 3.0, 20.0]))
def test_the_picture_of_the_share_depends_on_the_ratio_of_dose_and_kd(what, by):
    """What the picture keeps by ratio alone is the same for both."""
    other = model.Scene(what.dose * by, what.kd * by, what.interval)
    assert other.mean == pytest.approx(what.mean, rel=1e-9)
    mine, its = ({p.name: p.data for p in drawn.picture(s).parts} for s in (what, other))
    assert mine["figures"] == its["figures"]
    assert mine["doses"] == its["doses"]


def test_what_changed_is_told_with_its_units():
    old, new = model.scene(200, 4, 21), model.scene(10, 4, 84)
    assert drawn.changed(old, new) == (
        "Dose 200 to 10 mg; Interval 21 to 84 days: the lowest share goes from "
        "98.3 % to 17.5 %, and the mean goes from 98.8 % to 45.1 %."
    )
    assert drawn.changed(old, old) == "Nothing has changed."


@pytest.mark.parametrize(
    ("values", "expected"),
    [((0, 4, 21), "0.1 to 1000 mg"), ((200, float("nan"), 21), "0.01 to 1000 nmol per litre"),
     ((200, 4, float("inf")), "7 to 84 days")],
)  # fmt: skip
def test_numbers_out_of_range_are_refused(values, expected):
    with pytest.raises(ValueRangeError, match=expected):
        figures.receptor_occupancy(*values)


def test_the_controls_span_the_range_and_reach_every_default():
    for control in _dose_response.CONTROLS:
        low, high = model.RANGES[control.name]
        assert control.positions[0] == low
        assert control.positions[-1] == high
        assert control.default in control.positions
        assert list(control.positions) == sorted(set(control.positions))
