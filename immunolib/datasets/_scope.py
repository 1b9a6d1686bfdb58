"""Rules of scope: an agent is in for a reason that its rows bear out."""

from collections.abc import Iterator

from immunolib.datasets import _asof
from immunolib.datasets._links import Tables, at

LICENSED = "licensed"
ELSEWHERE = "licensed elsewhere"
STUDIED = "studied"
BESIDE = "stands beside"
#: Regulators whose records of licences within the scope are complete.
COMPLETE = frozenset({"FDA", "EMA"})


def inclusion(held: Tables) -> Iterator[str]:
    """The rule named in ``inclusion`` is the one that the licences of its uses bear out."""
    opened: dict[str, set[str]] = {}
    for row in held["approvals"]:
        if row["event"] in _asof.OPENING and row["use"]:
            opened.setdefault(row["agent"], set()).add(row["regulator"])
    dated = {row["agent"] for row in held["milestones"] if row["kind"] in _SEEN}
    national = {row["agent"] for row in held["milestones"] if row["kind"] == "licence"}
    for index, row in enumerate(held["agents"]):
        agent, rule = row["agent"], row["inclusion"].split(":")[0]
        where = at("agents", index, "inclusion")
        by = opened.get(agent, set())
        if rule == BESIDE:
            continue
        if by & COMPLETE:
            due = LICENSED
        elif by or agent in national:
            due = ELSEWHERE
        else:
            due = STUDIED
        # A licence of which only the existence is on record may be the FDA's too.
        if rule != due and not (rule == LICENSED and agent in national):
            yield (
                f"{where}: {agent} is said to be {rule!r}, but its rows in approvals.csv and "
                f"milestones.csv make it {due!r}. Mend the word, or add the missing event."
            )
        if due == STUDIED and agent not in dated:
            yield (
                f"{where}: {agent} has neither a licence nor a dated study in people. Add a row "
                "to milestones.csv that shows it was given to people, and when."
            )


_SEEN = frozenset({"study", "first_in_human", "setback"})


def purposes(held: Tables) -> Iterator[str]:
    """Each agent in the scope has a use, and each agent with a use acts on something."""
    used = {row["agent"] for row in held["uses"]}
    acting = {row["agent"] for row in held["actions"]}
    for index, row in enumerate(held["agents"]):
        agent = row["agent"]
        if agent not in used and not row["inclusion"].startswith(BESIDE):
            yield (
                f"{at('agents', index, 'agent')}: {agent} has no row in uses.csv. Add one, or let "
                "it stand beside the scope."
            )
        if agent in used and agent not in acting:
            yield f"{at('agents', index, 'agent')}: {agent} has no row in actions.csv. Add one."


def families(held: Tables) -> Iterator[str]:
    """A class stands in one family; single members of it may stand beside the scope."""
    first: dict[str, str] = {}
    for index, row in enumerate(held["agents"]):
        if row["inclusion"].startswith(BESIDE):
            continue
        family = first.setdefault(row["class"], row["family"])
        if family != row["family"]:
            yield (
                f"{at('agents', index, 'family')}: the class {row['class']!r} stands under "
                f"{family!r} elsewhere. Mend the family, or the class."
            )


def licences(held: Tables) -> Iterator[str]:
    """What a use says of its licence is what the events say."""
    opened = {(r["agent"], r["use"]) for r in held["approvals"] if r["event"] in _asof.OPENING}
    national = {row["agent"] for row in held["milestones"] if row["kind"] == "licence"}
    for index, row in enumerate(held["uses"]):
        known = (row["agent"], row["use"]) in opened or row["agent"] in national
        if known != (row["licence"] == "on record"):
            yield (
                f"{at('uses', index, 'licence')}: {row['licence']!r}, but approvals.csv and "
                f"milestones.csv {'hold' if known else 'do not hold'} a licence of "
                f"{row['agent']} for {row['use']}. Mend the word, or the events."
            )


_ELSEWHERE_SEEN = {"primary", "secondary", "not verified"}


def evidence(held: Tables) -> Iterator[str]:
    """A date is called a register's where its source is one, and nowhere else."""
    kinds = {row["source"]: row["kind"] for row in held["sources"]}
    for index, row in enumerate(held["approvals"]):
        kind = kinds.get(row["source"], "")
        fits = {"register", "not verified"} if kind == "register" else _ELSEWHERE_SEEN
        if row["evidence"] not in fits:
            yield (
                f"{at('approvals', index, 'evidence')}: {row['evidence']!r}, but the source "
                f"{row['source']} is of kind {kind!r}. 'register' goes with a register only."
            )
