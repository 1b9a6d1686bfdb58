"""Lesson 06: every number of its prose, taken anew from the model and the data."""

import json
import re

import lessons
import pytest
from conftest import ROOT

from immunolib import datasets, models, quiz
from immunolib._errors import ImmunolibError
from immunolib.explorers import _living_drug
from immunolib.figures._responses import exact_interval

BOOK = lessons.read("06_living_drugs")
CELLS = {cell.id: cell.source for cell in BOOK.cells}
TEXT = " ".join(cell.source for cell in BOOK.cells if cell.cell_type == "markdown")
QUESTIONS = {question.name: question for question in quiz.questions("06")}
MODEL = models.get("leontriana2020")
TRIALS = datasets.load_trials().set_index("trial")
OUTCOMES = datasets.load_outcomes().set_index("outcome_id")
EVENTS = datasets.load_approvals()
CLAIMS = datasets.load_claims().set_index("claim")


def spoken(name):
    """All the words of a question."""
    return repr(QUESTIONS[name])


def billions(value):
    return f"{value / 1e9:.1f}"


def early(**initial):
    return MODEL.simulate(preset="figure 2", initial=initial)


def number(row, column="value"):
    return f"{OUTCOMES.loc[row, column]:g}"


def counts(row):
    return int(OUTCOMES.loc[row, "events"]), int(OUTCOMES.loc[row, "total"])


# --- the model


def test_more_cells_do_not_make_a_higher_peak():
    one, two, fifty = (early(C=given).measures["peak"] for given in (10e6, 20e6, 500e6))
    assert fifty < two < one
    assert f"at most {billions(one)} billion" in CELLS["predict"]
    assert f"would be {billions(2 * one)} billion" in CELLS["reveal"]
    assert f"The model says {billions(two)} billion" in CELLS["reveal"]
    assert f"it is {billions(fifty)} billion" in CELLS["reveal"]
    asked = spoken("prediction")
    assert f"a peak of {billions(one)} billion" in asked
    assert f"About {2 * one / 1e9:.0f} billion" in asked
    right = next(option.text for option in QUESTIONS["prediction"].options if option.right)
    assert f"About {two / 1e9:.0f} billion" in right
    assert round(one / 1e9) == round(two / 1e9)


def test_what_pays_for_the_peak():
    start = {name: MODEL.states[name].default for name in ("L", "B")}
    paid = MODEL.parameters["share"].default
    whole = sum(start.values())
    assert paid == 0.25
    said = f"{whole / 1e9:.0f} billion cells to begin with"
    assert said in CELLS["reveal"]
    assert f"({start['L'] / 1e9:.0f} of leukaemia, {start['B'] / 1e9:.0f} of B cells)" in TEXT
    assert f"about {paid * whole / 1e9:.0f} billion" in CELLS["reveal"]
    assert early().measures["peak"] < paid * whole
    small, large = early(C=10e6), early(C=500e6)
    assert large.C.argmax() < small.C.argmax()
    assert large.measures["deepest"] > small.measures["deepest"]


def test_more_leukaemia_feeds_more_cells_and_the_models_fate_misleads():
    runs = {start: early(L=start).measures for start in (50e9, 100e9)}
    text = CELLS["second-reveal"]
    high, low = runs[100e9], runs[50e9]
    assert f"{billions(high['peak'])} billion in place of {billions(low['peak'])}" in text
    assert f"{high['deepest']:,.0f} cells are left, against {low['deepest']:,.0f}" in text
    assert f"{billions(high['peak'])} against" in spoken("prediction-two")
    assert MODEL.simulate(initial={"L": 100e9}).outcome == "in remission"
    later = MODEL.simulate([0, 300, 500, 600, 700], initial={"L": 100e9})
    assert later.outcome == "CD19+ relapse"
    events, total = counts("msk-19-28z-01")
    assert f"{events} of {total} adults ({number('msk-19-28z-01')} percent)" in text
    assert round(100 * events / total) == 83
    assert OUTCOMES.loc["msk-19-28z-01", "at"] in text
    assert TRIALS.loc["msk-19-28z", "comparator"] == ""


