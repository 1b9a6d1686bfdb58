"""The words of the timeline: what a scene shows, and what changed between two."""

from collections import Counter
from itertools import groupby

from immunolib.datasets import _asof
from immunolib.datasets._views import BY
from immunolib.figures._described import count, sentence_list
from immunolib.figures._style import DIALS
from immunolib.figures._timeline_scene import EVERY, LICENCE, Mark, Scene, order, records_of

_MOST_NAMES = 8


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
    newest = sorted(dated, key=lambda m: (order(m.since), m.agent))
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
    records = records_of()
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
        found = _by_regulator([m for m in held if m.direction == name], since=True)
        if found:
            lines.append(f"For {name}, {found}.")
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


# The same of a single agent, whose regulators follow each lead.
_ASIDE_ALONE = _ASIDE | {
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
