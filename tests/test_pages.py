"""Lessons and explorers as web pages: what they carry, and what is refused."""

import base64
import gzip
import json
import math
import re

import nbformat
import pytest
from conftest import ROOT

from immunolib import __main__, explorers, pages
from immunolib._errors import ImmunolibError
from immunolib.explorers._controls import Choice
from immunolib.explorers._plan import States

PLANS = explorers.plans()
LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


def carried(text):
    """What a page carries of each explorer."""
    found = re.findall(r'<script type="application/gzip"[^>]*>([^<]+)</script>', text)
    return [json.loads(gzip.decompress(base64.b64decode(packed))) for packed in found]


class Written(dict):
    """Every lesson as a page, and every explorer as one, written when it is first asked for."""

    def __init__(self, folder):
        super().__init__()
        self._folder = folder

    def __missing__(self, name):
        made = getattr(explorers, name)() if name in PLANS else ROOT / f"notebooks/{name}.ipynb"
        self[name] = pages.save(made, self._folder / f"{name}.html")
        return self[name]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return Written(tmp_path_factory.mktemp("pages"))


# Tests that share a page run one after the other, so that it is written once.
@pytest.fixture(scope="module", params=LESSONS)
def lesson_page(request, written):
    return written[request.param]


@pytest.fixture(scope="module", params=PLANS)
def explorer_page(request, written):
    return request.param, written[request.param]


def assert_small_and_of_one_piece(path):
    text = path.read_text("utf-8")
    assert path.stat().st_size < 3_000_000
    assert not re.search(r'(?:src|action)="(?!data:)', text)
    without = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search(r"<link|@import|url\((?!#)", without)
    assert "default-src 'none'" in text
    assert '<html lang="en">' in text
    assert text.count("<h1") == 1


def test_a_lessons_page_is_small_and_names_no_place_to_fetch_from(lesson_page):
    assert_small_and_of_one_piece(lesson_page)


def test_an_explorers_page_is_small_and_names_no_place_to_fetch_from(explorer_page):
    assert_small_and_of_one_piece(explorer_page[1])


def test_each_explorer_of_a_lesson_is_carried_and_its_still_picture_stays_for_print(written):
    for name, number in {"00_start_here": 0, "01_two_dials": 1, "03_timeline": 1}.items():
        text = written[name].read_text("utf-8")
        assert len(carried(text)) == number
        assert text.count("this is its first picture") == number
        assert "data-immunolib" not in text


def test_a_page_holds_every_state_that_its_controls_can_reach(explorer_page):
    (held,) = carried(explorer_page[1].read_text("utf-8"))
    places = [control["positions"] for control in held["_controls"]]
    states = held["_whole"]["states"]
    assert len(states) == math.prod(map(len, places))
    assert len({json.dumps(state["values"]) for state in states}) == len(states)
    fragments, glyphs = held["_whole"]["fragments"], held["_whole"]["glyphs"]
    for state in states:
        assert {str(n) for n in (state["frame"], *state["slots"])} <= fragments.keys()
    used = {n for svg in fragments.values() for n in re.findall(r'href="#(DejaVu[^"]+)', svg)}
    assert used <= glyphs.keys()


def test_filters_do_not_count_among_the_positions_and_the_rest_is_bounded():
    for plan in PLANS.values():
        places = pages.positions(plan, plan.clean({}))
        filters = {c.name for c in plan.controls if isinstance(c, Choice) and c.filter}
        counted = math.prod(len(held) for name, held in places.items() if name not in filters)
        assert counted <= plan.most <= 2000
        for control in plan.controls:
            if control.name in places:
                held = places[control.name]
                assert control.default in held
                every = control.carried(control.default)
                assert {every[0], every[-1]} <= set(held)
    assert len(pages.positions(PLANS["timeline"], PLANS["timeline"].clean({}))["as_of"]) >= 137


def test_a_state_on_the_page_is_what_the_library_draws_and_says(explorer_page):
    name, path = explorer_page
    plan = PLANS[name]
    (held,) = carried(path.read_text("utf-8"))
    moving = [control["name"] for control in held["_controls"]]
    states, own = States(plan), re.compile(r"f\d+-")
    for state in held["_whole"]["states"][:: len(held["_whole"]["states"]) // 25]:
        values = plan.clean(dict(zip(moving, state["values"], strict=True)))
        whole = states.at(values)
        assert "\n".join([state["gist"], *state["rest"]]) == whole.words.description
        assert state["code"] == plan.code(values)
        for number, mine in zip(state["slots"], whole.painted.slots, strict=True):
            drawn = states.painter.fragments[mine].svg
            there = held["_whole"]["fragments"][str(number)]
            assert own.sub("", there) == own.sub("", drawn)


def test_an_explorer_is_saved_in_its_present_state(tmp_path):
    explorer = explorers.dose_response()
    explorer.set(dose=10, interval=84)
    path = pages.save(explorer, tmp_path / "new" / "here.html")
    (held,) = carried(path.read_text("utf-8"))
    assert held["_whole"]["start"] == [10.0, 4.0, 84.0]
    assert held["_whole"]["state"]["code"] == "explorers.dose_response(dose=10.0, interval=84.0)"


def test_a_page_is_the_same_bytes_each_time(written, tmp_path):
    again = pages.save(ROOT / "notebooks/03_timeline.ipynb", tmp_path / "again.html")
    assert again.read_bytes() == written["03_timeline"].read_bytes()


def test_a_stored_lesson_holds_no_states():
    for name in LESSONS:
        text = (ROOT / f"notebooks/{name}.ipynb").read_text("utf-8")
        assert "application/gzip" not in text
        assert "<script" not in text


def book(*cells):
    made = nbformat.v4.new_notebook()
    made.cells = list(cells)
    return made


def html_cell(html):
    output = nbformat.v4.new_output("display_data", {"text/html": html, "text/plain": "x"})
    return nbformat.v4.new_code_cell("x", outputs=[output])


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda path: None, "There is no notebook"),
        (lambda path: path.write_text("{"), "cannot be read as a notebook"),
        (
            lambda path: nbformat.write(book(nbformat.v4.new_code_cell("1 + 1")), path),
            "has not been run",
        ),
        (
            lambda path: nbformat.write(
                book(html_cell('<div data-immunolib="explorers.timelin()"></div>')), path
            ),
            "No explorer is called 'timelin'. Did you mean 'timeline'",
        ),
        (
            lambda path: nbformat.write(
                book(html_cell('<div data-immunolib="__import__(&quot;os&quot;)"></div>')), path
            ),
            "does not make an explorer",
        ),
        (
            lambda path: nbformat.write(
                book(html_cell('<div data-immunolib="explorers.timeline(day=1)"></div>')), path
            ),
            "No control is called 'day'",
        ),
    ],
)
def test_what_cannot_become_a_page_is_refused_in_words(tmp_path, make, expected):
    path = tmp_path / "it.ipynb"
    make(path)
    with pytest.raises(ImmunolibError, match=re.escape(expected)):
        pages.save(path)
    assert not (tmp_path / "it.html").exists()


def test_the_command_writes_a_page_or_says_what_is_wrong(tmp_path, capsys):
    target = tmp_path / "out.html"
    assert __main__.main(["page", str(ROOT / "notebooks/00_start_here.ipynb"), str(target)]) == 0
    assert str(target) in capsys.readouterr().out
    assert "<h1" in target.read_text("utf-8")
    assert __main__.main(["page", str(tmp_path / "none.ipynb")]) == 1
    assert "There is no notebook" in capsys.readouterr().err
    assert __main__.main(["page"]) == 2
