"""What lesson 01 says of the dials is what the wiring and the uses in the data say."""

import re

import lessons
import pytest

from immunolib import datasets, figures, quiz
from immunolib._errors import UnknownNameError

BOOK = lessons.read("01_two_dials")
TEXT = " ".join(cell.source for cell in BOOK.cells if cell.cell_type == "markdown")


def right(name):
    question = next(q for q in quiz.questions("01") if q.name == name)
    return next(option for option in question.options if option.right)


def uses(agent):
    held = datasets.load_uses()
    return held[held["agent"] == agent]


def test_the_two_medicines_of_the_story_stand_on_the_dials_that_the_prediction_gives():
    told = figures.two_dials("ipilimumab", "belatacept").description
    assert "ipilimumab in melanoma is on the activation side" in told
    assert "belatacept in kidney transplant is on the suppression side" in told
    assert set(uses("ipilimumab")["direction"]) == {"activation"}
    assert set(uses("belatacept")["direction"]) == {"suppression"}
    assert right("prediction").text == "Up with ipilimumab, down with belatacept"
    assert "So ipilimumab is for Ana, and belatacept is for Ben." in TEXT


def test_cd80_and_cd86_press_the_brake_and_the_accelerator():
    wiring = datasets.load_pathway().set_index(["from", "to"])["sign"]
    assert wiring["CD80/CD86", "CTLA4"] == wiring["CD80/CD86", "CD28"] == "stimulates"
    assert wiring["CTLA4", "T cell"] == "inhibits"
    assert wiring["CD28", "T cell"] == "stimulates"
    assert "They feed the brake *and* the accelerator." in TEXT


def test_biological_therapy_is_not_quite_immunotherapy():
    agents = datasets.load_agents().set_index("agent")
    assert tuple(agents.loc["imiquimod", ["modality", "origin"]]) == ("small molecule", "synthetic")
    assert "Imiquimod is no biologic but a small molecule made by chemists" in TEXT
    assert agents.loc["bevacizumab", "modality"] == "antibody"
    assert agents.loc["bevacizumab", "inclusion"] == "stands beside: antibody against vessel growth"
    assert "Bevacizumab (Avastin) is a biologic" in TEXT
    assert agents.loc["bevacizumab", "synonyms"].startswith("Avastin")


def test_two_medicines_for_allergy_stand_on_two_dials():
    agents = datasets.load_agents()
    grazax = agents[agents["synonyms"].fillna("").str.contains("Grazax")]["agent"].item()
    assert set(uses(grazax)["direction"]) == {"redirection"}
    assert set(uses("omalizumab")["direction"]) == {"suppression"}
    assert "it turns a signal down, and so it is suppression" in TEXT
    assert "The pollen tablet above helps people with allergy too, and it is redirection." in TEXT


def test_the_sorting_words_of_the_question_are_those_of_the_table():
    row = uses("tisagenlecleucel").iloc[0]
    assert f"{row['approach']} and {row['specificity']}".capitalize() == right("sorting-words").text
    il2 = uses("aldesleukin").query("direction == 'activation'")
    assert set(il2["specificity"]) == {"non-specific"}
    vaccine = uses("sipuleucel-T").iloc[0]
    assert (vaccine["approach"], vaccine["specificity"]) == ("active", "specific")
    cells = datasets.load_agents().set_index("agent").loc["tisagenlecleucel", "class"]
    assert cells == "CD19 CAR-T cells"
    assert "healthy B cells carry the antigen of tisagenlecleucel, too" in TEXT
    told = " ".join(datasets.load_claims()["because"])
    assert "CAR-T cells against CD19 also remove healthy B cells" in told


def test_the_exercise_has_one_name_on_both_dials_and_answers_a_typo():
    dials = datasets.load_uses().groupby("agent")["direction"].nunique()
    assert dict(dials[["omalizumab", "alemtuzumab", "pembrolizumab"]]) == {
        "omalizumab": 1, "alemtuzumab": 2, "pembrolizumab": 1,
    }  # fmt: skip
    assert dials["natalizumab"] == 1
    assert (dials > 1).sum() == 6
    assert "Six agents of our data stand on both dials." in TEXT
    with pytest.raises(UnknownNameError, match="Did you mean 'alemtuzumab'"):
        datasets.find_agent("alemtuzmab")


def test_outside_more_a_newcomer_meets_few_new_words():
    """Terms in bold, in the cells that are not under a heading that begins with "More"."""
    terms, more = set(), False
    for cell in BOOK.cells:
        if cell.cell_type != "markdown" or {"plain", "solution", "misconception", "limits"} & set(
            cell.metadata.get("tags", [])
        ):
            continue
        for line in cell.source.splitlines():
            if line.startswith("#"):
                more = "More" in line
            elif not more:
                terms |= {t for t in re.findall(r"\*\*([^*]+)\*\*", line) if not t.endswith(":")}
    names = {"ipilimumab", "belatacept", "CD80 and CD86", "CD28", "CTLA4", "You need"}
    words = terms - names
    assert 8 <= len(words) <= 18, sorted(words)
