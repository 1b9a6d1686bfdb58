"""The rules between tables: what the schema of a single table cannot say.

``problems()`` gives one sentence a problem, with file, row and column; none means that all is well.
"""

from collections import defaultdict
from collections.abc import Iterator

from immunolib._dates import period
from immunolib.datasets import _asof, _reader
from immunolib.datasets._reader import Row

OUTCOME = "immune response"
ELSEWHERE = frozenset({"circulating", "many cells"})

Tables = dict[str, tuple[Row, ...]]


def read_all() -> Tables:
    """Every table."""
    return {name: _reader.rows(name) for name in _reader.tables()}


def problems(tables: Tables | None = None) -> list[str]:
    """Every rule that is broken, as sentences."""
    held = read_all() if tables is None else tables
    checks = (
        _keys,
        _uses,
        _regulators,
        _nodes,
        _order,
        _synonyms,
        _edition,
        _combinations,
        _provenance,
    )
    return [problem for check in [*checks, _provenance] for problem in check(held)]


def _at(table: str, index: int, column: str) -> str:
    return f"{table}.csv, row {index + 2}, column {column}"


def _keys(held: Tables) -> Iterator[str]:
    for entry in _reader.descriptor()["resources"]:
        table = entry["name"]
        for key in entry["schema"].get("foreignKeys", []):
            column, other = key["fields"], key["reference"]
            known = {row[other["fields"]] for row in held[other["resource"]]}
            for index, row in enumerate(held[table]):
                if row[column] and row[column] not in known:
                    yield (
                        f"{_at(table, index, column)}: {row[column]!r} is not in "
                        f"{other['resource']}.csv. Add it there, or mend the name."
                    )


def _uses(held: Tables) -> Iterator[str]:
    known = {(row["agent"], row["use"]) for row in held["uses"]}
    for table in ("approvals", "actions"):
        for index, row in enumerate(held[table]):
            if row["use"] and (row["agent"], row["use"]) not in known:
                yield (
                    f"{_at(table, index, 'use')}: {row['agent']} has no use {row['use']!r} "
                    "in uses.csv."
                )


def _regulators(held: Tables) -> Iterator[str]:
    known = {entry["name"] for entry in _reader.descriptor()["regulators"]}
    for index, row in enumerate(held["approvals"]):
        if row["regulator"] not in known:
            yield (
                f"{_at('approvals', index, 'regulator')}: {row['regulator']!r} is not described "
                "in datapackage.json. Add it under 'regulators'."
            )


def _nodes(held: Tables) -> Iterator[str]:
    cells = {row["cell"] for row in held["cells"]}
    nodes = cells | {row["target"] for row in held["targets"]}
    for index, row in enumerate(held["pathway"]):
        for column in ("from", "to"):
            if row[column] not in nodes | {OUTCOME}:
                yield f"{_at('pathway', index, column)}: {row[column]!r} is no target and no cell."
    for index, row in enumerate(held["actions"]):
        if row["target"] not in nodes:
            yield f"{_at('actions', index, 'target')}: {row['target']!r} is no target and no cell."
        if row["cell"] and row["cell"] not in cells | ELSEWHERE:
            yield f"{_at('actions', index, 'cell')}: {row['cell']!r} is not in cells.csv."


def _order(held: Tables) -> Iterator[str]:
    """Each end follows a licence that it ends, and each return follows an end."""
    licences: dict[tuple[str, str, str], list[tuple[int, Row]]] = defaultdict(list)
    for index, row in enumerate(held["approvals"]):
        licence = row["application"] or row["brand"]
        licences[row["agent"], row["regulator"], licence].append((index, row))
    for rows in licences.values():
        for index, row in rows:
            before = [
                other
                for _, other in rows
                if period(other["date"]).start <= period(row["date"]).end and other is not row
            ]
            opened = [r for r in before if r["event"] in _asof.OPENING]
            ended = [r for r in before if r["event"] in _asof.ENDING]
            where = _at("approvals", index, "event")
            if row["event"] in _asof.ENDING and not opened:
                yield f"{where}: {row['event_id']} ends a licence that was not opened before."
            if row["event"] == "reapproval" and not ended:
                yield f"{where}: {row['event_id']} renews a licence that had not ended."
            if row["event"] in _asof.ENDING and row["scope"] == "indication":
                same = {(r["use"], r["indication"]) for r in opened}
                if (row["use"], row["indication"]) not in same:
                    yield (
                        f"{_at('approvals', index, 'indication')}: {row['event_id']} ends an "
                        "indication whose words no licence before it has."
                    )


def _synonyms(held: Tables) -> Iterator[str]:
    """A name means one agent only."""
    meant: dict[str, str] = {row["agent"].casefold(): row["agent"] for row in held["agents"]}
    for index, row in enumerate(held["agents"]):
        for name in filter(None, row["synonyms"].split("; ")):
            owner = meant.setdefault(name.casefold(), row["agent"])
            if owner != row["agent"]:
                yield (
                    f"{_at('agents', index, 'synonyms')}: {name!r} means {owner} already; "
                    "a name must mean one agent."
                )


def _edition(held: Tables) -> Iterator[str]:
    edition = _reader.edition()
    for table in ("approvals", "milestones"):
        for index, row in enumerate(held[table]):
            if period(row["date"]).start > edition:
                yield (
                    f"{_at(table, index, 'date')}: {row['date']} lies after the edition, "
                    f"{edition.isoformat()}."
                )


def _combinations(held: Tables) -> Iterator[str]:
    """Rows of one event agree on all but the agent, its use and what is said of it."""
    same = ("regulator", "event", "scope", "date", "brand", "form", "application")
    first: dict[str, Row] = {}
    for index, row in enumerate(held["approvals"]):
        other = first.setdefault(row["event_id"], row)
        for column in same:
            if row[column] != other[column]:
                yield (
                    f"{_at('approvals', index, column)}: {row[column]!r} differs from "
                    f"{other[column]!r} in another row of {row['event_id']}."
                )


def _provenance(held: Tables) -> Iterator[str]:
    """What provenance.csv speaks of is there."""
    for index, row in enumerate(held["provenance"]):
        others = held.get(row["table"], ())
        if not others or row["column"] not in others[0]:
            where = _at("provenance", index, "column")
            yield f"{where}: there is no column {row['table']}.{row['column']}."
        elif not any(next(iter(other.values())) == row["key"] for other in others):
            where = _at("provenance", index, "key")
            yield f"{where}: {row['key']!r} is in no row of {row['table']}.csv."
