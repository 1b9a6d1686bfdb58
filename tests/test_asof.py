"""The rules of what was licensed on a day: never before its date, uncertain inside a period."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from immunolib import datasets
from immunolib._dates import period
from immunolib.datasets import _asof, _views
from immunolib.datasets._asof import Event, status

DAYS = st.dates(date(1950, 1, 1), date(2025, 12, 31))
TEXTS = DAYS.flatmap(
    lambda day: st.sampled_from([day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]])
)
LICENCES = st.sampled_from(sorted(_asof.OPENING - {"emergency_use", "reapproval"}))
ONE_DAY = timedelta(days=1)


def event(kind: str, text: str, **more: str) -> Event:
    fields = {"scope": "product", "licence": "BLA 1", "use": "arthritis", "indication": "ra"}
    return Event(kind=kind, when=period(text), **(fields | more))


@given(LICENCES, TEXTS)
def test_nothing_is_claimed_before_its_date_and_it_holds_after_it(kind, text):
    one = event(kind, text)
    assert status([one], "arthritis", one.when.start - ONE_DAY) == _asof.UNKNOWN
    assert status([one], "arthritis", one.when.end) == _asof.APPROVED
    assert status([one], "arthritis", one.when.end + ONE_DAY) == _asof.APPROVED


@given(LICENCES, TEXTS, st.floats(0, 1))
def test_inside_an_imprecise_date_the_answer_is_uncertain(kind, text, part):
    one = event(kind, text)
    day = one.when.start + timedelta(days=int(part * (one.when.end - one.when.start).days))
    expected = _asof.APPROVED if day == one.when.end else _asof.UNCERTAIN
    assert status([one], "arthritis", day) == expected


@given(st.lists(DAYS, min_size=3, max_size=3, unique=True).map(sorted), DAYS)
def test_withdrawing_and_coming_back(days, asked):
    came, went, back = (day.isoformat() for day in days)
    events = [event("reapproval", back), event("approval", came), event("withdrawal", went)]
    expected = (
        _asof.UNKNOWN
        if asked < days[0]
        else _asof.APPROVED
        if asked < days[1]
        else _asof.WITHDRAWN
        if asked < days[2]
        else _asof.APPROVED
    )
    assert status(events, "arthritis", asked) == expected


@given(st.lists(st.tuples(LICENCES, TEXTS), min_size=1, max_size=5), DAYS, st.randoms())
def test_the_order_of_the_rows_does_not_matter(items, day, random):
    events = [event(kind, text, licence=f"BLA {i}") for i, (kind, text) in enumerate(items)]
    shuffled = list(events)
    random.shuffle(shuffled)
    assert status(events, "arthritis", day) == status(shuffled, "arthritis", day)


@given(TEXTS, TEXTS, DAYS)
def test_an_uncertain_end_makes_the_answer_uncertain_only_inside_its_period(opened, ended, day):
    first, last = event("approval", opened), event("discontinuation", ended)
    if last.when.start <= first.when.end:
        return
    found = status([first, last], "arthritis", day)
    if last.when.start <= day < last.when.end:
        assert found == _asof.UNCERTAIN
    elif day >= last.when.end:
        assert found == _asof.WITHDRAWN


def test_another_product_keeps_the_use_licensed():
    events = [
        event("approval", "1997-12-10", licence="BLA 1"),
        event("approval", "2000-01-01", licence="BLA 2"),
        event("withdrawal", "2009-01-01", licence="BLA 1"),
    ]
    assert status(events, "arthritis", date(2010, 1, 1)) == _asof.APPROVED


def test_the_end_of_one_indication_leaves_the_others():
    events = [
        event("approval", "2014-01-01", indication="melanoma"),
        event("new_indication", "2016-01-01", indication="liver cancer", scope="indication"),
        event("withdrawal", "2021-01-01", indication="liver cancer", scope="indication"),
    ]
    assert status(events, "arthritis", date(2022, 1, 1)) == _asof.APPROVED
    only = [replace(e, use="liver") if "liver" in e.indication else e for e in events]
    assert status(only, "liver", date(2020, 1, 1)) == _asof.APPROVED
    assert status(only, "liver", date(2022, 1, 1)) == _asof.WITHDRAWN
    assert status(only, "arthritis", date(2022, 1, 1)) == _asof.APPROVED


def test_a_licence_for_a_use_outside_the_scope_is_none_for_the_use_inside():
    leukaemia = event("approval", "1953-12-07", use="", indication="leukaemia")
    assert status([leukaemia], "arthritis", date(1980, 1, 1)) == _asof.UNKNOWN


def test_emergency_use_is_not_called_a_licence():
    events = [event("emergency_use", "2020-12-11"), event("approval", "2021-08-23", licence="B")]
    assert status(events, "arthritis", date(2021, 1, 1)) == _asof.EMERGENCY
    assert status(events, "arthritis", date(2021, 8, 23)) == _asof.APPROVED


@given(TEXTS, DAYS)
def test_a_study_is_evidence_from_its_date_on_and_yields_to_a_licence(text, day):
    studied = period(text)
    found = status([], "arthritis", day, [studied])
    if day < studied.start:
        assert found == _asof.UNKNOWN
    elif day >= studied.end:
        assert found == _asof.STUDIED
    else:
        assert found == _asof.UNCERTAIN
    one = event("approval", "1950-01-01")
    assert status([one], "arthritis", day, [studied]) == _asof.APPROVED


def test_the_strongest_status_stands_for_several():
    assert _asof.strongest(["withdrawn", "approved", "unknown"]) == "approved"
    assert _asof.strongest(["withdrawn", "uncertain"]) == "uncertain"
    assert _asof.strongest([]) == "unknown"


@given(st.dates(date(1890, 1, 1), datasets.edition()))
def test_a_status_kept_for_a_stretch_of_days_is_that_of_each_day(day):
    """Between two days on which it turns, a status is worked out once and kept."""
    for record in _views._records():
        assert record.on(day) == record._worked_out(day)
