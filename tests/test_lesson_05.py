"""What lesson 05 says of receptors, models and trials is what the library gives."""

import re

import lessons
import pytest
from scipy.stats import binomtest

from immunolib import datasets, models, quiz
from immunolib.figures import _occupancy_scene as occupancy

BOOK = lessons.read("05_releasing_the_brakes")
TEXT = " ".join(cell.source for cell in BOOK.cells if cell.cell_type == "markdown")


def question(name):
    return next(q for q in quiz.questions("05") if q.name == name)


def right(name):
    return next(option for option in question(name).options if option.right)


def lowest(dose, kd=4, interval=21):
    """The lowest share of receptors that is held, in percent."""
    what = occupancy.scene(dose, kd, interval)
    return 100 * what.occupancy(what.trough)


def outcomes(trial, endpoint="overall survival", measure="median"):
    held = datasets.load_outcomes()
    rows = held[(held["trial"] == trial) & (held["endpoint"] == endpoint)]
    return rows[rows["measure"] == measure]


def severe(trial):
    held = datasets.load_safety()
    asked = (held["event"] == "any treatment-related event") & (held["grade"] == "3 or 4")
    return held[asked & (held["trial"] == trial)].set_index("regimen")


@pytest.mark.parametrize(
    ("dose", "kd", "interval", "said"),
    [
        (200, 4, 21, "still holds {:.1f} percent"),
        (20, 4, 21, "A tenth of the dose, and {:.1f} percent are still held"),
        (2, 4, 21, "the lowest share falls to {:.1f} percent"),
        (0.2, 4, 21, "From 2 mg to 0.2 mg it falls to {:.1f} percent"),
        (3.2, 4, 21, "At 3.2 mg it is {:.1f} percent"),
        (200, 4, 42, "No: {:.1f} percent are left"),
        (200, 0.4, 21, "takes it only from {:.1f} to"),
        (20, 0.4, 21, "to {:.1f} percent.\n\n</details>"),
    ],
)
def test_the_shares_of_receptors_are_those_of_the_model(dose, kd, interval, said):
    assert said.format(lowest(dose, kd, interval)) in TEXT


def test_the_prediction_on_the_dose_is_what_the_model_gives():
    assert right("prediction").text == "Over 80 percent"
    assert lowest(20) > 80
    assert f"{lowest(20):.1f} percent" in right("prediction").feedback
    assert f"{lowest(200):.1f} percent" in question("prediction").text


def test_the_tipping_point_is_where_the_lesson_says():
    model = models.get("creemers2021")

    def fate(factor, days, rho=2.0):
        return model.simulate(rho=rho, raise_killing=factor, duration=days).outcome

    assert [fate(12, 730), fate(14, 150), fate(20, 61), fate(14, 730, 2.1)] == ["outgrowth"] * 4
    cleared = {fate(13, 730), fate(14, 180), fate(20, 91)}
    assert len(cleared) == 1
    assert "outgrowth" not in cleared
    days = [
        model.simulate(rho=2.0, raise_killing=10, duration=730).measures["survival"],
        model.simulate(rho=2.0).measures["survival"],
    ]
    assert f"{days[0]:.0f} days instead of {days[1]:.0f}: a delay." in TEXT


def test_the_smallest_dose_of_the_exercise():
    held = models.get("elassaiss2017")
    least = {dose: held.simulate(dose=dose).measures["lowest"] for dose in (0.8, 1.0)}
    assert least[0.8] < 95 <= least[1.0]
    assert "1 mg per kg holds it, and 0.8 mg per kg does not." in TEXT


@pytest.mark.parametrize("trial", ["keynote-024", "impower133", "relativity-047"])
def test_the_responses_are_those_of_the_table(trial):
    rows = outcomes(trial, "objective response", "response rate").dropna(subset=["events"])
    new, old = (rows[rows["arm"] == arm].iloc[0] for arm in ("experimental", "comparator"))
    counts = [f"{row['events']} of {row['total']}" for row in (new, old)]
    assert re.search(rf"{counts[0]}\D+{counts[1]}|{counts[0]} people against {counts[1]}", TEXT)


