"""Compare every date that registers' files hold with ours: `make reconcile REGISTERS=folder`.

    python .ci/reconcile.py FILE [FILE ...]

Every record of a file that concerns an agent of ours gets a row in `data/reconciliation.csv` with
a verdict.  A verdict that needs an explanation (`differs`, `earlier than ours`, `no row of ours`,
`not in our tables`) and has none makes the command fail: mend the row, say in its `note` what the
register has and why that lost, or write the reason into the column `why`, which later runs keep.
"""

import csv
import sys
from collections import defaultdict
from pathlib import Path

from registers import END, FORM, LICENCE, Record, numbers, records

from immunolib._dates import period
from immunolib.datasets import _asof, _reader
from immunolib.datasets._links import UNEQUAL

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "data/reconciliation.csv"
COLUMNS = ["register", "application", "kind", "entry", "date", "agent", "event_id", "ours",
           "verdict", "why"]  # fmt: skip

SAME, DIFFERS, EARLIER = "same", "differs", "earlier than ours"
MISSING, OUTSIDE = "no row of ours", "not in our tables"
FOLLOWS, FURTHER, LATER, LISTING = (
    "biosimilar or generic, not the first",
    "further product of the agent",
    "later licence record",
    "listing artefact",
)

#: Registers whose date may be that of a later record or action than the first licence.
RECORDS_LATER = {
    "fda-purple-book-2025-03",
    "fda-cber-userfee-2019",
    "ncats-first-approvals-2019-03",
}
#: Where a register lists a whole group of immunomodulators, each entry must be ours or explained.
WHOLE = {"fda-cder-compilation-2026-09", "fda-cber-cell-gene-2026-08"}
ATC = ("L03", "L04", "L01F", "L01XC", "L01XL", "L01XX51", "D11AH", "R03DX", "H02AB", "V01",
       "J06BA", "D06BB10")  # fmt: skip

#: A follower of one of these is a biosimilar; of a small molecule, a generic.
BIOLOGICAL = {"antibody", "protein", "fusion protein"}

Row = dict[str, str]


class Ours:
    """Our events, found by application or by any name of their agent."""

    def __init__(self) -> None:
        self.events: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self.by_agent: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in _reader.rows("approvals"):
            self.by_agent[row["agent"], row["regulator"]].append(row)
            for application in numbers(row["application"]):
                self.events[row["regulator"], application].append(row)
        self.named: dict[str, str] = {}
        self.biologicals: set[str] = set()
        for row in _reader.rows("agents"):
            if row["modality"] in BIOLOGICAL:
                self.biologicals.add(row["agent"])
            for name in [row["agent"], *row["synonyms"].split("; ")]:
                self.named.setdefault(name.casefold(), row["agent"])

    def agents(self, record: Record) -> list[str]:
        by_number = self.events.get((record.regulator, record.application), [])
        found = [row["agent"] for row in by_number]
        found += [self.named[name] for name in record.names if name in self.named]
        return list(dict.fromkeys(found))


