"""What the timeline shows on a day, and the words for it; nothing here draws."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby

from immunolib import datasets
from immunolib._dates import period
from immunolib._errors import choose
from immunolib.datasets import _asof
from immunolib.datasets._views import BY, first_licence
from immunolib.figures._described import count, sentence_list
from immunolib.figures._style import DIALS

FIRST_DAY = date(1890, 1, 1)
EVERY = "every"
_MOST_AGENT_ROWS = 32
_MOST_NAMES = 8

#: What a row of the picture stands for, from the widest view to the closest.
FAMILY, CLASS, AGENT, LICENCE = "family", "class", "agent", "licence"


@dataclass(frozen=True)
class Mark:
    """One agent on one dial (or one of its licences): what it is on the day of the scene.

    ``by`` says that the licence is only known to have existed on the day ``since``: it may have
    begun at any time after ``studied``, the first study in people on record.
    """

    agent: str
    direction: str
    family: str
    group: str
    status: str
    since: str
    until: str
    verified: bool = True
    use: str = ""
    regulator: str = ""
    by: bool = False
    studied: str = ""

    @property
    def licensed(self) -> bool:
        """Whether it holds a licence on the day; an emergency use is none."""
        return self.status == _asof.APPROVED


@dataclass(frozen=True)
class Row:
    """One line of the picture: a family or class of agents, an agent, or one of its licences."""

    label: str
    direction: str
    marks: tuple[Mark, ...]
    regulator: str = ""

    @property
    def licensed(self) -> int:
        """How many agents of the row hold a licence on the day."""
        return sum(mark.licensed for mark in self.marks)


@dataclass(frozen=True)
class Scene:
    """Everything the timeline shows on one day under its filters."""

    as_of: date
    rows: tuple[Row, ...]
    level: str
    most: int
    direction: str
    group: str
    agent: str
    regulator: str
    covered_through: date

    @property
    def marks(self) -> list[Mark]:
        """Every mark, licensed or not."""
        return [mark for row in self.rows for mark in row.marks]


def directions() -> list[str]:
    """The directions to choose from."""
    return [EVERY, *DIALS]


@lru_cache(maxsize=1)
def _classes() -> dict[str, tuple[str, str]]:
    """The family and the class of each agent."""
    held = datasets.load_agents()
    return {
        str(agent): (str(family), str(its_class))
        for agent, family, its_class in held[["agent", "family", "class"]].itertuples(index=False)
    }


@lru_cache(maxsize=1)
def _used() -> frozenset[str]:
    return frozenset(datasets.load_uses()["agent"])


@lru_cache(maxsize=1)
def families() -> list[str]:
    """The families of agents that have a use, in alphabetical order."""
    return sorted({family for agent, (family, _) in _classes().items() if agent in _used()})


@lru_cache(maxsize=1)
def groups() -> list[str]:
    """What to choose from: each family in alphabetical order, followed by its classes."""
    found = [EVERY]
    for family in families():
        mine = {its for agent, (of, its) in _classes().items() if of == family and agent in _used()}
        found += [family, *sorted(mine - {family}, key=str.casefold)]
    return list(dict.fromkeys(found))


def group_label(group: str) -> str:
    """How a list of groups shows one: a class is set in below its family."""
    return group if group == EVERY or group in families() else f"\u2003{group}"


@lru_cache(maxsize=1)
def agents() -> list[str]:
    """The agents to choose from, in alphabetical order."""
    return [EVERY, *sorted(_used(), key=str.casefold)]


def regulators() -> list[str]:
    """The regulators to choose from."""
    return [EVERY, *_records_of()]


@dataclass(frozen=True)
class _Records:
    """How far a regulator's records go, and whether they are complete within the scope."""

    through: date
    complete: bool


@lru_cache(maxsize=1)
def _records_of() -> dict[str, _Records]:
    """The regulators in their order, with their records."""
    held = datasets.regulators()[["name", "covered_through", "coverage"]]
    return {
        str(name): _Records(date.fromisoformat(str(day)), coverage == "complete")
        for name, day, coverage in held.itertuples(index=False)
    }


