"""Explorers at every position of every control, without a browser."""

import itertools
import json
import random
import re
from datetime import date

import pytest

from immunolib import datasets, explorers
from immunolib._errors import DateError, UnknownNameError
from immunolib.explorers import _classify, _timeline
from immunolib.explorers._controls import Choice, Day, clean
from immunolib.explorers._shell import Explorer

PLANS = {"timeline": _timeline.PLAN, "classify": _classify.PLAN}
MAKERS = {"timeline": explorers.timeline, "classify": explorers.classify}


def defaults(plan):
    return clean(plan.controls, {})


@pytest.fixture(params=PLANS)
def plan(request):
    return PLANS[request.param]


def test_every_position_of_every_control_has_a_scene_in_words(plan):
    for control in plan.controls:
        for value in control.sweep():
            scene = plan.state({**defaults(plan), control.name: value})
            assert scene == plan.state({**defaults(plan), control.name: value})
            assert plan.changed(scene, scene) == "Nothing has changed."


def test_every_position_can_be_drawn_and_told():
    for control in _classify.CONTROLS:
        for value in control.sweep():
            scene = _classify.state({**defaults(_classify.PLAN), control.name: value})
            shown = _classify.show(scene)
            assert scene.case.agent in shown.title
            assert shown.figure.axes[0].get_children()
    grid = [
        list(itertools.islice(control.sweep(), 0, None, 1 if len(list(control.sweep())) < 9 else 9))
        for control in _timeline.CONTROLS
    ]
    some = random.Random(7).sample(list(itertools.product(*grid)), 12)
    for values in some:
        names = [control.name for control in _timeline.CONTROLS]
        scene = _timeline.state(dict(zip(names, values, strict=True)))
        assert values[0].isoformat() in _timeline.PLAN.show(scene).description


def test_every_control_changes_the_picture_somewhere(plan):
    start = defaults(plan)
    first = plan.show(plan.state(start)).png()
    for control in plan.controls:
        others = [value for value in control.sweep() if value != control.default]
        pictures = (plan.show(plan.state({**start, control.name: v})).png() for v in others)
        assert any(picture != first for picture in pictures), control.name


def test_every_control_has_a_label_and_a_default_within_its_range(plan):
    for control in plan.controls:
        assert control.label
        assert control.clean(control.default) == control.default
        assert control.default in list(control.sweep())


@pytest.mark.parametrize("name", MAKERS)
def test_the_words_shown_are_those_of_the_state(name):
    explorer, plan = MAKERS[name](), PLANS[name]
    for control in plan.controls:
        for value in list(control.sweep())[:3]:
            explorer.set(**{control.name: value})
            shown = plan.show(plan.state(explorer.values))
            assert explorer.description == shown.description
            words = explorer._voice.gist
            assert words == shown.description.splitlines()[0]
            assert f'alt="{shown.alt}"' in explorer._picture.value.replace("&#x27;", "'")
            assert "data:image/png;base64," in explorer._picture.value


@pytest.mark.parametrize("name", MAKERS)
def test_moving_a_control_by_hand_moves_everything(name):
    explorer, plan = MAKERS[name](), PLANS[name]
    for control in plan.controls:
        value = next(v for v in control.sweep() if v != explorer.values[control.name])
        before = explorer._picture.value
        explorer._inputs[control.name].value = value
        assert explorer.values[control.name] == value
        assert explorer.scene == plan.state(explorer.values)
        assert explorer.sentence
        assert explorer.sentence == explorer._voice.said
        assert explorer._picture.value != before or name == "timeline"
    explorer.children[0].children[-1].click()
    assert explorer.values == defaults(plan)


@pytest.mark.parametrize("name", MAKERS)
def test_the_code_it_shows_brings_the_state_back(name):
    explorer = MAKERS[name]()
    wanted = {
        "timeline": {"as_of": "2005-06-01", "direction": "suppression"},
        "classify": {"case": "natalizumab: Crohn's disease", "guess": "suppression"},
    }
    explorer.set(**wanted[name])
    again = eval(explorer.code, {"explorers": explorers})  # our own text, as a learner pastes it
    assert again.values == explorer.values
    assert again.code == explorer.code
    assert MAKERS[name]().code == f"explorers.{name}()"


