"""Landmark facts, read by a second reader on pages other than the data's own sources.

nbval compares a notebook with its own past; these expectations come from outside of both.
Each row: agent, use (or none), regulator, a day, the status on that day, and where it was read on
2026-11-22 (by someone who had not seen the data).
"""

import pytest

from immunolib import datasets

DOCSLIB = "FDA CDER list of licensed biological products (copy at docslib.org/download/2622579)"
RAPTIVA = "ema.europa.eu/en/medicines/human/EPAR/raptiva"
PROVENGE = "ema.europa.eu/en/medicines/human/EPAR/provenge"
TYSABRI = "FDA release of 2006-06-05 (copy at drugs.com/fda); company release of 2005-02-28"
MS = "multiple sclerosis"

LANDMARKS = [
    ("filgrastim", None, "FDA", "1991-02-19", "1991-02-20", DOCSLIB),
    ("aldesleukin", "metastatic kidney cancer", "FDA", "1992-05-04", "1992-05-05", DOCSLIB),
    ("abatacept", "rheumatoid arthritis", "FDA", "2005-12-22", "2005-12-23", DOCSLIB),
    ("belatacept", None, "FDA", "2011-06-14", "2011-06-15", DOCSLIB),
    ("pembrolizumab", None, "FDA", "2014-09-03", "2014-09-04",
     "fda.gov/Drugs/InformationOnDrugs/ApprovedDrugs/ucm412861.htm"),
    ("pembrolizumab", None, "EMA", "2015-07-16", "2015-07-17",
     "ema.europa.eu/medicines/human/EPAR/keytruda"),
    ("sipuleucel-T", None, "EMA", "2013-09-05", "2013-09-06", PROVENGE),
    ("plerixafor", None, "FDA", "2008-12-14", "2008-12-15",
     "fda.gov/AboutFDA/CentersOffices/.../CDER/ucm129212.htm"),
    ("ipilimumab", None, "FDA", "2011-03-24", "2011-03-25", "openFDA listing of NDC 0003-2327"),
    ("lifileucel", None, "FDA", "2024-02-15", "2024-02-16", "openFDA listing of Iovance"),
    ("rituximab", "B-cell lymphoma and leukaemia", "FDA", "1997-11-25", "1997-11-26",
     "openFDA listing; thepharmaletter.com"),
    ("infliximab", "Crohn's disease", "FDA", "1998-08-23", "1998-08-24", "openFDA listing"),
    ("nivolumab", None, "PMDA", "2014-07-03", "2014-07-04", "biocentury.com/article/268140"),
    ("tisagenlecleucel", None, "FDA", "2017-08-29", "2017-08-30", "ons.org"),
    ("omalizumab", "food allergy", "FDA", "2024-02-15", "2024-02-16", "epocrates.com"),
    ("teplizumab", None, "FDA", "2022-11-16", "2022-11-17", "maestrodatabase.com"),
    ("CpG 1018", None, "FDA", "2017-11-08", "2017-11-09", "lifesciencehistory.com; BioCentury"),
    ("relatlimab", None, "FDA", "2022-03-17", "2022-03-18", "company release, pipelinereview.com"),
]  # fmt: skip

STATUSES = [
    ("natalizumab", MS, "FDA", "2005-02-27", "approved", TYSABRI),
    ("natalizumab", MS, "FDA", "2005-06-01", "withdrawn", TYSABRI),
    ("natalizumab", MS, "FDA", "2006-06-05", "approved", TYSABRI),
    ("efalizumab", None, "EMA", "2009-06-08", "approved", RAPTIVA),
    ("efalizumab", None, "EMA", "2009-06-09", "withdrawn", RAPTIVA),
    ("sipuleucel-T", None, "EMA", "2015-05-06", "withdrawn", PROVENGE),
    ("sipuleucel-T", None, "FDA", "2015-05-06", "approved", PROVENGE),
    ("daclizumab", MS, "EMA", "2018-03-27", "withdrawn",
     "ema.europa.eu/en/medicines/human/referrals/zinbryta"),
    ("tozinameran", None, "FDA", "2020-12-11", "emergency use", "lifesciencehistory.com"),
    ("tozinameran", None, "FDA", "2021-08-23", "approved", "maestrodatabase.com"),
    ("imiquimod", None, "FDA", "1998-01-01", "approved", "Aldara label: initial approval 1997"),
    ("imiquimod", None, "FDA", "1996-12-31", "unknown", "Aldara label: initial approval 1997"),
    ("BCG", None, "FDA", "1990-06-01", "uncertain", "J Urol review: 'In 1990', no day"),
    ("BCG", None, "FDA", "1990-12-31", "approved", "J Urol review: 'In 1990', no day"),
    ("lentinan", None, "PMDA", "1985-11-15", "uncertain", "eapharma.co.jp: November 1985"),
    ("lentinan", None, "PMDA", "2018-03-31", "withdrawn", "eapharma.co.jp"),
    ("CpG 7909", "anthrax vaccination", "FDA", "2023-07-20", "approved", "globalbiodefense.com"),
]  # fmt: skip


def status(agent, use, regulator, day):
    rows = datasets.load_status(day)
    rows = rows[(rows["agent"] == agent) & (rows["regulator"] == regulator)]
    if use is not None:
        rows = rows[rows["use"] == use]
    assert len(rows) > 0, f"no row for {agent}, {use}, {regulator}"
    found = set(rows["status"])
    return "approved" if "approved" in found else found.pop()


@pytest.mark.parametrize(("agent", "use", "regulator", "eve", "day", "read_at"), LANDMARKS)
def test_a_landmark_begins_on_its_day_and_not_the_day_before(
    agent, use, regulator, eve, day, read_at
):
    assert status(agent, use, regulator, eve) != "approved", read_at
    assert status(agent, use, regulator, day) == "approved", read_at


@pytest.mark.parametrize(("agent", "use", "regulator", "day", "expected", "read_at"), STATUSES)
def test_a_status_read_elsewhere_is_ours(agent, use, regulator, day, expected, read_at):
    found = status(agent, use, regulator, day)
    if expected == "unknown":
        assert found in {"unknown", "studied in people"}, read_at
    else:
        assert found == expected, read_at


def test_interleukin_12_has_no_licence_on_record():
    """A review of 2022-09-20 (10.3389/fimmu.2022.952231) says that there is none."""
    agents = datasets.load_agents(as_of="2022-09-20").set_index("agent")
    assert agents.loc["interleukin-12", "status"] == "studied in people"


def test_no_later_checkpoint_antibody_was_first_in_the_world_before_ipilimumab():
    """Ipilimumab, 2011-03-25, was the first checkpoint antibody licensed."""
    agents = datasets.load_agents(as_of=datasets.edition())
    targets = ("PD-1", "PD-L1", "CTLA-4 antibody", "LAG-3")
    found = agents[agents["class"].str.startswith(targets) & (agents["since"] != "")]
    assert found.sort_values("since").iloc[0]["agent"] == "ipilimumab"
    assert found["since"].min() == "2011-03-25"
