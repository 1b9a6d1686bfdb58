"""Lesson 07: every number of its prose that the library knows, taken from the library."""

import re

import lessons
import pytest
from conftest import ROOT
from test_protection import COUNTS

from immunolib import datasets, figures, quiz
from immunolib.figures import _protection as drawn
from immunolib.figures import _protection_scene as model

NAME = "07_antibodies_cytokines_vaccines"
BOOK = lessons.read(NAME)
# As it reads: without the links from terms to the glossary.
CELLS = {cell.id: cell.source for cell in BOOK.cells}
QUESTIONS = {question.name: question for question in quiz.questions("07")}
SYMPTOMS, SEVERE = model.HALF


def shares(level, drop=1, days=0):
    """Cases prevented of 100 as the lesson writes them, with their range, by outcome."""
    what = model.scene(level, drop, days)
    return {o: tuple(drawn._percent(share) for share in what.now(o)) for o in model.HALF}


def right(name):
    return next(option for option in QUESTIONS[name].options if option.right)


def licensed():
    status = datasets.load_status()
    return status[(status["status"] == "approved") & (status["use"] != "")]


def trial(name):
    outcomes = datasets.load_outcomes()
    return outcomes[outcomes["trial"] == name]


def value(name, endpoint, measure, arm):
    rows = trial(name)
    row = rows[(rows["endpoint"] == endpoint) & (rows["measure"] == measure) & (rows["arm"] == arm)]
    assert len(row) == 1, (name, endpoint, measure, arm)
    return row.iloc[0]


def test_the_first_prediction_is_what_the_relation_gives():
    found = shares(0.2)
    best, low, high = found[SYMPTOMS]
    assert f"gives {best} of 100 ({low} to {high})" in CELLS["reveal"]
    best, low, high = found[SEVERE]
    assert f"gives {best} of 100, with a wide range: {low} to {high}" in CELLS["reveal"]
    assert CELLS["run"] == "explorers.protection(level=0.2)"
    assert right("prediction").text == f"About {found[SYMPTOMS][0]}"
    half, low, high = (f"{100 * h:g}" for h in model.HALF[SYMPTOMS])
    assert f"{half} percent" in right("prediction").feedback
    assert f"interval {low} to {high}" in right("prediction").feedback


def test_how_little_the_curve_for_severe_illness_rests_on():
    rows = COUNTS[SEVERE]
    despite = sum(row[3] for row in rows)
    cases = despite + sum(row[2] for row in rows)
    assert len(rows) == 6
    assert f"six vaccines and {cases} cases, {despite} of them in vaccinated" in CELLS["limits"]


def test_what_the_three_things_to_try_show():
    text = CELLS["try-after"]
    one, four, ten = (shares(level)[SYMPTOMS][0] for level in (1, 4, 10))
    assert f"level 1 the relation gives {one} of 100" in text
    assert f"level 4 it gives {four}, and at level 10 it gives {ten}." in text
    assert f"halve in {model.HALF_LIFE:g} days" in text
    assert f"to day {model.RANGES['days'][1]:g} only" in text
    assert model.scene(1, 1, 250).left == pytest.approx(0.2, abs=0.005)
    before, after = shares(1, 1, 250), shares(1, 4, 250)
    circle, square = ((before[o][0], after[o][0]) for o in model.HALF)
    assert "circle falls from {} to {}".format(*circle) in text
    _, low, high = shares(1, 4, 250)[SEVERE]
    assert "square from {} to {} ({} to {})".format(*square, low, high) in text


def test_the_second_prediction_and_what_a_drop_costs():
    level = float(re.search(r"level=([\d.]+), drop=5", CELLS["run-two"])[1])
    assert shares(level)[SYMPTOMS][0] == "95"
    left = shares(level, 5)[SYMPTOMS][0]
    low = float(re.search(r"\(level ([\d.]+)\)", CELLS["reveal-two"])[1])
    assert shares(low)[SYMPTOMS][0] == "70"
    fallen = shares(low, 5)[SYMPTOMS][0]
    text = CELLS["reveal-two"]
    assert f"gives {left} of 100" in text
    assert f"falls to {fallen}." in text
    assert f"first group {95 - int(left)} and the second {70 - int(fallen)}" in text
    assert right("prediction-two").text == f"About {left}"
    assert f"falls to about {fallen}" in right("prediction-two").feedback


def test_the_exercise_has_one_answer_and_the_solution_names_it():
    drops = [float(d) for d in re.findall(r"(\d\.\d) (?:times|against)", CELLS["reveal-two"])]
    assert drops == [1.6, 8.8, 3.5, 3.9]
    assert f"in ({', '.join(map(str, drops))})" in CELLS["solution"]
    under = {d: shares(1, d)[SYMPTOMS][0] for d in drops if shares(1, d)[SYMPTOMS][0] < "50"}
    assert under == {8.8: under[8.8]}
    assert f"a drop of 8.8: {under[8.8]} of 100" in CELLS["solution"]


