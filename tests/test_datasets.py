"""The tables: what the loaders give, and what they refuse."""

import json
import re
import shutil
import subprocess
import sys
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from immunolib import datasets
from immunolib._errors import DataError, DateError, UnknownNameError
from immunolib.datasets import _asof, _names, _reader, _views

TABLES = _reader.tables()
LOADERS = [(name, getattr(datasets, f"load_{name}")) for name in TABLES]
DAYS = st.dates(date(1890, 1, 1), datasets.edition())


def test_frictionless_finds_the_package_valid(root):
    done = subprocess.run(
        [sys.executable, "-m", "frictionless", "validate", str(root / "data/datapackage.json")],
        capture_output=True, text=True, cwd=root / "data", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_the_rules_between_tables_hold():
    assert datasets.validate() == []


@pytest.mark.parametrize(("name", "load"), LOADERS)
def test_every_loader_gives_its_table_with_the_columns_of_the_schema(name, load):
    frame = load()
    fields = [field["name"] for field in _reader.resource(name)["schema"]["fields"]]
    assert [c for c in frame.columns if c in fields] == fields
    assert len(frame) > 0
    for column in frame.columns:
        kind = str(frame[column].dtype)
        assert kind in {"str", "Int64", "Float64"} or kind.startswith("datetime64"), (column, kind)
        assert kind != "str" or not frame[column].isna().any()


@pytest.mark.parametrize(("name", "load"), LOADERS)
def test_every_loader_documents_each_column_edition_and_licence(name, load):
    text = load.__doc__
    for field in _reader.resource(name)["schema"]["fields"]:
        assert f"    {field['name']}: {field['description']}" in text
    assert datasets.edition().isoformat() in text
    assert "CC-BY-4.0" in text
    assert datasets.version() in text


@pytest.mark.parametrize(("name", "load"), LOADERS)
def test_changing_what_a_loader_gave_changes_nothing_else(name, load):
    first = load()
    first.iloc[0, 0] = "changed"
    assert load().iloc[0, 0] != "changed"


def test_changing_a_view_as_of_a_day_changes_nothing_else():
    first = datasets.load_agents(as_of="2011-02-01")
    first["status"] = "changed"
    assert "changed" not in set(datasets.load_agents(as_of="2011-02-01")["status"])
    second = datasets.load_status("2011-02-01")
    second["status"] = "changed"
    assert "changed" not in set(datasets.load_status("2011-02-01")["status"])


def test_imprecise_dates_keep_their_text_and_their_ends():
    frame = datasets.load_approvals()
    years = frame[frame["date"].str.len() == 4]
    assert len(years) > 0
    assert (years["date_start"].dt.strftime("%Y-%m-%d") == years["date"] + "-01-01").all()
    assert (years["date_end"].dt.strftime("%Y-%m-%d") == years["date"] + "-12-31").all()


@settings(max_examples=25, deadline=None)
@given(DAYS)
def test_no_agent_is_licensed_before_its_first_event(day):
    events = datasets.load_approvals()
    opening = events[events["event"].isin(_asof.OPENING)]
    opening = opening[opening["date_start"] <= pd.Timestamp(day)]
    milestones = datasets.load_milestones()
    national = milestones[
        (milestones["kind"] == "licence") & (milestones["date_start"] <= pd.Timestamp(day))
    ]
    known = set(opening["agent"]) | set(national["agent"])
    agents = datasets.load_agents(as_of=day)
    held = set(agents.loc[agents["status"].isin(["approved", "withdrawn"]), "agent"])
    assert held <= known
    assert set(agents.loc[agents["since"] != "", "agent"]) <= known


@settings(max_examples=25, deadline=None)
@given(DAYS)
def test_a_view_of_events_holds_no_later_one_and_marks_what_is_uncertain(day):
    events = datasets.load_approvals(as_of=day)
    stamp = pd.Timestamp(day)
    assert (events["date_start"] <= stamp).all()
    assert (events["certain"] == (events["date_end"] <= stamp)).all()
    every = datasets.load_approvals()
    assert len(events) == (every["date_start"] <= stamp).sum()


@settings(max_examples=15, deadline=None)
@given(DAYS)
def test_status_rows_agree_with_the_agents_they_add_up_to(day):
    rows, agents = datasets.load_status(day), datasets.load_agents(day).set_index("agent")
    assert set(rows["status"]) <= set(datasets.STATUSES)
    for agent, mine in rows.groupby("agent"):
        assert agents.loc[agent, "status"] == _asof.strongest(mine["status"])
        held = mine[mine["status"] == "approved"]
        assert set(filter(None, agents.loc[agent, "approved_by"].split("; "))) == set(
            held["regulator"]
        )


def test_a_licence_that_is_only_known_to_exist_by_a_day_is_uncertain_before_it():
    status = {}
    for day in ("1980-01-01", "1990-01-01", "2011-02-01", "2019-06-27"):
        status[day] = datasets.load_agents(as_of=day).set_index("agent").loc["OM-85"]
    assert status["1980-01-01"]["status"] == "unknown"
    assert status["1990-01-01"]["status"] == "uncertain"
    assert status["2011-02-01"]["status"] == "uncertain"
    assert status["2011-02-01"]["since"] == ""
    assert status["2019-06-27"]["status"] == "approved"
    assert status["2019-06-27"]["approved_by"] == "national"


def test_an_approval_for_a_use_outside_the_scope_is_none_for_suppression():
    status = datasets.load_status("1965-01-01").set_index(["agent", "regulator"])
    assert set(status.loc[[("methotrexate", "FDA")], "status"]) == {"unknown"}
    rituximab = datasets.load_status("2000-01-01")
    rituximab = rituximab[(rituximab["agent"] == "rituximab") & (rituximab["regulator"] == "FDA")]
    by_use = rituximab.set_index("use")["status"]
    assert by_use["B-cell lymphoma and leukaemia"] == "approved"
    assert by_use["rheumatoid arthritis"] != "approved"


def test_since_is_the_first_licence_and_not_an_emergency_use():
    rows = datasets.load_status().set_index(["agent", "regulator"])["since"]
    assert rows["tozinameran", "FDA"] == "2021-08-23"
    agents = {
        day: datasets.load_agents(as_of=day).set_index("agent").loc["tozinameran"]
        for day in ("2020-12-15", "2020-12-31", datasets.edition())
    }
    assert tuple(agents["2020-12-15"][["status", "since"]]) == ("emergency use", "2020-12-02")
    assert tuple(agents["2020-12-31"][["status", "since"]]) == ("approved", "2020-12-21")
    assert agents[datasets.edition()]["since"] == "2020-12-21"


def test_the_end_of_one_product_is_not_the_end_of_another_products_use():
    """Zenapax (kidney transplant) ended years before Zinbryta (multiple sclerosis)."""
    rows = datasets.load_status()
    rows = rows[(rows["agent"] == "daclizumab") & (rows["regulator"] == "EMA")].set_index("use")
    assert rows.loc["kidney transplant", "until"] == "2009-01-01"
    assert rows.loc["multiple sclerosis", "until"] == "2018-03-27"
    assert set(rows["status"]) == {"withdrawn"}


def test_a_missing_row_of_a_selected_register_is_not_a_status():
    chosen = datasets.regulators().set_index("name")["coverage"]
    status = datasets.load_status()
    events = datasets.load_approvals()
    recorded = set(zip(events["agent"], events["regulator"], strict=True))
    for row in status.itertuples():
        if chosen[row.regulator] == "selected" and row.regulator != "national":
            assert (row.agent, row.regulator) in recorded


def test_after_a_regulators_records_end_the_answer_says_so():
    status = datasets.load_status()
    ends = datasets.regulators().set_index("name")["covered_through"]
    for row in status.itertuples():
        assert row.covered == (datasets.edition().isoformat() <= ends[row.regulator])


def test_the_day_may_be_any_date_up_to_the_edition():
    assert (datasets.load_agents(as_of="1850-01-01")["status"] == "unknown").all()
    with pytest.raises(DateError, match=r"edition .*Give a day up to"):
        datasets.load_agents(as_of="2999-01-01")
    for wrong in ("2011", "1 Feb 2011", 2011):
        with pytest.raises(DateError, match="YYYY-MM-DD"):
            datasets.load_agents(as_of=wrong)


@pytest.mark.parametrize(
    ("name", "agent"),
    [
        ("Keytruda", "pembrolizumab"),
        ("KEYTRUDA", "pembrolizumab"),
        ("  pembrolizumab ", "pembrolizumab"),
        ("cyclosporine", "ciclosporin"),
        ("cyclosporin", "ciclosporin"),
        ("Neupogen", "filgrastim"),
        ("IL-12", "interleukin-12"),
        ("Prograf", "tacrolimus"),
        ("Kymriah", "tisagenlecleucel"),
        ("Broncho-Vaxom", "OM-85"),
    ],
)
def test_an_agent_is_found_by_any_of_its_names(name, agent):
    assert datasets.find_agent(name) == agent


def test_every_name_and_synonym_finds_its_agent():
    for row in datasets.load_agents().itertuples():
        for name in [row.agent, *filter(None, row.synonyms.split("; "))]:
            assert datasets.find_agent(name) == row.agent


@pytest.mark.parametrize(
    ("given_name", "offered"), [("pembrolizumabb", "pembrolizumab"), ("Ketruda", "Keytruda")]
)
def test_an_unknown_agent_is_answered_with_the_closest_names(given_name, offered):
    with pytest.raises(UnknownNameError, match=offered) as caught:
        datasets.find_agent(given_name)
    assert repr(given_name) in str(caught.value)


@pytest.mark.parametrize("wrong", ["", "   ", None, 3, "zzzzqqqq"])
def test_what_cannot_be_a_name_is_answered_with_examples(wrong):
    with pytest.raises(UnknownNameError, match="to choose from, for example"):
        datasets.find_agent(wrong)


def test_a_brand_of_two_agents_names_both():
    with pytest.raises(UnknownNameError, match=r"nivolumab.*relatlimab"):
        datasets.find_agent("Opdualag")


def test_a_table_is_loaded_by_its_name_and_an_unknown_one_answered_with_the_closest():
    for name in datasets.tables()["table"]:
        pd.testing.assert_frame_equal(datasets.load(name), getattr(datasets, f"load_{name}")())
    with pytest.raises(UnknownNameError, match="'agents'"):
        datasets.load("agent")


@pytest.fixture
def copied_data(tmp_path, monkeypatch, root):
    """The data in a folder of their own, so that a test can damage them."""
    shutil.copytree(root / "data", tmp_path / "data")
    monkeypatch.setattr(_reader, "root", lambda: tmp_path / "data")
    caches = [
        value
        for module in (_reader, _names, _views)
        for value in vars(module).values()
        if hasattr(value, "cache_clear")
    ]
    for cached in caches:
        cached.cache_clear()
    yield tmp_path / "data"
    for cached in caches:
        cached.cache_clear()


def test_a_missing_file_is_named_with_how_to_restore_it(copied_data):
    (copied_data / "approvals.csv").unlink()
    with pytest.raises(DataError, match=r"approvals\.csv is missing.*git checkout"):
        datasets.load_approvals()


def test_a_damaged_file_is_named_with_how_to_restore_it(copied_data):
    (copied_data / "agents.csv").write_bytes(b"agent,\xff\xfe\n")
    with pytest.raises(DataError, match=r"agents\.csv is damaged.*git checkout"):
        datasets.load_agents()


def test_a_damaged_descriptor_is_named_with_its_line(copied_data):
    (copied_data / "datapackage.json").write_text('{"name": \n oops}')
    with pytest.raises(DataError, match=r"datapackage\.json is damaged.*line 2"):
        datasets.edition()


def test_the_environment_check_says_which_file_is_missing(copied_data):
    from immunolib import check

    assert check.environment().ok
    for cached in (_reader.rows,):
        cached.cache_clear()
    (copied_data / "uses.csv").unlink()
    report = check.environment()
    assert not report.ok
    assert "uses.csv is missing" in repr(report)
    assert "uses.csv is missing" in report._repr_html_()


def test_the_data_have_a_version_and_an_edition_of_their_own(root):
    package = json.loads((root / "data/datapackage.json").read_text())
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    assert date.fromisoformat(package["edition"]) == datasets.edition()
    for regulator in package["regulators"]:
        assert regulator["coverage"] in {"complete", "selected"}
        assert date.fromisoformat(regulator["covered_through"]) <= datasets.edition()


def test_every_agent_of_the_course_is_there():
    """Agents that the texts behind the course name or imply, both dials."""
    wanted = """filgrastim pegfilgrastim sargramostim; interferon alfa-2a; interferon alfa-2b;
        interferon beta-1a; interferon beta-1b; interferon gamma-1b; imiquimod; BCG; OM-85;
        Ribomunyl; aldesleukin; interleukin-12; BB-10010; maraviroc; plerixafor; mogamulizumab;
        CpG 7909; CpG 1018; lentinan; odetiglucan; pembrolizumab; nivolumab; cemiplimab;
        dostarlimab; atezolizumab; avelumab; durvalumab; ipilimumab; tremelimumab; relatlimab;
        tisagenlecleucel; axicabtagene ciloleucel; brexucabtagene autoleucel;
        lisocabtagene maraleucel; idecabtagene vicleucel; ciltacabtagene autoleucel; lifileucel;
        sipuleucel-T; tozinameran; prednisone; dexamethasone; ciclosporin; tacrolimus; infliximab;
        adalimumab; abatacept; belatacept; muromonab-CD3; teplizumab; peanut allergen powder;
        omalizumab"""
    names = [" ".join(part.split()) for part in wanted.split(";")]
    names = ["filgrastim", "pegfilgrastim", "sargramostim", *names[1:]]
    assert set(names) <= set(datasets.load_agents()["agent"])
    assert len(datasets.load_agents()) >= 40


CARDS = [
    ("Keytruda", ["pembrolizumab", "activation", "2014-09-04, FDA", "BLA 125514", "Purple Book"]),
    ("cyclosporine", ["ciclosporin", "suppression", "1983-11-14, FDA", "organ transplant"]),
    ("Tysabri", ["2005-02-28, FDA: withdrawn", "2006-06-05, FDA: back on the market"]),
    ("IL-12", ["interleukin-12", "No licence on record (FDA: through", "Milestones"]),
    ("OM-85", ["A national licence on record", "2019-06-27"]),
    ("maraviroc", ["None in the scope of these data", "HIV"]),
]


@pytest.mark.parametrize(("name", "said"), CARDS)
def test_a_card_says_what_is_known_and_where_it_was_read(name, said):
    from immunolib import agent

    card = agent(name)
    for text in (repr(card), card._repr_html_()):
        for words in [*said, "Education only, not medical advice", datasets.edition().isoformat()]:
            assert words in text.replace("&#x27;", "'"), words
    assert "<script" not in card._repr_html_()
    for source in card.events["source"]:
        assert f"[{source}]" in repr(card)
        assert source in set(card.sources["source"])


def test_every_agent_has_a_card():
    from immunolib import agent

    for name in datasets.load_agents()["agent"]:
        text = repr(agent(name))
        assert text.startswith(name)
        assert "nan" not in text.split()


def test_the_environment_check_says_what_is_missing_or_too_old(monkeypatch):
    from importlib.metadata import PackageNotFoundError

    from immunolib import check

    def version(name):
        if name == "ipywidgets":
            raise PackageNotFoundError(name)
        return "2.9.9" if name == "matplotlib" else "99.0"

    monkeypatch.setattr(check, "version", version)
    report = check.environment()
    assert not report.ok
    for words in ("ipywidgets: not installed", "matplotlib: 2.9.9; 3.10 or later", "make lab"):
        assert words in repr(report)
        assert words.split(": ")[-1] in report._repr_html_()


@pytest.mark.parametrize(
    ("agent", "between", "after"),
    [
        ("methotrexate", "1965-01-01", "1990-01-01"),
        ("rituximab", "2000-01-01", "2007-01-01"),
        ("alemtuzumab", "2005-01-01", "2015-01-01"),
        ("ofatumumab", "2015-01-01", "2021-01-01"),
        ("everolimus", "2009-06-01", "2011-01-01"),
        ("cladribine", "2000-01-01", "2020-01-01"),
        ("ruxolitinib", "2015-01-01", "2020-01-01"),
        ("mitoxantrone", "1995-01-01", "2001-01-01"),
        ("ibrutinib", "2015-01-01", "2018-01-01"),
        ("cyclophosphamide", "1965-01-01", None),
    ],
)
def test_a_licence_against_cancer_is_none_for_suppression(agent, between, after):
    """On a day between the two the FDA had licensed the agent, and not for this dial."""
    events = datasets.load_approvals(as_of=between)
    assert ((events["agent"] == agent) & (events["regulator"] == "FDA")).any()

    def states(day):
        status = datasets.load_status(day)
        mine = (status["agent"] == agent) & (status["direction"] == "suppression")
        return set(status.loc[mine & (status["regulator"] == "FDA"), "status"])

    assert "approved" not in states(between)
    if after:
        assert "approved" in states(after)


def test_data_of_an_older_edition_are_answered_with_what_to_do(tmp_path, monkeypatch):
    found = json.loads(_reader.read_text("datapackage.json")) | {"version": "0.3.9"}
    (tmp_path / "datapackage.json").write_text(json.dumps(found))
    monkeypatch.setattr(_reader, "root", lambda: tmp_path)
    _reader.descriptor.cache_clear()
    try:
        with pytest.raises(DataError, match=r"version 0\.3\.9; this immunolib needs") as caught:
            datasets.load_agents()
        assert "Get the project's folder anew" in str(caught.value)
        found["version"] = "0.10.0"
        (tmp_path / "datapackage.json").write_text(json.dumps(found))
        assert datasets.version() == "0.10.0"
    finally:
        _reader.descriptor.cache_clear()
