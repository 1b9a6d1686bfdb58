"""Headlines and their studies: every row on every layer fits, and the step follows the study."""

from dataclasses import replace

import pytest
from figure_checks import FigureChecks, extents, texts_stand_apart

from immunolib import datasets, figures, tables
from immunolib._errors import DataError, ImmunolibError, UnknownNameError
from immunolib.explorers import _headline as explorer
from immunolib.figures import _headline as drawn
from immunolib.figures._headline import GUESSES, LAYERS
from immunolib.figures._ladder import RUNGS, SETTINGS, VERDICTS, rung, studies, study

HEADLINES = datasets.load_headlines().set_index("headline", drop=False)
FOUND = [key for key in HEADLINES.index if HEADLINES.loc[key, "verdict"] != "source not found"]
LOST = [key for key in HEADLINES.index if key not in FOUND]
# Placed by hand from the papers, by another way than the rule.
PLACED = {
    "hl-breast-cancers": "animals",
    "hl-pancreatic-triple": "animals",
    "hl-mesothelioma": "randomised trial",
    "hl-ms-mice": "animals",
    "hl-yale-everybody": "people, not randomised",
    "hl-cardiac-antigen": "animals",
    "hl-nano-conversion": "animals",
    "hl-hormone-myocarditis": "animals",
    "hl-works-some": "people, not randomised",
    "hl-relatlimab-neoadjuvant": "people, not randomised",
    "hl-cancer-seeking": "animals",
    "hl-biomarker-diversity": "people, not randomised",
    "hl-dreamseq": "randomised trial",
    "hl-temporary-structures": "animals",
}
FIGURES = {
    "open": lambda: figures.headline("hl-cancer-seeking"),
    "closed": lambda: figures.headline("hl-ms-mice", reveal=LAYERS[0]),
    "wrong": lambda: figures.headline("hl-ms-mice", "cells in a dish", LAYERS[2]),
    "right": lambda: figures.headline("hl-dreamseq", "people", LAYERS[1]),
    "a guess at nothing": lambda: figures.headline("hl-crispr", "animals"),
    "board": figures.headlines,
}


@pytest.fixture(params=FIGURES)
def made(request):
    return FIGURES[request.param]()


class TestHeadlineFigures(FigureChecks):
    """What every figure must pass."""


def test_the_step_of_each_study_is_the_one_it_was_placed_on_by_hand():
    assert set(PLACED) == set(FOUND)
    assert {key: RUNGS[study(key).rung] for key in FOUND} == PLACED
    assert all(study(key).rung is None for key in LOST)


@pytest.mark.parametrize(
    ("species", "design", "expected"),
    [
        ("cells in a dish", "laboratory study", 0),
        ("cells in a dish; mice", "laboratory study", 1),
        ("mice; people", "blood of three patients", 1),
        ("people", "phase 1, one arm", 2),
        ("people", "phase 3, randomised", 3),
        ("people", "two arms, not randomised", 2),
        ("people", "non-randomised comparison", 2),
        ("people", "meta-analysis of nine randomised trials", 4),
        ("", "", None),
    ],
)
def test_the_rule_of_the_ladder(species, design, expected):
    assert rung(species, design) == expected


def test_a_species_without_a_step_is_refused():
    with pytest.raises(DataError, match="no step of the ladder fits the species 'zebrafish'"):
        rung("zebrafish", "laboratory study")


@pytest.mark.parametrize("key", HEADLINES.index)
@pytest.mark.parametrize("reveal", LAYERS)
def test_every_layer_shows_its_facts_and_no_later_one(key, reveal):
    """The words of the picture, put together again, against the row."""
    row, layers = HEADLINES.loc[key], LAYERS.index(reveal)
    made = figures.headline(key, reveal=reveal)
    shown = " ".join(text.get_text() for text, _ in extents(made.figure))
    assert row["says"] in shown
    hidden = {1: "species", 2: "design", 3: "effect", 4: "later"}
    for layer, name in hidden.items():
        fact = row[name][1:]
        if fact:
            fact += f". {row['journal']}" if name == "species" else ""
            assert (fact in shown) == (layer <= layers), name
            assert (fact in made.description) == (layer <= layers), name
    assert (f"{row['verdict'][1:]}." in shown) == (layers == 4 and key in FOUND)
    lost = layers > 0 and key in LOST
    assert (row["note"] in shown) == lost
    assert ("Treat it as unread" in shown) == lost == ("no study found" in shown)
    texts_stand_apart(made)


@pytest.mark.parametrize("key", HEADLINES.index)
def test_the_marked_step_is_that_of_the_study(key):
    for reveal in LAYERS:
        what = drawn.scene(key, reveal=reveal)
        made = figures.headline(key, reveal=reveal)
        marked = {
            int(patch.get_gid().removeprefix("step "))
            for patch in made.figure.axes[0].patches
            if (patch.get_gid() or "").startswith("step ")
        }
        assert marked == set(what.steps)
    assert marked == ({RUNGS.index(PLACED[key])} if key in FOUND else set())


