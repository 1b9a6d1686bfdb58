"""Every lesson in a real JupyterLab, from a fresh kernel to its end: run, moved, answered, seen.

With IMMUNOLIB_SCREENSHOTS=folder a picture of each lesson's length is kept, for people to look at.
"""

import json
import os
import re
import time

import lab
import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT
from live import keep

from immunolib import quiz

pytestmark = pytest.mark.browser
NAMES = [path.stem for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))]
_WIDE = """() => [...document.querySelectorAll('.jp-OutputArea-output img, .immunolib-explorer, '
    + '.immunolib-quiz, .immunolib-progress, .jp-OutputArea-output details')]
    .filter(e => e.offsetParent && e.getBoundingClientRect().right >
        e.closest('.jp-OutputArea').getBoundingClientRect().right + 1)
    .map(e => e.outerHTML.slice(0, 120))"""
_MODE = "() => jupyterapp.shell.currentWidget.content.mode"


def calls(name, what):
    """The code cells of a lesson that call this."""
    book = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    return [cell for cell in book.cells if cell.cell_type == "code" and what in cell.source]


def wait(condition, what):
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def everything_shows(lesson, name):
    """Each cell that is stored with something shows something, with words beside pictures."""
    assert lesson.errors() == []
    book = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    for cell in book.cells:
        if cell.cell_type == "code" and cell.outputs:
            assert lesson.cell(cell.id).locator(".jp-OutputArea-output").count() > 0, cell.id
    for image in lesson.page.locator(".jp-OutputArea img").all():
        alt = image.get_attribute("alt")
        assert alt
        assert "No description" not in alt
        assert image.evaluate("i => i.complete && i.naturalWidth > 300")


def move(page, explorer):
    """Move every control of an explorer by keyboard; each must change what stands in code."""
    code = explorer.locator(".line code")
    moved = 0
    for box in explorer.locator("input[type=range], select").all():
        before = code.inner_text()
        for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
            box.focus()
            page.keyboard.press(key)
            page.wait_for_timeout(250)
            if code.inner_text() != before:
                moved += 1
                break
    wait(lambda: explorer.locator("[role=status]").inner_text().strip(), "nothing was said")
    assert "This cannot be shown" not in explorer.inner_text()
    return moved


def answer(page, cell, questions):
    """Open a wrong and the right option of each question by keyboard; what was chosen is kept."""
    for section, question in zip(cell.locator("section").all(), questions, strict=True):
        options = section.locator("details")
        wrong = next(at for at, option in enumerate(question.options) if not option.right)
        for at in (wrong, question.right):
            option = options.nth(at)
            option.locator("summary").focus()
            page.keyboard.press("Space")
            wait(lambda option=option: option.evaluate("d => d.open"), "the option did not open")
            text = " ".join(option.inner_text().split())
            assert " ".join(question.options[at].feedback.split()) in text
            assert ("✓ Right." in text) == question.options[at].right
    said = f"{len(questions)} of {len(questions)} answered, 0 right at the first try."
    wait(lambda: said in cell.inner_text(), f"{said!r} was not said")
    # Space must not have scrolled away or started an edit.
    assert page.evaluate(_MODE) == "command"


def guess(page, cell, question):
    """Make a prediction by keyboard, change it, and open what each guess comes to."""
    buttons = cell.locator("button")
    assert buttons.count() == len(question.options)
    for at in (1, 0):
        buttons.nth(at).focus()
        page.keyboard.press("Enter")
        chosen = question.options[at].text.rstrip(".")
        wait(lambda chosen=chosen: chosen in cell.locator(".said").inner_text(), "not kept")
        assert buttons.nth(at).get_attribute("aria-pressed") == "true"
    assert buttons.nth(1).get_attribute("aria-pressed") == "false"
    cell.locator("summary").focus()
    page.keyboard.press("Space")
    assert question.options[question.right].feedback.split()[-1] in cell.inner_text()
    assert page.evaluate(_MODE) == "command"


