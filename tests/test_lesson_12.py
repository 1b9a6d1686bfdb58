"""Lesson 12: the numbers of its prose are those of the library, and its parts run."""

import io
import json
import re
from contextlib import redirect_stdout

import lessons
import pytest
from conftest import ROOT

from immunolib import datasets, explorers, figures, quiz
from immunolib.figures._ladder import RUNGS, studies

BOOK = lessons.read("12_headline_lab")
CELLS = {cell.id: cell for cell in BOOK.cells}
HEADLINES = datasets.load_headlines().set_index("headline", drop=False)
CLAIMS = datasets.load_claims().set_index("claim", drop=False)
WORDS = {2: "Two", 20: "twenty"}


def text(cell):
    return " ".join(CELLS[cell].source.split())


def on(step):
    return [one for one in studies().values() if one.rung == RUNGS.index(step)]


def right(name):
    every = {question.name: question for question in quiz.questions("12")}
    return next(option for option in every[name].options if option.right)


def test_the_counts_of_the_ladder_are_those_of_the_headlines():
    said = text("reveal")
    every = list(studies().values())
    lost = [one for one in every if one.rung is None]
    animals = on("animals")
    sizes = sorted((int(one.n) for one in on("randomised trial")), reverse=True)
    assert len(every) == 20
    assert f"the fourth column: it has {len(on('randomised trial'))} marks" in said
    assert f"One trial had {sizes[0]} people, and the other {sizes[1]}." in said
    assert f"In {len(on('people, not randomised'))} headlines people were studied" in said
    named = [one for one in animals if any(w in one.says for w in ("mice", "mouse", "animal"))]
    assert f"{len(animals)} studies were done in animals, and only {len(named)} of their" in said
    assert f"Of {len(lost)} headlines we found no study" in said
    papers = {(one.journal, one.published, one.authors) for one in every if one.rung is not None}
    assert f"the {len(every) - len(lost)} that were found are {len(papers)} papers" in said
    same = [studies()[key] for key in ("hl-works-some", "hl-yale-everybody")]
    assert len({(one.journal, one.authors, one.n, one.source) for one in same}) == 1
    verdicts = HEADLINES["verdict"].value_counts()
    assert (
        f"{verdicts['supported']} headlines are supported, {verdicts['overstated']} overstated, "
        f"and for {verdicts['too early to tell']} it is too early" in said
    )
    told = text("misconception")
    assert (
        f"here {len(on('randomised trial'))} rest on a randomised trial, and {len(animals)}" in told
    )
    assert f"as for {len(lost) - 2} more" in text("unread")


def test_the_headline_on_mice_is_supported_and_a_randomised_trial_is_not_yet():
    assert HEADLINES.loc["hl-ms-mice", "verdict"] == "supported"
    verdicts = {one.key: one.verdict for one in on("randomised trial")}
    assert verdicts["hl-mesothelioma"] == "too early to tell"


def test_the_prediction_is_the_number_of_randomised_trials_and_a_fair_guess_is_wrong():
    assert right("prediction").text == WORDS[len(on("randomised trial"))]
    sizes = sorted((one.n for one in on("randomised trial")), key=int, reverse=True)
    assert f"One trial had {sizes[0]} people, the other {sizes[1]}." in right("prediction").feedback
    options = quiz.predict("12").questions[0].options
    assert not next(option for option in options if "half" in option.text).right


def test_the_worked_examples_say_what_their_rows_say():
    mouse, people = HEADLINES.loc["hl-pancreatic-triple"], HEADLINES.loc["hl-mesothelioma"]
    said = text("example-one-after")
    percent = re.search(r"\d+% of the mice were alive at 6 months", mouse["later"])[0]
    assert percent in said
    assert mouse["n"] == mouse["comparator"] == ""
    assert "90%" in mouse["note"]
    assert "90 percent" in said
    arms = re.findall(r"(?:durvalumab|tremelimumab|surgery) (\d+)", people["design"])
    assert [int(arm) for arm in arms] == [9, 11, 4]
    assert sum(map(int, arms)) == int(people["n"])
    said = text("example-two-after")
    assert f"{people['n']} people make three groups: {arms[0]}, {arms[1]} and {arms[2]}." in said
    assert people["effect"] == ""
    first, second = re.findall(r"\((\d+)(?: people)?\)", people["later"])
    assert f"to {first} and to {second} people" in said
    events = datasets.load_approvals()
    held = events[
        (events["use"] == "mesothelioma") & events["agent"].isin(["nivolumab", "ipilimumab"])
    ]
    assert set(held["date"]) == {"2020-10-02"}
    assert "since 2020-10-02 for mesothelioma that *cannot* be removed" in said


def test_the_mice_and_people_of_sting_are_those_of_the_row():
    row = HEADLINES.loc["hl-cancer-seeking"]
    said = text("sting")
    cured, spared = re.search(r"(\d+) cured mice .* again, (\d+) grew", row["effect"]).groups()
    assert f"of {cured} cured mice {spared} grew no tumour" in said
    had, people, more = re.search(
        r"(\d+) of (\d+) people had a partial response, (\d+) more", row["later"]
    ).groups()
    assert f"the tumours of {people} people: {had} had a partial response, and {more} more" in said
    assert "two more" not in said
    asked = next(q for q in quiz.questions("12") if q.name == "sting")
    assert f"tumours of {people} people" in asked.text


