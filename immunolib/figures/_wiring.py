"""The signed wiring of cells and signals, and the ways an agent's action takes through it.

Everything comes from ``actions.csv`` and ``pathway.csv``; nothing about biology is written here.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from immunolib import datasets

OUTCOME = "immune response"

#: What an action does to the thing it acts on: more of it, or less.
EFFECTS = {
    "activates": +1,
    "recruits": +1,
    "adds": +1,
    "blocks": -1,
    "depletes": -1,
    "binds": -1,
    "inhibits": -1,
}
_SIGNS = {"stimulates": +1, "inhibits": -1}
_ON_THE_CELL = frozenset({"depletes", "recruits"})


@dataclass(frozen=True)
class Link:
    """One signed link of the wiring."""

    start: str
    end: str
    sign: int
    how: str


@dataclass(frozen=True)
class Action:
    """What one agent does to one target, as the diagrams draw it.

    ``node`` is where the line ends: the target, or the cell that carries it where the action
    removes or calls the whole cell.
    """

    agent: str
    use: str
    target: str
    verb: str
    cell: str
    node: str

    @property
    def sign(self) -> int:
        """+1 where there is more of the node afterwards, -1 where there is less."""
        return EFFECTS[self.verb]

    @property
    def mark(self) -> int:
        """How the line ends: +1 an arrow, -1 a T-bar, 0 nothing, where an agent only binds."""
        return 0 if self.verb == "binds" else self.sign


@lru_cache(maxsize=1)
def links() -> dict[str, tuple[Link, ...]]:
    """Every link, by the node it starts from."""
    found: dict[str, list[Link]] = defaultdict(list)
    for row in datasets.load_pathway().itertuples(index=False):
        start, end, sign, how, *_ = map(str, row)
        found[start].append(Link(start, end, _SIGNS[sign], how))
    return {node: tuple(its) for node, its in found.items()}


@lru_cache(maxsize=1)
def actions() -> tuple[Action, ...]:
    """Every action of every agent."""
    known = links()
    found = []
    for row in datasets.load_actions().itertuples(index=False):
        agent, use, target, verb, cell, *_ = map(str, row)
        on_cell = verb in _ON_THE_CELL and cell in known
        found.append(Action(agent, use, target, verb, cell, cell if on_cell else target))
    return tuple(found)


def actions_of(agent: str, use: str = "") -> list[Action]:
    """The actions of an agent: those of one use, or of every use."""
    return [a for a in actions() if a.agent == agent and (not use or a.use in ("", use))]


@lru_cache(maxsize=512)
def ways(node: str, most: int = 6) -> tuple[tuple[Link, ...], ...]:
    """The shortest ways from a node to the outcome, with those one link longer."""
    found: list[tuple[Link, ...]] = []
    frontier: list[tuple[Link, ...]] = [(link,) for link in links().get(node, ())]
    shortest = None
    while frontier:
        reached = [way for way in frontier if way[-1].end == OUTCOME]
        if reached and shortest is None:
            shortest = len(reached[0])
        found += reached
        if shortest is not None and len(frontier[0]) > shortest:
            break
        frontier = [
            (*way, link)
            for way in frontier
            if way[-1].end != OUTCOME
            for link in links().get(way[-1].end, ())
            if link.end not in {node, *(step.end for step in way)}
        ]
    return tuple(found[:most])


def effect(action: Action, way: tuple[Link, ...]) -> int:
    """Which way the outcome goes when the action runs along this way: +1 or -1."""
    sign = action.sign
    for link in way:
        sign *= link.sign
    return sign


def explanation(action: Action, direction: str) -> tuple[Link, ...]:
    """The way that explains a use's direction: the shortest one with the matching sign.

    A way by the cell on which the agent acts goes first.  Redirection has no sign: the first way
    stands for it.  Empty where no way explains it.
    """
    every = sorted(ways(action.node), key=lambda way: action.cell not in {s.end for s in way})
    wanted = {"activation": +1, "suppression": -1}.get(direction)
    for way in every:
        if wanted is None or effect(action, way) == wanted:
            return way
    return ()


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return dict(datasets.load_targets()[["target", "name"]].itertuples(index=False))


@lru_cache(maxsize=1)
def cells() -> frozenset[str]:
    """The nodes that are cells."""
    return frozenset(datasets.load_cells()["cell"])


def spoken(node: str) -> str:
    """A node in words: the symbol, with its common name where that differs."""
    name = _names().get(node, node)
    return node if name.casefold() == node.casefold() else f"{node} ({name})"


def sentence(action: Action, direction: str) -> str:
    """One sentence that follows an action to the outcome."""
    text = f"{action.agent} {_agreeing(action)} {_object(action)}"
    way = explanation(action, direction)
    if not way:
        return f"{text}."
    text += f"; {', '.join(clause(link) for link in way)}"
    ending = {
        "activation": "the response goes up",
        "suppression": "the response goes down",
        "redirection": "the response is pointed elsewhere",
    }[direction]
    return f"{text}: {ending}."


_PLURAL = ("toxins", "salts", "cells", "extracts")


def _agreeing(action: Action) -> str:
    """The verb of an action, in the plural where the agent's name is one."""
    return action.verb.removesuffix("s") if action.agent.endswith(_PLURAL) else action.verb


def _object(action: Action) -> str:
    if action.verb == "adds":
        return f"{action.target}s"
    if action.node != action.target:
        return f"{action.node}s through {spoken(action.target)}"
    what = _with_article(action.target)
    on_a_cell = action.cell in cells() and action.cell != action.target
    return f"{what} on the {action.cell}" if on_a_cell else what


def clause(link: Link) -> str:
    """A link in words, for example "CD28 stimulates the T cell"."""
    return f"{_with_article(link.start)} {verb(link)} {_with_article(link.end)}"


def _with_article(node: str) -> str:
    return f"the {node}" if node in cells() or node == OUTCOME else spoken(node)


def verb(link: Link) -> str:
    """What a link does."""
    return "stimulates" if link.sign > 0 else "inhibits"