def scene(
    as_of: object = None,
    direction: str = EVERY,
    group: str = EVERY,
    agent: str = EVERY,
    regulator: str = EVERY,
) -> Scene:
    """Work out what the timeline shows.

    Args:
        as_of: the day, from 1890-01-01 to the data's edition; the edition where left out.
        direction: one of ``directions()``.
        group: a family or class of agents, one of ``groups()``.
        agent: an agent by any of its names, which goes before a group; or ``every``.
        regulator: one of ``regulators()``.

    Raises:
        UnknownNameError: where a filter names nothing.
        DateError: where ``as_of`` is no day, or lies after the edition.
    """
    day = datasets.edition() if as_of is None else datasets.day_within(as_of)
    direction = choose("direction", direction, directions())
    group = choose("group", group, groups())
    agent = EVERY if agent == EVERY else datasets.with_a_use(datasets.find_agent(agent))
    if agent != EVERY:
        group = EVERY  # an agent is the narrower choice
    regulator = choose("regulator", regulator, regulators())
    filters = (direction, group, agent, regulator)
    entire = _marks(datasets.edition(), *filters)
    if agent != EVERY:
        entire = [mark for mark in entire if mark.status != _asof.UNKNOWN]
    now = {_key_of(m): m for m in _marks(day, *filters)}
    level = _level(group, agent, len(entire))
    begun: dict[tuple[str, str], date] = {}
    for mark in entire:
        row = (mark.direction, _label(mark, level))
        begun[row] = min(begun.get(row, date.max), _start(mark))
    order = {name: at for at, name in enumerate(regulators())}
    rows = []
    for name in DIALS:
        dial = sorted(
            (m for m in entire if m.direction == name),
            key=lambda m: (
                order[m.regulator or EVERY],
                begun[m.direction, _label(m, level)],
                _label(m, level),
                _start(m),
                m.agent,
            ),
        )
        for (by, label), members in groupby(dial, key=lambda m: (m.regulator, _label(m, level))):
            rows.append(Row(label, name, tuple(now[_key_of(m)] for m in members), by))
    most = max((len(row.marks) for row in rows), default=1)
    held = _records_of()
    ends = min(r.through for r in held.values()) if regulator == EVERY else held[regulator].through
    return Scene(day, tuple(rows), level, most, direction, group, agent, regulator, ends)


def _level(group: str, agent: str, number: int) -> str:
    if agent != EVERY:
        return LICENCE
    if number <= _MOST_AGENT_ROWS:
        return AGENT
    if group == EVERY:
        return FAMILY
    return CLASS if group in families() else AGENT


def _label(mark: Mark, level: str) -> str:
    return {FAMILY: mark.family, CLASS: mark.group, AGENT: mark.agent, LICENCE: mark.use}[level]


def _key_of(mark: Mark) -> tuple[str, str, str, str]:
    return mark.agent, mark.direction, mark.regulator, mark.use


def _start(mark: Mark) -> date:
    return period(mark.since).start if mark.since else date.max


def _marks(day: date, direction: str, group: str, agent: str, regulator: str) -> list[Mark]:
    classes = _classes()
    studied, doubtful = _studies(), _doubtful()
    close = agent != EVERY
    ordered = [
        row
        for row in _status(day)
        if direction in (EVERY, row.direction)
        and regulator in (EVERY, row.regulator)
        and group in (EVERY, *classes[row.agent])
        and agent in (EVERY, row.agent)
    ]
    found = []
    for (name, its_direction, by, use), members in groupby(
        sorted(ordered, key=lambda row: _of(row, close)), key=lambda row: _of(row, close)
    ):
        held = list(members)
        state = _asof.strongest(row.status for row in held)
        told = first_licence(held)
        since = told.removeprefix(BY)
        until = max((row.until for row in held if row.until), key=_key, default="")
        if not since and state != _asof.UNKNOWN:
            since = studied.get(name, "")
        ended = until if state == _asof.WITHDRAWN else ""
        sure = (name, since) not in doubtful and (name, ended) not in doubtful
        family, its_class = classes[name]
        found.append(
            Mark(
                name,
                its_direction,
                family,
                its_class,
                state,
                since,
                ended,
                sure,
                use,
                by,
                told.startswith(BY),
                studied.get(name, ""),
            )
        )
    return found


