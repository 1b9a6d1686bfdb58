"""The tables as of a day: the status of each use with each regulator, and of each agent."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from immunolib._dates import Period, as_day, period
from immunolib._errors import DateError
from immunolib.datasets import _asof, _reader

if TYPE_CHECKING:
    import pandas as pd


def day_within(as_of: object) -> date:
    """A day up to the data's edition, or a ``DateError`` that says what would do."""
    day = as_day(as_of)
    last = _reader.edition()
    if day > last:
        raise DateError(
            f"as_of={day.isoformat()} lies after the data's edition ({last.isoformat()}), "
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
    dated = {(row["agent"], row["use"]) for row in _reader.rows("approvals")}
    seen: dict[str, list[Period]] = defaultdict(list)
    for row in _reader.rows("milestones"):
        if row["kind"] == "licence":
            seen[row["agent"]].append(period(row["date"]))
    for use in _reader.rows("uses"):
        if (use["agent"], use["use"]) in dated:
            continue
        for day in seen.get(use["agent"], ()):
            when = _by_then(day, _studies().get(use["agent"], ()))
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
        if row["agent"] and row["kind"] in {"first_in_human", "study", "setback"}:
            found[row["agent"]].append(period(row["date"]))
    return {key: tuple(value) for key, value in found.items()}


class Status(NamedTuple):
    """What a regulator's records say of one use on a day."""

    agent: str
    use: str
    direction: str
    regulator: str
    status: str
    since: str
    until: str


@dataclass(frozen=True)
class _Record:
    """One use with one regulator: its events and studies, and the days on which its status turns.

    Between two such days nothing changes, so that each stretch is worked out once.
    """

    agent: str
    use: str
    direction: str
    regulator: str
    events: tuple[_asof.Event, ...]
    studies: tuple[Period, ...]
    turns: tuple[date, ...]
    known: dict[int, Status] = field(default_factory=dict, compare=False)

    def on(self, day: date) -> Status:
        stretch = bisect_right(self.turns, day)
        if stretch not in self.known:
            self.known[stretch] = self._worked_out(day)
        return self.known[stretch]

    def _worked_out(self, day: date) -> Status:
        state = _asof.status(self.events, self.use, day, self.studies)
        so_far = sorted(
            (e for e in self.events if e.when.start <= day),
            key=lambda e: (e.when.start, e.when.end),
        )
        openings = [
            e
            for e in so_far
            if e.use == self.use and e.kind in _asof.OPENING and period(e.when.text).start <= day
        ]
        # An emergency use is no licence: it counts only while there is nothing else.
        licences = [e for e in openings if e.kind != "emergency_use"] or openings
        endings = [e.when for e in so_far if _ends(e, self.use, so_far)]
        return Status(
            self.agent,
            self.use,
            self.direction,
            self.regulator,
            state,
            _since(licences, self.regulator),
            endings[-1].text if endings and state == _asof.WITHDRAWN else "",
        )


@lru_cache(maxsize=1)
def _records() -> tuple[_Record, ...]:
    events, studies = _events(), _studies()
    in_scope = {use["agent"] for use in _reader.rows("uses")}
    beside = [{"agent": row["agent"], **_BESIDE} for row in _reader.rows("agents")]
    beside = [use for use in beside if use["agent"] not in in_scope]
    found = []
    for use in [*_reader.rows("uses"), *beside]:
        for regulator in _reader.descriptor()["regulators"]:
            mine = events.get((use["agent"], regulator["name"]), ())
            if not _on_record(mine, use, regulator["coverage"]):
                continue
            studied = studies.get(use["agent"], ())
            periods = [event.when for event in mine] + list(studied)
            periods += [period(event.when.text) for event in mine]
            turns = sorted({day for p in periods for day in (p.start, p.end)})
            key = (use["agent"], use["use"], use["direction"], regulator["name"])
            found.append(_Record(*key, mine, studied, tuple(turns)))
    return tuple(found)


@lru_cache(maxsize=64)
def statuses_on(day: date) -> tuple[Status, ...]:
    """The status of every use with each regulator, always in the same order."""
    return tuple(record.on(day) for record in _records())


@lru_cache(maxsize=32)
def status_on(day: date) -> "pd.DataFrame":
    import pandas as pd

    found = pd.DataFrame(statuses_on(day), columns=Status._fields).astype("str")
    ends = {
        regulator["name"]: date.fromisoformat(regulator["covered_through"])
        for regulator in _reader.descriptor()["regulators"]
    }
    found["covered"] = [day <= ends[row.regulator] for row in statuses_on(day)]
    return found


def _on_record(events: tuple[_asof.Event, ...], use: _reader.Row, coverage: str) -> bool:
    """Whether a regulator's records can tell of a use.

    A regulator that knows the agent, but of whose licence for this use no date was found, may have
    licensed it: that is not recorded, and never "not licensed".  One whose records are complete
    has not licensed an agent that they do not hold, nor a use that nobody has licensed.
    """
    if any(event.use == use["use"] for event in events):
        return True
    nowhere = use.get("licence") == "none on record"
    return coverage == "complete" and (nowhere or not events)


def _ends(event: _asof.Event, use: str, so_far: list[_asof.Event]) -> bool:
    """Whether an event ends a licence that this use had."""
    held = {e.licence for e in so_far if e.use == use and e.kind in _asof.OPENING}
    whole = event.scope == "product" and event.licence in held
    return event.kind in _asof.ENDING and (whole or event.use == use)


#: Before a date on which a licence is only known to have existed: it may have begun earlier.
BY = "by "


def _since(licences: list[_asof.Event], regulator: str) -> str:
    if not licences:
        return ""
    return f"{BY if regulator == NATIONAL else ''}{licences[0].when.text}"


def first_licence(rows: Iterable[Any]) -> str:
    """The earliest ``since`` of some status rows; of an emergency use only if there is no other."""
    dated = [row for row in rows if row.since]
    licences = [row for row in dated if row.status != _asof.EMERGENCY] or dated
    texts = [str(row.since) for row in licences]
    return min(texts, key=lambda text: _order(text.removeprefix(BY)), default="")


@lru_cache(maxsize=4096)
def _order(text: str) -> tuple[date, date]:
    when = period(text)
    return when.start, when.end


@lru_cache(maxsize=32)
def agents_on(day: date) -> "pd.DataFrame":
    found = _reader.frame("agents")
    by_agent: dict[str, list[Any]] = defaultdict(list)
    for row in status_on(day).itertuples(index=False):
        by_agent[str(row.agent)].append(row)

    def joined(agent: str, column: str) -> str:
        held = [r for r in by_agent[agent] if r.status == _asof.APPROVED]
        return "; ".join(dict.fromkeys(str(getattr(r, column)) for r in held))

    names = list(found["agent"])
    found["status"] = [_asof.strongest(str(r.status) for r in by_agent[a]) for a in names]
    found["since"] = [first_licence(by_agent[a]) for a in names]
    found["approved_uses"] = [joined(a, "use") for a in names]
    found["approved_by"] = [joined(a, "regulator") for a in names]
    found["directions"] = [
        "; ".join(dict.fromkeys(str(r.direction) for r in by_agent[a])) for a in names
    ]
    added = ["status", "since", "approved_uses", "approved_by", "directions"]
    return found.astype(dict.fromkeys(added, "str"))
