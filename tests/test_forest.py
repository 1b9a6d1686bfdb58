"""The forest of ratios: what is drawn and told agrees with the tables, and nothing is ranked."""

import csv

import numpy as np
import pytest
from conftest import ROOT
from figure_checks import FigureChecks

from immunolib._errors import ImmunolibError, UnknownNameError
from immunolib.figures._forest import MEASURES, forest

FIGURES = {
    "suppression": lambda: forest(direction="suppression"),
    "rate ratio": lambda: forest("rate ratio"),
    "risk ratio": lambda: forest("risk ratio"),
    "one row": lambda: forest(trials=["tn-10"]),
}


@pytest.fixture(params=FIGURES, scope="module")
def made(request):
    return FIGURES[request.param]()


class TestForestFigures(FigureChecks):
    """What every figure must pass."""


def read(name):
    """A table as text, read here without the package."""
    with (ROOT / f"data/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("measure", MEASURES)
def test_every_ratio_of_the_table_is_drawn_where_it_lies(measure):
    made = forest(measure)
    lines = {line.get_gid(): line for line in made.figure.axes[0].get_lines() if line.get_gid()}
    low = made.figure.axes[0].get_xlim()[0]
    rows = [row for row in read("outcomes") if row["measure"] == measure]
    assert len(made.table) == len(rows)
    for row in rows:
        drawn = lines[f"ratio {row['outcome_id']}"]
        assert drawn.get_xdata()[0] == float(row["value"])
        assert (drawn.get_markerfacecolor() == "#ffffff") == (row["evidence"] != "primary")
        interval = lines.get(f"interval {row['outcome_id']}")
        assert (interval is None) == (not row["low"])
        if interval is not None:
            assert interval.get_linewidth() >= 2
            ends = max(float(row["low"]), low), float(row["high"])
            assert tuple(interval.get_xdata()) == pytest.approx(ends)
    assert len(lines) == len(rows) + sum(1 for row in rows if row["low"])


def test_the_words_count_what_is_drawn():
    trials = {row["trial"] for row in read("trials") if row["direction"] == "suppression"}
    rows = [row for row in read("outcomes")
            if row["measure"] == "hazard ratio" and row["trial"] in trials]  # fmt: skip
    below = sum(1 for row in rows if row["high"] and float(row["high"]) < 1)
    above = sum(1 for row in rows if row["low"] and float(row["low"]) > 1)
    said = forest(direction="suppression").description
    assert f"below 1 in {below} of {len(rows)}, above 1 in {above}" in said
    second = sum(1 for row in rows if row["evidence"] != "primary")
    assert f"Hollow markers, {second} of {len(rows)}" in said
    assert "0.41 (0.22 to 0.78)" in said
    assert "not to be ranked" in said


def test_rows_stand_by_name_and_not_by_size():
    table = forest().table
    names = [name.casefold() for name in table["trial"]]
    assert names == sorted(names)
    values = table["hazard ratio"].to_numpy()
    assert (np.diff(values) < 0).any()
    assert (np.diff(values) > 0).any()


def test_a_ratio_without_an_interval_says_so():
    made = forest("rate ratio", trials=["innovate"])
    assert "In 2 of 2 no interval was read" in made.description
    assert {t.get_text().strip() for t in made.figure.axes[0].texts} >= {"0.74 (no interval)"}


def test_it_says_what_it_cannot_draw():
    with pytest.raises(UnknownNameError, match="measure of a forest"):
        forest("odds ratio")
    with pytest.raises(UnknownNameError, match="direction"):
        forest(direction="up")
    with pytest.raises(UnknownNameError, match="trial"):
        forest(trials=["no such trial"])
    with pytest.raises(ImmunolibError, match="No risk ratio"):
        forest("risk ratio", trials="tn-10")