@dataclass(frozen=True)
class _Status:
    """A row of the status of uses on a day."""

    agent: str
    use: str
    direction: str
    regulator: str
    status: str
    since: str
    until: str


@lru_cache(maxsize=64)
def _status(day: date) -> tuple[_Status, ...]:
    columns = ["agent", "use", "direction", "regulator", "status", "since", "until"]
    held = datasets.load_status(day)[columns]
    return tuple(_Status(*map(str, row)) for row in held.itertuples(index=False) if row.direction)


def _of(row: _Status, close: bool) -> tuple[str, str, str, str]:
    """What a mark stands for: an agent on a dial, or close up one of its licences."""
    if close:
        return row.agent, row.direction, row.regulator, row.use
    return row.agent, row.direction, "", ""


@lru_cache(maxsize=1)
def _doubtful() -> frozenset[tuple[str, str]]:
    """Agents and dates that are marked as not verified."""
    held = datasets.not_verified()
    return frozenset(
        (str(agent), str(when)) for agent, when in held[["agent", "date"]].itertuples(index=False)
    )


@lru_cache(maxsize=1)
def _studies() -> dict[str, str]:
    rows = datasets.load_milestones()
    rows = rows[rows["kind"].isin(["first_in_human", "study", "setback"]) & (rows["agent"] != "")]
    return {
        str(agent): min(map(str, found), key=_key) for agent, found in rows.groupby("agent")["date"]
    }


def _key(text: str) -> tuple[date, date]:
    return period(text).start, period(text).end


def describe(what: Scene) -> str:
    """Say in words what the scene shows."""
    if what.level == LICENCE:
        return "\n".join(_describe_agent(what))
    marks = what.marks
    agents = {mark.agent for mark in marks}
    held = {mark.agent for mark in marks if mark.licensed}
    lines = [
        f"On {what.as_of.isoformat()}, {len(held)} of the {len(agents)} agents of this view "
        f"({_filters(what)}) {'was' if len(held) == 1 else 'were'} licensed{_by_dial(what)}."
    ]
    dated = (mark for mark in marks if mark.licensed and not mark.by)
    newest = sorted(dated, key=lambda m: (_key(m.since), m.agent))
    if newest:
        first, last = newest[0], newest[-1]
        lines[0] += f" The first was {first.agent} ({first.since})"
        lines[0] += "." if last == first else f", the newest {last.agent} ({last.since})."
    for status, lead in _ASIDE.items():
        found = {_beside(m, held) for m in marks if m.status == status} - held
        names = sorted(found, key=str.casefold)
        if names:
            lines.append(f"{lead.format(records=_records(what))}: {_some(names, _MOST_NAMES)}.")
    unsure = sorted({m.agent for m in marks if m.since and not m.verified}, key=str.casefold)
    if unsure:
        lines.append(f"With a date that is not verified: {_some(unsure, _MOST_NAMES)}.")
    return "\n".join([*lines, *_beyond(what)])


def _beyond(what: Scene) -> list[str]:
    """How far the records go, and what a gap in them means."""
    records = _records_of()
    if what.regulator != EVERY and not records[what.regulator].complete:
        return [
            f"The records of {what.regulator} hold single events only: what is missing here is "
            "not recorded, which does not mean not licensed."
        ]
    ends = [
        f"those of the {name} through {record.through.isoformat()}"
        for name, record in records.items()
        if record.complete and what.regulator in (EVERY, name) and what.as_of > record.through
    ]
    if not ends:
        return []
    return [
        f"The records are complete within the scope only up to a day, {sentence_list(ends)}; "
        "of what was decided later they hold single events."
    ]


