"""What the timeline shows on a day, and the words for it; nothing here draws."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from immunolib import datasets
from immunolib._dates import period
from immunolib._errors import choose
from immunolib.datasets import _asof
from immunolib.datasets._views import first_licence
from immunolib.figures._described import count, sentence_list
from immunolib.figures._style import DIALS

FIRST_DAY = date(1890, 1, 1)
EVERY = "every"
_MOST_AGENT_ROWS = 32


@dataclass(frozen=True)
class Mark:
    """One agent on one dial: what it is on the day of the scene."""

    agent: str
    direction: str
    group: str
    status: str
    since: str
    until: str

    @property
    def licensed(self) -> bool:
        """Whether it holds a licence on the day; an emergency use is none."""
        return self.status == _asof.APPROVED


@dataclass(frozen=True)
class Row:
    """One line of the picture: a class of agents, or a single agent."""

    label: str
    direction: str
    marks: tuple[Mark, ...]

    @property
    def licensed(self) -> int:
        """How many agents of the row hold a licence on the day."""
        return sum(mark.licensed for mark in self.marks)


@dataclass(frozen=True)
class Scene:
    """Everything the timeline shows on one day under its filters."""

    as_of: date
    rows: tuple[Row, ...]
    by_agent: bool
    direction: str
    group: str
    regulator: str
    covered_through: date

    @property
    def marks(self) -> list[Mark]:
        """Every mark, licensed or not."""
        return [mark for row in self.rows for mark in row.marks]


def directions() -> list[str]:
    """The directions to choose from."""
    return [EVERY, *DIALS]


def groups() -> list[str]:
    """The classes to choose from, in alphabetical order."""
    return [EVERY, *sorted(set(datasets.load_agents()["class"]), key=str.casefold)]


def regulators() -> list[str]:
    """The regulators to choose from."""
    return [EVERY, *datasets.regulators()["name"]]


def scene(
    as_of: object = None, direction: str = EVERY, group: str = EVERY, regulator: str = EVERY
) -> Scene:
    """Work out what the timeline shows.

    Args:
        as_of: the day, from 1890-01-01 to the data's edition; the edition where left out.
        direction: one of ``directions()``.
        group: a class of agents, one of ``groups()``.
        regulator: one of ``regulators()``.

    Raises:
        UnknownNameError: where a filter names nothing.
        DateError: where ``as_of`` is no day, or lies after the edition.
    """
    day = datasets.edition() if as_of is None else datasets.day_within(as_of)
    direction = choose("direction", direction, directions())
    group = choose("class", group, groups())
    regulator = choose("regulator", regulator, regulators())
    entire = _marks(datasets.edition(), direction, group, regulator)
    now = {(m.agent, m.direction): m for m in _marks(day, direction, group, regulator)}
    by_agent = len(entire) <= _MOST_AGENT_ROWS
    rows = []
    for name in DIALS:
        dial = sorted(
            (m for m in entire if m.direction == name),
            key=lambda m: (_first(entire, m, by_agent), m.group, _start(m), m.agent),
        )
        for label, members in groupby(dial, key=lambda m: m.agent if by_agent else m.group):
            marks = tuple(now[m.agent, m.direction] for m in members)
            rows.append(Row(label, name, marks))
    covered = datasets.regulators().set_index("name")["covered_through"]
    through = covered.min() if regulator == EVERY else covered[regulator]
    return Scene(
        day, tuple(rows), by_agent, direction, group, regulator, date.fromisoformat(str(through))
    )


def _start(mark: Mark) -> date:
    return period(mark.since).start if mark.since else date.max


def _first(marks: list[Mark], mark: Mark, by_agent: bool) -> date:
    """When the mark's row begins: rows are drawn in this order."""
    if by_agent:
        return _start(mark)
    return min(_start(m) for m in marks if (m.group, m.direction) == (mark.group, mark.direction))


def _marks(day: date, direction: str, group: str, regulator: str) -> list[Mark]:
    agents = datasets.load_agents()
    classes = dict(zip(agents["agent"], agents["class"], strict=True))
    status = datasets.load_status(day)
    if direction != EVERY:
        status = status[status["direction"] == direction]
    if regulator != EVERY:
        status = status[status["regulator"] == regulator]
    if group != EVERY:
        status = status[status["agent"].map(classes) == group]
    studied = _studies()
    found = []
    records = status[["agent", "direction", "status", "since", "until"]].itertuples(index=False)
    ordered = sorted(records, key=lambda r: (str(r.agent), str(r.direction)))
    for (agent, its_direction), members in groupby(
        ordered, key=lambda r: (str(r.agent), str(r.direction))
    ):
        held = list(members)
        state = _asof.strongest(str(r.status) for r in held)
        since = first_licence(held)
        until = max((str(r.until) for r in held if r.until), key=_key, default="")
        if not since and state != _asof.UNKNOWN:
            since = studied.get(agent, "")
        ended = until if state == _asof.WITHDRAWN else ""
        found.append(Mark(agent, its_direction, classes[agent], state, since, ended))
    return found


