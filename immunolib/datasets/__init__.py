"""The data: one loader for each table, and the world as it stood on a day.

``load_agents(as_of="2011-02-01")`` gives every agent with its status on that day;
``load_status`` the same for each use and regulator.  The loaders return new pandas DataFrames:
changing one changes nothing else.  Everything is read from files inside the package.
"""

from datetime import date
from typing import TYPE_CHECKING

from immunolib.datasets import _coverage, _reader, _rules, _views
from immunolib.datasets._asof import STATUSES
from immunolib.datasets._coverage import coverage, first_licences, not_verified
from immunolib.datasets._names import find_agent, with_a_use
from immunolib.datasets._views import day_within

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "STATUSES",
    "cite",
    "coverage",
    "day_within",
    "edition",
    "find_agent",
    "first_licences",
    "load",
    "load_actions",
    "load_agents",
    "load_approvals",
    "load_cells",
    "load_claims",
    "load_concepts",
    "load_glossary",
    "load_headlines",
    "load_lesson_readings",
    "load_messages",
    "load_milestones",
    "load_outcomes",
    "load_pathway",
    "load_provenance",
    "load_reach",
    "load_reconciliation",
    "load_safety",
    "load_second_readings",
    "load_sources",
    "load_status",
    "load_targets",
    "load_trials",
    "load_uses",
    "not_verified",
    "regulators",
    "tables",
    "validate",
    "version",
    "with_a_use",
]


def version() -> str:
    """The version of the data, which is not the version of the code."""
    return str(_reader.descriptor()["version"])


def edition() -> date:
    """The last day the data speak of."""
    return _reader.edition()


def regulators() -> "pd.DataFrame":
    """The regulators: name, title, place, coverage, covered_through, about.

    ``coverage`` is ``complete`` or ``selected``.  Where it is ``selected``, a missing row means
    "not recorded", never "not approved".  What happened after ``covered_through`` is not known.
    """
    import pandas as pd

    return pd.DataFrame(_reader.descriptor()["regulators"], dtype="str")


def tables() -> "pd.DataFrame":
    """Every table: name, title, rows, not_known, about.

    ``not_known`` counts the cells that hold no fact although there is one: empty, or not verified.
    """
    import pandas as pd

    entries = _reader.descriptor()["resources"]
    return pd.DataFrame(
        {
            "table": [e["name"] for e in entries],
            "title": [e["title"] for e in entries],
            "rows": [len(_reader.rows(e["name"])) for e in entries],
            "not_known": [sum(_coverage.gaps(e["name"]).values()) for e in entries],
            "about": [e["description"] for e in entries],
        }
    )


def cite() -> str:
    """How to cite the data, with the version and edition in use."""
    package = _reader.descriptor()
    who = ", ".join(entry["title"] for entry in package["contributors"])
    return (
        f"{who}. {package['title']} [data set]. Version {package['version']}, edition "
        f"{package['edition']}. {package['licenses'][0]['name']}."
    )


def validate() -> list[str]:
    """Check every table and the rules between them; one sentence a problem, none if all is well.

    Raises:
        DataError: where a file is missing or cannot be read as its schema says.
    """
    return _rules.problems()


def load(table: str) -> "pd.DataFrame":
    """Load a table by its name, for example ``"agents"``; ``tables()`` lists them.

    Raises:
        UnknownNameError: where there is no such table.
        DataError: where its file is missing or cannot be read as its schema says.
    """
    return _known(table)


def _known(table: str) -> "pd.DataFrame":
    """A table that says, in ``attrs``, what of it is not known."""
    found = _reader.frame(table)
    found.attrs["not_known"] = _coverage.gaps(table)
    return found


def load_agents(as_of: object = None) -> "pd.DataFrame":
    if as_of is None:
        return _known("agents")
    return _views.agents_on(day_within(as_of)).copy()


def load_uses() -> "pd.DataFrame":
    return _known("uses")


def load_approvals(as_of: object = None) -> "pd.DataFrame":
    import pandas as pd

    found = _known("approvals")
    if as_of is None:
        return found
    day = pd.Timestamp(day_within(as_of))
    found = found[found["date_start"] <= day].reset_index(drop=True)
    found["certain"] = found["date_end"] <= day
    return found


def load_targets() -> "pd.DataFrame":
    return _known("targets")


def load_cells() -> "pd.DataFrame":
    return _known("cells")


def load_actions() -> "pd.DataFrame":
    return _known("actions")


def load_pathway() -> "pd.DataFrame":
    return _known("pathway")


def load_messages() -> "pd.DataFrame":
    return _known("messages")


def load_provenance() -> "pd.DataFrame":
    return _known("provenance")


def load_milestones() -> "pd.DataFrame":
    return _known("milestones")


