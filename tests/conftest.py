"""What several tests share."""

import os
import re
import tempfile
from pathlib import Path

import chromium
import lab
import pytest

pytest.register_assert_rewrite("figure_checks", "live", "plans")
ROOT = Path(__file__).resolve().parent.parent
# No test reads or writes a learner's own answers.
os.environ["IMMUNOLIB_PROGRESS"] = str(Path(tempfile.mkdtemp()) / "progress.json")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


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
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="module")
def address(folder):
    with lab.server(folder) as held:
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
