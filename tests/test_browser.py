"""The lessons in a real JupyterLab: run, moved by keyboard, and looked at.

What the learner sees is read from the picture itself, not only from the sentence: its pixels must
be those that the library draws for the state that the keyboard has set.
"""

import base64
import io
import os
import re
import time
from datetime import date

import chromium
import lab
import nbformat
import numpy as np
import pytest
from conftest import ROOT
from PIL import Image

from immunolib import datasets, quiz
from immunolib.explorers import _classify, _timeline
from immunolib.explorers._controls import clean
from immunolib.figures import _timeline as timeline_figure

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    path = chromium.find()
    if path is None:
        pytest.fail(chromium.HELP)
    with sync_playwright() as playwright:
        held = playwright.chromium.launch(executable_path=path, args=lab.BROWSER_FLAGS)
        yield held
        held.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with lab.server(tmp_path_factory.mktemp("lab")) as held:
        yield held


@pytest.fixture
def page(browser):
    held = browser.new_page(viewport={"width": 1280, "height": 1000})
    outside = []
    held.on("request", lambda r: outside.append(r.url) if not _local(r.url) else None)
    yield held
    held.close()
    assert outside == [], "something was fetched from outside"


def _local(url):
    return re.match(r"(http|ws)://127\.0\.0\.1|data:|blob:|about:", url) is not None


def keep(page, name):
    """Keep a screenshot where IMMUNOLIB_SCREENSHOTS names a folder: for people to look at."""
    folder = os.environ.get("IMMUNOLIB_SCREENSHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png")


def pixels(source):
    data = base64.b64decode(source.split("base64,", 1)[1])
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def picture(cell):
    """The explorer's picture as it is on the page, and its alternative text."""
    image = cell.locator(".jp-OutputArea .widget-html img").first
    return pixels(image.get_attribute("src")), image.get_attribute("alt")


def drawn(plan, values):
    """What the library draws for these settings."""
    shown = plan.show(plan.state(clean(plan.controls, values)))
    return np.asarray(Image.open(io.BytesIO(shown.png())).convert("RGB")).astype(int), shown


def assert_shows(cell, plan, **values):
    """The picture on the page is that of these settings, pixel for pixel; and so are its words."""
    expected, shown = drawn(plan, values)
    gist = " ".join(shown.description.splitlines()[0].split())
    deadline = time.monotonic() + 20
    while True:
        found, alt = picture(cell)
        told = " ".join(cell.locator("[role=status]").inner_text().split())
        if found.shape == expected.shape and (found == expected).all() and gist in told:
            break
        assert time.monotonic() < deadline, f"the page does not show {values}; it says: {told}"
        time.sleep(0.1)
    assert alt == shown.alt


def type_day(page, cell, digits):
    """Type into the day box from its start; an English browser asks for month, day, year."""
    box = cell.get_by_label("Day")
    box.evaluate("b => b.blur()")
    box.focus()
    page.keyboard.type(digits)


def choose_by_keyboard(page, box, text):
    """Walk through a drop-down list with the arrow keys."""
    box.focus()
    # ipywidgets writes the blanks of an option as unbreakable ones.
    options = [option.replace("\xa0", " ") for option in box.locator("option").all_inner_texts()]
    wanted = options.index(text)
    page.keyboard.press("Home")
    for _ in range(wanted):
        page.keyboard.press("ArrowDown")
    assert box.evaluate("b => b.selectedIndex") == wanted


@pytest.mark.parametrize("name", ["00_start_here", "01_two_dials", "03_timeline"])
def test_a_lesson_runs_from_a_fresh_kernel_to_its_end(page, address, name):
    lesson = lab.Lesson(page, address, name)
    lesson.run_all()
    assert lesson.errors() == []
    book = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    for cell in book.cells:
        if cell.cell_type == "code" and cell.outputs:
            assert lesson.cell(cell.id).locator(".jp-OutputArea-output").count() > 0, cell.id
    for image in page.locator(".jp-OutputArea img").all():
        alt = image.get_attribute("alt")
        assert alt
        assert "No description" not in alt
        assert image.evaluate("i => i.complete && i.naturalWidth > 300")
    keep(page, name)