def serious(page):
    results = Axe().run(page, context={"include": [[".jp-OutputArea"]]})
    return [
        (violation["id"], node["html"][:200], node["failureSummary"][:200])
        for violation in results.response["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_works_from_a_fresh_kernel_to_its_end(page, address, folder, name):
    lesson = lab.Lesson(page, address, name)
    lesson.run_all()
    everything_shows(lesson, name)
    keep_whole(page, name)

    shown = page.locator(".immunolib-explorer")
    for explorer in shown.all():
        explorer.scroll_into_view_if_needed()
        assert move(page, explorer) >= 1, "no control moved"
    number = name[:2]
    for cell in calls(name, "quiz.predict("):
        (key,) = re.findall(r'predict\("(\d\d)"(?:, "([\w-]+)")?\)', cell.source)
        guess(page, lesson.cell(cell.id), quiz.predict(key[0], key[1] or "prediction").questions[0])
    for cell in calls(name, f'quiz.ask("{number}")'):
        answer(page, lesson.cell(cell.id), quiz.ask(number).questions)
    if number != "00":
        assert shown.count() >= 1
        held = json.loads((folder / "progress.json").read_text())["answers"]
        asked = {question.key for question in quiz.questions(number)}
        assert asked <= set(held)
    keep_whole(page, f"{name}_done")
    assert serious(page) == []
    assert page.evaluate(_WIDE) == []
    page.set_viewport_size({"width": 800, "height": 1000})
    page.wait_for_timeout(500)
    assert page.evaluate(_WIDE) == []


def keep_whole(page, name):
    """Keep the whole length of a lesson, in pieces of a screen."""
    if not os.environ.get("IMMUNOLIB_SCREENSHOTS"):
        return
    scroller = page.locator(".jp-WindowedPanel-outer").first
    height = scroller.evaluate("e => e.scrollHeight")
    size = page.viewport_size
    page.set_viewport_size({"width": 1000, "height": 2000})
    page.wait_for_timeout(400)
    for at, top in enumerate(range(0, height, 1850)):
        scroller.evaluate("(e, top) => { e.scrollTop = top; }", top)
        page.wait_for_timeout(250)
        keep(page, f"{name}_{at:02}")
    page.set_viewport_size(size)


def test_progress_is_seen_saved_forgotten_and_brought_back(page, address, folder):
    asked = quiz.ask("01").questions[0]
    lab.write(folder, "progress", 'from immunolib import progress, quiz\nprogress.reset()',
              f'quiz.ask("01", "{asked.name}")', "progress.show()")  # fmt: skip
    lesson = lab.Lesson(page, address, "progress")
    lesson.run_all()
    page.wait_for_selector(".immunolib-progress table")
    said = page.locator(".immunolib-progress .said")
    assert said.inner_text() == "No question has been answered yet."
    summary = page.locator(".immunolib-quiz summary").nth(asked.right)
    summary.focus()
    page.keyboard.press("Space")
    wait(lambda: "1 of 1 answered" in page.locator(".immunolib-quiz .said").inner_text(), "kept")

    def press(label):
        page.get_by_role("button", name=label).focus()
        page.keyboard.press("Enter")

    press("Look again")
    wait(lambda: said.inner_text() == "1 question answered, 1 right at the first try.", "shown")
    row = page.locator(".immunolib-progress tr", has=page.get_by_role("rowheader", name="01"))
    assert f"1 of {len(quiz.ask('01').questions)}" in row.inner_text()
    with page.expect_download() as download:
        press("Save a copy")
    copy = download.value.path()
    assert list(json.loads(copy.read_text())["answers"]) == [asked.key]
    press("Begin anew")
    assert page.evaluate("document.activeElement.textContent") == "No, keep them"
    page.keyboard.press("Enter")
    assert (folder / "progress.json").exists()
    press("Begin anew")
    press("Yes, forget every answer")
    wait(lambda: said.inner_text() == "Every answer is forgotten.", "forgotten")
    assert not (folder / "progress.json").exists()
    page.locator(".immunolib-progress input").set_input_files(copy)
    wait(lambda: said.inner_text() == "The copy is back, with 1 answer.", "brought back")
    keep(page, "progress")
    other = folder / "other.json"
    other.write_text("no copy")
    page.locator(".immunolib-progress input").set_input_files(other)
    wait(lambda: "Nothing has changed" in said.inner_text(), "refused")


def test_a_term_leads_to_its_place_in_the_glossary(page, address):
    name = "10_the_price_of_power"
    lab.Lesson(page, address, name)
    text = (ROOT / "notebooks" / f"{name}.ipynb").read_text()
    shown, anchor = re.search(r"\[([^\]\n\"[]+)\]\(glossary\.md#([^)]+)\)", text).groups()
    page.get_by_role("link", name=shown, exact=True).first.click()
    term = re.compile(f"^{re.escape(anchor.replace('-', ' '))}")
    heading = page.locator(".jp-MarkdownViewer h2").filter(has_text=term).first
    heading.wait_for(timeout=20_000)
    wait(lambda: 0 <= heading.bounding_box()["y"] < 900, "the term is out of sight")
