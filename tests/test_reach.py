"""The reach of checkpoint inhibitors: marks against the table."""

import pytest

from immunolib import datasets, figures
from immunolib._errors import ImmunolibError, UnknownNameError


def marks(made, name, number):
    found = [line for line in made.figure.axes[0].lines if line.get_gid() == f"{name} {number}"]
    return sum(len(line.get_xdata()) for line in found)


@pytest.mark.parametrize("year", list(datasets.load_reach()["year"]))
def test_a_hundred_marks_of_each_year_are_those_of_the_table(year):
    made = figures.reach(year)
    row = datasets.load_reach().set_index("year").loc[year]
    some, could = (int(row[name] + 0.5) for name in ("responding", "eligible"))
    assert marks(made, "responding", 0) == some
    assert marks(made, "eligible", 0) == could - some
    assert marks(made, "neither", 0) == 100 - could
    assert f"{row['responding']:g} percent" in made.description
    assert f"{row['eligible']:g} percent" in made.description
    assert (marks(made, "part", 0) == 1) == (0 < row["responding"] < 0.5)


def test_the_first_and_the_last_year_stand_beside_each_other():
    years = list(datasets.load_reach()["year"])
    made = figures.reach()
    assert list(made.table["year"]) == [years[0], years[-1]]
    assert "not to live longer" in made.description
    assert "An estimate" in made.description
    strokes = [text for text in made.figure.axes[0].texts if text.get_text() == "/"]
    assert len(strokes) == sum(marks(made, "eligible", n) for n in (0, 1)) - 1  # one has a dot


def test_those_who_respond_are_among_those_who_could_be_given_one():
    table = datasets.load_reach()
    assert (table["responding"] < table["eligible"]).all()
    assert table["year"].is_monotonic_increasing


def test_other_years_are_refused_by_name():
    with pytest.raises(UnknownNameError, match="2023"):
        figures.reach("2024")
    with pytest.raises(ImmunolibError, match="one or two"):
        figures.reach("2011", "2018", "2023")
