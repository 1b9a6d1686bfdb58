"""Pictures as fragments: what is drawn is drawn once, rightly, or refused in words."""

import re
import warnings
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import plans
import pytest

from immunolib._errors import PictureError
from immunolib.explorers import _dose_response, _timeline
from immunolib.explorers._painter import Painter
from immunolib.explorers._plan import States
from immunolib.figures import _occupancy, _occupancy_scene


def points(svg):
    """The corners of the first path of a fragment."""
    path = re.search(r'd="([^"]+)"', svg)[1]
    return np.array([float(n) for n in re.findall(r"-?\d+\.?\d*", path)]).reshape(-1, 2)


@pytest.mark.parametrize("name", plans.DRAWN)
def test_hard_data_are_drawn(name):
    plan = plans.DRAWN[name]
    explorer = plans.show(plan)
    assert explorer.refusal == ""
    assert explorer.first is not None
    explorer.scale = 0.5
    assert explorer.refusal == ""
    assert explorer.description.startswith("The scale is 0.5.")


def test_gaps_in_the_data_are_gaps_in_the_line():
    plan = plans.DRAWN["gaps"]
    states = States(plan)
    state = states.at(plan.clean({}))
    svg = states.painter.fragments[state.painted.slots[0]].svg
    assert svg.count("M ") == 3  # the line begins anew after each of two gaps
    assert "nan" not in svg.lower()
    assert "inf" not in svg.lower()


def test_ten_thousand_points_are_ten_thousand_marks():
    plan = plans.DRAWN["ten thousand"]
    states = States(plan)
    state = states.at(plan.clean({}))
    assert states.painter.fragments[state.painted.slots[0]].svg.count("<use") == 10_000


@pytest.mark.parametrize("name", plans.REFUSED)
def test_what_would_come_out_wrong_is_refused_in_words_and_nothing_is_raised(name):
    plan, expected = plans.REFUSED[name]
    explorer = plans.show(plan)
    assert explorer.refusal.startswith("This cannot be shown.")
    assert expected in explorer.refusal
    assert explorer.description == explorer.sentence == explorer.refusal
    bundle = explorer._repr_mimebundle_()
    assert expected in bundle["text/plain"]
    assert "<img" not in bundle["text/html"]
    assert explorer.get_state("_whole")["_whole"]["state"] is None


def test_a_part_that_was_refused_leaves_nothing_behind():
    """It moved the limits before it was refused: the next part is drawn on fresh axes."""
    moving, wave = plans.REFUSED["moving limits"][0], plans.DRAWN["wave"]
    painter = Painter()
    bad = moving.picture(0.5)
    with pytest.raises(PictureError):
        painter.paint(bad)
    good = wave.picture(0.5)
    same_frame = replace(good, frame=bad.frame)
    after = painter.fragments[painter.paint(same_frame).slots[0]].svg
    fresh = Painter()
    assert points(after) == pytest.approx(
        points(fresh.fragments[fresh.paint(same_frame).slots[0]].svg)
    )


def test_a_state_that_fails_is_told_and_the_next_good_one_is_shown():
    explorer = plans.show(plans.BROKEN)
    told = []
    explorer.send = lambda message, buffers=None: told.append(message)
    explorer.scale = 1.5
    assert told[-1]["kind"] == "refused"
    assert told[-1]["message"] == ("This cannot be shown. ZeroDivisionError: the part is broken")
    assert told[-1]["values"] == [1.5, "up"]
    explorer.scale = 0.5
    assert told[-1]["kind"] == "state"


def test_an_older_matplotlib_refuses_text_from_right_to_left(monkeypatch):
    from immunolib.explorers import _painter

    monkeypatch.setattr(_painter, "_SHAPED", False)
    with pytest.raises(PictureError, match=r"matplotlib 3\.11"):
        States(plans.DRAWN["Hebrew"]).at(plans.DRAWN["Hebrew"].clean({}))
    States(plans.DRAWN["wave"]).at(plans.DRAWN["wave"].clean({}))


