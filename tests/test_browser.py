"""The lessons in a real JupyterLab: run, moved by keyboard, and looked at.

What the learner sees is read from the picture itself, not only from the sentence: its pixels must
be those that the library draws for the state that the keyboard has set.
"""

import lab
import live
import nbformat
import pytest
from conftest import ROOT
from live import keep

from immunolib import datasets, explorers, quiz

pytestmark = pytest.mark.browser
PLANS = explorers.plans()
TIMELINE, CLASSIFY = PLANS["timeline"], PLANS["classify"]


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
    explorer = live.explorer_of(lesson.cell("explorer"))
    explorer.scroll_into_view_if_needed()
    live.assert_shows(explorer, TIMELINE, as_of="2011-02-01")

    live.type_day(page, explorer, "03252011")
    live.assert_shows(explorer, TIMELINE, as_of="2011-03-25")
    explorer.locator(".said").get_by_text("ipilimumab").wait_for()
    keep(page, "timeline_2011-03-25")

    slider = explorer.get_by_label("Day, by years")
    slider.focus()
    page.keyboard.press("ArrowRight")
    live.assert_shows(explorer, TIMELINE, as_of="2012-03-25")
    page.keyboard.press("PageDown")
    live.assert_shows(explorer, TIMELINE, as_of="2002-03-25")
    page.keyboard.press("Home")
    live.assert_shows(explorer, TIMELINE, as_of="1890-03-25")
    page.keyboard.press("End")
    live.assert_shows(explorer, TIMELINE, as_of="2026-03-25")
    live.type_day(page, explorer, "03252011")

    dial = explorer.get_by_label("Dial", exact=True)
    live.choose_by_keyboard(page, dial, "suppression")
    live.assert_shows(explorer, TIMELINE, as_of="2011-03-25", direction="suppression")
    live.choose_by_keyboard(page, explorer.get_by_label("Regulator", exact=True), "EMA")
    state = {"as_of": "2011-03-25", "direction": "suppression", "regulator": "EMA"}
    live.assert_shows(explorer, TIMELINE, **state)
    live.choose_by_keyboard(page, explorer.get_by_label("Group", exact=True), "TNF inhibitors")
    live.assert_shows(explorer, TIMELINE, group="TNF inhibitors", **state)
    status = datasets.load_status("2011-03-25")
    status = status[(status["regulator"] == "EMA") & (status["status"] == "approved")]
    agents = datasets.load_agents().set_index("agent")["class"]
    held = {a for a in status["agent"] if agents[a] == "TNF inhibitor"}
    assert f"{len(held)} of the" in explorer.locator(".gist").inner_text()
    live.choose_by_keyboard(page, explorer.get_by_label("Agent", exact=True), "adalimumab")
    live.assert_shows(explorer, TIMELINE, group="TNF inhibitors", agent="adalimumab", **state)
    assert "adalimumab held" in explorer.locator(".gist").inner_text()
    keep(page, "timeline_adalimumab")

    again = explorer.get_by_role("button", name="Start again")
    again.focus()
    page.keyboard.press("Enter")
    live.assert_shows(explorer, TIMELINE, as_of="2011-02-01")
    assert page.evaluate("() => jupyterapp.shell.currentWidget.content.mode") == "command"


def test_an_emptied_day_is_answered_in_words_and_the_picture_stays(page, address):
    lesson = lab.Lesson(page, address, "03_timeline")
    lesson.run_all()
    explorer = live.explorer_of(lesson.cell("explorer"))
    before = live.drawn_numbers(explorer.locator(".picture"))
    explorer.get_by_label("Day", exact=True).fill("")
    explorer.get_by_text("This cannot be shown").first.wait_for()
    assert live.drawn_numbers(explorer.locator(".picture")) == before
    assert "give a day from 1890-01-01 to 2026-11-22" in live.told(explorer)
    live.type_day(page, explorer, "06152010")
    live.assert_shows(explorer, TIMELINE, as_of="2010-06-15")


def test_a_use_is_placed_on_a_dial_by_keyboard(page, address):
    lesson = lab.Lesson(page, address, "01_two_dials")
    lesson.run_all()
    explorer = live.explorer_of(lesson.cell("explorer"))
    explorer.scroll_into_view_if_needed()
    case = "adalimumab: rheumatoid arthritis"
    live.assert_shows(explorer, CLASSIFY, case=case, guess="not yet")
    guess = explorer.get_by_label("Your prediction", exact=True)
    live.choose_by_keyboard(page, guess, "activation")
    live.assert_shows(explorer, CLASSIFY, case=case, guess="activation")
    explorer.get_by_text("on record it is suppression").first.wait_for()
    live.choose_by_keyboard(page, guess, "suppression")
    live.assert_shows(explorer, CLASSIFY, case=case, guess="suppression")
    explorer.get_by_text("that is right").first.wait_for()
    keep(page, "classify_right")
    other = "natalizumab: multiple sclerosis"
    live.choose_by_keyboard(page, explorer.get_by_label("Case", exact=True), other)
    live.assert_shows(explorer, CLASSIFY, case=other, guess="suppression")


def test_questions_open_by_keyboard_and_say_right_and_wrong(page, address):
    lesson = lab.Lesson(page, address, "01_two_dials")
    lesson.run_all()
    cell = lesson.cell("quiz")
    cell.scroll_into_view_if_needed()
    questions = quiz.ask("01").questions
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