def test_the_timeline_moves_by_keyboard(page, address):
    lesson = lab.Lesson(page, address, "03_timeline")
    lesson.run_all()
    cell = lesson.cell("explorer")
    cell.scroll_into_view_if_needed()
    assert_shows(cell, _timeline.PLAN, as_of="2011-02-01")

    type_day(page, cell, "03252011")
    assert_shows(cell, _timeline.PLAN, as_of="2011-03-25")
    assert "ipilimumab" in cell.locator("[role=status]").inner_text()
    keep(page, "timeline_2011-03-25")

    choose_by_keyboard(page, cell.get_by_label("Dial"), "suppression")
    assert_shows(cell, _timeline.PLAN, as_of="2011-03-25", direction="suppression")
    choose_by_keyboard(page, cell.get_by_label("Regulator"), "EMA")
    state = {"as_of": "2011-03-25", "direction": "suppression", "regulator": "EMA"}
    assert_shows(cell, _timeline.PLAN, **state)
    choose_by_keyboard(page, cell.get_by_label("Group"), "TNF inhibitors")
    assert_shows(cell, _timeline.PLAN, group="TNF inhibitors", **state)
    status = datasets.load_status("2011-03-25")
    status = status[(status["regulator"] == "EMA") & (status["status"] == "approved")]
    agents = datasets.load_agents().set_index("agent")["class"]
    held = {a for a in status["agent"] if agents[a] == "TNF inhibitor"}
    assert f"{len(held)} of the" in cell.locator("[role=status]").inner_text()
    choose_by_keyboard(page, cell.get_by_label("Agent"), "adalimumab")
    assert_shows(cell, _timeline.PLAN, group="TNF inhibitors", agent="adalimumab", **state)
    assert "adalimumab held" in cell.locator("[role=status]").inner_text()
    keep(page, "timeline_adalimumab")

    again = cell.get_by_role("button", name="Start again")
    again.focus()
    page.keyboard.press("Enter")
    assert_shows(cell, _timeline.PLAN, as_of="2011-02-01")


def test_an_emptied_day_is_answered_in_words_and_the_picture_stays(page, address):
    lesson = lab.Lesson(page, address, "03_timeline")
    lesson.run_all()
    cell = lesson.cell("explorer")
    before, _ = picture(cell)
    cell.get_by_label("Day").fill("")
    cell.get_by_text("This cannot be shown").wait_for()
    after, _ = picture(cell)
    assert (before == after).all()
    type_day(page, cell, "06152010")
    assert_shows(cell, _timeline.PLAN, as_of="2010-06-15")


def test_a_use_is_placed_on_a_dial_by_keyboard(page, address):
    lesson = lab.Lesson(page, address, "01_two_dials")
    lesson.run_all()
    cell = lesson.cell("explorer")
    cell.scroll_into_view_if_needed()
    case = "adalimumab: rheumatoid arthritis"
    assert_shows(cell, _classify.PLAN, case=case, guess="not yet")
    choose_by_keyboard(page, cell.get_by_label("Your prediction"), "activation")
    assert_shows(cell, _classify.PLAN, case=case, guess="activation")
    assert "on record it is suppression" in cell.locator("[role=status]").inner_text()
    choose_by_keyboard(page, cell.get_by_label("Your prediction"), "suppression")
    assert_shows(cell, _classify.PLAN, case=case, guess="suppression")
    assert "that is right" in cell.locator("[role=status]").inner_text()
    keep(page, "classify_right")
    other = "natalizumab: multiple sclerosis"
    choose_by_keyboard(page, cell.get_by_label("Case"), other)
    assert_shows(cell, _classify.PLAN, case=other, guess="suppression")


