"""What lesson 04 says of people is what the tables say; test_evidence.py checks its models."""

import lessons

from immunolib import datasets, models, quiz
from immunolib.models.gevertz2018 import ranked

BOOK = lessons.read("04_tug_of_war")
TEXT = " ".join(cell.source for cell in BOOK.cells if cell.cell_type == "markdown")


def right(name):
    question = next(q for q in quiz.questions("04") if q.name == name)
    return next(option for option in question.options if option.right)


def outcome(trial, endpoint, arm):
    held = datasets.load_outcomes()
    return held[(held["trial"] == trial) & (held["endpoint"] == endpoint) & (held["arm"] == arm)]


def test_the_prediction_is_what_the_model_gives():
    model = models.get("kuznetsov1994")
    ends = [model.simulate(initial={"T": start}).T[-1] for start in (50e6, 100e6)]
    assert round(ends[0] / 1e6) == 9
    assert ends[1] > 4 * ends[0]
    assert right("prediction").text == "Far more than twice as many"


def test_the_prediction_of_the_orders_is_what_the_model_gives():
    cleared = [order for order, day, _ in ranked() if day == day]
    words = {4: "In four", 10: "In ten", 20: "In all"}
    assert right("prediction-two").text == words[len(cleared)]
    assert all(order[0] == "V" for order in cleared)
    assert sum(order[0] == "V" for order, *_ in ranked()) == 10


def test_the_combinations_have_the_numbers_of_their_trials():
    trials = datasets.load_trials().set_index("trial")
    sizes = {
        trial: int(trials.loc[trial, ["allocated_experimental", "allocated_comparator"]].sum())
        for trial in ("keynote-189", "relativity-098")
    }
    assert f"{sizes['keynote-189']} people with metastatic lung cancer" in TEXT
    assert f"{sizes['relativity-098']:,} people whose melanoma had been removed" in TEXT
    shares = [
        outcome("keynote-189", "overall survival", arm)
        .query("measure == 'survival share' and at == '5 years'")["value"]
        .item()
        for arm in ("experimental", "comparator")
    ]
    said = f"{shares[0]} percent with pembrolizumab, and {shares[1]} percent without it, were alive"
    assert said in TEXT
    row = outcome("relativity-098", "recurrence-free survival", "between").iloc[0]
    assert (
        f"{row['value']:.2f}, with an interval from {row['low']:.2f} to {row['high']:.2f}" in TEXT
    )


def test_the_headline_is_told_as_its_row_tells_it():
    row = datasets.load_headlines().set_index("headline").loc["hl-temporary-structures"]
    assert row["species"] == "mice; human tumour samples"
    assert str(row["n"]) in {"", "<NA>", "nan"}
    assert "The abstract gives no counts" in TEXT
    assert row["published"] == "2022"
    assert "A headline of 2022" in TEXT
    assert "in mice and in samples of human tumours" in right("headline").text
