"""Protection: the relation against the authors' own way of summing, over the whole range."""

import itertools
import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from scipy.optimize import brentq, minimize
from scipy.special import expit
from scipy.stats import binom

from immunolib import explorers, figures
from immunolib._errors import ValueRangeError
from immunolib.explorers import _protection as plan
from immunolib.figures import _protection as drawn
from immunolib.figures import _protection_scene as model

SYMPTOMS, SEVERE = model.HALF
SCENES = st.builds(
    model.scene, *(st.floats(*model.RANGES[name]) for name in ("level", "drop", "days"))
)


def summed(level, half):
    """The mean of the curve as the authors' code sums it: natural logs, steps of sd / 1000."""
    spread, slope = math.log(10**0.44), 3.0 / math.log(10)
    middle = math.log(level)
    at = np.arange(-5000, 5001) / 1000
    density = np.exp(-(at**2) / 2) / math.sqrt(2 * math.pi) / 1000
    curve = 1 / (1 + np.exp(-slope * (middle + spread * at - math.log(half))))
    return float((curve * density).sum())


@settings(max_examples=80, deadline=None)
@given(st.floats(1e-5, 20.0), st.sampled_from([v for row in model.HALF.values() for v in row]))
def test_the_quadrature_is_the_sum_of_the_authors_code(level, half):
    assert float(model.efficacy(level, half)) == pytest.approx(summed(level, half), abs=2e-6)


def test_half_are_protected_at_the_levels_that_the_abstract_prints():
    """20.2 percent of the convalescent mean, and 3 percent for severe illness, with intervals."""
    assert model.HALF == {SYMPTOMS: (0.202, 0.144, 0.284), SEVERE: (0.03, 0.007, 0.13)}
    for halves in model.HALF.values():
        for half in halves:
            assert float(model.efficacy(half, half)) == pytest.approx(0.5, abs=1e-12)
            assert brentq(lambda level, h=half: model.efficacy(level, h) - 0.5, 1e-4, 20) == (
                pytest.approx(half)
            )


# The authors' tables of counts (folder "Comparing Severe vs Mild Infection" of their repository):
# people and cases without and with the vaccine, its level and that of people who had recovered.
# The last row of the first is people who had recovered.
COUNTS = {
    SYMPTOMS: [
        (18325, 18198, 162, 8, 223, 94), (14073, 14134, 185, 11, 654.3, 158.3),
        (4902, 14964, 62, 16, 49.25, 35), (7495, 7505, 23, 1, 3906, 983),
        (18603, 18604, 300, 98, 245.5, 522), (4455, 4440, 71, 27, 32, 59),
        (6416, 6584, 167, 85, 27.6, 163.7), (11276, 1177, 197, 2, 1, 1),
    ],
    SEVERE: [
        (21259, 21314, 10, 1, 223, 94), (14073, 14134, 30, 0, 654.3, 158.3),
        (4902, 14964, 20, 0, 49.25, 35), (7495, 7505, 1, 0, 3906, 983),
        (21892, 21892, 7, 1, 245.5, 522), (11724, 12021, 10, 0, 32, 59),
    ],
}  # fmt: skip


def unlikelihood(values, spread=0.440022432341684):
    """Minus the log likelihood of the counts, given all cases of a trial: slope, two levels."""
    slope, *halves = values
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    total = 0.0
    for rows, half in zip(COUNTS.values(), halves, strict=True):
        for others, vaccinated, cases, despite, level, recovered in rows:
            middle = math.log10(level / recovered) - half + spread * nodes
            held = float(expit(math.exp(slope) * middle) @ weights / weights.sum())
            at_risk = vaccinated * (1 - held)
            total -= binom.logpmf(despite, cases + despite, at_risk / (at_risk + others))
    return total


def test_the_authors_fit_done_again_gives_the_printed_levels_and_the_slope_of_their_code():
    best = minimize(unlikelihood, [1.0, -0.5, -1.2], method="Nelder-Mead",
                    options={"xatol": 1e-6, "fatol": 1e-8, "maxiter": 4000}).x  # fmt: skip
    step = 1e-3 * np.eye(3)
    curvature = [
        [
            sum(
                s * t * unlikelihood(best + s * step[i] + t * step[j])
                for s, t in itertools.product((1, -1), repeat=2)
            )
            / 4e-6
            for j in range(3)
        ]
        for i in range(3)
    ]
    error = 1.96 * np.sqrt(np.diag(np.linalg.inv(curvature)))
    slope, low, high = (math.exp(at) for at in (best[0], best[0] - error[0], best[0] + error[0]))
    assert slope == pytest.approx(model.SLOPE, abs=0.05)
    assert [round(low, 1), round(high, 1)] == [2.2, 4.1]  # as the module says
    for outcome, middle, wide in zip(model.HALF, best[1:], error[1:], strict=True):
        found = [10**at for at in (middle, middle - wide, middle + wide)]
        assert found == pytest.approx(model.HALF[outcome], rel=0.05)


@pytest.mark.parametrize(
    ("start", "ratio", "printed"),
    [(95, 0.8, 94), (95, 0.4, 87), (95, 0.2, 76), (70, 0.8, 65), (70, 0.4, 49), (70, 0.2, 34)],
)
def test_it_is_within_two_points_of_a_table_of_another_group(start, ratio, printed):
    """Table 1 of a paper on fractional doses (PMC8872706): efficacy by the ratio of levels."""
    level = brentq(lambda x: 100 * model.efficacy(x, 0.202) - start, 1e-3, 20)
    assert 100 * float(model.efficacy(level * ratio, 0.202)) == pytest.approx(printed, abs=2)


