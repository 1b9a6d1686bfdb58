"""Trials, outcomes, unwanted effects, headlines and claims: rules that bite, numbers recomputed."""

import re

import pytest
from scipy.stats import binomtest

from immunolib import datasets, models
from immunolib.datasets import _evidence, _rules
from immunolib.explorers import _tug_of_war


def damaged(table, **change):
    """Every table, with the first fitting row of one changed."""
    held = _rules.read_all()
    rows = [dict(row) for row in held[table]]
    wanted = change.pop("where", lambda row: True)
    next(row for row in rows if wanted(row)).update(change)
    return held | {table: tuple(rows)}


def counted(row):
    return bool(row["events"] and row["total"])


@pytest.mark.parametrize(
    ("table", "change", "expected"),
    [
        ("trials", {"agents": "nomab"}, "trials.csv, row 2, column agents: 'nomab' is not in"),
        ("safety", {"agents": "ipilimumab; nomab"}, "'nomab' is not in agents.csv"),
        ("claims", {"also": "no-such-source"}, "'no-such-source' is not in sources.csv"),
        ("outcomes", {"value": "99.9", "low": "1", "high": "2"},
         "lies outside its interval, 1 to 2"),
        ("safety", {"low": "5", "high": ""}, "needs both of its ends"),
        (
            "outcomes",
            {"value": "77", "low": "", "high": "",
             "where": lambda r: counted(r) and r["measure"] == "response rate"},
            "percent, not 77",
        ),
        ("safety", {"events": "900", "total": "100", "percent": "9", "low": "", "high": ""},
         "900 of 100 cannot be"),
        ("headlines", {"journal": ""}, "does not fit an empty journal"),
        ("headlines", {"journal": "A journal", "where": lambda r: not r["journal"]},
         "does not fit a journal that is named"),
    ],
)  # fmt: skip
def test_the_rules_of_evidence_bite(table, change, expected):
    change = dict(change)
    problems = _rules.problems(damaged(table, **change))
    assert any(expected in problem for problem in problems), problems[:5]


def test_every_rule_of_evidence_is_used():
    assert set(_evidence.CHECKS) <= set(_rules.CHECKS)
    assert datasets.validate() == []


def test_numbers_are_numbers():
    outcomes = datasets.load_outcomes()
    assert str(outcomes["value"].dtype) == "Float64"
    assert str(outcomes["events"].dtype) == "Int64"
    assert outcomes["value"].notna().sum() > 400
    ratios = outcomes[outcomes["unit"] == "ratio"]
    assert ((ratios["value"] > 0) & (ratios["value"] < 20)).all()
    shares = outcomes[outcomes["unit"] == "percent"]["value"].dropna()
    assert ((shares >= 0) & (shares <= 100)).all()


def test_both_dials_are_there_and_every_trial_has_an_outcome():
    trials = datasets.load_trials()
    counts = trials["direction"].value_counts()
    assert counts["activation"] >= 30
    assert counts["suppression"] >= 30
    assert set(trials["trial"]) == set(datasets.load_outcomes()["trial"])
    single = trials[trials["comparator"] == ""]
    outcomes = datasets.load_outcomes()
    assert not outcomes[outcomes["trial"].isin(single["trial"])]["arm"].eq("comparator").any()


def test_the_interval_of_a_response_rate_is_that_of_its_counts():
    """69 of 154: 36.8 to 53.0 by the exact method; a lead had 56."""
    interval = binomtest(69, 154).proportion_ci(method="exact")
    assert (round(100 * interval.low, 1), round(100 * interval.high, 1)) == (36.8, 53.0)
    outcomes = datasets.load_outcomes()
    held = outcomes[(outcomes["trial"] == "keynote-024") & (outcomes["events"] == 69)]
    assert list(held["value"].round(1).unique()) == [44.8]
    assert not (held["high"] == 56).any()


def test_twenty_headlines_and_those_without_a_study_say_so():
    held = datasets.load_headlines()
    assert len(held) == 20
    lost = held[held["verdict"] == "source not found"]
    assert (lost["paper"] == "").all()
    assert (lost["evidence"] == "not verified").all()
    assert (held[held["verdict"] != "source not found"]["species"] != "").all()


def test_what_lesson_04_says_of_its_models_is_what_they_give():
    import lessons

    book = lessons.read("04_tug_of_war")
    text = " ".join(cell.source for cell in book.cells if cell.cell_type == "markdown")
    model = models.get("kuznetsov1994")
    ends = {start: model.simulate(initial={"T": start}) for start in (50e6, 100e6)}
    assert [run.outcome for run in ends.values()] == ["dormant tumour", "escape"]
    assert round(ends[50e6].T[-1] / 1e6) == 9
    assert "about 9 million cells" in text
    assert _tug_of_war.border(1.3e4, 3.2e5) == "those over 66 million cells escape"
    assert "66 million, for this many effector cells" in text
    assert [model.simulate(initial={"T": start, "E": 3.2e5}, s=6300.0).outcome
            for start in (1e4, 5e6)] == ["escape", "dormant tumour"]  # fmt: skip
    fewest = [model.simulate(initial={"T": 200e6, "E": cells}).outcome for cells in (600e3, 650e3)]
    assert fewest == ["escape", "dormant tumour"]
    assert "With 650,000 it waits, and with 600,000 it escapes." in text
    assert re.search(r"four of the 20 orders clear the tumour, and all four begin with virus", text)
    from immunolib.models.gevertz2018 import ranked

    cleared = [order for order, day, _ in ranked() if day == day]
    assert len(cleared) == 4
    assert all(order[0] == "V" for order in cleared)
    assert ranked(1.25, 1.5)[0][0] == "DDDVVV"
