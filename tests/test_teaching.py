"""The pages for teachers: their parts, every question's name, and a key that fits the items."""

import re

import pytest
from conftest import ROOT

from immunolib import quiz

FOLDER = ROOT / "notebooks/teaching"
PAGES = sorted(FOLDER.glob("[0-9][0-9]_*.md"))
PARTS = (
    "Aims", "Timing", "Before the lesson", "Discussion prompts", "Common wrong answers",
    "Exercise keys", "Access", "Sources",
)  # fmt: skip


def test_there_are_pages():
    assert {"01", "03", "04", "05"} <= {page.name[:2] for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_page_has_its_parts_and_names_every_question(page):
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# For teachers: ")
    assert tuple(re.findall(r"^## (.+)$", text, flags=re.MULTILINE)) == PARTS
    wrong = text.split("## Common wrong answers")[1].split("\n## ")[0]
    named = set(re.findall(r"`([^`]+)`", wrong))
    assert {question.name for question in quiz.questions(page.name[:2])} <= named
    prompts = text.split("## Discussion prompts")[1].split("\n## ")[0]
    assert 4 <= len(re.findall(r"^(?:\d\.|-) ", prompts, flags=re.MULTILINE)) <= 6


@pytest.mark.parametrize("page", sorted(FOLDER.glob("*.md")), ids=lambda page: page.stem)
def test_links_of_the_pages_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https://)([^)#]+)\)", text)
    for target in targets:
        assert (FOLDER / target).resolve().exists(), target


def test_the_concept_test_is_a_pilot_of_twelve_items_with_a_key_that_fits():
    text = (FOLDER / "concept_test.md").read_text(encoding="utf-8")
    items = re.findall(r"^\*\*(\d+)\. .+\*\*\n\n((?:- [A-D]\. .+\n)+)", text, flags=re.MULTILINE)
    assert [int(number) for number, _ in items] == list(range(1, 13))
    assert all(re.findall(r"- ([A-D])\.", options) == list("ABCD") for _, options in items)
    rows = re.findall(r"^\| (\d+) \| ([A-D]) \| (.+) \| (.+) \|$", text, flags=re.MULTILINE)
    assert [int(row[0]) for row in rows] == list(range(1, 13))
    for _, letter, why, others in rows:
        assert len(why.split()) >= 5
        assert set(re.findall(r"\b([A-D]):", others)) == set("ABCD") - {letter}
    letters = [letter for _, letter, *_ in rows]
    assert all(2 <= letters.count(letter) <= 4 for letter in "ABCD")
    assert "This is a pilot: it has not been validated." in text


def test_the_arithmetic_of_the_concept_test():
    text = (FOLDER / "concept_test.md").read_text(encoding="utf-8")
    item = re.search(r"(\d+) of 100 people got better.+?(\d+) of 100", text)
    assert item is not None
    helped, otherwise = map(int, item.groups())
    assert f"- A. {100 // (helped - otherwise)}\n" in text
    item = re.search(r"people (\d+) would respond.+?marks (\d+) of these \d+, and (\d+)", text)
    assert item is not None
    of, found, wrong = map(int, item.groups())
    assert f"- C. {found} in {found + wrong}\n" in text
    assert f"- D. {of} in 100" in text