@pytest.mark.parametrize(("level", "low", "high"), [(0.1, 23.6, 43.6), (10, 97.6, 99.7)])
def test_it_lies_within_the_intervals_of_a_fit_to_other_trials(level, low, high):
    """Du and colleagues 2024 (doi 10.2196/49812, abstract): 13 studies, symptomatic infection."""
    assert low < 100 * float(model.efficacy(level, 0.202)) < high


def test_a_fifth_of_the_level_is_not_a_fifth_of_the_protection():
    level = brentq(lambda x: model.efficacy(x, 0.202) - 0.95, 1e-3, 20)
    left = model.scene(level, 5, 0)
    assert left.now(SYMPTOMS)[0] > 0.7
    assert left.now(SYMPTOMS)[0] < left.now(SEVERE)[0]


@settings(max_examples=60, deadline=None)
@given(SCENES)
def test_the_level_falls_by_the_drop_and_by_one_half_in_108_days(what):
    later = what.level / what.drop * 0.5 ** (what.days / 108)
    assert what.left == pytest.approx(later, rel=1e-12)
    for outcome in model.HALF:
        best, low, high = what.now(outcome)
        assert 0 <= low <= best <= high <= 1
        assert best <= what.start(outcome) + 1e-12


def test_more_antibody_never_goes_with_less_protection():
    levels = np.geomspace(1e-5, 20, 400)
    for half in itertools.chain(*model.HALF.values()):
        assert (np.diff(model.efficacy(levels, half)) > 0).all()
    assert (model.efficacy(levels, 0.03) > model.efficacy(levels, 0.202)).all()


@settings(max_examples=40, deadline=None)
@given(SCENES)
def test_the_words_and_the_table_are_those_of_the_scene(what):
    text, table = drawn.describe(what), drawn.table(what)
    assert "e+" not in text
    assert "e-" not in re.sub(r"[a-z]-", "", text)
    for outcome in model.HALF:
        best, low, high = what.now(outcome)
        assert drawn._ranged((best, low, high)) in text.splitlines()[0]
        row = table[table["kind"] == "left"].iloc[0]
        names = [f"{outcome}, {part}" for part in ("percent prevented", "low", "high")]
        assert list(row[names]) == pytest.approx([100 * best, 100 * low, 100 * high], abs=0.051)
    for limit in ("not one person's protection", "not advice", "does not exclude", "day 250"):
        assert limit in text
    assert not re.search(r"\b(0|100) of 100", text)


def test_the_picture_stands_where_the_scene_is_over_the_whole_grid():
    levels, drops, days = (control.positions for control in plan.CONTROLS)
    for level, drop, day in itertools.product(levels[::3], drops[::3], days[::5]):
        what = model.scene(level, drop, day)
        parts = {part.name: part.data for part in drawn.picture(what).parts}
        left, found = parts["points"]
        assert left == pytest.approx(what.left, rel=1e-5)
        assert drawn._LEFT < left < drawn._RIGHT
        assert parts["start"] == level
        for outcome, one in zip(model.HALF, found, strict=True):
            assert one == pytest.approx(what.now(outcome), abs=1e-6)


def test_no_written_figure_is_cut_or_meets_another_at_any_level():
    figure = None
    for level in plan.CONTROLS[0].positions[::3]:
        for drop, day in ((1, 0), (40, 250), (6.3, 100)):
            figure = figures.protection(level, drop, day).figure
            canvas = FigureCanvasAgg(figure)
            canvas.draw()
            width = figure.get_figwidth() * figure.dpi
            boxes = [t.get_window_extent(canvas.get_renderer()) for t in figure.axes[0].texts]
            assert all(box.x0 >= 0 and box.x1 <= width for box in boxes)
            tops = sorted((box.y0, box.y1) for box in boxes)
            assert all(a[1] <= b[0] for a, b in itertools.pairwise(tops))
    assert figure is not None


def test_what_changed_is_told():
    old, new = model.scene(4, 1, 0), model.scene(0.4, 5, 100)
    told = drawn.changed(old, new)
    assert told.startswith("Level 400 % to 40 %; Drop 1-fold to 5-fold; Days 0 to 100: ")
    for outcome in model.HALF:
        was, now = (drawn._percent(one.now(outcome)[0]) for one in (old, new))
        assert f"{outcome} prevented goes from {was} to {now}" in told
    assert drawn.changed(old, old) == "Nothing has changed."
    assert "stays at over 99" in drawn.changed(model.scene(8, 1, 0), model.scene(10, 1, 0))


def test_all_and_none_are_never_claimed():
    assert [drawn._percent(s) for s in (0, 0.004, 0.5, 0.985, 0.995, 1)] == [
        "under 1", "under 1", "50", "98", "over 99", "over 99",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "expected"),
    [((0, 1, 0), "0.01 to 10"), ((1, 0.5, 0), "1 to 40"), ((1, 1, 251), "0 to 250"),
     ((float("nan"), 1, 0), "0.01 to 10"),
     (("much", 1, 0), "level='much' is not a finite number. Give a number from 0.01"),
     ((1, 1, float("inf")), "0 to 250")],
)  # fmt: skip
def test_numbers_out_of_range_are_refused(values, expected):
    with pytest.raises(ValueRangeError, match=expected):
        figures.protection(*values)
    with pytest.raises(ValueRangeError):
        explorers.protection(*values)


def test_the_controls_span_the_range_and_reach_every_default():
    for control in plan.CONTROLS:
        low, high = model.RANGES[control.name]
        assert control.positions[0] == low
        assert control.positions[-1] == high
        assert control.default in control.positions
        assert list(control.positions) == sorted(set(control.positions))
