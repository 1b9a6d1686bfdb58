"""What browser tests share: how to read an explorer on a page, and how to compare it."""

import os
import re
import time

from matplotlib import rc_context

from immunolib.explorers._painter import Painter, _render
from immunolib.figures._style import RC


def keep(page, name):
    """Keep a screenshot where IMMUNOLIB_SCREENSHOTS names a folder: for people to look at."""
    folder = os.environ.get("IMMUNOLIB_SCREENSHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png")


def coordinates(svg):
    """The numbers of every path and mark of some SVG, letters left out."""
    svg = re.sub(r"<defs>.*?</defs>", "", svg, flags=re.DOTALL)
    return re.findall(r'(?: d| x| y| transform)="([^"]*)"', " ".join(svg.split()))


def numbers(plan, values):
    """The numbers of the picture that a page should show, put together as a page does."""
    painter = Painter()
    painted = painter.paint(plan.picture(plan.state(values)))
    frame = painter.fragments[painted.frame].svg
    for rank, number in enumerate(painted.slots):
        frame = re.sub(
            rf'(<g id="slot-{rank}"[^>]*>)</g>',
            lambda m, n=number: f"{m[1]}{painter.fragments[n].svg}</g>",
            frame,
        )
    return coordinates(frame)


def whole(plan, values):
    """The same picture drawn whole by matplotlib's SVG renderer: no parts, no fragments."""
    with rc_context(RC):
        axes = plan.picture(plan.state(values)).draw()
        figure = axes[0].get_figure(root=True)
        figure.dpi = 72
        return _render(figure, [figure])


def explorer_of(cell):
    """The explorer in a cell, once it is on the page."""
    held = cell.locator(".immunolib-explorer").first
    held.wait_for(timeout=20_000)
    return held


def told(explorer):
    """What has been spoken last."""
    return " ".join(explorer.locator("[role=status]").inner_text().split())


def assert_shows(explorer, plan, **values):
    """The page shows this state: name, words, code and, number by number, matplotlib's drawing."""
    values = plan.clean(values)
    shown = plan.words(plan.state(values))
    gist, *rest = shown.description.splitlines()
    code = explorer.locator(".line code")
    deadline = time.monotonic() + 20
    while code.inner_text() != plan.code(values):
        assert time.monotonic() < deadline, f"the page shows {code.inner_text()}, not {values}"
        time.sleep(0.05)
    picture = explorer.locator(".picture")
    assert picture.get_attribute("aria-label") == f"{shown.title}. {gist}"
    assert " ".join(explorer.locator(".gist").inner_text().split()) == " ".join(gist.split())
    assert explorer.locator(".rest p").all_inner_texts() == [" ".join(r.split()) for r in rest]
    found, wanted = drawn_numbers(picture), numbers(plan, values)
    assert [pair for pair in zip(found, wanted, strict=True) if pair[0] != pair[1]] == []


def drawn_numbers(picture):
    """Every coordinate of the picture on the page, in its order."""
    text = picture.evaluate("p => p.shadowRoot.querySelector('.stage').innerHTML")
    return coordinates(text)


def type_day(page, explorer, digits):
    """Type into the day box from its start; an English browser asks for month, day, year."""
    box = explorer.get_by_label("Day", exact=True)
    box.evaluate("b => b.blur()")
    box.focus()
    page.keyboard.type(digits)


def choose_by_keyboard(page, box, text):
    """Walk through a drop-down list with the arrow keys."""
    box.focus()
    options = [option.strip() for option in box.locator("option").all_inner_texts()]
    wanted = options.index(text)
    page.keyboard.press("Home")
    for _ in range(wanted):
        page.keyboard.press("ArrowDown")
    assert box.evaluate("b => b.selectedIndex") == wanted
