"""Bad data are refused: a message names the file, row and column, and the rule broken."""

import csv
import io

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from immunolib import datasets
from immunolib._dates import period
from immunolib._errors import DataError, DateError
from immunolib.datasets import _asof, _reader, _rules

HELD = _rules.read_all()
TEXT = _reader.read_text("approvals.csv")
EVENTS = HELD["approvals"]


def test_all_rules_hold():
    assert datasets.validate() == []


# --- a single table, as its schema says


def changed(column: str, value: str, row: int = 2) -> str:
    """The approvals with one cell changed; rows count from the header, which is row 1."""
    rows = list(csv.reader(io.StringIO(TEXT)))
    rows[row - 1][rows[0].index(column)] = value
    held = io.StringIO()
    csv.writer(held, lineterminator="\n").writerows(rows)
    return held.getvalue()


BAD_CELLS = [
    ("date", "2014-13", "calendar"),
    ("date", "next year", "YYYY-MM-DD"),
    ("date", "", "a value is required"),
    ("event", "aproval", "vocabulary"),
    ("scope", "Product", "vocabulary"),
    ("evidence", "hearsay", "vocabulary"),
    ("brand", " Keytruda", "stray blanks"),
    ("brand", "Keytruda ", "stray blanks"),
    ("brand", "Key  truda", "stray blanks"),
    ("brand", "Key\ttruda", "control characters"),
    ("brand", "Key\u200btruda", "control characters"),
    ("brand", "Key\u00a0truda", "control characters"),
    ("note", "=1+1", "formula"),
    ("note", "@SUM(A1)", "formula"),
    ("note", "+1", "formula"),
    ("note", "-1", "formula"),
    ("source", "", "a value is required"),
    ("event_id", "FDA Keytruda", "expected form"),
]


@pytest.mark.parametrize(("column", "value", "expected"), BAD_CELLS)
@pytest.mark.parametrize("row", [2, 17, len(EVENTS) + 1])
def test_a_bad_cell_is_refused_with_file_row_and_column(column, value, expected, row):
    with pytest.raises(DataError, match=expected) as caught:
        _reader.parse("approvals", changed(column, value, row))
    assert f"approvals.csv, row {row}, column {column}" in str(caught.value)


@given(st.integers(0, 20), st.text(st.characters(codec="utf-8"), max_size=12))
@settings(deadline=None, max_examples=60)
def test_whatever_stands_in_a_date_cell_is_read_as_a_date_or_refused(row, value):
    """Never silently taken for something else."""
    text = changed("date", value, row + 2)
    try:
        readable = bool(period(value))
    except DateError:
        readable = False
    if readable:
        assert _reader.parse("approvals", text)[row]["date"] == value
    else:
        with pytest.raises(DataError, match=r"approvals\.csv"):
            _reader.parse("approvals", text)


@given(
    st.text("abc", min_size=2, max_size=6),
    st.sampled_from([*"\x00\x07\x1b\x7f\t\r\n\v\f\u00a0\u2028\u200b\ufeff"]),
    st.integers(1, 6),
)
@settings(deadline=None, max_examples=80)
def test_no_control_character_gets_into_a_cell(words, character, at):
    at = min(at, len(words) - 1)
    cell = words[:at] + character + words[at:]
    with pytest.raises(DataError, match=r"approvals\.csv"):
        _reader.parse("approvals", changed("note", cell))


@given(st.sampled_from("=+-@"), st.text("aB1(),:!", max_size=12))
@settings(deadline=None, max_examples=60)
def test_no_formula_gets_into_a_cell(start, rest):
    with pytest.raises(DataError, match="formula"):
        _reader.parse("approvals", changed("note", start + rest))


def test_a_row_with_a_cell_too_few_is_refused():
    lines = TEXT.splitlines(keepends=True)
    lines[3] = "only,three,cells\n"
    with pytest.raises(DataError, match=r"approvals\.csv, row 4: 3 cells; expected 15"):
        _reader.parse("approvals", "".join(lines))


def test_a_wrong_header_is_refused():
    with pytest.raises(DataError, match=r"approvals\.csv, row 1: the columns are"):
        _reader.parse("approvals", TEXT.replace("event_id", "id", 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\ufeff" + TEXT, "byte order mark, as Excel writes it. Save it as UTF-8 without"),
        (TEXT.replace(",", ";"), "separated by semicolons. Save the file with commas"),
        ("", "the columns are"),
    ],
)
def test_a_file_as_a_spreadsheet_may_save_it_is_answered_with_what_to_do(text, expected):
    with pytest.raises(DataError, match=r"approvals\.csv, row 1") as caught:
        _reader.parse("approvals", text)
    assert expected in str(caught.value)


