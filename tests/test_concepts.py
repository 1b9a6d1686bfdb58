"""Every concept of the five texts has a home: a cell that teaches it, a question that asks it."""

import re
from collections import Counter

import nbformat
import pytest
from conftest import ROOT

from immunolib import datasets, quiz

CONCEPTS = datasets.load_concepts()
BOOKS = {path.name[:2]: nbformat.read(path, as_version=4)
         for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")}  # fmt: skip
NAMED_BY_TEXTS = 140


def plain(text):
    """Running text without marks and links, in lower case."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"\s+", " ", re.sub(r"[*_`>]", "", text)).casefold()


def taught(row):
    """The text of the cell that teaches a concept, with what it shows."""
    cell = next(cell for cell in BOOKS[row["lesson"]].cells if cell.id == row["cell"])
    shown = [
        str(output.get("data", {}).get("text/plain", "")) for output in cell.get("outputs", [])
    ]
    return plain(" ".join([cell.source, *shown]))


def asked(row):
    """All that the question about a concept says."""
    question = next(q for q in quiz.questions(row["lesson"]) if q.name == row["question"])
    return plain(repr(question))


def test_all_concepts_of_the_texts_are_there():
    of_texts = CONCEPTS[CONCEPTS["text"] != "added"]
    assert len(of_texts) == NAMED_BY_TEXTS
    assert sorted(of_texts["concept"]) == [f"C{at:03}" for at in range(1, NAMED_BY_TEXTS + 1)]
    assert set(CONCEPTS["lesson"]) == {f"{at:02}" for at in range(1, 13)}


@pytest.mark.parametrize("row", CONCEPTS.to_dict("records"), ids=lambda row: row["concept"])
def test_each_concept_has_a_cell_that_teaches_it_and_a_question_that_asks_it(row):
    word = plain(row["word"])
    assert len(word) >= 2
    assert word in taught(row), "the cell does not use the word"
    assert word in asked(row), "the question does not use the word"


def test_concepts_are_spread_over_the_lessons():
    many = Counter(CONCEPTS["lesson"])
    assert min(many.values()) >= 9, many
    assert max(many.values()) <= 14, many


def test_every_question_about_a_concept_serves_few():
    """A question that were to ask about half a lesson would ask about nothing."""
    many = Counter(zip(CONCEPTS["lesson"], CONCEPTS["question"], strict=True))
    assert max(many.values()) <= 6, many.most_common(3)
