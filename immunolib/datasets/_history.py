"""Rules of time: what cannot have happened before something else, or not yet."""

from collections import defaultdict
from collections.abc import Iterator

from immunolib._dates import Period, period
from immunolib.datasets import _asof, _reader
from immunolib.datasets._links import Tables, at
from immunolib.datasets._reader import Row

_DATED = frozenset({"date", "read"})


def order(held: Tables) -> Iterator[str]:
    """Each end follows a licence that it ends, and each return follows an end."""
    licences: dict[tuple[str, str, str], list[tuple[int, Row]]] = defaultdict(list)
    for index, row in enumerate(held["approvals"]):
        licences[row["agent"], row["regulator"], _licence(row)].append((index, row))
    for rows in licences.values():
        for index, row in rows:
            before = [
                other
                for _, other in rows
                if period(other["date"]).start <= period(row["date"]).end and other is not row
            ]
            opened = [r for r in before if r["event"] in _asof.OPENING]
            ended = [r for r in before if r["event"] in _asof.ENDING]
            where = at("approvals", index, "event")
            if row["event"] in _asof.ENDING and not opened:
                yield (
                    f"{where}: {row['event_id']} ends the licence {_licence(row)!r} of "
                    f"{row['agent']} with {row['regulator']}, which was not opened before. Add "
                    "the approval, or give this row its application (without one, its brand)."
                )
            if row["event"] == "reapproval" and not ended:
                yield (
                    f"{where}: {row['event_id']} renews the licence {_licence(row)!r} of "
                    f"{row['agent']} with {row['regulator']}, which had not ended. Add its end, "
                    "or enter a new licence as an approval."
                )
            if row["event"] in _asof.ENDING and row["scope"] == "indication":
                same = {(r["use"], r["indication"]) for r in opened}
                if (row["use"], row["indication"]) not in same:
                    yield (
                        f"{at('approvals', index, 'indication')}: {row['event_id']} ends an "
                        "indication whose words no licence before it has."
                    )


def _licence(row: Row) -> str:
    """What a licence is known by."""
    return row["application"] or row["brand"]


def edition(held: Tables) -> Iterator[str]:
    """Nothing is dated, or was read, after the edition."""
    last = _reader.edition()
    for entry in _reader.descriptor()["resources"]:
        table = entry["name"]
        dated = [f["name"] for f in entry["schema"]["fields"] if f["name"] in _DATED]
        for index, row in enumerate(held[table]):
            for column in dated:
                if row[column] and period(row[column]).start > last:
                    yield (
                        f"{at(table, index, column)}: {row[column]} lies after the edition, "
                        f"{last.isoformat()}. Mend the date, or raise the edition in "
                        "datapackage.json."
                    )


def discovery(held: Tables) -> Iterator[str]:
    """Nobody is treated with, or licenses, what has not been discovered."""
    found: dict[str, Period] = {}
    for row in held["milestones"]:
        if row["agent"] and row["kind"] == "discovery":
            when = period(row["date"])
            before = found.setdefault(row["agent"], when)
            found[row["agent"]] = min(before, when, key=lambda one: one.start)
    for table in ("approvals", "milestones"):
        for index, row in enumerate(held[table]):
            known = found.get(row["agent"])
            if known and period(row["date"]).end < known.start:
                yield (
                    f"{at(table, index, 'date')}: {row['date']} lies before {row['agent']} was "
                    f"discovered ({known.text}, milestones.csv). One of the two is wrong."
                )


def names(held: Tables) -> Iterator[str]:
    """The name of an event says whose it is and of which year, so that a slip shows."""
    for index, row in enumerate(held["approvals"]):
        parts = row["event_id"].split("-")
        if parts[0] != row["regulator"].casefold():
            yield (
                f"{at('approvals', index, 'event_id')}: {row['event_id']} does not begin with its "
                f"regulator, {row['regulator'].casefold()}. Mend the one or the other."
            )
        if row["date"][:4] not in parts:
            yield (
                f"{at('approvals', index, 'event_id')}: {row['event_id']} does not hold the year "
                f"of its date, {row['date']}. Mend the date, or rename the event."
            )


def combinations(held: Tables) -> Iterator[str]:
    """Rows of one event agree on all but the agent, its use and what is said of it."""
    same = ("regulator", "event", "scope", "date", "brand", "form", "application")
    first: dict[str, Row] = {}
    for index, row in enumerate(held["approvals"]):
        other = first.setdefault(row["event_id"], row)
        for column in same:
            if row[column] != other[column]:
                yield (
                    f"{at('approvals', index, column)}: {row[column]!r} differs from "
                    f"{other[column]!r} in another row of {row['event_id']}."
                )