def test_what_was_found_with_the_explorer():
    text = CELLS["try-after"]
    plain = MODEL.simulate()
    assert f"on day {plain.events['relapse']:.0f}" in text
    assert 2 <= plain.C.min() <= 3
    assert abs(plain.time[plain.C.argmin()] - 360) < 5
    highest = {}
    for day in (60.0, 330.0):
        scene = _living_drug.PLAN.state(_living_drug.PLAN.clean({"again_on": day}))
        run = scene.run
        highest[day] = run.L[run.time > 60].max() / 1e9
    before = plain.L[plain.time > 60].max() / 1e9
    assert abs(highest[60.0] / before - 1) < 0.01
    assert f"is {highest[330.0]:.0f} billion cells instead of {before:.0f}" in text
    assert MODEL.simulate(tauC=20).outcome == "in remission"
    assert MODEL.simulate(tauC=30).outcome == "cleared"


def test_the_exercise_of_the_second_dose():
    solution = CELLS["solution"]
    for day in (60, 300, 360):
        run = MODEL.simulate(doses={"second": [day]})
        later = run.L[run.time > 60].max() / 1e9
        assert f"Day {day}: {later:.0f} billion" in solution
    amount = MODEL.parameters["again"].default
    assert f"gives {amount / 1e6:.0f} million CAR-T cells" in CELLS["exercise"]


@pytest.mark.parametrize(
    ("slip", "says"),
    [
        (lambda: MODEL.simulate(doses={"secnd": [60]}), "Did you mean 'second'"),
        (lambda: MODEL.simulate(doses={"second": ["sixty"]}), "finite number"),
        (lambda: MODEL.simulate(doses={"second": 60}), "list of times"),
        (lambda: datasets.find_agent("Amtagvy"), "Did you mean 'Amtagvi'"),
    ],
)
def test_a_slip_in_an_exercise_meets_a_clear_error(slip, says):
    with pytest.raises(ImmunolibError, match=re.escape(says)):
        slip()


# --- the trials


def test_leukaemia_and_its_two_denominators():
    events, total = counts("eliana-01")
    low, high = exact_interval(events, total)
    text = CELLS["trials-after"]
    enrolled, infused, not_made, harmed = map(
        int,
        re.search(
            r"(\d+) infused of (\d+) enrolled \(18 not infused: (\d+) death or adverse event, "
            r"(\d+) manufacturing failure",
            TRIALS.loc["eliana", "note"],
        ).group(2, 1, 4, 3),
    )
    assert infused == total
    assert f"{events} of {total} had a remission: {100 * events / total:.1f} percent" in text
    assert f"from {low:.1f} to {high:.1f}" in text
    assert f"{events} of {enrolled} is {100 * events / enrolled:.0f} percent" in text
    assert f"{enrolled} children and young adults with leukaemia" in CELLS["steps"]
    assert f"For {not_made} of the other {enrolled - infused}" in CELLS["steps"]
    assert f"{harmed} had died or had had" in CELLS["steps"]
    asked = spoken("denominator")
    for share in (f"{100 * events / total:.1f} percent", f"{100 * events / enrolled:.0f} percent"):
        assert share in asked


def test_lymphoma():
    text = CELLS["trials-after"]
    events, total = counts("juliet-01")
    enrolled = int(re.search(r"of (\d+) enrolled", TRIALS.loc["juliet", "note"])[1])
    assert f"{events} of {total} who had the infusion ({100 * events / total:.0f} percent)" in text
    assert f"{100 * events / enrolled:.0f} percent of the {enrolled} who were enrolled" in text
    assert f"{number('zuma-1-01')} percent of {number('zuma-1-01', 'total')} treated" in text
    ongoing = re.search(r"ongoing in (\d+) percent", OUTCOMES.loc["zuma-1-01", "note"])[1]
    months = re.search(r"[\d.]+ months", OUTCOMES.loc["zuma-1-01", "at"])[0]
    assert f"after a median of {months} {ongoing} percent" in text
    alive = number("zuma-1-04")
    assert f"an estimated {alive} percent were alive at five years" in text
    assert f"an estimated {alive} percent were alive" in spoken("five-years").lower()
    assert f"{ongoing} percent still" in spoken("five-years")
    for key in ("eliana", "juliet", "zuma-1", "karmma", "cartitude-1"):
        assert TRIALS.loc[key, "comparator"] == ""


