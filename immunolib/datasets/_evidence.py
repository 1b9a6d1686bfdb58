"""Rules of numbers: what the tables of evidence must agree on with themselves."""

from collections.abc import Iterator

from immunolib.datasets._links import Tables, at
from immunolib.datasets._reader import Row

#: How far a percentage may lie from its counts: it is rounded, to a whole number at worst.
_ROUNDED = 0.6
_SHARES = frozenset(
    {"response rate", "complete response rate", "remission rate", "survival share", "risk"}
)
_LISTS = ("trials", "safety", "headlines", "claims")


def agents(held: Tables) -> Iterator[str]:
    """Each agent that a list names is in agents.csv."""
    known = {row["agent"] for row in held["agents"]}
    for table in _LISTS:
        for index, row in enumerate(held[table]):
            for name in filter(None, row["agents"].split("; ")):
                if name not in known:
                    yield (
                        f"{at(table, index, 'agents')}: {name!r} is not in agents.csv. "
                        "Add it there, or mend the name."
                    )


def further_sources(held: Tables) -> Iterator[str]:
    """Each further source of a row is in sources.csv."""
    known = {row["source"] for row in held["sources"]}
    for table in ("headlines", "claims", "concepts", "messages"):
        for index, row in enumerate(held[table]):
            for name in filter(None, row["also"].split("; ")):
                if name not in known:
                    yield f"{at(table, index, 'also')}: {name!r} is not in sources.csv."


def intervals(held: Tables) -> Iterator[str]:
    """A number lies within its interval."""
    for table, column in (("outcomes", "value"), ("safety", "percent")):
        for index, row in enumerate(held[table]):
            if row["low"] and row["high"] and row[column]:
                low, value, high = (float(row[name]) for name in ("low", column, "high"))
                if not low <= value <= high:
                    yield (
                        f"{at(table, index, column)}: {value:g} lies outside its interval, "
                        f"{low:g} to {high:g}. Read the source again."
                    )
            elif bool(row["low"]) != bool(row["high"]) and not _open(row, row[column]):
                yield f"{at(table, index, 'low')}: an interval needs both of its ends."


def _open(row: Row, value: str) -> bool:
    """Whether an interval may have one end: a median not reached, or a bound without a number."""
    return row.get("measure") == "median" or not value


def counts(held: Tables) -> Iterator[str]:
    """A percentage is that of its counts."""
    for table, column in (("outcomes", "value"), ("safety", "percent")):
        for index, row in enumerate(held[table]):
            if table == "outcomes" and not _is_share(row):
                continue
            if not (row["events"] and row["total"] and row[column]):
                continue
            events, total = int(row["events"]), int(row["total"])
            if not 0 <= events <= total:
                yield f"{at(table, index, 'events')}: {events} of {total} cannot be."
            elif abs(100 * events / total - float(row[column])) > _ROUNDED:
                yield (
                    f"{at(table, index, column)}: {events} of {total} is "
                    f"{100 * events / total:.1f} percent, not {row[column]}."
                )


def _is_share(row: Row) -> bool:
    return row["measure"] in _SHARES and row["unit"] == "percent"


def verdicts(held: Tables) -> Iterator[str]:
    """A headline without a study says so, and only such a one."""
    for index, row in enumerate(held["headlines"]):
        found = bool(row["journal"])
        if found == (row["verdict"] == "source not found"):
            yield (
                f"{at('headlines', index, 'verdict')}: {row['verdict']!r} does not fit "
                f"{'a journal that is named' if found else 'an empty journal'}."
            )
        if found != bool(row["source"]):
            yield f"{at('headlines', index, 'source')}: a study needs its source, and none else."


CHECKS = (agents, further_sources, intervals, counts, verdicts)