@pytest.mark.parametrize("table", _reader.tables())
def test_a_key_that_stands_twice_is_refused_with_both_rows(table):
    text = _reader.read_text(f"{table}.csv")
    lines = text.splitlines(keepends=True)
    rows = len(_reader.rows(table)) + 1
    with pytest.raises(DataError, match=rf"{table}\.csv, row {rows + 1}, .* already in row 2"):
        _reader.parse(table, "".join([*lines, lines[1]]))


@pytest.mark.parametrize("address", ["nowhere", "see the label", "10.1056", "ftp//x", "https://"])
def test_a_source_that_cannot_be_resolved_is_refused(address):
    text = _reader.read_text("sources.csv")
    row = dict(HELD["sources"][0], source="new-source", address=address)
    held = io.StringIO()
    csv.DictWriter(held, list(row), lineterminator="\n").writerow(row)
    number = len(HELD["sources"]) + 2
    with pytest.raises(DataError, match=rf"sources\.csv, row {number}, column address"):
        _reader.parse("sources", text + held.getvalue())


# --- rules between tables


def refused(table, row, expected):
    """Adding this row breaks a rule, and the message names its place and the rule."""
    found = _rules.problems({**HELD, table: (*HELD[table], row)})
    where = f"{table}.csv, row {len(HELD[table]) + 2}, column"
    assert any(expected in p and p.startswith(where) for p in found), found


def an_event(**changes):
    """A complete event that breaks no rule, with some cells changed."""
    row = next(r for r in EVENTS if r["event_id"] == "fda-yervoy-approval-2011")
    return {**row, "event_id": "fda-new-approval-2011", "application": "BLA 1", **changes}


def test_the_event_that_the_next_tests_change_breaks_no_rule():
    assert _rules.problems({**HELD, "approvals": (*EVENTS, an_event())}) == []