def test_the_comment_is_answered_with_the_number_of_the_claim():
    number = CLAIMS.loc["painless-no-side-effects", "number"]
    events, total, share = re.match(r"([\d,]+) of ([\d,]+) \(([\d.]+%)\)", number).groups()
    assert f"of {total} people" in text("comment")
    assert f"{events} ({share}) had an event" in text("comment")
    assert CLAIMS.loc["best-clinic", "now"] == "not checkable"
    for claim in ("works-on-all-cancers", "painless-no-side-effects"):
        assert CLAIMS.loc[claim, "now"] == "wrong"


def test_what_became_of_the_substances_of_2011_is_computed():
    names = re.search(r"names = (\[.*?\])", CELLS["research"].source, re.DOTALL)[1]
    names = json.loads(names)
    then = datasets.load_agents(as_of="2011-02-01").set_index("agent").loc[names]
    now = datasets.load_agents(as_of="2026-11-22").set_index("agent").loc[names]
    studied = then.index[then["status"] == "studied in people"]
    arrived = [name for name in studied if now.loc[name, "status"] == "approved"]
    said = text("research-after")
    assert f"{len(studied)} of the {len(names)} had been studied" in said
    assert f"By 2026 {len(arrived)} of these {len(studied)} are licensed" in said
    status = datasets.load_status("2026-11-22")
    held = status[status["agent"].isin(arrived) & (status["status"] == "approved")]
    assert all("vaccination" in use for use in held["use"])
    gone = set(names) - set(studied)
    assert gone == {"lentinan", "polysaccharide-K"}
    assert set(now.loc[list(gone), "status"]) == {"withdrawn"}
    assert right("in-research").text.startswith("Two were licensed, as parts of vaccines; three")
    assert (len(arrived), len(studied) - len(arrived)) == (2, 3)


def test_how_the_claims_stand_is_counted():
    counts = CLAIMS["now"].value_counts()
    said = text("claims-after")
    assert f"{counts['right']} of {len(CLAIMS)} are right" in said
    assert f"and {counts['partly right']} more partly" in said
    assert f"{counts['wrong']} are wrong, {counts['outdated']} were overtaken by time" in said
    open_ones = counts["not checkable"] + counts["not verified"]
    assert f"{open_ones} cannot be decided: {counts['not checkable']} give nothing" in said
    assert f"for {counts['not verified']} the evidence" in said
    assert f"We took {len(CLAIMS)} statements" in text("claims-text")


@pytest.mark.parametrize(
    ("source", "numbers", "cell"),
    [
        ("sumner-2014-releases", ("462", "36 percent", "28 to 46", "86 percent", "10 percent"),
         "who"),
        ("triunfol-2021-inmice", ("623",), "who"),
        ("zenone-2024-listings", ("47 clinics", "4.5 of 5"), "comment"),
        ("ineichen-2024-translation", ("367", "54 illnesses", "40 percent", "5 percent",
                                       "86 percent", "10 years"), "research-after"),
    ],
)  # fmt: skip
def test_numbers_from_outside_the_tables_have_their_source_in_the_list(source, numbers, cell):
    assert all(number in text(cell) for number in numbers)
    assert f'"{source}"' in CELLS["references-list"].source
    assert source in set(datasets.load_sources()["source"])


def test_the_solution_runs_and_is_what_was_asked_for():
    code = re.search(r"```python\n(.*?)```", CELLS["solution"].source, re.DOTALL)[1]
    said = io.StringIO()
    with redirect_stdout(said):
        exec("from immunolib import datasets, tables\nclaims = datasets.load_claims()\n" + code, {})
    verdicts = said.getvalue().strip().splitlines()[-1].split("; ")
    assert sorted(verdicts) == ["not checkable", "outdated", "right", "wrong", "wrong"]
    assert "one right, two wrong, one that cannot be checked" in text("solution")


def test_the_explorer_and_the_figures_of_the_lesson_are_there():
    made = explorers.headline("hl-ms-mice", reveal="what came later")
    assert 'explorers.headline("hl-ms-mice", reveal="what came later")' in str(BOOK.cells)
    assert made.scene.study.verdict == "supported"
    named = [one.key for one in on("animals") if "mice" in one.says]
    assert named == ["hl-ms-mice"]
    says = HEADLINES.set_index("headline")["says"]
    for start in re.findall(r"\*([A-Z][^*]+?) \.\.\.\*", text("explore")):
        assert sum(one.startswith(start) for one in says) == 1, start
    for key in re.findall(r'figures\.headline\("(hl-[^"]+)"\)', str(BOOK.cells)):
        assert figures.headline(key).table.shape[0] > 2


def test_the_sex_of_the_mice_is_that_of_the_row():
    row = HEADLINES.loc["hl-hormone-myocarditis"]
    assert "Female mice had myocarditis more often than male mice" in row["effect"]
    assert "female *mice* had it more often than male mice" in text("hormone")


def test_the_teachers_page_names_every_question():
    page = (ROOT / "notebooks/teaching/12_headline_lab.md").read_text("utf-8")
    for question in quiz.questions("12"):
        assert f"`{question.name}`" in page
