"""Timeline: what was licensed on any day, and what changed since the last day looked at."""

from datetime import date

from immunolib import datasets
from immunolib.explorers._controls import Choice, Day, Values
from immunolib.explorers._plan import Plan
from immunolib.explorers._shell import Explorer, explore
from immunolib.figures import _timeline
from immunolib.figures import _timeline_scene as _scene
from immunolib.figures._timeline_words import changed

CONTROLS = (
    Day("as_of", "Day", _scene.FIRST_DAY, datasets.edition),
    Choice("direction", "Dial", _scene.directions, _scene.EVERY, filter=True),
    Choice("group", "Group", _scene.groups, _scene.EVERY, _scene.group_label),
    Choice("agent", "Agent", _scene.agents, _scene.EVERY),
    Choice("regulator", "Regulator", _scene.regulators, _scene.EVERY),
)


def state(values: Values) -> _scene.Scene:
    """The scene of these settings; pure."""
    return _scene.scene(
        values["as_of"], *(values[name] for name in ("direction", "group", "agent", "regulator"))
    )


PLAN = Plan(
    "timeline",
    "Timeline of licensed immunomodulators",
    CONTROLS,
    state,
    _timeline.picture,
    _timeline.words,
    _timeline.table,
    changed,
    carried=("as_of", "direction"),
)


def timeline(
    as_of: str | date | None = None,
    direction: str = _scene.EVERY,
    group: str = _scene.EVERY,
    agent: str = _scene.EVERY,
    regulator: str = _scene.EVERY,
) -> Explorer:
    """Explore the timeline: set any day from 1890 to the data's edition, and filter.

    Args:
        as_of: the first day shown; the edition where left out.
        direction: ``activation``, ``suppression``, ``redirection`` or ``every``.
        group: a family or class of agents, for example ``checkpoint antibodies`` or
            ``PD-1 antibody``, or ``every``.
        agent: one agent, for example ``rituximab``, or ``every``.
        regulator: for example ``FDA``, or ``every``.

    Raises:
        UnknownNameError: where a filter names nothing.
        DateError: where ``as_of`` is no day, or lies outside the range.
    """
    values = {"direction": direction, "group": group, "agent": agent, "regulator": regulator}
    if as_of is not None:
        values["as_of"] = as_of  # type: ignore[assignment]
    return explore(PLAN, values)
