"""Lesson 02 against the data: every number of its prose and of its questions, worked out anew."""

import re

import lessons
import pytest
from conftest import ROOT

from immunolib import datasets, figures, quiz
from immunolib._errors import UnknownNameError
from immunolib.figures import _who_talks_scene as scenes

BOOK = lessons.read("02_the_cast")
CELLS = {cell.id: cell.source for cell in BOOK.cells}
TEXT = " ".join(cell.source for cell in BOOK.cells if cell.cell_type == "markdown")
TABLE = datasets.load_messages()
NAMES = TABLE.groupby("from")["name"].agg(set)
MAKERS = TABLE.groupby("name")["from"].agg(set)
KINDS = len(scenes.cells())
WORDS = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
QUESTIONS = {question.name: question for question in quiz.questions("02")}
PAGE = (ROOT / "notebooks/teaching/02_the_cast.md").read_text(encoding="utf-8")


def right(name):
    return next(option for option in QUESTIONS[name].options if option.right)


def said(name):
    question = QUESTIONS[name]
    return " ".join([question.text, *(f"{o.text} {o.feedback}" for o in question.options)])


def test_the_counts_of_the_reveal_are_those_of_the_table():
    told = CELLS["reveal"]
    mine = NAMES["macrophage"]
    assert NAMES.str.len().idxmax() == "macrophage"
    assert f"{len(NAMES)} of the {KINDS} kinds of cell send something" in told
    assert set(scenes.cells()) - set(NAMES.index) == {"blood stem cell"}
    assert "all but the blood stem cell" in told
    assert f"Macrophages send the most, {len(mine)} of the {len(MAKERS)} messages" in told
    assert f"each of the {len(mine)} has other senders" in told
    assert all(len(MAKERS[name]) > 1 for name in mine)
    assert len(NAMES["epithelial cell"]) == len(NAMES["fibroblast"])
    assert (
        f"T cells send {len(NAMES['T cell'])}, and lining cells and fibroblasts "
        f"{len(NAMES['fibroblast'])} each" in told
    )
    missing = set(MAKERS.index) - mine
    assert f"{WORDS[len(missing)].capitalize()} messages do not come from macrophages" in told
    assert {"IL-2", "interferon gamma"} <= missing


def test_the_prediction_is_right_and_its_feedback_counts():
    mine = NAMES["macrophage"]
    alone = [name for name in MAKERS.index if MAKERS[name] == {"macrophage"}]
    assert right("prediction").text.casefold() == (str(len(alone)) if alone else "none")
    told = said("prediction")
    assert f"Our table has {len(MAKERS)} messages" in told
    assert f"{len(mine)} of {len(MAKERS)}" in told
    single = [name for name in MAKERS.index if len(MAKERS[name]) == 1]
    assert f"{WORDS[len(single)].capitalize()} of the {len(MAKERS)} have a single kind" in told
    assert f"Our table has {len(MAKERS)} messages" in CELLS["predict"]


def test_what_is_to_be_found_in_the_explorer_is_there():
    told = CELLS["explore-after"]
    assert f"{len(MAKERS['IL-2'])} of the {KINDS}" in told
    assert WORDS[len(MAKERS["IL-2"])] in told
    for cell in MAKERS["IL-2"]:
        assert f"{cell}s" in told
    assert "macrophage" not in MAKERS["IL-2"]
    own = scenes.scene("IFNA1/IFNB1", "epithelial cell").rows
    assert {row.receiver for row in own} == {"epithelial cell"}
    for cell in ("regulatory T cell", "tumour cell"):
        minus = {(r.name, r.receiver) for r in scenes.scene(sender=cell).rows if r.sign == "−"}
        assert {receiver for _, receiver in minus} == {"T cell", "NK cell"}
        assert {name for name, _ in minus} == {"IL-10", "TGF-beta"}
    plus = {row.receiver for row in scenes.scene(sender="tumour cell").rows if row.sign == "+"}
    assert plus == {"tumour cell", "regulatory T cell"}
    assert "pluses of a tumour cell go to itself and to regulatory T cells" in told
    tgf = TABLE[TABLE["name"] == "TGF-beta"].set_index("to")["effect"]
    assert tgf["regulatory T cell"] == "stimulates"
    assert set(tgf[["T cell", "NK cell"]]) == {"inhibits"}


