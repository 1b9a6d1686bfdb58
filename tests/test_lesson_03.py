"""What lesson 03 says of the page of 2011 is what the dated records say.

Its other numbers are checked in test_notebooks.py.
"""

import lessons
import pytest

from immunolib import datasets, quiz

BOOK = lessons.read("03_timeline")
TEXT = " ".join(cell.source for cell in BOOK.cells if cell.cell_type == "markdown")
THEN, NOW = "2011-02-01", "2026-11-22"


def question(name):
    return next(q for q in quiz.questions("03") if q.name == name)


def right(name):
    return next(option for option in question(name).options if option.right)


def licensed(day):
    held = datasets.load_agents(as_of=day)
    return held[held["status"] == "approved"]


def first(agent, regulator=None):
    held = datasets.load_approvals()
    held = held[(held["agent"] == agent) & (held["event"] != "withdrawal")]
    if regulator:
        held = held[held["regulator"] == regulator]
    return held.sort_values("date_start").iloc[0]


def test_of_the_four_that_were_being_studied_one_had_a_licence():
    held = licensed(THEN)
    kinds = {
        "interleukin-12": held[held["class"] == "interleukin-12"],
        "chemokines": held[held["class"] == "chemokine"],
        "CpG": held[held["agent"].str.startswith("CpG")],
        "glucans": held[held["class"] == "beta-glucan"],
    }
    known = datasets.load_agents()["class"]
    assert {"interleukin-12", "chemokine", "beta-glucan"} <= set(known)
    found = {name for name, rows in kinds.items() if len(rows)}
    assert found == {"glucans"}
    assert set(kinds["glucans"]["agent"]) == {"lentinan", "polysaccharide-K"}
    assert set(kinds["glucans"]["approved_by"]) == {"PMDA"}
    assert right("prediction").text == "One of them"
    assert (
        "lentinan, from the shiitake mushroom, and polysaccharide-K had licences in Japan" in TEXT
    )


def test_what_came_of_the_other_three():
    held = licensed(NOW)
    assert not set(held["class"]) & {"interleukin-12", "chemokine"}
    assert "Interleukin-12 has no licence at all" in TEXT
    assert "No chemokine has one in our data either." in TEXT
    cpg = held[held["agent"].str.startswith("CpG")].sort_values("since").iloc[0]
    assert (cpg["agent"], cpg["since"][:4]) == ("CpG 1018", "2017")
    told = " ".join(option.feedback for option in question("prediction").options)
    assert "CpG 1018 was first licensed in 2017" in told
    for agent in ("plerixafor", "mogamulizumab"):
        assert agent in set(held["agent"])
        assert f"{agent} since {first(agent)['date'][:4]}" in TEXT


@pytest.mark.parametrize(
    ("agent", "said", "origin"),
    [
        ("filgrastim", "a recombinant G-CSF, had been licensed by the FDA since February 1991",
         "recombinant"),
        ("interferon alfa-2a", "licensed by the FDA in June 1986", "recombinant"),
        ("interferon alfa-2b", "licensed by the FDA in June 1986", "recombinant"),
        ("imiquimod", "This synthetic cream was licensed by the FDA in February 1997",
         "synthetic"),
    ],
)  # fmt: skip
def test_the_quartet_has_the_dates_and_the_origins_that_its_question_gives(agent, said, origin):
    told = " ".join(option.feedback for option in question("quartet").options)
    assert said in told
    day = first(agent, "FDA")["date_start"]
    assert f"{day:%B %Y}" in said
    agents = datasets.load_agents().set_index("agent")
    assert agents.loc[agent, "origin"] == origin


def test_the_membrane_fractions_were_licensed_by_some_countries_only():
    row = licensed(THEN).set_index("agent").loc["Ribomunyl"]
    assert (row["approved_by"], row["origin"]) == ("national", "natural")
    assert right("quartet").text == "Membrane fractions of bacteria"


def test_what_is_said_of_india_is_on_record():
    row = first("talicabtagene autoleucel")
    assert (row["regulator"], row["date"]) == ("CDSCO", "2023-10")
    assert "talicabtagene autoleucel (NexCAR19), in October 2023" in TEXT
    claims = datasets.load_claims().set_index("claim")
    assert claims.loc["no-state-oversight-india", "now"] == "not checkable"
    assert "cannot be checked" in right("oversight").text