def test_the_trials_with_a_comparator():
    text = CELLS["trials-after"]
    first = re.search(r"(\d+ of \d+) and (\d+ of \d+)", OUTCOMES.loc["zuma-7-01", "note"])
    assert f"{first[1]} and {first[2]} had died" in text
    row = OUTCOMES.loc["zuma-7-01"]
    assert f"hazard ratio {row.value:g}, 95 percent interval {row.low:g} to {row.high:g}" in text
    row = OUTCOMES.loc["karmma-3-04"]
    assert f"{row.value:g} ({row.low:g} to {row.high:g})" in text
    shares = number("karmma-3-07"), number("karmma-3-08")
    assert f"{shares[0]} against {shares[1]} percent" in text
    crossed = int(re.search(r"(\d+) percent", TRIALS.loc["karmma-3", "note"])[1])
    assert crossed > 50
    assert "More than half of the comparator group" in text


def test_the_stomach_cancer_trial():
    text = CELLS["licensed-after"]
    trial = TRIALS.loc["ct041-st-01"]
    assert f"{trial.allocated_experimental} people for the cells (88 had them)" in text
    assert trial.note.startswith(f"88 of the {trial.allocated_experimental} received the cells")
    assert f"and {trial.allocated_comparator} for a medicine" in text
    assert f"{number('ct041-st-01-02')} against {number('ct041-st-01-03')} months" in text
    row = OUTCOMES.loc["ct041-st-01-04"]
    assert f"{row.value:g}, and its interval, from {row.low:g} to {row.high:g}, holds 1" in text


# --- the licences


def test_the_licences_are_those_on_record():
    agents = datasets.load_agents()
    car_t = agents[agents["class"].str.contains("CAR-T")].set_index("agent")
    first = EVENTS[EVENTS["agent"].isin(car_t.index) & (EVENTS["scope"] == "product")]
    per = first["regulator"].value_counts()
    assert (per["FDA"], per["NMPA"], per["CDSCO"]) == (7, 5, 1)
    mine = first[first["regulator"] == "FDA"].sort_values("date")
    years = mine["date"].str[:4].tolist()
    said = f"Seven by the FDA, from {years[0]} to {years[-1]}, five in China (NMPA) and one"
    assert said in CELLS["licensed-after"]
    targets = car_t.loc[mine["agent"], "class"].value_counts()
    assert (targets["CD19 CAR-T cells"], targets["BCMA CAR-T cells"]) == (5, 2)
    assert "Five of the seven" in CELLS["car"]
    last = first[first["regulator"] != "EMA"].sort_values("date").iloc[-1]
    assert last["agent"] == "satricabtagene autoleucel"
    assert (last["date"][:7], last["evidence"]) == ("2026-06", "secondary")
    assert "China, June 2026 (read in the news)" in CELLS["licensed-after"]
    myeloma = mine[mine["use"] == "multiple myeloma"]["date"].str[:4].tolist()
    assert f"by the FDA in {myeloma[0]} and {myeloma[1]}" in spoken("other-illness")


def test_til_is_more_than_research():
    mine = EVENTS[EVENTS["agent"] == "lifileucel"]
    (event,) = mine.itertuples()
    assert (event.regulator, event.event) == ("FDA", "accelerated_approval")
    for text in (CELLS["solution-2"], spoken("til-today")):
        assert event.date in text
    claim = CLAIMS.loc["til-research-only"]
    assert claim["now"] == "outdated"
    share = re.search(r"(\d+ of \d+) \(([\d.]+)%, 95% CI ([\d.]+) to ([\d.]+)\)", claim["number"])
    said = f"{share[1]} people responded ({share[2]} percent, {share[3]} to {share[4]})"
    assert said in CELLS["solution-2"]
    setbacks = datasets.load_milestones().set_index("milestone")
    assert setbacks.loc["lifileucel-eu-application-withdrawn", "date"].startswith("2025-07")
    assert "taken back in July 2025" in CELLS["solution-2"]