def test_the_picture_is_where_the_dates_say(page, address):
    """Read from the page's pixels: the line of the day stands where the calendar puts it."""
    lesson = lab.Lesson(page, address, "03_timeline")
    lesson.run_all()
    cell = lesson.cell("explorer")
    places = []
    for typed, day in (("06302000", date(2000, 6, 30)), ("06302010", date(2010, 6, 30))):
        type_day(page, cell, typed)
        assert_shows(cell, _timeline.PLAN, as_of=day)
        found, _ = picture(cell)
        dark = (found.sum(axis=2) < 150).mean(axis=0)
        places.append(int(dark.argmax()))
    figure = timeline_figure.draw(timeline_figure.scene(date(2010, 6, 30)))
    across = figure.get_position().width * figure.figure.get_figwidth() * 200
    low, high = timeline_figure._squeeze(figure.get_xlim())
    assert places[1] - places[0] == pytest.approx(across * 10 / (high - low), abs=3)


def test_questions_open_by_keyboard_and_say_right_and_wrong(page, address):
    lesson = lab.Lesson(page, address, "01_two_dials")
    lesson.run_all()
    cell = lesson.cell("quiz")
    cell.scroll_into_view_if_needed()
    questions = quiz.questions("01")
    assert cell.locator("section").count() == len(questions)
    for at, question in enumerate(questions[:2]):
        options = cell.locator("section").nth(at).locator("details")
        for option, shown in zip(question.options, options.all(), strict=True):
            assert not shown.evaluate("d => d.open")
            shown.locator("summary").focus()
            page.keyboard.press("Space")
            page.wait_for_function("d => d.open", arg=shown.element_handle())
            text = shown.inner_text()
            assert option.feedback in text
            assert ("✓ Right." in text) == option.right
    # Space must not have scrolled away or started an edit.
    assert page.evaluate("() => jupyterapp.shell.currentWidget.content.mode") == "command"


def test_an_unrun_lesson_shows_its_pictures_and_words(page, address):
    lab.Lesson(page, address, "01_two_dials")
    images = page.locator(".jp-OutputArea img")
    assert images.count() >= 6
    for image in images.all():
        assert len(image.get_attribute("alt")) > 20
        assert image.evaluate("i => i.complete && i.naturalWidth > 300")
    shown = page.locator(".jp-OutputArea").all_inner_texts()
    assert any("this is its first picture" in text for text in shown)
    assert not any("Error displaying widget" in text for text in shown)
    keep(page, "unrun")


@pytest.mark.parametrize("name", ["01_two_dials", "03_timeline"])
def test_axe_finds_nothing_serious_in_what_we_show(page, address, name):
    from axe_playwright_python.sync_playwright import Axe

    lesson = lab.Lesson(page, address, name)
    lesson.run_all()
    results = Axe().run(page, context={"include": [[".jp-OutputArea"]]})
    found = [
        (v["id"], node["html"][:200], node["failureSummary"][:200])
        for v in results.response["violations"]
        if v["impact"] in {"serious", "critical"}
        for node in v["nodes"]
    ]
    assert found == []


@pytest.mark.parametrize("width", [1280, 800])
@pytest.mark.parametrize("name", ["00_start_here", "01_two_dials", "03_timeline"])
def test_nothing_is_cut_off_at_the_side(browser, address, name, width):
    page = browser.new_page(viewport={"width": width, "height": 1000})
    lesson = lab.Lesson(page, address, name)
    lesson.run_all()
    wide = page.evaluate(
        """() => [...document.querySelectorAll('.jp-OutputArea-output img, .widget-html, '
              + '.widget-inline-hbox, .jp-OutputArea-output details')]
            .filter(e => e.offsetParent && e.getBoundingClientRect().right >
                e.closest('.jp-OutputArea').getBoundingClientRect().right + 1)
            .map(e => e.outerHTML.slice(0, 120))"""
    )
    page.close()
    assert wide == []
