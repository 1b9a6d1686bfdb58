"""The data: one loader for each table, and the world as it stood on a day.

``load_agents(as_of="2011-02-01")`` gives every agent with its status on that day;
``load_status`` the same for each use and regulator.  The loaders return new pandas DataFrames:
changing one changes nothing else.  Everything is read from files inside the package.
"""

from collections import defaultdict
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from immunolib._dates import Period, as_day, period
from immunolib._errors import DateError, UnknownNameError, unknown
from immunolib.datasets import _asof, _reader, _rules
from immunolib.datasets._asof import STATUSES

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "STATUSES",
    "edition",
    "find_agent",
    "load",
    "load_actions",
    "load_agents",
    "load_approvals",
    "load_cells",
    "load_claims",
    "load_glossary",
    "load_milestones",
    "load_pathway",
    "load_provenance",
    "load_sources",
    "load_status",
    "load_targets",
    "load_uses",
    "regulators",
    "tables",
    "validate",
    "version",
]


def version() -> str:
    """The version of the data, which is not the version of the code."""
    return str(_reader.descriptor()["version"])


def edition() -> date:
    """The last day the data speak of."""
    return date.fromisoformat(_reader.descriptor()["edition"])


def regulators() -> "pd.DataFrame":
    """The regulators: name, title, place, coverage, covered_through, about.

    ``coverage`` is ``complete`` or ``selected``.  Where it is ``selected``, a missing row means
    "not recorded", never "not approved".  What happened after ``covered_through`` is not known.
    """
    import pandas as pd

    return pd.DataFrame(_reader.descriptor()["regulators"], dtype="str")


