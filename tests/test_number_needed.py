"""Number needed to treat: against the library's intervals, by hand, and over the whole range."""

import math
from fractions import Fraction
from itertools import product

import pytest
from figure_checks import FigureChecks
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from immunolib import datasets, explorers, figures
from immunolib._errors import UnknownNameError
from immunolib.figures import _number_needed as drawn
from immunolib.figures import _number_needed_scene as model

NAMES = model.names()
OUTCOMES = datasets.load_outcomes().set_index("outcome_id")
SAFETY = datasets.load_safety().set_index("safety_id")
EVERY = list(product(NAMES, model.SIZES, model.RISKS, model.HELD))
LOOKS = {
    **{name: (name,) for name in NAMES},
    "no such group": (NAMES[0], "20", "60 %"),
    "small groups": ("CARE-MS I: relapse of multiple sclerosis", "20", "1 %", "the ratio"),
    "all of them": ("ORAL Surveillance: cancer", "50", "90 %", "the difference"),
}


@pytest.fixture(params=LOOKS)
def made(request):
    return figures.number_needed(*LOOKS[request.param])


class TestNumberNeededFigures(FigureChecks):
    """What every figure must pass."""


def by_hand(events, total, others, of_others):
    """Newcombe's interval of a difference from the library's two Wilson intervals."""
    a, b = events / total, others / of_others
    one = binomtest(events, total).proportion_ci(method="wilson")
    two = binomtest(others, of_others).proportion_ci(method="wilson")
    return (
        a - b - math.hypot(a - one.low, two.high - b),
        a - b + math.hypot(one.high - a, b - two.low),
    )


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_a_share_is_that_of_the_library(counted):
    events, total = counted
    wanted = binomtest(events, total).proportion_ci(method="wilson")
    low, high = model.wilson(events / total, total)
    assert low == pytest.approx(wanted.low, abs=1e-9)
    assert high == pytest.approx(wanted.high, abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_a_trial_as_it_was_is_the_counts_of_the_data_and_their_interval(name):
    what = model.scene(name)
    held = model.counts(what.case)
    if what.case.key in OUTCOMES.index:
        row = OUTCOMES.loc[what.case.key]
    else:
        row = SAFETY.loc[what.case.key]
        assert f"{held.others} of {held.of_others}" in row["note"]
    assert (held.events, held.total) == (row["events"], row["total"])
    assert held.source == row["source"]
    low, high = by_hand(held.events, held.total, held.others, held.of_others)
    sign = 1 if what.case.wanted else -1
    assert sorted(sign * x for x in what.interval) == pytest.approx([low, high], abs=1e-9)
    apart = Fraction(held.events, held.total) - Fraction(held.others, held.of_others)
    exact = 1 / abs(apart)
    helped = (apart > 0) == what.case.wanted
    assert what.needed == (math.ceil(exact) if helped else math.floor(exact))
    assert (what.gain > 0) == helped


@pytest.mark.parametrize("values", EVERY[:: len(EVERY) // 400])
def test_every_position_says_what_it_draws(values):
    what = model.scene(*values)
    text = drawn.describe(what)
    title, alt, _ = drawn.words(what)
    assert values[0] in title
    assert len(alt) <= 150
    assert " nan" not in text
    assert "e+" not in text
    if not what.possible:
        assert not 0 <= what.share <= 1
        assert "no number" in text.casefold()
        assert {p.name: p.data for p in drawn.picture(what).parts}["treated"] is None
        return
    low, high = what.interval
    assert -1 <= low <= what.gain <= high <= 1
    assert ("two pieces" in text) == what.crosses
    assert len(drawn.pieces(low, high)) == (2 if low < 0 < high else 1)
    common, more, fewer = drawn._marks_of(what)
    assert common + more + fewer <= 100
    assert not (more and fewer)
    assert abs(common + more - 100 * what.share) <= 1
    assert (more > 0) <= (what.share > what.other)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_kept_is_kept_and_smaller_groups_have_wider_intervals(name):
    plain = model.scene(name)
    for risk in list(model.RISKS)[1:]:
        ratio = model.scene(name, risk=risk, held="the ratio")
        apart = model.scene(name, risk=risk, held="the difference")
        assert ratio.share / ratio.other == pytest.approx(plain.share / plain.other)
        assert apart.share - apart.other == pytest.approx(plain.share - plain.other)
        assert apart.needed == plain.needed or not apart.possible
    widths = []
    for size in ("20", "50", "200", "1000"):
        low, high = model.scene(name, size).interval
        widths.append(high - low)
    assert widths == sorted(widths, reverse=True)


def test_keeping_the_ratio_makes_the_number_grow_as_the_risk_falls():
    needed = [
        model.scene("CHIB 201: rejection of a kidney", risk=risk).needed
        for risk in ("90 %", "40 %", "20 %", "5 %", "1 %")
    ]
    assert needed == sorted(needed)
    assert needed[-1] > 20 * needed[0]


@pytest.mark.parametrize(
    ("name", "two"),
    [("OPTION: arthritis, ACR20 response", False), ("Antithymocyte globulin: lost graft", True),
     ("RADIATE: serious infection", True), ("ORAL Surveillance: cancer", False)],
)  # fmt: skip
def test_an_interval_that_holds_no_difference_is_drawn_in_two_pieces(name, two):
    made = figures.number_needed(name)
    scale = made.figure.axes[1]
    solid = [ln for ln in scale.lines if len(ln.get_xdata()) == 2 and ln.get_linewidth() == 4]
    assert len(solid) == (2 if two else 1)
    spans = sorted(tuple(map(float, ln.get_xdata())) for ln in solid)
    assert all(end <= 0 or start >= 0 for start, end in spans)
    if two:
        assert spans[0][1] < 0 < spans[1][0]
        assert solid[0].get_linestyle() != solid[1].get_linestyle()


def test_what_changed_is_told():
    old = model.scene()
    assert drawn.changed(old, old) == "Nothing has changed."
    said = drawn.changed(old, model.scene(size="20"))
    assert said.startswith("Groups: as in the trial to 20. About 4 treated")
    assert "Now RADIATE" in drawn.changed(old, model.scene("RADIATE: serious infection"))


@pytest.mark.parametrize(
    ("values", "expected"),
    [({"case": "OPTION: arthritis, ACR20 respons"}, "ACR20 response"), ({"size": 20}, "1000"),
     ({"risk": "25 %"}, "50 %"), ({"held": "the odds"}, "the ratio")],
)  # fmt: skip
def test_wrong_names_are_answered_with_what_would_do(values, expected):
    for make in (figures.number_needed, explorers.number_needed):
        with pytest.raises(UnknownNameError, match=expected):
            make(**values)