def load_glossary() -> "pd.DataFrame":
    return _known("glossary")


def load_concepts() -> "pd.DataFrame":
    return _known("concepts")


def load_claims() -> "pd.DataFrame":
    return _known("claims")


def load_trials() -> "pd.DataFrame":
    return _known("trials")


def load_outcomes() -> "pd.DataFrame":
    return _known("outcomes")


def load_reach() -> "pd.DataFrame":
    return _known("reach")


def load_safety() -> "pd.DataFrame":
    return _known("safety")


def load_headlines() -> "pd.DataFrame":
    return _known("headlines")


def load_reconciliation() -> "pd.DataFrame":
    return _known("reconciliation")


def load_second_readings() -> "pd.DataFrame":
    return _known("second_readings")


def load_lesson_readings() -> "pd.DataFrame":
    return _known("lesson_readings")


def load_sources() -> "pd.DataFrame":
    return _known("sources")


def load_status(as_of: object = None) -> "pd.DataFrame":
    """The status of each use of each agent with each regulator, on a day.

    Args:
        as_of: the day, ``YYYY-MM-DD`` or a date; the data's edition where it is left out.

    Returns:
        A row for each agent, use and regulator, with the columns ``agent``, ``use``,
        ``direction``, ``regulator``, ``status`` (one of ``STATUSES``), ``since`` (the date of the
        first licence of that use, as text, which carries its precision; of its emergency use
        where there is no licence yet; after ``by`` where the licence is only known to have
        existed on that day; empty where there is neither by that day), ``until``
        (where it is withdrawn, the date of the last end of a licence) and ``covered`` (false
        where the day lies after what the regulator's records cover, as the edition's own day
        does for FDA and EMA; of a selected regulator it says nothing on completeness).
        Before a regulator began its work its rows are there too: it had licensed nothing.
        ``studied in people`` rests on trials of the agent in any use.
        A use has no row for a regulator that licensed the agent, but of whose licence for this
        use no date is on record: nothing is known of it. For a regulator whose coverage is
        ``selected`` only recorded agents have rows.
        ``national`` stands for licences of which only the existence by a day is on record: they
        may have begun at any time since the agent was first studied in people, and until that
        day the status is ``uncertain``.  An agent that only stands beside the scope has rows
        with an empty ``use`` and ``direction``.

    Raises:
        DateError: where ``as_of`` is no day, or lies after the edition.
    """
    day = edition() if as_of is None else day_within(as_of)
    return _views.status_on(day).copy()


_EXTRA = {
    "agents": """
Args:
    as_of: a day, ``YYYY-MM-DD`` or a date, up to the edition. Left out, the table as it is.

With ``as_of`` these columns are added: ``status`` (one of ``STATUSES``), ``since`` (the date of
the first licence by that day, as text; after ``by`` where it is only known to have existed then),
``approved_uses``, ``approved_by`` (regulators) and
``directions`` (the dials of all its uses), each separated by "; ".
An agent with several uses and regulators has the strongest status that any of them has, in the
order of ``STATUSES``; ``load_status`` gives them one by one.

Raises:
    DateError: where ``as_of`` is no day, or lies after the edition.""",
    "approvals": """
Args:
    as_of: a day, ``YYYY-MM-DD`` or a date, up to the edition. Left out, every event.

With ``as_of`` only the events on or before that day are given, with a column ``certain``: false
where the date is known only to the month or year and that period was not over.

Raises:
    DateError: where ``as_of`` is no day, or lies after the edition.""",
}


def _docstring(table: str) -> str:
    """A loader's documentation, from the schema."""
    entry = _reader.resource(table)
    package = _reader.descriptor()
    lines = [f"{entry['title']}: {entry['description']}", "", "Columns:"]
    for field in entry["schema"]["fields"]:
        lines.append(f"    {field['name']}: {field['description']}.")
        if _reader.is_date(field):
            lines.append(
                f"    {field['name']}_start, {field['name']}_end: the first and last day that "
                f"``{field['name']}`` allows."
            )
    lines += _EXTRA.get(table, "").splitlines()
    key = entry["schema"]["primaryKey"]
    lines += [
        "",
        f"Key: {key if isinstance(key, str) else ', '.join(key)}.",
        f"Edition {package['edition']}, version {package['version']}, "
        f"licence {package['licenses'][0]['name']}. Numbers are counts, unless their column says "
        "what they are.",
        "Source: the column ``source``, a key of ``load_sources()``.",
        "Its ``attrs['not_known']`` counts the cells that are empty or not verified.",
    ]
    return "\n".join(lines)


for _table in _reader.tables():
    globals()[f"load_{_table}"].__doc__ = _docstring(_table)
del _table