@pytest.mark.parametrize("guess", GUESSES)
def test_a_guess_is_judged_once_a_layer_is_open(guess):
    for key in HEADLINES.index:
        closed = figures.headline(key, guess, LAYERS[0])
        shown = [text.get_text() for text, _ in extents(closed.figure)]
        assert not [text for text in shown if "✓" in text or "✗" in text]
        made = figures.headline(key, guess, LAYERS[1])
        shown = " ".join(text.get_text() for text, _ in extents(made.figure))
        if guess == GUESSES[0] or key in LOST:
            assert "✓" not in shown
            assert "✗" not in shown
            continue
        right = RUNGS.index(PLACED[key]) in SETTINGS[guess]
        assert ("✓" in shown) == right
        assert ("✗" in shown) != right
        assert (f"Your guess, {guess}, is right." in made.description) == right


def test_what_changed_says_what_was_guessed_and_opened():
    old = drawn.scene("hl-ms-mice", "people", LAYERS[0])
    new = drawn.scene("hl-ms-mice", "people", LAYERS[1])
    assert drawn.changed(old, new) == "Open now: who was studied. It was animals."
    right = drawn.scene("hl-ms-mice", "animals", LAYERS[1])
    assert drawn.changed(new, right) == "You guessed animals. That is right."
    lost = drawn.changed(old, drawn.scene("hl-crispr", "people", LAYERS[2]))
    assert "no study with this title was found" in lost
    assert drawn.changed(old, old) == "Nothing has changed."


def test_every_combination_of_the_controls_has_words():
    for key in HEADLINES.index:
        for guess in GUESSES:
            for reveal in LAYERS:
                values = {"headline": key, "guess": guess, "reveal": reveal}
                words = explorer.PLAN.words(explorer.PLAN.state(values))
                assert 0 < len(words.alt) <= 150
                assert HEADLINES.loc[key, "says"] in words.description


def test_the_board_has_each_headline_once_and_counts_right():
    made = figures.headlines()
    ax = made.figure.axes[0]
    marks = {
        line.get_gid().removeprefix("headline "): float(line.get_xdata()[0])
        for line in ax.get_lines()
        if (line.get_gid() or "").startswith("headline ")
    }
    assert marks == {
        key: RUNGS.index(PLACED[key]) if key in FOUND else len(RUNGS) for key in HEADLINES.index
    }
    counts = HEADLINES["verdict"].value_counts()
    assert set(counts.index) <= set(VERDICTS)
    shown = [text.get_text() for text, _ in extents(made.figure)]
    for name, number in counts.items():
        assert f"{name}: {number}" in shown
        assert f"{number} {name}" in made.description
    heads = [text.split("\n")[-1] for text in shown if text.split("\n")[-1].isdigit()]
    assert [int(number) for number in heads] == [
        *(list(PLACED.values()).count(name) for name in RUNGS),
        len(LOST),
    ]


def test_each_verdict_has_a_mark_of_its_own_shape():
    from immunolib.figures._headlines import _MARKS

    assert set(_MARKS) == set(VERDICTS)
    assert len({mark["marker"] for mark in _MARKS.values()}) == len(VERDICTS)


def test_a_longer_row_than_any_would_be_seen(monkeypatch):
    """The check of fitting bites: a text of many lines leaves the picture."""
    long = replace(study("hl-cancer-seeking"), effect="word " * 200)
    made = drawn.DescribedFigure.of(
        drawn.picture(drawn.Scene(long, GUESSES[0], 4)), ("t", "a", "d"), datasets.load_cells()
    )
    assert any(box.y0 < 0 for _, box in extents(made.figure))


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: figures.headline("hl-mesotelioma"), "hl-mesothelioma"),
        (lambda: figures.headline("hl-ms-mice", "mouse"), "animals"),
        (lambda: figures.headline("hl-ms-mice", reveal="all"), "what came later"),
        (lambda: tables.corrected_page(["best-clinc"]), "best-clinic"),
        (lambda: tables.corrected_page(5), "There are"),
    ],
)
def test_wrong_names_meet_the_right_ones(call, expected):
    with pytest.raises(UnknownNameError, match=expected):
        call()


def test_a_corrected_page_has_each_claim_with_its_date_and_source():
    claims = datasets.load_claims()
    sources = datasets.load_sources().set_index("source")
    page = tables.corrected_page([*claims["claim"], "best-clinic"], "All of it")
    assert len(page.entries) == len(claims)
    for (_, row), entry in zip(claims.iterrows(), page.entries, strict=True):
        text = " ".join(entry)
        assert row["says"] in text
        assert f"Today: {row['now']}. {row['because']}" in text
        assert row["number"] in text
        title = sources.loc[row["source"], "title"] if row["source"] else "Source: none"
        assert title in text
    assert str(datasets.edition()) in repr(page)
    assert "<NA>" not in repr(page) + page._repr_html_()
    assert page._repr_html_().count("<li ") == len(claims)
    with pytest.raises(ImmunolibError, match="at least one claim"):
        tables.corrected_page([])


def test_headlines_of_one_paper_are_known_as_such():
    assert len({(s.journal, s.published, s.authors) for s in studies().values() if s.journal}) == 13