def tables() -> "pd.DataFrame":
    """Every table: name, title, rows, about."""
    import pandas as pd

    entries = _reader.descriptor()["resources"]
    return pd.DataFrame(
        {
            "table": [e["name"] for e in entries],
            "title": [e["title"] for e in entries],
            "rows": [len(_reader.rows(e["name"])) for e in entries],
            "about": [e["description"] for e in entries],
        }
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
    return _reader.frame(table)


def load_agents(as_of: object = None) -> "pd.DataFrame":
    if as_of is None:
        return _reader.frame("agents")
    return _agents_on(day_within(as_of)).copy()


def load_uses() -> "pd.DataFrame":
    return _reader.frame("uses")


def load_approvals(as_of: object = None) -> "pd.DataFrame":
    import pandas as pd

    found = _reader.frame("approvals")
    if as_of is None:
        return found
    day = pd.Timestamp(day_within(as_of))
    found = found[found["date_start"] <= day].reset_index(drop=True)
    found["certain"] = found["date_end"] <= day
    return found


def load_targets() -> "pd.DataFrame":
    return _reader.frame("targets")


def load_cells() -> "pd.DataFrame":
    return _reader.frame("cells")


def load_actions() -> "pd.DataFrame":
    return _reader.frame("actions")


def load_pathway() -> "pd.DataFrame":
    return _reader.frame("pathway")


def load_provenance() -> "pd.DataFrame":
    return _reader.frame("provenance")


def load_milestones() -> "pd.DataFrame":
    return _reader.frame("milestones")


def load_glossary() -> "pd.DataFrame":
    return _reader.frame("glossary")


def load_claims() -> "pd.DataFrame":
    return _reader.frame("claims")


def load_sources() -> "pd.DataFrame":
    return _reader.frame("sources")


def load_status(as_of: object = None) -> "pd.DataFrame":
    """The status of each use of each agent with each regulator, on a day.

    Args:
        as_of: the day, ``YYYY-MM-DD`` or a date; the data's edition where it is left out.

    Returns:
        A row for each agent, use and regulator, with the columns ``agent``, ``use``,
        ``direction``, ``regulator``, ``status`` (one of ``STATUSES``), ``since`` (the date of the
        first licence of that use, as text, which carries its precision; empty where there is
        none by that day), ``until`` (where it is withdrawn, the date of the last end of a
        licence) and ``covered`` (false where the day lies after what the regulator's
        records cover).  For a regulator whose coverage is ``selected`` only recorded agents
        have rows.  The regulator ``national`` stands for licences of which only the existence by
        a day is on record: they may have begun at any time since the agent was first studied in
        people, and until that day the status is ``uncertain``.  An agent that only stands beside
        the scope has rows with an empty ``use`` and ``direction``.

    Raises:
        DateError: where ``as_of`` is no day, or lies after the edition.
    """
    day = edition() if as_of is None else day_within(as_of)
    return _status_on(day).copy()


def find_agent(name: str) -> str:
    """The key of the agent that a name, brand or synonym means, whatever its case.

    Raises:
        UnknownNameError: with the closest names, where nothing answers to it.
    """
    names = _names()
    if isinstance(name, str):
        wanted = " ".join(name.casefold().split())
        if wanted in names:
            return names[wanted]
        for brand, agents in _combinations().items():
            if brand.casefold() == wanted:
                raise UnknownNameError(
                    f"{name!r} holds several agents: {', '.join(sorted(agents))}. Name one of them."
                )
    raise unknown("agent", name, _spellings())


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {name.casefold(): agent for name, agent in _spellings().items()}


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    """Every name as written, and the agent it means; an agent's own name wins over a synonym."""
    found: dict[str, str] = {}
    for row in _reader.rows("approvals"):
        if row["brand"]:
            found[row["brand"]] = row["agent"]
    for brand in _combinations():
        found.pop(brand, None)
    for row in _reader.rows("agents"):
        for synonym in filter(None, row["synonyms"].split("; ")):
            found[synonym] = row["agent"]
    for row in _reader.rows("agents"):
        found[row["agent"]] = row["agent"]
    return found


def _combinations() -> dict[str, set[str]]:
    """Brands that hold more than one agent, and so mean none of them alone."""
    holders: dict[str, set[str]] = defaultdict(set)
    for row in _reader.rows("approvals"):
        if row["brand"]:
            holders[row["brand"]].add(row["agent"])
    return {brand: agents for brand, agents in holders.items() if len(agents) > 1}


def day_within(as_of: object) -> date:
    """A day up to the data's edition, or a ``DateError`` that says what would do."""
    day = as_day(as_of)
    if day > edition():
        raise DateError(
            f"as_of={day.isoformat()} lies after the data's edition ({edition().isoformat()}), "
            "so nothing is known of it. Give a day up to the edition."
        )
    return day


#: The regulator under which a licence stands of which only its existence by a day is on record.
NATIONAL = "national"
_BESIDE = {"use": "", "direction": ""}


@lru_cache(maxsize=1)
def _events() -> dict[tuple[str, str], tuple[_asof.Event, ...]]:
    found: dict[tuple[str, str], list[_asof.Event]] = defaultdict(list)
    for row in _reader.rows("approvals"):
        found[row["agent"], row["regulator"]].append(_asof.event(row))
    for use in _reader.rows("uses"):
        for row in _reader.rows("milestones"):
            if row["agent"] == use["agent"] and row["kind"] == "licence":
                when = _by_then(period(row["date"]), _studies().get(use["agent"], ()))
                licence = _asof.Event("approval", "product", "", use["use"], "", when)
                found[use["agent"], NATIONAL].append(licence)
    return {key: tuple(value) for key, value in found.items()}


def _by_then(seen: Period, studies: tuple[Period, ...]) -> Period:
    """When a licence began of which only its existence on a day is known: since first studied."""
    first = min((study.start for study in studies), default=seen.start)
    return Period(seen.text, min(first, seen.start), seen.end)


@lru_cache(maxsize=1)
def _studies() -> dict[str, tuple[Period, ...]]:
    found: dict[str, list[Period]] = defaultdict(list)
    for row in _reader.rows("milestones"):
        if row["agent"] and row["kind"] in {"first_in_human", "study"}:
            found[row["agent"]].append(period(row["date"]))
    return {key: tuple(value) for key, value in found.items()}


@lru_cache(maxsize=32)
def _status_on(day: date) -> "pd.DataFrame":
    import pandas as pd

    events, studies = _events(), _studies()
    records: list[dict[str, Any]] = []
    in_scope = {use["agent"] for use in _reader.rows("uses")}
    beside = [{"agent": row["agent"], **_BESIDE} for row in _reader.rows("agents")]
    beside = [use for use in beside if use["agent"] not in in_scope]
    for use in [*_reader.rows("uses"), *beside]:
        for regulator in _reader.descriptor()["regulators"]:
            mine = events.get((use["agent"], regulator["name"]), ())
            if not mine and regulator["coverage"] == "selected":
                continue
            state = _asof.status(mine, use["use"], day, studies.get(use["agent"], ()))
            so_far = sorted(
                (e for e in mine if e.when.start <= day), key=lambda e: (e.when.start, e.when.end)
            )
            openings = [
                e.when
                for e in so_far
                if e.use == use["use"]
                and e.kind in _asof.OPENING
                and period(e.when.text).start <= day
            ]
            endings = [e.when for e in so_far if e.kind in _asof.ENDING]
            records.append(
                {
                    "agent": use["agent"],
                    "use": use["use"],
                    "direction": use["direction"],
                    "regulator": regulator["name"],
                    "status": state,
                    "since": openings[0].text if openings else "",
                    "until": endings[-1].text if endings and state == _asof.WITHDRAWN else "",
                    "covered": day <= date.fromisoformat(regulator["covered_through"]),
                }
            )
    columns = ["agent", "use", "direction", "regulator", "status", "since"]
    columns += ["until", "covered"]
    found = pd.DataFrame(records, columns=columns)
    return found.astype(dict.fromkeys(columns[:-1], "str"))


@lru_cache(maxsize=32)
def _agents_on(day: date) -> "pd.DataFrame":
    found = _reader.frame("agents")
    by_agent: dict[str, list[Any]] = defaultdict(list)
    for row in _status_on(day).itertuples(index=False):
        by_agent[str(row.agent)].append(row)

    def joined(agent: str, column: str) -> str:
        held = [r for r in by_agent[agent] if r.status == _asof.APPROVED]
        return "; ".join(dict.fromkeys(str(getattr(r, column)) for r in held))

    def since(agent: str) -> str:
        held = [str(r.since) for r in by_agent[agent] if r.since]
        return min(held, key=lambda text: (period(text).start, period(text).end), default="")

    names = list(found["agent"])
    found["status"] = [_asof.strongest(str(r.status) for r in by_agent[a]) for a in names]
    found["since"] = [since(a) for a in names]
    found["approved_uses"] = [joined(a, "use") for a in names]
    found["approved_by"] = [joined(a, "regulator") for a in names]
    found["directions"] = [
        "; ".join(dict.fromkeys(str(r.direction) for r in by_agent[a])) for a in names
    ]
    added = ["status", "since", "approved_uses", "approved_by", "directions"]
    return found.astype(dict.fromkeys(added, "str"))


_EXTRA = {
    "agents": """
Args:
    as_of: a day, ``YYYY-MM-DD`` or a date, up to the edition. Left out, the table as it is.

With ``as_of`` these columns are added: ``status`` (one of ``STATUSES``), ``since`` (the date of
the first licence by that day, as text), ``approved_uses``, ``approved_by`` (regulators) and
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
        if field["name"] == "date":
            lines.append("    date_start, date_end: the first and last day that ``date`` allows.")
    lines += _EXTRA.get(table, "").splitlines()
    key = entry["schema"]["primaryKey"]
    lines += [
        "",
        f"Key: {key if isinstance(key, str) else ', '.join(key)}.",
        f"Edition {package['edition']}, version {package['version']}, "
        f"licence {package['licenses'][0]['name']}. No column has a unit.",
        "Source: the column ``source``, a key of ``load_sources()``.",
    ]
    return "\n".join(lines)


for _table in _reader.tables():
    globals()[f"load_{_table}"].__doc__ = _docstring(_table)
del _table