def _studies() -> dict[str, str]:
    rows = datasets.load_milestones()
    rows = rows[rows["kind"].isin(["first_in_human", "study"]) & (rows["agent"] != "")]
    return {
        str(agent): min(map(str, found), key=_key) for agent, found in rows.groupby("agent")["date"]
    }


def _key(text: str) -> tuple[date, date]:
    return period(text).start, period(text).end


def describe(what: Scene) -> str:
    """Say in words what the scene shows."""
    marks = what.marks
    agents = {mark.agent for mark in marks}
    held = {mark.agent for mark in marks if mark.licensed}
    lines = [
        f"On {what.as_of.isoformat()}, {len(held)} of the {len(agents)} agents of this view "
        f"({_filters(what)}) {'was' if len(held) == 1 else 'were'} licensed{_by_dial(what)}."
    ]
    newest = sorted((m for m in marks if m.licensed), key=lambda m: (_key(m.since), m.agent))
    if newest:
        first, last = newest[0], newest[-1]
        lines[0] += f" The first was {first.agent} ({first.since})"
        lines[0] += "." if last == first else f", the newest {last.agent} ({last.since})."
    for status, lead in _ASIDE.items():
        found = {_beside(m, held) for m in marks if m.status == status} - held
        names = sorted(found, key=str.casefold)
        if names:
            lines.append(f"{lead.format(records=_records(what))}: {sentence_list(names)}.")
    if what.as_of > what.covered_through:
        lines.append(
            f"The records end on {what.covered_through.isoformat()}; "
            "what was decided later is not in them."
        )
    return "\n".join(lines)


_ASIDE = {
    _asof.EMERGENCY: "Allowed for emergency use, which is no licence",
    _asof.WITHDRAWN: "No longer licensed or sold by then",
    _asof.UNCERTAIN: "Uncertain, since the exact day is not on record",
    _asof.STUDIED: "Studied in people by then, with no licence {records}",
}


def _records(what: Scene) -> str:
    """Whose records a missing licence is missing from: it may be on record elsewhere."""
    return "on record" if what.regulator == EVERY else f"in the records of {what.regulator}"


def _beside(mark: Mark, held: set[str]) -> str:
    """An agent's name; with the dial, where it holds a licence on another one."""
    if mark.agent in held and mark.status == _asof.WITHDRAWN:
        return f"{mark.agent} ({mark.direction})"
    return mark.agent


def _filters(what: Scene) -> str:
    parts = [
        "both dials and redirection" if what.direction == EVERY else what.direction,
        "every class" if what.group == EVERY else what.group,
        "any regulator on record" if what.regulator == EVERY else what.regulator,
    ]
    return ", ".join(parts)


def _by_dial(what: Scene) -> str:
    numbers = Counter(mark.direction for mark in what.marks if mark.licensed)
    if not numbers or what.direction != EVERY:
        return ""
    parts = [f"{numbers[name]} for {name}" for name in DIALS if numbers[name]]
    both = numbers.total() - len({mark.agent for mark in what.marks if mark.licensed})
    twice = f" ({count(both, 'agent counts', 'agents count')} on two dials)" if both else ""
    return f": {sentence_list(parts)}{twice}"


def changed(old: Scene, new: Scene) -> str:
    """Say what differs between two scenes, as a learner moves from one to the other."""
    before = {m.agent for m in old.marks if m.licensed}
    after = {m.agent for m in new.marks if m.licensed}
    if old.as_of == new.as_of:
        if (old.direction, old.group, old.regulator) == (new.direction, new.group, new.regulator):
            return "Nothing has changed."
        return (
            f"The view now shows {_filters(new)}: "
            f"{count(len(after), 'licensed agent')} in place of {len(before)}."
        )
    span = f"From {old.as_of.isoformat()} to {new.as_of.isoformat()}"
    gained, lost = sorted(after - before), sorted(before - after)
    parts = []
    if new.as_of > old.as_of:
        parts += [f"{_some(gained)} came in"] if gained else []
        parts += [f"{_some(lost)} left"] if lost else []
    else:
        parts += [f"{_some(lost)} had not come in yet"] if lost else []
        still = "was" if len(gained) == 1 else "were"
        parts += [f"{_some(gained)} {still} still licensed"] if gained else []
    emergency = _in_emergency(new) - _in_emergency(old) - before
    if emergency and new.as_of > old.as_of:
        parts.append(f"{_some(sorted(emergency))} allowed for emergency use")
    if not parts:
        return f"{span}: no licence in this view began or ended."
    return f"{span}: {'; '.join(parts)}."


def _in_emergency(what: Scene) -> set[str]:
    return {mark.agent for mark in what.marks if mark.status == _asof.EMERGENCY}


def _some(names: list[str], most: int = 6) -> str:
    if len(names) <= most:
        return sentence_list(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"