def test_the_trials_of_til():
    text = CELLS["til-after"]
    events, total = counts("c-144-01-01")
    assert f"{events} of {total} people with melanoma responded" in text
    row = OUTCOMES.loc["til-or-ipilimumab-03"]
    assert f"(hazard ratio {row.value:.2f}, {row.low:g} to {row.high:g};" in text
    medians = number("til-or-ipilimumab-04"), number("til-or-ipilimumab-05")
    assert f"{medians[0]} against {medians[1]} months" in text
    trial = TRIALS.loc["til-or-ipilimumab"]
    both = trial.allocated_experimental + trial.allocated_comparator
    assert f"{both} people, 2022" in text
    for row, share, low, high in (
        ("til-or-ipilimumab-01", 49, 38, 60),
        ("til-or-ipilimumab-02", 21, 13, 32),
    ):
        events, total = counts(row)
        assert round(100 * events / total) == share
        assert [round(end) for end in exact_interval(events, total)] == [low, high]
    harm = CLAIMS.loc["fewer-than-chemotherapy", "note"]
    assert "grade 3 or worse in all treated, ipilimumab 57%" in harm
    assert "57 percent on ipilimumab" in text


def test_cervical_cancer():
    claim = CLAIMS.loc["til-cervical"]
    events, total = map(int, re.match(r"(\d+) of (\d+)", claim["number"]).groups())
    low, high = exact_interval(events, total)
    said = f"{100 * events / total:.0f} percent, exact interval {low} to {high}"
    assert said in CELLS["til-after"]
    assert (events, total) == (5, 18)
    assert "Five of 18 people" in CELLS["til-after"]
    assert "Five of 18" in spoken("cervical")
    assert f"from {low} to {high}" in spoken("cervical")
    assert not (
        EVENTS["indication"].str.contains("cervical") & (EVENTS["agent"] == "lifileucel")
    ).any()


def test_the_other_dial():
    claim = CLAIMS.loc["own-t-cells"]
    stopped, people = map(int, re.match(r"(\d+) of (\d+)", claim["number"]).groups())
    kinds = list(map(int, re.findall(r"\((\d+)\)", claim["denominator"])))
    assert stopped == people == sum(kinds) == 15
    text = CELLS["other-dial"]
    assert "lupus ({}), myositis ({}) or systemic sclerosis ({})".format(*kinds) in text
    assert f"All {stopped} could stop" in text
    uses = datasets.load_uses()
    car_t = uses[uses["agent"].str.contains("autoleucel|leucel|ciloleucel")]
    assert not (car_t["direction"] == "suppression").any()


def test_edited_t_cells_brought_no_response():
    events, total = counts("neotcr-01")
    low, high = exact_interval(events, total)
    said = f"({events} of {total}, exact interval {low:.0f} to {high} percent)"
    assert said in CELLS["crispr"]
    stable, grew = map(int, re.findall(r"\d+", OUTCOMES.loc["neotcr-01", "note"]))
    assert (stable, grew, stable + grew) == (5, 11, total)
    assert "five had stable disease, and in eleven it grew" in CELLS["crispr"]
    assert f"In {total} people with solid tumours" in spoken("gene-editing")


# --- headlines, and the lesson as a whole


def test_the_two_headlines_have_no_source():
    headlines = datasets.load_headlines().set_index("headline")
    for name in ("hl-t-cells-solid", "hl-crispr"):
        assert headlines.loc[name, "verdict"] == "source not found"
        assert not headlines.loc[name, "journal"]
    assert "Source not found** does not mean *false*" in CELLS["headlines-after"]


def test_each_question_is_in_the_teachers_page():
    page = (ROOT / "notebooks/teaching/06_living_drugs.md").read_text(encoding="utf-8")
    for name in QUESTIONS:
        assert f"`{name}`" in page, name
    asked = [name for name in QUESTIONS if not name.startswith("prediction")]
    assert 5 <= len(asked) <= 8
    words = ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"]
    assert f"{words[len(asked) - 1]} questions." in CELLS["quiz-text"]
    letters = {[option.right for option in QUESTIONS[name].options].index(True) for name in asked}
    assert len(letters) == 3


def test_the_references_hold_every_source_of_the_questions():
    listed = set(re.findall(r'"([a-z0-9-]+)"', CELLS["references-list"]))
    raw = json.loads((ROOT / "data/questions/06.json").read_text(encoding="utf-8"))
    named = {entry["source"] for entry in raw} - {"leontriana-2020-car-t"}
    assert named <= listed
    assert listed <= set(datasets.load_sources()["source"])
