"""Lesson 11: what its prose says is what the data and the model of the cut-off say."""

import json
import re

import lessons
import pytest
from conftest import ROOT

from immunolib import datasets, figures, tables
from immunolib._errors import ImmunolibError
from immunolib.figures._threshold import of_100
from immunolib.figures._threshold_scene import scene

BOOK = lessons.read("11_why_not_everyone")
CELLS = {cell.id: " ".join(cell.source.split()) for cell in BOOK.cells}
QUESTIONS = {
    question["question"]: question
    for question in json.loads((ROOT / "data/questions/11.json").read_text(encoding="utf-8"))
}
START = (40, 20, 20, 10)  # the explorer's first picture


def outcome(key):
    return datasets.load_outcomes().set_index("outcome_id").loc[key]


def said(question):
    """All words of a question."""
    held = QUESTIONS[question]
    options = " ".join(f"{o['text']} {o['feedback']}" for o in held["options"])
    return f"{held['ask']} {options}"


def test_the_response_rates_are_those_of_the_trials_in_the_figure():
    rows = [outcome(key) for key in ("checkmate-066-04", "keynote-158-msi-h-01", "oak-04")]
    told = [f"{row['events']} of {row['total']}" for row in rows]
    assert f"{told[0]}, {told[1]}, and {told[2]}" in CELLS["all-cancers"]
    assert all(2 * row["events"] < row["total"] for row in rows)
    assert re.findall(r'"([\w-]+)"', CELLS["rates"]) == [row["trial"] for row in rows]
    trials = datasets.load_trials().set_index("trial")
    assert trials.loc["keynote-158-msi-h", "design"].startswith("single-arm")
    assert round(3 * rows[1]["events"] / rows[1]["total"]) == 1
    assert "two of three did not respond" in CELLS["all-cancers"]
    assert f"above: {told[1]}." in CELLS["tests-text"]
    child = outcome("eliana-01")
    assert (
        f"of {child['total']} children and young people with a leukaemia, {child['events']} had"
        in CELLS["all-cancers"]
    )
    assert trials.loc["eliana", "design"].startswith("single-arm")


def test_the_estimate_of_2023_and_the_claim_on_all_cancers_are_those_of_the_data():
    claim = datasets.load_claims().set_index("claim").loc["works-on-all-cancers"]
    eligible, respond = re.findall(r"([\d.]+)%", claim["number"])
    assert claim["now"] == "wrong"
    assert f"{eligible} percent of the people with advanced cancer" in CELLS["all-cancers"]
    assert f"{respond} percent, were expected to respond" in CELLS["all-cancers"]
    assert f"{eligible} and {respond} percent" in said("all-cancers")
    assert f"About {float(eligible):.0f} of 100" in said("all-cancers")
    assert f"about {float(respond):.0f} respond" in said("all-cancers")


def test_the_tests_ninety_percent_comes_to_the_counts_that_the_prose_gives():
    values = dict(re.findall(r"(\w+)=([\d.]+)", CELLS["run"]))
    what = scene(*(float(values[name]) for name in ("cutoff", "share", "separation", "shift")))
    first, second = what.groups
    assert first.counts == second.counts
    hit, _, wrong, spared = first.counts
    assert [of_100(first.sensitivity), of_100(first.specificity)] == ["90", "90"]
    assert f"specificity {of_100(first.specificity)} of 100" in CELLS["predict"]
    text = CELLS["reveal"]
    assert f"the answer is {of_100(first.value)}" in text
    assert f"Of 100 people {what.share:.0f} would respond, and the test picks {hit} of them" in text
    assert f"But {wrong + spared} would not, and it picks {wrong} of those too" in text
    assert f"So {hit + wrong} are treated, and {hit} respond: one in two" in text
    right = next(o for o in QUESTIONS["prediction"]["options"] if o["right"])
    assert right["text"] == f"About {of_100(first.value)}"
    assert not QUESTIONS["prediction"]["options"][0]["right"]  # the obvious guess


def test_what_is_found_in_the_explorer_is_what_the_scenes_give():
    text = CELLS["try-text"]
    a, b = scene(*START).groups
    assert f"of 100 treated, {of_100(a.value)} respond in A and {of_100(b.value)} in B" in text
    assert f"In B, {b.counts[2]} of 100 people are treated in vain, and in A {a.counts[2]}" in text
    lower = scene(30, *START[1:]).groups[0]
    assert lower.counts[1] == 0
    assert f"nobody is missed any more, where {a.counts[1]} were" in text
    assert f"of 100 who would respond, {of_100(lower.sensitivity)} are found" in text
    assert f"But {lower.counts[2]} are treated in vain, where {a.counts[2]} were" in text
    same = scene(*START[:3], 0).groups
    assert same[0].counts == same[1].counts
    blind = scene(40, 20, 0, 10).groups
    assert {of_100(group.value) for group in blind} == {"20"}
    assert "Nothing: of 100 treated 20 respond" in text
    assert "Twenty of 100 would respond in both" in text
    assert f"reads {START[3]} points too high" in text


