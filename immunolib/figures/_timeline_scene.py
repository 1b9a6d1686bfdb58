"""What the timeline shows on a day; nothing here draws or speaks."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from immunolib import datasets
from immunolib._dates import period
from immunolib._errors import choose
from immunolib.datasets import _asof
from immunolib.datasets._views import BY, Status, first_licence, statuses_on
from immunolib.figures._style import DIALS

FIRST_DAY = date(1890, 1, 1)
EVERY = "every"
_MOST_AGENT_ROWS = 32

#: What tells a mark from others: agent, dial, and close up the regulator and the use.
_Key = tuple[str, str, str, str]

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
    """Everything the timeline shows on one day under its filters.

    ``most`` (the agents of the largest row) and ``labels`` are those of every dial, so that a
    choice of dial changes no scale.
    """

    as_of: date
    rows: tuple[Row, ...]
    level: str
    most: int
    labels: tuple[str, ...]
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
    return [EVERY, *records_of()]


@dataclass(frozen=True)
class Records:
    """How far a regulator's records go, and whether they are complete within the scope."""

    through: date
    complete: bool


@lru_cache(maxsize=1)
def records_of() -> dict[str, Records]:
    """The regulators in their order, with their records."""
    held = datasets.regulators()[["name", "covered_through", "coverage"]]
    return {
        str(name): Records(date.fromisoformat(str(day)), coverage == "complete")
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
    now = {_key_of(mark): mark for mark in _marks(day, group, agent, regulator)}
    layout = _layout(direction, group, agent, regulator)
    rows = tuple(
        Row(label, name, tuple(now[key] for key in keys), by)
        for label, name, by, keys in layout.rows
        if direction in (EVERY, name)
    )
    held = records_of()
    ends = min(r.through for r in held.values()) if regulator == EVERY else held[regulator].through
    return Scene(
        as_of=day,
        rows=rows,
        level=layout.level,
        most=max((len(keys) for *_, keys in layout.rows), default=1),
        labels=tuple(sorted({label for label, *_ in layout.rows})),
        direction=direction,
        group=group,
        agent=agent,
        regulator=regulator,
        covered_through=ends,
    )


class _Layout(NamedTuple):
    """The rows of a view on every dial, the same on every day: label, dial, regulator, marks."""

    level: str
    rows: tuple[tuple[str, str, str, tuple[_Key, ...]], ...]


@lru_cache(maxsize=32)
def _layout(direction: str, group: str, agent: str, regulator: str) -> _Layout:
    entire = _marks(datasets.edition(), group, agent, regulator)
    if agent != EVERY:
        entire = [mark for mark in entire if mark.status != _asof.UNKNOWN]
    level = _level(group, agent, sum(direction in (EVERY, mark.direction) for mark in entire))
    begun: dict[tuple[str, str], date] = {}
    for mark in entire:
        row = (mark.direction, _label(mark, level))
        begun[row] = min(begun.get(row, date.max), _start(mark))
    place = {name: at for at, name in enumerate(regulators())}
    rows = []
    for name in DIALS:
        dial = sorted(
            (m for m in entire if m.direction == name),
            key=lambda m: (
                place[m.regulator or EVERY],
                begun[m.direction, _label(m, level)],
                _label(m, level),
                _start(m),
                m.agent,
            ),
        )
        for (by, label), members in groupby(dial, key=lambda m: (m.regulator, _label(m, level))):
            rows.append((label, name, by, tuple(_key_of(m) for m in members)))
    return _Layout(level, tuple(rows))


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


def _key_of(mark: Mark) -> _Key:
    return mark.agent, mark.direction, mark.regulator, mark.use


def _start(mark: Mark) -> date:
    return period(mark.since).start if mark.since else date.max


def _marks(day: date, group: str, agent: str, regulator: str) -> list[Mark]:
    rows = statuses_on(day)
    return [
        _mark(key, tuple(rows[at] for at in places))
        for key, places in _members(group, agent, regulator)
    ]


@lru_cache(maxsize=32)
def _members(group: str, agent: str, regulator: str) -> tuple[tuple[_Key, tuple[int, ...]], ...]:
    """The marks of a view, each with the places of its rows among those of any day."""
    classes = _classes()
    close = agent != EVERY
    chosen = sorted(
        (_of(row, close), at)
        for at, row in enumerate(statuses_on(FIRST_DAY))
        if row.direction
        and regulator in (EVERY, row.regulator)
        and group in (EVERY, *classes[row.agent])
        and agent in (EVERY, row.agent)
    )
    return tuple(
        (key, tuple(at for _, at in members))
        for key, members in groupby(chosen, key=lambda pair: pair[0])
    )


@lru_cache(maxsize=16384)
def _mark(key: _Key, held: tuple[Status, ...]) -> Mark:
    """What these licences of one agent come to."""
    name, its_direction, by, use = key
    studied, doubtful = _studies(), _doubtful()
    state = _asof.strongest(row.status for row in held)
    told = first_licence(held)
    since = told.removeprefix(BY)
    until = max((row.until for row in held if row.until), key=order, default="")
    if not since and state != _asof.UNKNOWN:
        since = studied.get(name, "")
    ended = until if state == _asof.WITHDRAWN else ""
    family, its_class = _classes()[name]
    return Mark(
        agent=name,
        direction=its_direction,
        family=family,
        group=its_class,
        status=state,
        since=since,
        until=ended,
        verified=(name, since) not in doubtful and (name, ended) not in doubtful,
        use=use,
        regulator=by,
        by=told.startswith(BY),
        studied=studied.get(name, ""),
    )


def _of(row: Status, close: bool) -> _Key:
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
        str(agent): min(map(str, found), key=order)
        for agent, found in rows.groupby("agent")["date"]
    }


@lru_cache(maxsize=8192)
def order(text: str) -> tuple[date, date]:
    """Where a date stands among others, by its first and last possible day."""
    return period(text).start, period(text).end