@pytest.mark.parametrize("typed", ["3,9", (3, 9), None, 0.5, float("nan")])
def test_a_typing_error_in_the_exercise_is_answered_with_what_would_do(typed):
    with pytest.raises(ValueError, match="Give a number from 1 to 40"):
        figures.protection(level=1, drop=typed)


def test_the_antibodies_are_counted():
    agents = datasets.load_agents()
    antibodies = set(agents[agents["modality"] == "antibody"]["agent"])
    held = licensed()[licensed()["agent"].isin(antibodies)]
    counts = held.groupby("direction")["agent"].nunique()
    both = held.groupby("agent")["direction"].nunique()
    text = CELLS["dials-after"]
    assert f"There are {counts['activation']} on the dial *up*" in text
    assert f"{counts['suppression']} on the dial *down*" in text
    assert set(counts.index) == {"activation", "suppression"}
    assert set(both[both > 1].index) == {"rituximab", "obinutuzumab"}
    assert f"{held['agent'].nunique()} in all" in text


def test_what_each_antibody_named_does_is_on_record():
    actions = datasets.load_actions()
    named = {("pembrolizumab", "blocks"), ("adalimumab", "blocks"), ("rituximab", "recruits"),
             ("blinatumomab", "binds"), ("blinatumomab", "recruits")}  # fmt: skip
    assert named <= set(zip(actions["agent"], actions["action"], strict=True))
    kinds = datasets.load_agents().set_index("agent")["class"]
    assert kinds["brentuximab vedotin"] == "antibody-drug conjugate"
    assert "marks nothing" in QUESTIONS["antibody-acts"].options[0].feedback


def test_the_kinds_on_the_dial_up_are_counted():
    up = set(licensed()[licensed()["direction"] == "activation"]["agent"])
    agents = datasets.load_agents()
    kinds = agents[agents["agent"].isin(up)]["modality"].value_counts()
    proteins = kinds[["antibody", "protein", "fusion protein"]].sum()
    text = CELLS["made-of-after"]
    assert f"Of {kinds.sum()} agents, {proteins} are proteins" in text
    assert (
        f"{kinds['cell therapy']} are living cells, {kinds['virus']} are viruses and "
        f"{kinds['bacterium']} are bacteria"
    ) in text


def test_the_cancer_vaccines_are_counted():
    now = datasets.load_agents(as_of=datasets.edition())
    shots = now[(now["modality"] == "vaccine") & (now["family"] == "vaccines and adjuvants")]
    shots = shots[~shots["agent"].isin(["tozinameran", "elasomeran"])].set_index("agent")
    text = CELLS["vaccines-after"]
    assert f"Of {len(shots)}, the US regulator" in text
    fda = shots[shots["approved_by"].str.contains("FDA")]
    assert list(fda.index) == ["sipuleucel-T"]
    assert fda["since"].str[:4].tolist() == ["2010"]
    elsewhere = shots[(shots["status"] == "approved") & ~shots["approved_by"].str.contains("FDA")]
    assert set(elsewhere["approved_by"]) == {"Minzdrav", "CECMED", "HealthCanada"}
    assert len(elsewhere) == 4
    assert "Four more have a licence elsewhere" in text
    failed = shots["inclusion"].str.contains("phase 3 (?:failed|stopped)")
    assert failed.sum() == 7
    assert f"so 7 of {len(shots)} is not a rate" in text
    assert datasets.edition().year - 2010 == 16
    events = datasets.load_approvals()
    ended = events[(events["agent"] == "sipuleucel-T") & (events["event"] == "withdrawal")]
    assert ended["date"].str[:4].tolist() == ["2015"]


def test_the_trial_of_sipuleucel():
    text = CELLS["vaccines-after"]
    row = datasets.load_trials().set_index("trial").loc["impact"]
    assert f"{row['allocated_experimental'] + row['allocated_comparator']} men" in text
    for arm, words in (("experimental", "months with it"), ("comparator", "without it")):
        months = value("impact", "overall survival", "median", arm)["value"]
        assert f"{months:g} {words}" in text
    ratio = value("impact", "overall survival", "hazard ratio", "between")
    low, high = ratio["low"], ratio["high"]
    assert f"death {ratio['value']:.2f}, interval {low:.2f} to {high:.2f}; 2010" in text