def test_the_solutions_lines_do_what_it_says():
    text = CELLS["solution"]
    even = scene(*START, 50)
    assert even.alike
    assert {group.counts for group in even.groups} == {even.groups[0].counts}
    assert f"Of 100 treated {of_100(even.groups[0].value)} respond in both groups" in text
    assert f"and {even.groups[0].counts[1]} of 100 people are missed in both" in text
    strict = scene(*START, 54).groups[1]
    assert f"of 100 treated in B {of_100(strict.value)} respond" in text
    assert f"but {strict.counts[1]} of 100 people are missed" in text


@pytest.mark.parametrize("wrong", ["50", None, [50], "fifty", 500, -1, float("nan"), True])
def test_a_wrong_type_in_the_exercise_meets_a_clear_error(wrong):
    source = next(cell.source for cell in BOOK.cells if cell.id == "exercise-cell")
    space = {"figures": figures, "tables": tables}
    changed = source.replace("cutoff_b = 40", f"cutoff_b = {wrong!r}".replace("nan", "NAN"))
    space["NAN"] = float("nan")
    if wrong is None:  # left out: group B has the cut-off of A
        exec(changed, space)
        return
    with pytest.raises(ImmunolibError, match="Give a number from 0 to 100 points"):
        exec(changed, space)


def test_the_licences_in_the_prose_are_those_of_the_register():
    events = datasets.load_approvals().set_index("event_id")
    given, ended = (
        events.loc["fda-tecentriq-tnbc-2019"],
        events.loc["fda-tecentriq-tnbc-withdrawal-2021"],
    )
    assert f"Atezolizumab was licensed on {given['date']}" in CELLS["breast"]
    assert f"The licence for this use ended on {ended['date']}" in CELLS["breast"]
    assert ended["reason"].startswith("benefit not confirmed")
    assert given["date"][:4] in said("breast")
    assert ended["date"][:4] in said("breast")
    assert events.loc["fda-keytruda-msi-2017", "date"] == "2017-05-23"
    tmb = events.loc["fda-keytruda-tmb-high-accelerated-approval-2020"]
    assert tmb["date"] == "2020-06-16"
    assert "ten or more mutations" in tmb["indication"]
    assert "TMB**, with a cut-off of ten" in CELLS["tests-text"]
    score = events.loc["fda-keytruda-triple-negative-accelerated-approval-2020", "indication"]
    assert "score 10 or more" in score
    for key in re.findall(r'"(fda-[\w-]+)"', CELLS["licences"]):
        assert events.loc[key, "regulator"] == "FDA"


def test_every_checkpoint_inhibitor_with_a_licence_for_breast_cancer_has_it_for_this_kind():
    agents = datasets.load_agents().set_index("agent")["class"]
    events = datasets.load_approvals()
    breast = events[events["indication"].str.contains("breast", na=False)]
    checkpoint = breast[breast["agent"].map(agents).str.contains("PD-1|PD-L1|CTLA-4")]
    assert len(checkpoint) >= 4
    assert checkpoint["indication"].str.contains("triple-negative").all()


def test_the_headlines_are_told_as_their_rows_stand():
    rows = datasets.load_headlines().set_index("headline")
    shown = re.findall(r'"(hl-[\w-]+)"', CELLS["headlines"])
    assert len(shown) == 6
    for key in ("hl-personalized", "hl-protein-resistance"):
        assert rows.loc[key, "verdict"] == "source not found"
        assert rows.loc[key, "source"] == ""
    assert "Source not found" in CELLS["personalised"]
    assert "Two searches found no page with its title" in CELLS["routes"]
    yale = rows.loc["hl-yale-everybody"]
    assert yale["verdict"] == rows.loc["hl-works-some", "verdict"] == "overstated"
    assert f"In {yale['n']} people with endometrial cancer" in CELLS["genes"]
    assert "6 of 6" in yale["effect"]
    assert "8 of 18" in yale["effect"]
    assert "6 of 6 whose repair gene was mutated" in CELLS["genes"]
    assert "8 of 18 whose gene was silenced" in CELLS["genes"]
    for chance in ("P 0.005", "P 0.058"):
        assert chance in yale["later"]
        assert chance in CELLS["genes"]
    assert rows.loc["hl-breast-cancers", "verdict"] == "too early to tell"
    assert rows.loc["hl-breast-cancers", "species"].startswith("mice")
    assert "done in mice and on human tumours" in CELLS["breast"]
    diverse = rows.loc["hl-biomarker-diversity"]
    assert diverse["verdict"] == "supported"
    assert "701 people with myeloma" in diverse["note"]
    assert "701 people with myeloma" in CELLS["ancestry"]


