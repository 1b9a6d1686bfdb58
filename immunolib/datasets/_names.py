"""The names that agents go by: INN, brands and synonyms."""

from collections import defaultdict
from functools import lru_cache

from immunolib._errors import UnknownNameError, unknown
from immunolib.datasets import _reader


def find_agent(name: str) -> str:
    """The key of the agent that a name, brand or synonym means, whatever its case.

    Raises:
        UnknownNameError: with the closest names, where nothing answers to it.
    """
    names = _names()
    if isinstance(name, str):
        wanted = " ".join(name.casefold().split())
        if wanted in names:
            return names[wanted]
        for brand, agents in _combinations().items():
            if brand.casefold() == wanted:
                raise UnknownNameError(
                    f"{name!r} holds several agents: {', '.join(sorted(agents))}. Name one of them."
                )
    raise unknown("agent", name, _spellings())


def with_a_use(agent: str) -> str:
    """The agent, if it has a use on a dial.

    Raises:
        UnknownNameError: where it only stands beside the scope; the message says why.
    """
    if agent in {row["agent"] for row in _reader.rows("uses")}:
        return agent
    row = next(row for row in _reader.rows("agents") if row["agent"] == agent)
    raise UnknownNameError(
        f"{agent} has no dial on record: it {row['inclusion'].replace(': ', ' the scope (', 1)}). "
        f"immunolib.agent({agent!r}) shows its card."
    )


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {name.casefold(): agent for name, agent in _spellings().items()}


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    """Every name as written, and the agent it means; an agent's own name wins over a synonym."""
    found: dict[str, str] = {}
    for row in _reader.rows("approvals"):
        if row["brand"]:
            found[row["brand"]] = row["agent"]
    for brand in _combinations():
        found.pop(brand, None)
    for row in _reader.rows("agents"):
        for synonym in filter(None, row["synonyms"].split("; ")):
            found[synonym] = row["agent"]
    for row in _reader.rows("agents"):
        found[row["agent"]] = row["agent"]
    return found


def _combinations() -> dict[str, set[str]]:
    """Brands that hold more than one agent, and so mean none of them alone."""
    holders: dict[str, set[str]] = defaultdict(set)
    for row in _reader.rows("approvals"):
        if row["brand"]:
            holders[row["brand"]].add(row["agent"])
    return {brand: agents for brand, agents in holders.items() if len(agents) > 1}