@pytest.mark.parametrize("name", MAKERS)
def test_it_shows_a_picture_in_a_notebook_that_is_not_run(name):
    explorer = MAKERS[name]()
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == repr(explorer)
    assert "0x" not in bundle["text/plain"]
    html = bundle["text/html"]
    assert re.search(r'<img alt="[^"]{10,150}"', html)
    assert "<script" not in html
    assert "this is its first picture" in html
    view = bundle["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == explorer.model_id
    explorer.set(
        **{"timeline": {"as_of": "1995-01-01"}, "classify": {"guess": "suppression"}}[name]
    )
    assert explorer._repr_mimebundle_()["text/html"] == html


@pytest.mark.parametrize("name", MAKERS)
def test_each_control_has_a_name_that_a_screen_reader_can_say(name):
    explorer = MAKERS[name]()
    for control in PLANS[name].controls:
        assert explorer._inputs[control.name].description == control.label
    assert '"aria-live", "polite"' in str(explorer._voice._esm)


def test_an_error_is_shown_in_the_sentence_and_the_picture_stays():
    explorer = explorers.timeline(as_of="2011-02-01")
    picture, values = explorer._picture.value, explorer.values
    explorer._inputs["as_of"].value = None  # a date box that was emptied
    assert "This cannot be shown" in explorer.sentence
    assert "YYYY-MM-DD" in explorer.sentence
    assert explorer._picture.value == picture
    assert explorer.values == values
    explorer._inputs["as_of"].value = date(2012, 1, 1)
    assert "2012-01-01" in explorer.sentence


@pytest.mark.parametrize(
    ("make", "error", "expected"),
    [
        (lambda: explorers.timeline(as_of="1889-12-31"), DateError, "outside 1890-01-01 to"),
        (lambda: explorers.timeline(as_of="2999-01-01"), DateError, "outside 1890-01-01 to"),
        (lambda: explorers.timeline(as_of="soon"), DateError, "YYYY-MM-DD"),
        (lambda: explorers.timeline(direction="up"), UnknownNameError, "activation"),
        (lambda: explorers.timeline(group="TNF inhibitrs"), UnknownNameError, "TNF inhibitor"),
        (lambda: explorers.timeline(agent="rituximap"), UnknownNameError, "rituximab"),
        (lambda: explorers.classify("ipilimumab: arthritis"), UnknownNameError, "ipilimumab"),
        (lambda: explorers.classify(guess="left"), UnknownNameError, "not yet"),
        (lambda: explorers.timeline().set(colour="red"), UnknownNameError, "as_of"),
    ],
)
def test_bad_settings_are_answered_with_what_would_do(make, error, expected):
    with pytest.raises(error, match=expected):
        make()


def test_a_right_and_a_wrong_prediction_are_told_apart():
    for row in datasets.load_uses().itertuples():
        case = f"{row.agent}: {row.use}"
        for guess in ("activation", "suppression", "redirection"):
            scene = _classify.state({"case": case, "guess": guess})
            text = _classify.describe(scene).splitlines()[0]
            assert scene.right == (guess == row.direction)
            assert text.startswith("Right:") == scene.right
            if not scene.right:
                assert f"on record it is {row.direction}" in text
            assert row.how in text


def test_before_a_prediction_the_answer_is_not_shown():
    for row in datasets.load_uses().itertuples():
        scene = _classify.state({"case": f"{row.agent}: {row.use}", "guess": "not yet"})
        shown = _classify.show(scene)
        told = shown.description.replace(row.use, "").replace(row.agent, "")
        assert not re.search(r"activation|suppression|redirection|goes (up|down)", told)
        assert not re.search(r"activation|suppression|redirection", shown.alt.replace(row.use, ""))


def test_two_of_a_kind_do_not_disturb_each_other():
    one, two = explorers.timeline(as_of="2011-02-01"), explorers.timeline(as_of="2011-02-01")
    one.set(as_of="1995-01-01")
    assert two.values["as_of"] == date(2011, 2, 1)
    assert isinstance(two, Explorer)


def test_the_stored_form_is_plain_data():
    bundle = explorers.timeline()._repr_mimebundle_()
    assert json.loads(json.dumps(bundle)) == bundle


def test_controls_are_of_the_two_kinds():
    for plan in PLANS.values():
        assert all(isinstance(control, Choice | Day) for control in plan.controls)