def _describe_agent(what: Scene) -> list[str]:
    """The licences of a single agent, in words."""
    held = [mark for mark in what.marks if mark.licensed]
    lines = [
        f"On {what.as_of.isoformat()}, {what.agent} held {count(len(held), 'licence')} on record "
        f"({_filters(what)}), counted for each use and regulator."
    ]
    for name in DIALS:
        mine = [_by_regulator([m for m in held if m.direction == name], since=True)]
        lines += [f"For {name}, {text}." for text in mine if text]
    for status, lead in _ASIDE_ALONE.items():
        found = _by_regulator([m for m in what.marks if m.status == status], since=False)
        if found:
            lines.append(f"{lead}: {found}.")
    if any(m.status == _asof.STUDIED and m.regulator == "EMA" for m in what.marks):
        lines.append("What is licensed country by country in Europe is not in the EMA's records.")
    lines.append("A use of whose licence no date was found is not shown.")
    return lines + _beyond(what)


_ASIDE = {
    _asof.EMERGENCY: "Allowed for emergency use, which is no licence",
    _asof.WITHDRAWN: "No longer licensed or sold by then",
    _asof.UNCERTAIN: "Uncertain, since a day that decides it is not on record",
    _asof.STUDIED: "Studied in people by then, with no licence {records}",
}


_ASIDE_ALONE = {
    _asof.EMERGENCY: "Allowed for emergency use, which is no licence",
    _asof.WITHDRAWN: "No longer licensed or sold by then",
    _asof.UNCERTAIN: "Uncertain, since a day that decides it is not on record",
    _asof.STUDIED: "Studied in people by then; no licence by these is on record",
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
        "every family" if what.group == EVERY else what.group,
        *([] if what.agent == EVERY else [what.agent]),
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


def _by_regulator(marks: list[Mark], since: bool) -> str:
    """``FDA: melanoma since 2014-09-04, kidney cancer since 2019-04; EMA: ...``."""
    parts = []
    for by, members in groupby(marks, key=lambda mark: mark.regulator):
        uses = [f"{m.use} {BY if m.by else 'since '}{m.since}" if since else m.use for m in members]
        parts.append(f"{by}: {', '.join(uses)}")
    return "; ".join(parts)


def changed(old: Scene, new: Scene) -> str:
    """Say what differs between two scenes, as a learner moves from one to the other."""
    close = new.level == LICENCE and _chosen(old) == _chosen(new)
    before = {_name(m, close) for m in old.marks if m.licensed}
    after = {_name(m, close) for m in new.marks if m.licensed}
    if old.as_of == new.as_of:
        if _chosen(old) == _chosen(new):
            return "Nothing has changed."
        if new.level == LICENCE:
            held = sum(mark.licensed for mark in new.marks)
            return f"The view now shows {_filters(new)}: {count(held, 'licence')} on record."
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
    emergency = set() if close else _in_emergency(new) - _in_emergency(old) - before
    if emergency and new.as_of > old.as_of:
        parts.append(f"{_some(sorted(emergency))} allowed for emergency use")
    if not parts:
        return f"{span}: no licence in this view began or ended."
    return f"{span}: {'; '.join(parts)}."


def _name(mark: Mark, close: bool) -> str:
    return f"{mark.use} ({mark.regulator})" if close else mark.agent


def _chosen(what: Scene) -> tuple[str, ...]:
    return what.direction, what.group, what.agent, what.regulator


def _in_emergency(what: Scene) -> set[str]:
    return {mark.agent for mark in what.marks if mark.status == _asof.EMERGENCY}


def _some(names: list[str], most: int = 6) -> str:
    """The names; of many, the first and how many more."""
    if len(names) <= most + 1:
        return sentence_list(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"
