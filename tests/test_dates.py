"""Dates carry their precision, and nothing else passes for a date."""

from datetime import date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from immunolib._dates import as_day, period
from immunolib._errors import DateError

DAYS = st.dates(date(1000, 1, 1), date(2999, 12, 31))


@given(DAYS)
def test_a_day_is_a_period_of_one_day(day):
    found = period(day.isoformat())
    assert (found.start, found.end, found.precision) == (day, day, "day")


@given(DAYS)
def test_a_month_or_year_holds_the_day_and_no_day_of_its_neighbours(day):
    month, year = period(day.isoformat()[:7]), period(day.isoformat()[:4])
    assert month.precision == "month"
    assert year.precision == "year"
    assert year.start <= month.start <= day <= month.end <= year.end
    assert (month.end - month.start).days in {27, 28, 29, 30}
    assert (year.start.month, year.start.day, year.end.month, year.end.day) == (1, 1, 12, 31)
    assert month.start.month == month.end.month == day.month


@pytest.mark.parametrize(
    "text",
    ["", "2011-2", "2011-02-30", "2011-13", "11-02-01", "2011/02/01", "1 May 2011", "2011-02-01 ",
     "２０１１", "0000", "2011-00", "20110201", "=2011"],
)  # fmt: skip
def test_what_is_no_date_is_refused_with_the_form_that_is_expected(text):
    with pytest.raises(DateError, match=r"YYYY-MM-DD|calendar"):
        period(text)


@given(DAYS)
def test_every_form_of_a_day_is_read_alike(day):
    stamp = datetime(day.year, day.month, day.day, 13, 5)
    forms = [day, day.isoformat(), f" {day.isoformat()} ", stamp]
    if 1700 < day.year < 2200:
        forms.append(pd.Timestamp(day))
    assert {as_day(form) for form in forms} == {day}


@pytest.mark.parametrize("value", ["2011", "2011-02", "soon", "", 2011, None, pd.NaT, 1.5])
def test_what_is_no_whole_day_is_refused_with_what_was_given(value):
    with pytest.raises(DateError, match="Write YYYY-MM-DD") as caught:
        as_day(value)
    assert repr(value) in str(caught.value)