def test_the_makers_named_in_the_exercise_are_those_of_the_table():
    told = CELLS["solution"]
    assert f"TNF has {WORDS[len(MAKERS['TNF'])]} kinds of sender" in told
    assert f"who sends TNF: {WORDS[len(MAKERS['TNF'])]} kinds" in CELLS["medicines-after"]
    single = {name: MAKERS[name] for name in MAKERS.index if len(MAKERS[name]) == 1}
    assert single == {"IL-17A": {"T cell"}, "TSLP": {"epithelial cell"}}
    assert "IL-17A and TSLP have one each, T cells and lining cells" in told
    assert f'`message = "IL-2"` names {WORDS[len(MAKERS["IL-2"])]} kinds of cell' in told
    assert "macrophage" not in MAKERS["IL-2"]
    line = next(ln for ln in told.splitlines() if ln.startswith("Macrophages do not send"))
    for name in set(MAKERS.index) - NAMES["macrophage"]:
        assert name in line
    for name in NAMES["macrophage"]:
        assert not re.search(rf"\b{name}\b(?!\d)", line)


def test_the_page_that_is_corrected_is_the_one_of_the_claims():
    claim = datasets.load_claims().set_index("claim").loc["cytokines-from-macrophages"]
    assert claim["says"] == "Cytokines are made by macrophages"
    assert claim["text"] == "cancer page"
    assert f"calls it *{claim['now']}*" in CELLS["exercise"]


def test_the_limits_count_the_cells_and_the_messages():
    every = set(datasets.load_cells()["cell"])
    assert f"The table has {len(MAKERS)} messages" in CELLS["limits"]
    assert f"{KINDS} of the {len(every)} kinds of cell" in CELLS["limits"]
    assert every - set(scenes.cells()) == {"plasma cell"}
    assert f"{len(NAMES)} of {KINDS} kinds of cell" in CELLS["misconception"]


def test_medicines_stand_where_the_lesson_puts_them():
    agents = datasets.load_agents(as_of=datasets.edition()).set_index("agent")
    for agent, words in {
        "nogapendekin alfa inbakicept": "interleukin-15",
        "afamitresgene autoleucel": "piece of the cancer protein MAGE-A4",
        "sipuleucel-T": "antigen-presenting cells",
        "tocilizumab": "receptor",
    }.items():
        assert agents.loc[agent, "status"] == "approved"
        assert words in agents.loc[agent, "mechanism"]
    held = scenes.scene("IL15").rows
    assert {row.receiver for row in held} == {"T cell", "NK cell"}
    assert right("lymphocytes").text == "T cells and NK cells"
    uses = datasets.load_uses().set_index("agent").loc["ocrelizumab", "use"]
    assert "multiple sclerosis" in str(uses)


def test_the_share_of_people_with_a_fitting_hla_is_that_of_its_counts():
    found = re.search(r"([\d,]+) of ([\d,]+) had a kind of HLA that fits, about (\d+) pe", TEXT)
    some, every, percent = (int(number.replace(",", "")) for number in found.groups())
    assert round(100 * some / every) == percent


def test_a_typo_in_the_exercise_is_answered_with_help():
    with pytest.raises(UnknownNameError, match="No message is called 'TFN'"):
        figures.who_talks("TFN")


def test_the_teachers_page_speaks_of_every_question():
    for name in QUESTIONS:
        assert f"`{name}`" in PAGE
    for part in ("Aims", "Timing", "Before the lesson", "Discussion prompts",
                 "Common wrong answers", "Exercise keys", "Access", "Sources"):  # fmt: skip
        assert f"## {part}" in PAGE