def test_what_was_alike_for_all_in_keynote_024_is_what_the_claim_holds():
    claim = datasets.load_claims().set_index("claim").loc["tailored"]
    people = datasets.load_trials().set_index("trial").loc["keynote-024", "allocated_experimental"]
    assert claim["now"] == "partly right"
    assert claim["number"] == f"200 mg every 3 weeks for each of {people}"
    assert (
        f"each of the {people} was given the same: 200 mg every three weeks"
        in CELLS["personalised"]
    )
    assert f"the {people} people of KEYNOTE-024" in CELLS["misconception"]
    assert f"Each of the {people} was given 200 mg" in said("made-for-me")


def test_the_same_number_stands_wherever_it_is_told_again():
    for part in ("46.4 percent", "74.9 percent", "614"):
        assert part in CELLS["tests-text"]
        assert part in CELLS["misconception"]
        assert part in said("two-tests")
    for part in ("23.0 against 16.1", "17.6 against 16.0"):
        assert part in CELLS["breast"]
        assert part in said("breast")
    assert "57.7 percent" in CELLS["worldwide"]
    assert "57.7 percent" in said("worldwide")


def test_the_teachers_page_knows_every_question():
    page = (ROOT / "notebooks/teaching/11_why_not_everyone.md").read_text(encoding="utf-8")
    assert page.startswith("# For teachers: Why doesn't it work for everyone?")
    for name in QUESTIONS:
        assert f"`{name}`" in page
    heads = re.findall(r"^## (.+)$", page, flags=re.MULTILINE)
    assert heads == ["Aims", "Timing", "Before the lesson", "Discussion prompts",
                     "Common wrong answers", "Exercise keys", "Access", "Sources"]  # fmt: skip


def test_the_right_letters_vary_and_the_right_option_is_not_always_the_longest():
    letters, longest = [], 0
    for question in QUESTIONS.values():
        right = [option["right"] for option in question["options"]].index(True)
        letters.append(right)
        lengths = [len(option["text"]) for option in question["options"]]
        longest += lengths[right] == max(lengths)
    assert set(letters) == {0, 1, 2}
    assert longest <= len(QUESTIONS) / 2


def test_the_numbers_on_breast_cancer_and_on_mutations_are_those_of_the_outcomes():
    def shown(key):
        row = outcome(key)
        assert row["low"] < row["value"] < row["high"]
        return f"{row['value']:.2f}, {row['low']:.2f} to {row['high']:.2f}"

    def both(first, second, places=1):
        return " against ".join(f"{outcome(key)['value']:.{places}f}" for key in (first, second))

    text = CELLS["breast"]
    people = datasets.load_trials().set_index("trial")
    sizes = people[["allocated_experimental", "allocated_comparator"]].sum(axis=1)
    assert f"In KEYNOTE-522 all {sizes['keynote-522']:,} people had chemotherapy" in text
    assert f"found in {both('keynote-522-01', 'keynote-522-02', 0)} percent" in text
    assert f"At five years {both('keynote-522-03', 'keynote-522-04')} percent were alive" in text
    ratio = shown("keynote-522-05").replace(", ", ", interval ")
    assert f"hazard ratio {ratio}" in text
    assert outcome("keynote-522-05")["evidence"] == "secondary"
    assert f"In KEYNOTE-355 ({sizes['keynote-355']} people" in text
    assert f"survival was {both('keynote-355-02', 'keynote-355-03')} months" in text
    assert f"hazard ratio {shown('keynote-355-01')}" in text
    assert f"it was {both('keynote-355-05', 'keynote-355-06')} ({shown('keynote-355-04')})" in text
    assert outcome("keynote-355-04")["high"] > 1 > outcome("keynote-355-01")["high"]
    assert f"hazard ratio {shown('impassion131-01')}" in text
    assert "651 people" in people.loc["impassion131", "note"]
    assert "In IMpassion131 (651 people" in text
    high, low = outcome("keynote-158-tmb-01"), outcome("keynote-158-tmb-02")
    assert (
        f"{high['value']} percent of the {high['total']} people at ten or above responded to "
        f"pembrolizumab, and {low['value']} percent of the other {low['total']}"
    ) in CELLS["tests-text"]
    assert high["total"] + low["total"] == people.loc["keynote-158-tmb", "allocated_experimental"]
    lived = both("keynote-158-tmb-03", "keynote-158-tmb-04")
    assert f"survival was not longer: {lived} months" in CELLS["tests-text"]
