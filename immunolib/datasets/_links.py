"""Rules of names: what one table calls by name, another table must hold."""

import re
from collections import defaultdict
from collections.abc import Iterator

from immunolib.datasets import _reader
from immunolib.datasets._reader import Row

OUTCOME = "immune response"
ELSEWHERE = frozenset({"circulating", "many cells"})

#: Verdicts of reconciliation.csv that need a reason.
UNEQUAL = frozenset({"differs", "earlier than ours", "no row of ours", "not in our tables"})

Tables = dict[str, tuple[Row, ...]]

_KEY = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)+")


def at(table: str, index: int, column: str) -> str:
    """Where a cell stands, as a spreadsheet counts: the header is row 1."""
    return f"{table}.csv, row {index + 2}, column {column}"


def keys(held: Tables) -> Iterator[str]:
    for entry in _reader.descriptor()["resources"]:
        table = entry["name"]
        for key in entry["schema"].get("foreignKeys", []):
            column, other = key["fields"], key["reference"]
            known = {row[other["fields"]] for row in held[other["resource"]]}
            for index, row in enumerate(held[table]):
                if row[column] and row[column] not in known:
                    yield (
                        f"{at(table, index, column)}: {row[column]!r} is not in "
                        f"{other['resource']}.csv. Add it there, or mend the name."
                    )


def addresses(held: Tables) -> Iterator[str]:
    """A source can be opened; only a register's file may be named without an address."""
    for index, row in enumerate(held["sources"]):
        if not row["address"] and row["kind"] != "register":
            yield (
                f"{at('sources', index, 'address')}: {row['source']} has no address. Give the DOI "
                "or the page's address, so that a reader can open it."
            )


def cited(held: Tables) -> Iterator[str]:
    """A source is named by a row, in the words of one, or by a question."""
    named = _asked()
    for table, rows in held.items():
        if table == "sources":
            continue
        for row in rows:
            named |= {row.get("source", ""), row.get("register", "")}
            named |= set(row.get("also", "").split("; "))
            named |= keys_in(row.get("note", "")) | keys_in(row.get("about", ""))
    for index, row in enumerate(held["sources"]):
        if row["source"] not in named:
            yield (
                f"{at('sources', index, 'source')}: {row['source']} is named by no row. "
                "Name it where it was used, or remove it."
            )


def _asked() -> set[str]:
    """The sources of the questions."""
    folder = _reader.root() / "questions"
    files = (entry.name for entry in folder.iterdir() if entry.name.endswith(".json"))
    return {entry["source"] for name in files for entry in _reader.read_json(f"questions/{name}")}


def keys_in(text: str) -> set[str]:
    """What may be keys of sources in a sentence."""
    return set(_KEY.findall(text))


def uses(held: Tables) -> Iterator[str]:
    known = {(row["agent"], row["use"]) for row in held["uses"]}
    for table in ("approvals", "actions"):
        for index, row in enumerate(held[table]):
            if row["use"] and (row["agent"], row["use"]) not in known:
                yield (
                    f"{at(table, index, 'use')}: {row['agent']} has no use {row['use']!r} "
                    "in uses.csv. Mend the words, or add the use there."
                )


def regulators(held: Tables) -> Iterator[str]:
    known = {entry["name"] for entry in _reader.descriptor()["regulators"]}
    for index, row in enumerate(held["approvals"]):
        if row["regulator"] not in known:
            yield (
                f"{at('approvals', index, 'regulator')}: {row['regulator']!r} is not described "
                "in datapackage.json. Add it under 'regulators'."
            )


def nodes(held: Tables) -> Iterator[str]:
    cells = {row["cell"] for row in held["cells"]}
    nodes = cells | {row["target"] for row in held["targets"]}
    for index, row in enumerate(held["pathway"]):
        for column in ("from", "to"):
            if row[column] not in nodes | {OUTCOME}:
                yield (
                    f"{at('pathway', index, column)}: {row[column]!r} is no target and no cell. "
                    "Add it to targets.csv or cells.csv, or mend the name."
                )
    for index, row in enumerate(held["actions"]):
        if row["target"] not in nodes:
            yield (
                f"{at('actions', index, 'target')}: {row['target']!r} is no target and no cell. "
                "Add it to targets.csv, or mend the name."
            )
        if row["cell"] and row["cell"] not in cells | ELSEWHERE:
            yield (
                f"{at('actions', index, 'cell')}: {row['cell']!r} is not in cells.csv. Choose one "
                "of its cells, 'circulating' or 'many cells'."
            )
        elif row["target"] in cells and row["cell"] != row["target"]:
            yield (
                f"{at('actions', index, 'cell')}: {row['agent']} acts on the {row['target']} "
                f"itself, so that {row['cell']!r} must be {row['target']!r} too."
            )


def messages(held: Tables) -> Iterator[str]:
    """A message has one name."""
    names: dict[str, set[str]] = defaultdict(set)
    for row in held["messages"]:
        names[row["message"]].add(row["name"])
    for index, row in enumerate(held["messages"]):
        if len(names[row["message"]]) > 1:
            yield (
                f"{at('messages', index, 'name')}: {row['message']} is called "
                f"{' and '.join(sorted(names[row['message']]))}. Give a message one name."
            )


def synonyms(held: Tables) -> Iterator[str]:
    """A name means one agent only."""
    meant: dict[str, str] = {row["agent"].casefold(): row["agent"] for row in held["agents"]}
    for index, row in enumerate(held["agents"]):
        if ";" in row["synonyms"].replace("; ", ""):
            yield f"{at('agents', index, 'synonyms')}: separate synonyms by '; ', with a blank."
        for name in filter(None, row["synonyms"].split("; ")):
            owner = meant.setdefault(name.casefold(), row["agent"])
            if owner != row["agent"]:
                yield (
                    f"{at('agents', index, 'synonyms')}: {name!r} means {owner} already; "
                    "a name must mean one agent."
                )


def provenance(held: Tables) -> Iterator[str]:
    """What provenance.csv speaks of is there."""
    for index, row in enumerate(held["provenance"]):
        others = held.get(row["table"], ())
        if not others or row["column"] not in others[0]:
            where = at("provenance", index, "column")
            yield f"{where}: there is no column {row['table']}.{row['column']}."
        elif not any(next(iter(other.values())) == row["key"] for other in others):
            where = at("provenance", index, "key")
            yield f"{where}: {row['key']!r} is in no row of {row['table']}.csv."


def events(held: Tables) -> Iterator[str]:
    """A second reading, and a comparison with a register, speak of an event that is there."""
    known = {(row["event_id"], row["agent"]) for row in held["approvals"]}
    for index, row in enumerate(held["second_readings"]):
        if (row["event_id"], row["agent"]) not in known:
            yield (
                f"{at('second_readings', index, 'event_id')}: {row['event_id']} of {row['agent']} "
                "is in no row of approvals.csv."
            )
    names = {event for event, _ in known}
    for index, row in enumerate(held["reconciliation"]):
        if row["event_id"] and row["event_id"] not in names:
            yield (
                f"{at('reconciliation', index, 'event_id')}: {row['event_id']} is in no row of "
                "approvals.csv. Compare anew with 'make reconcile'."
            )


def reasons(held: Tables) -> Iterator[str]:
    """A difference from a register has a reason."""
    for index, row in enumerate(held["reconciliation"]):
        if row["verdict"] in UNEQUAL and not row["why"]:
            yield (
                f"{at('reconciliation', index, 'why')}: {row['entry']} {row['date']} is "
                f"{row['verdict']!r} without a reason. Mend our row, or say why."
            )