def test_survival_is_that_of_the_table():
    both = outcomes("checkmate-067-combination").set_index("arm")["value"]
    one = outcomes("checkmate-067-nivolumab").set_index("arm")["value"]
    assert both["comparator"] == one["comparator"]
    said = (
        f"{both['experimental']} months with both, {one['experimental']} with nivolumab "
        f"and {one['comparator']} with ipilimumab"
    )
    assert said in TEXT
    six = outcomes("keynote-006").set_index("arm")["value"]
    assert f"{six['experimental']} months with pembrolizumab" in TEXT
    assert f"and {six['comparator']} with ipilimumab (278 people" in TEXT
    small = outcomes("impower133").set_index("arm")["value"]
    assert f"{small['experimental']} against {small['comparator']} months" in TEXT


def test_two_brakes_off_brought_more_harm_than_the_sum():
    percent = severe("CheckMate 067")["percent"]
    both = percent["nivolumab 1 mg/kg + ipilimumab 3 mg/kg"]
    alone = percent["nivolumab"], percent["ipilimumab 3 mg/kg"]
    assert both > sum(alone)
    assert f"It was {alone[0]} percent with nivolumab and {alone[1]} percent with" in TEXT
    assert f"More than the sum: {both:.1f} percent." in TEXT
    assert right("prediction-two").text == f"About {both:.0f} percent, more than the sum"
    assert any(f"About {sum(alone):.0f} percent, the sum" == option.text
               for option in question("prediction-two").options)  # fmt: skip


def test_the_third_brake_has_the_numbers_of_its_two_trials():
    rows = severe("RELATIVITY-047")
    new, old = rows.loc["nivolumab + relatlimab"], rows.loc["nivolumab"]
    assert f"{new['events']} of {new['total']} against {old['events']} of {old['total']}" in TEXT
    ratios = outcomes("relativity-047", measure="hazard ratio")
    row = ratios[ratios["at"] == "median follow-up 19.3 months"].iloc[0]
    assert (
        f"{row['value']:.2f}, with an interval from {row['low']:.2f} to {row['high']:.2f}" in TEXT
    )
    row = ratios[ratios["at"] == "median follow-up 33.8 months"].iloc[0]
    said = f"no test, has {row['value']:.2f}, from {row['low']:.2f} to {row['high']:.2f}"
    assert said in TEXT
    assert row["note"].startswith("descriptive")
    row = outcomes("relativity-098", "recurrence-free survival", "hazard ratio").iloc[0]
    said = f"hazard ratio {row['value']:.2f}, interval {row['low']:.2f} to {row['high']:.2f}"
    assert said in TEXT
    events = datasets.load_approvals().query("agent == 'relatlimab'").set_index("regulator")["date"]
    assert f"licensed relatlimab on {events['FDA']}" in TEXT
    assert f"the EMA's record has {events['EMA']}" in TEXT


def test_the_headline_is_told_as_its_row_tells_it():
    row = datasets.load_headlines().set_index("headline").loc["hl-relatlimab-neoadjuvant"]
    people = int(row["n"])
    assert f"In 57 percent of the {people} people" in TEXT
    assert "No living tumour was left at surgery in 57%" in row["effect"]
    events = round(0.57 * people)
    interval = binomtest(events, people).proportion_ci(method="exact")
    said = f"that would be {events}, and its exact interval goes from {100 * interval.low:.0f}"
    assert f"{said} to {100 * interval.high:.0f} percent" in TEXT
    none = binomtest(0, people).proportion_ci(method="exact")
    assert f"*None of {people}* still fits a share of up to {100 * none.high:.0f} percent" in TEXT
    assert row["comparator"] == "none"
    assert row["evidence"] == "secondary"
    assert "Both are from a release, not from the paper." in TEXT


def test_registers_and_other_cancers():
    trials = datasets.load_trials().set_index("trial")
    assert f"RELATIVITY-047 is {trials.loc['relativity-047', 'registration']}" in TEXT
    claims = datasets.load_claims().set_index("claim")
    assert claims.loc["approved-five-cancers", "number"] == "20 kinds of tumour"
    assert "licensed in the United States for 20 kinds of metastatic tumours by 2023" in TEXT