def compare(record: Record, ours: Ours) -> Row:
    """One row of the table: what the register has, what we have, and how they stand."""
    agents = ours.agents(record)
    row = dict.fromkeys(COLUMNS, "") | {
        "register": record.register,
        "application": record.application,
        "kind": record.kind,
        "entry": record.entry or record.names[0],
        "date": record.date,
        "agent": "; ".join(agents),
    }
    if not agents:
        return row | {"verdict": OUTSIDE}
    wanted = _asof.ENDING if record.kind == END else _asof.OPENING
    mine = [
        event
        for event in ours.events.get((record.regulator, record.application), [])
        if event["event"] in wanted
        and (event["scope"] == "product" or event["event"] not in _asof.ENDING)
    ]
    told = period(record.date)
    for event in mine:
        held = period(event["date"])
        if held.start <= told.start <= held.end:
            return row | _of(event, SAME)
    if record.kind == FORM:
        return row | {"verdict": FURTHER}
    if mine:
        event = min(mine, key=lambda e: period(e["date"]).start)
        return row | _judged(record, event)
    all_of_agent = [
        event
        for agent in agents
        for event in ours.by_agent[agent, record.regulator]
        if event["event"] in wanted and event["scope"] == "product"
    ]
    first = min(all_of_agent, key=lambda e: period(e["date"]).start, default=None)
    if record.follows:
        similar = [e for e in all_of_agent if e["event"] == "first_biosimilar"]
        biosimilar = any(period(e["date"]).start <= told.start for e in similar)
        if biosimilar or record.kind == END or ours.biologicals.isdisjoint(agents):
            return row | {"verdict": FOLLOWS}
        return row | {"verdict": MISSING}
    if record.kind == LICENCE and first is not None:
        same = next((e for e in all_of_agent if period(e["date"]).start <= told.start
                     <= period(e["date"]).end), None)  # fmt: skip
        if same is not None:
            return row | _of(same, SAME)
        if period(first["date"]).start < told.start:
            return row | _of(first, FURTHER)
        return row | _judged(record, first)
    if record.kind == END and ours.events.get((record.regulator, record.application)) is None:
        return row | {"verdict": FURTHER}
    return row | {"verdict": MISSING}


def _of(event: Row, verdict: str) -> Row:
    return {"event_id": event["event_id"], "ours": event["date"], "verdict": verdict}


def _judged(record: Record, event: Row) -> Row:
    """A date that is not ours: why that may be so."""
    if record.date.endswith(("12-30", "12-31")) and record.register in {
        "fda-nme-list-2018-08",
        "ncats-first-approvals-2019-03",
    }:
        return _of(event, LISTING)
    if record.date in event["note"]:
        return _of(event, DIFFERS) | {"why": f"See the note of {event['event_id']}."}
    if period(event["date"]).start < period(record.date).start:
        late = record.register in RECORDS_LATER
        return _of(event, LATER if late else DIFFERS)
    return _of(event, EARLIER)


def told_before() -> dict[tuple[str, str, str, str], str]:
    """The reasons written into the table so far."""
    if not TABLE.exists():
        return {}
    with TABLE.open(encoding="utf-8", newline="") as held:
        return {_key(row): row["why"] for row in csv.DictReader(held) if row["why"]}


def _key(row: Row) -> tuple[str, str, str, str]:
    return row["register"], row["application"], row["kind"], row["entry"]


def table(paths: list[Path]) -> list[Row]:
    """Every record that concerns us, with its verdict and reason."""
    ours, why = Ours(), told_before()
    found = []
    for path in paths:
        held = records(path)
        print(f"{path.name}: {len(held)} records" if held else f"{path.name}: no register, skipped")
        for record in held:
            row = compare(record, ours)
            whole = record.register in WHOLE or record.atc.startswith(ATC)
            in_scope = whole and record.kind == LICENCE
            if row["verdict"] == OUTSIDE and (not in_scope or record.follows):
                continue
            if row["verdict"] in UNEQUAL and not row["why"]:
                row["why"] = why.get(_key(row), "")
            found.append(row)
    return sorted(found, key=lambda row: [row[column] for column in COLUMNS])


def main(given: list[str]) -> int:
    if not given:
        print(__doc__)
        return 2
    paths = [p for g in map(Path, given) for p in (sorted(g.iterdir()) if g.is_dir() else [g])]
    rows = table(paths)
    with TABLE.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[row["verdict"]] += 1
    for verdict, many in sorted(counts.items(), key=lambda item: -item[1]):
        print(f"{many:6} {verdict}")
    open_ones = [row for row in rows if row["verdict"] in UNEQUAL and not row["why"]]
    for row in open_ones:
        print("unexplained:", ", ".join(f"{k} {v}" for k, v in row.items() if v))
    print(f"{len(open_ones)} of {len(rows)} rows are not explained; see {TABLE.relative_to(ROOT)}")
    return 1 if open_ones else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