def test_bladder_cancer_and_its_licences():
    text = CELLS["bladder"]
    milestones = datasets.load_milestones().set_index("milestone")
    assert milestones.loc["bcg-first-infant-1921", "date"][:4] == "1921"
    assert milestones.loc["bcg-bladder-morales-1976", "date"] == "1976"
    row = datasets.load_trials().set_index("trial").loc["bcg-and-progression-meta-analysis"]
    note = trial("bcg-and-progression-meta-analysis").iloc[0]["note"]
    with_it, without = re.search(r"from (\d+) of \d+ and (\d+) of", note).groups()
    assert f"{with_it} of {row['allocated_experimental']:,} people with BCG" in text
    assert f"{without} of {row['allocated_comparator']:,} without it" in text
    assert "In 24 trials" in text
    assert "24 randomised trials" in row["design"]
    assert "only patients on maintenance BCG benefited" in row["note"]
    events = datasets.load_approvals()
    early = events[(events["use"] == "early bladder cancer") & (events["regulator"] == "FDA")]
    first = early[early["agent"] == "BCG"]["date"].min()
    assert first == "1990"
    assert "BCG has been since 1990" in right("bladder").feedback
    assert set(early["agent"]) == {
        "BCG", "pembrolizumab", "nadofaragene firadenovec", "nogapendekin alfa inbakicept",
        "durvalumab",
    }  # fmt: skip
    for agent in set(early["agent"]) - {"BCG"}:
        assert agent.casefold() in CELLS["bladder-after"].casefold()


def test_the_interleukins_are_counted():
    now = datasets.load_agents(as_of=datasets.edition())
    mine = now[now["class"].str.fullmatch(r"interleukin-\d+( agonist)?")]
    counts = mine["status"].value_counts()
    assert (len(mine), counts["approved"], counts["withdrawn"], counts["studied in people"]) == (
        10, 3, 2, 5,
    )  # fmt: skip
    text = CELLS["direct"]
    assert "Of ten, three have a licence today" in text
    assert "Two licences have ended, and five were studied only." in text
    for agent in mine[mine["status"] == "approved"]["agent"]:
        assert agent in text


def test_the_large_amounts():
    text = CELLS["amounts"]
    row = value(
        "nci-high-dose-interleukin-2-series",
        "complete response", "complete response rate", "experimental",
    )  # fmt: skip
    assert f"{row['total']} people" in text
    assert f"In {row['events']} ({row['value']:g} percent)" in text
    assert f"27 of the {row['events']}" in text
    assert "27 of the 33 still" in row["note"]
    question = QUESTIONS["large-amounts"]
    assert f"given to {row['total']} people" in question.text
    assert f"{row['events']} of {row['total']} is {row['value']:g} percent" in (
        right("large-amounts").feedback
    )
    every = value(
        "nci-high-dose-interleukin-2-series", "objective response", "response rate", "experimental"
    )
    wrong = question.options[2]
    assert str(row["total"] - row["events"]) in wrong.text
    assert f"in {every['events'] - row['events']} more" in wrong.feedback
    both = [
        value("e1697", "relapse-free survival", "survival share", arm)["value"]
        for arm in ("experimental", "comparator")
    ]
    assert both[0] == both[1]
    assert f"{both[0]:g} percent of each group" in text
    note = datasets.load_trials().set_index("trial").loc["e1697", "note"]
    assert "1150 patients" in note
    severe, without = re.search(r"toxicity ([\d.]+) percent against ([\d.]+)", note).groups()
    assert f"{severe} percent had a severe side effect, against {without} percent" in text


def test_the_claims_say_the_same():
    claims = datasets.load_claims().set_index("claim")
    assert claims.loc["covid-t-cells", "now"] == "wrong"
    assert claims.loc["no-direct-effect", "now"] == "wrong"
    assert "That is wrong for interferons." in CELLS["direct"]
    assert claims.loc["antibodies-mark-cells", "now"] == "partly right"
    assert "first sentence is partly right" in CELLS["antibodies"]
    assert claims.loc["vaccines-early", "now"] == "partly right"
    assert "is partly right" in CELLS["vaccines-after"]
    assert claims.loc["purified-proteins", "now"] == "outdated"
    assert "out of date" in CELLS["made-of-after"]
    assert claims.loc["vaccine-content", "number"] == "up to 34"
    assert "up to 34 **neoantigens**" in CELLS["carry"]
    number = claims.loc["less-resistance-hepatitis-b", "number"]
    assert "up to 1.2% (entecavir) and 0% (tenofovir) at five years" in number
    assert "at most 1.2 percent with entecavir and none with tenofovir" in CELLS["resistance"]
    half = claims.loc["covid-t-cells", "number"]
    best, low, high = (f"{100 * h:g}" for h in model.HALF[SYMPTOMS])
    assert f"{best}% (95% CI {low} to {high})" in half


def test_intismeran_has_no_licence():
    events = datasets.load_approvals()
    assert not (events["agent"] == "intismeran autogene").any()
    assert "No licence is on record." in CELLS["carry"]


def test_the_teachers_page_speaks_of_every_question():
    page = (ROOT / f"notebooks/teaching/{NAME}.md").read_text(encoding="utf-8")
    assert page.startswith("# For teachers: Antibodies, cytokines, vaccines\n")
    for name in QUESTIONS:
        assert f"`{name}`" in page
    for heading in ("Aims", "Timing", "Before the lesson", "Discussion prompts",
                    "Common wrong answers", "Exercise keys", "Access", "Sources"):  # fmt: skip
        assert f"\n## {heading}\n" in page
