"""What was licensed on a day: pure rules over the events of ``approvals.csv``.

The state of a licence is kept for each application, use and indication, so that the end of one
indication or one product leaves the others standing.  An event dated only to a month or a year may
or may not have happened on a day inside that period: the state is then worked out for every
combination, and where they disagree the answer is ``uncertain``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product

from immunolib._dates import Period, period

APPROVED = "approved"
EMERGENCY = "emergency use"
UNCERTAIN = "uncertain"
WITHDRAWN = "withdrawn"
STUDIED = "studied in people"
UNKNOWN = "unknown"

#: Every status, in the order in which the strongest stands for an agent with several uses.
STATUSES = (APPROVED, EMERGENCY, UNCERTAIN, WITHDRAWN, STUDIED, UNKNOWN)

#: Events that open a licence, and those that end one.
OPENING = frozenset(
    {
        "approval",
        "accelerated_approval",
        "conditional_approval",
        "new_indication",
        "new_formulation",
        "reapproval",
        "first_biosimilar",
        "emergency_use",
    }
)
ENDING = frozenset({"withdrawal", "discontinuation"})

_MOST_OPEN_DATES = 8


@dataclass(frozen=True)
class Event:
    """One event of one agent with one regulator, as the rules need it."""

    kind: str
    scope: str
    licence: str
    use: str
    indication: str
    when: Period


def event(row: dict[str, str]) -> Event:
    """Read a row of ``approvals.csv``; a licence is known by its application, else its brand."""
    return Event(
        kind=row["event"],
        scope=row["scope"],
        licence=row["application"] or row["brand"],
        use=row["use"],
        indication=row["indication"],
        when=_period(row["date"]),
    )


@lru_cache(maxsize=4096)
def _period(text: str) -> Period:
    return period(text)


def _order(one: Event) -> tuple[date, date, bool]:
    return (one.when.start, one.when.end, one.kind in ENDING)


def _replay(events: Iterable[Event], use: str) -> str | None:
    """The state of a use after these events, or nothing where none of them concerns it."""
    open_now: dict[tuple[str, str, str], str] = {}
    ever = False
    for one in events:
        key = (one.licence, one.use, one.indication)
        if one.kind in OPENING:
            open_now[key] = EMERGENCY if one.kind == "emergency_use" else APPROVED
            ever = ever or one.use == use
        elif one.scope == "product":
            open_now = {k: v for k, v in open_now.items() if k[0] != one.licence}
        else:
            open_now.pop(key, None)
    states = {state for (_, its_use, _), state in open_now.items() if its_use == use}
    if states:
        return APPROVED if APPROVED in states else EMERGENCY
    return WITHDRAWN if ever else None


def status(events: Sequence[Event], use: str, day: date, studies: Sequence[Period] = ()) -> str:
    """The status of a use on a day, from one agent's events with one regulator.

    Args:
        events: every event of the agent with the regulator, in any order.
        use: the use that is asked about.
        day: the day; events on it count.
        studies: when the agent was studied in people.

    Returns:
        One of ``STATUSES``.
    """
    known = sorted((e for e in events if e.when.start <= day), key=_order)
    undecided = [i for i, one in enumerate(known) if one.when.end > day]
    if len(undecided) > _MOST_OPEN_DATES:
        return UNCERTAIN
    found: set[str | None] = set()
    for happened in product((True, False), repeat=len(undecided)):
        skipped = {i for i, yes in zip(undecided, happened, strict=True) if not yes}
        found.add(_replay((e for i, e in enumerate(known) if i not in skipped), use))
    if len(found) > 1:
        return UNCERTAIN
    state = found.pop()
    if state is not None:
        return state
    if any(p.end <= day for p in studies):
        return STUDIED
    return UNCERTAIN if any(p.start <= day for p in studies) else UNKNOWN


def strongest(states: Iterable[str]) -> str:
    """The status that stands for several: the first of ``STATUSES`` among them."""
    present = set(states)
    return next((state for state in STATUSES if state in present), UNKNOWN)
