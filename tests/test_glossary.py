"""The glossary's page, the links that lead to it, and how hard the lessons are to read."""

import importlib.util
import re

import nbformat
import pytest
from conftest import ROOT

from immunolib import datasets, pages

PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / f".ci/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def glossary():
    return script("glossary")


@pytest.fixture(scope="module")
def readability():
    return script("readability")


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def path(request):
    return request.param


def test_the_page_is_that_of_the_data(glossary):
    held = (ROOT / "notebooks" / glossary.PAGE).read_text()
    assert held == glossary.page(), "run .ci/glossary.py"
    assert held.count("\n## ") == len(datasets.load_glossary())


def test_the_first_use_of_each_term_is_linked(glossary, path):
    before, after = (nbformat.read(path, as_version=4) for _ in range(2))
    assert glossary.linked(after) == before, "run .ci/glossary.py"


def test_every_link_leads_to_a_heading(glossary, path):
    headings = re.findall(r"^## (.+)$", glossary.page(), flags=re.MULTILINE)
    anchors = {heading.replace(" ", "-") for heading in headings}
    text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
    used = re.findall(r"\(glossary\.md#([^)]+)\)", text)
    assert set(used) <= anchors
    assert len(used) == len(set(used))
    assert path.name.startswith("00") or len(used) >= 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A T cell kills.", "A [T cell](glossary.md#T-cell) kills."),
        ("Many T cells.", "Many [T cells](glossary.md#T-cell)."),
        ("**T cell** and T cell", "**[T cell](glossary.md#T-cell)** and T cell"),
        ("A regulatory T cell", "A [regulatory T cell](glossary.md#regulatory-T-cell)"),
        ("# T cell", "# T cell"),
        ("`T cell` [T cell](x.md)", "`T cell` [T cell](x.md)"),
        ("| T cell |", "| T cell |"),
        ("Allergies and allergy", "[Allergies](glossary.md#allergy) and allergy"),
        ("not a CAR-T cell-like one", "not a CAR-T cell-like one"),
    ],
)
def test_a_term_is_linked_once_and_only_where_a_link_may_stand(glossary, text, expected):
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    assert glossary.linked(book).cells[0].source == expected
    assert glossary.linked(book).cells[0].source == expected, "a second time changes nothing"


def test_a_text_becomes_a_page_with_headings_to_link_to(tmp_path):
    made = pages.save(ROOT / "notebooks" / "glossary.md", tmp_path / "glossary.html")
    html = made.read_text()
    assert 'id="T-cell"' in html
    assert 'href="01_two_dials.html"' in html
    taught = pages.save(ROOT / "notebooks/teaching/README.md", tmp_path / "README.html")
    assert not [link for link in re.findall(r'href="([^":]+)"', taught.read_text())
                if link.endswith((".md", ".ipynb"))]  # fmt: skip


def test_a_lesson_is_no_harder_to_read_than_it_may_be(readability, path):
    plain, body = readability.measure(nbformat.read(path, as_version=4))
    assert 0 < plain <= readability.PLAIN
    assert 0 < body <= readability.BODY


def test_the_measure_tells_hard_from_easy(readability):
    easy = "The cat sat on the mat.\nThe dog ran to the park."
    hard = (
        "Immunological characterisation necessitates multidimensional immunophenotyping, "
        "notwithstanding methodological heterogeneity across institutional laboratories."
    )
    assert readability.grade([easy]) < 3
    assert readability.grade([hard]) > 20
    named = "People who took pembrolizumab did well.", "People who took a drug did well."
    assert readability.grade([named[0]]) < readability.grade([named[1]]) + 1.5
    assert readability.grade(["# Immunophenotyping\n\n`immunophenotyping`\n\n" + easy]) < 3