BAD_EVENTS = {
    "agent": ({"agent": "nobody", "use": ""}, "is not in agents.csv"),
    "use": ({"use": "gout"}, "has no use 'gout'"),
    "regulator": ({"regulator": "ABC"}, "is not described"),
    "source": ({"source": "nowhere"}, "is not in sources.csv"),
    "withdrawal without approval": ({"event": "withdrawal"}, "was not opened before"),
    "discontinuation without approval": ({"event": "discontinuation"}, "was not opened before"),
    "re-approval without end": ({"event": "reapproval"}, "had not ended"),
    "beyond the edition": ({"date": "2099", "event_id": "fda-new-2099"}, "after the edition"),
    "name of another regulator": ({"event_id": "ema-new-approval-2011"}, "begin with its reg"),
    "name of another year": ({"event_id": "fda-new-approval-2012"}, "does not hold the year"),
    "register without one": ({"evidence": "secondary", "source": "fda-purple-book-2025-03"},
                             "goes with a register only"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_EVENTS)
def test_a_bad_event_is_refused(case):
    changes, expected = BAD_EVENTS[case]
    refused("approvals", an_event(**changes), expected)


def test_an_end_of_an_indication_repeats_the_words_of_its_licence():
    row = next(r for r in EVENTS if r["event"] == "withdrawal" and r["scope"] == "indication")
    index = EVENTS.index(row)
    held = (*EVENTS[:index], {**row, "indication": "something else"}, *EVENTS[index + 1 :])
    found = _rules.problems({**HELD, "approvals": held})
    assert any(f"row {index + 2}, column indication" in p for p in found)


def test_two_rows_of_a_combination_agree_on_its_date():
    shared = [r for r in EVENTS if r["event_id"] == "fda-opdualag-approval-2022"]
    assert len(shared) == 2
    index = EVENTS.index(shared[1])
    held = (*EVENTS[:index], {**shared[1], "date": "2022-03-19"}, *EVENTS[index + 1 :])
    found = _rules.problems({**HELD, "approvals": held})
    assert any("'2022-03-19' differs from '2022-03-18'" in p for p in found)


@given(st.dates(min_value=datasets.edition()).filter(lambda day: day > datasets.edition()))
@settings(deadline=None, max_examples=25)
def test_no_date_lies_beyond_the_edition(day):
    year = {"event_id": f"fda-new-{day.year:04}"}
    refused("approvals", an_event(date=day.isoformat(), **year), "lies after the edition")
    milestone = {**HELD["milestones"][0], "milestone": "new", "date": day.isoformat(), "agent": ""}
    refused("milestones", milestone, "lies after the edition")
    source = {**HELD["sources"][0], "source": "new", "read": day.isoformat()}
    refused("sources", source, "lies after the edition")


DISCOVERED = [row for row in HELD["milestones"] if row["kind"] == "discovery" and row["agent"]]


@given(st.sampled_from(DISCOVERED), st.integers(1, 80))
@settings(deadline=None, max_examples=25)
def test_no_approval_lies_before_its_agents_discovery(found, years):
    year = period(found["date"]).start.year - years
    row = an_event(
        agent=found["agent"], use="", date=f"{year:04}", event_id=f"fda-new-approval-{year:04}"
    )
    refused("approvals", row, "was discovered")


@given(st.sampled_from(sorted({r["agent"] for r in EVENTS})), st.sampled_from(sorted(_asof.ENDING)))
@settings(deadline=None, max_examples=40)
def test_nothing_ends_that_was_not_open(agent, kind):
    row = an_event(agent=agent, use="", event=kind, date="2011-03-25")
    refused("approvals", row, "was not opened before")


@given(st.sampled_from(EVENTS))
@settings(deadline=None, max_examples=40)
def test_nothing_returns_that_had_not_ended(row):
    """A return dated before anything else of its licence."""
    licence = [
        r for r in EVENTS
        if (r["agent"], r["regulator"], r["application"] or r["brand"])
        == (row["agent"], row["regulator"], row["application"] or row["brand"])
    ]  # fmt: skip
    first = min(period(r["date"]).start for r in licence)
    assume(first.year > 1801)
    day = first.replace(year=first.year - 1, day=1).isoformat()
    back = {**row, "event": "reapproval", "date": day,
            "event_id": f"{row['regulator'].lower()}-new-{day[:4]}"}  # fmt: skip
    refused("approvals", back, "had not ended")


OTHERS = [
    ("pathway", {"to": "nothing"}, "no target and no cell"),
    ("messages", {"from": "nothing"}, "not in cells.csv"),
    ("messages", {"name": "another name"}, "Give a message one name"),
    ("messages", {"also": "no-such-source"}, "is not in sources.csv"),
    ("actions", {"target": "nothing"}, "no target and no cell"),
    ("actions", {"cell": "nothing"}, "not in cells.csv"),
    ("actions", {"target": "B cell", "cell": "T cell"}, "itself"),
    ("agents", {"synonyms": "pembrolizumab"}, "must mean one agent"),
    ("agents", {"inclusion": "studied: no licence"}, "make it 'licensed'"),
    ("agents", {"agent": "new"}, "has no row in uses.csv"),
    ("uses", {"licence": "none on record"}, "hold a licence of"),
    ("sources", {"address": "", "kind": "paper"}, "has no address"),
    ("sources", {"source": "nobody-2026"}, "is named by no row"),
    ("agents", {"synonyms": "one;two"}, "separate synonyms"),
    ("second_readings", {"event_id": "fda-nothing-2011"}, "is in no row of approvals.csv"),
    ("reconciliation", {"event_id": "fda-nothing-2011"}, "is in no row of approvals.csv"),
    ("reconciliation", {"verdict": "differs", "why": ""}, "without a reason"),
    ("provenance", {"column": "nothing"}, "there is no column"),
    ("provenance", {"key": "nothing"}, "is in no row of"),
    ("milestones", {"source": "nowhere"}, "is not in sources.csv"),
]


@pytest.mark.parametrize(("table", "change", "expected"), OTHERS)
def test_each_rule_between_tables_bites(table, change, expected):
    first = {**HELD[table][0], **change}
    found = _rules.problems({**HELD, table: (first, *HELD[table][1:])})
    assert any(expected in p and p.startswith(f"{table}.csv, row 2, column") for p in found), found


def test_a_class_stands_in_one_family():
    index = next(i for i, r in enumerate(HELD["agents"]) if r["agent"] == "pegfilgrastim")
    moved = {**HELD["agents"][index], "family": "kinase inhibitors"}
    held = (*HELD["agents"][:index], moved, *HELD["agents"][index + 1 :])
    found = _rules.problems({**HELD, "agents": held})
    where = f"agents.csv, row {index + 2}, column family: the class 'G-CSF' stands under"
    assert any(p.startswith(where) for p in found)


@pytest.mark.parametrize("table", ["uses", "actions"])
def test_an_agent_in_the_scope_has_a_use_and_acts_on_something(table):
    held = tuple(row for row in HELD[table] if row["agent"] != "tocilizumab")
    found = _rules.problems({**HELD, table: held})
    assert any(f"tocilizumab has no row in {table}.csv" in p for p in found)


def test_an_agent_without_a_licence_was_given_to_people_on_a_date():
    held = tuple(row for row in HELD["milestones"] if row["agent"] != "interleukin-12")
    found = _rules.problems({**HELD, "milestones": held})
    assert any("interleukin-12 has neither a licence nor a dated study" in p for p in found)