def test_the_painter_warns_of_nothing_and_changes_no_global_style():
    before = dict(mpl.rcParams)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        States(_timeline.PLAN).at(_timeline.PLAN.clean({"as_of": "1990-01-01"}))
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("values", [(200, 4, 21), (10, 4, 84), (0.1, 1000, 7), (1000, 0.01, 49)])
def test_the_coordinates_of_a_fragment_are_those_of_its_data(values):
    """The mean of the share, worked out here on the panel's own scale."""
    scene = _occupancy_scene.scene(*values)
    painter = Painter()
    picture = _occupancy.picture(scene)
    painted = painter.paint(picture)
    names = [part.name for part in picture.parts]
    line = points(painter.fragments[painted.slots[names.index("mean")]].svg)
    axes = picture.draw()[1]
    width, height = axes.figure.get_size_inches() * 72
    box = axes.get_position()
    wanted = [
        (
            width * (box.x0 + box.width * day / _occupancy_scene.DAYS),
            height * (1 - box.y0 - box.height * 100 * scene.mean / 104),
        )
        for day in scene.last
    ]
    assert line == pytest.approx(np.array(wanted), abs=1e-4)


def test_what_two_states_have_in_common_is_drawn_once():
    """On the next day only the line of the day, its name and the bands that it ends are new."""
    states = States(_timeline.PLAN)
    clean = _timeline.PLAN.clean
    one = states.at(clean({"as_of": "2011-02-01"}))
    other = states.at(clean({"as_of": "2011-02-02"}))
    names = [part.name.split(" ")[0] for part in _timeline.PLAN.picture(one.scene).parts]
    pairs = zip(names, one.painted.slots, other.painted.slots, strict=True)
    assert {name for name, before, after in pairs if before != after} == {
        "later", "as", "day", "band",
    }  # fmt: skip


def test_a_part_is_drawn_alike_whatever_was_drawn_before():
    """Colours that follow a cycle begin anew with each part."""
    plan = plans.DRAWN["ten thousand"]
    states, alone = States(plan), States(plan)
    for scale in (0.1, 0.2, 0.3):
        states.at(plan.clean({"scale": scale}))
    own = re.compile(r"f\d+-")
    fragments = [
        held.painter.fragments[held.at(plan.clean({"scale": 1})).painted.slots[0]].svg
        for held in (states, alone)
    ]
    assert own.sub("", fragments[0]) == own.sub("", fragments[1])


def test_a_small_move_sends_little():
    states = States(_timeline.PLAN)
    clean = _timeline.PLAN.clean
    before = states.at(clean({"as_of": "2011-02-01"})).painted
    after = states.at(clean({"as_of": "2011-03-01"})).painted
    new = after.numbers - before.numbers
    assert after.frame == before.frame
    assert sum(len(states.painter.fragments[n].svg) for n in new) < 25_000
    doses = States(_dose_response.PLAN)
    clean = _dose_response.PLAN.clean
    first = doses.at(clean({})).painted
    second = doses.at(clean({"kd": 5})).painted
    assert first.frame == second.frame
    assert first.slots[2] == second.slots[2], "the concentration does not depend on the Kd"


def test_names_within_fragments_are_their_own():
    states = States(_timeline.PLAN)
    numbers = set()
    for year in (1950, 1990, 2011, 2026):
        numbers |= states.at(_timeline.PLAN.clean({"as_of": f"{year}-01-01"})).painted.numbers
    fragments = [states.painter.fragments[n] for n in numbers]
    defined = [
        name for f in fragments for name in re.findall(r'id="([^"]+)"', f.svg) if name[0] == "f"
    ]
    assert len(defined) == len(set(defined)) > 10
    for fragment in fragments:
        own = set(re.findall(r'id="([^"]+)"', fragment.svg))
        pointed = set(re.findall(r'(?:href="#|url\(#)([^")]+)', fragment.svg))
        assert pointed <= own | fragment.glyphs
        assert fragment.glyphs <= states.painter.glyphs.keys()
