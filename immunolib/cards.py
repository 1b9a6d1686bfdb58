"""A card in words for one agent: what it is, its dials, when and by whom it was licensed."""

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from immunolib import datasets
from immunolib.datasets._links import keys_in
from immunolib.tables import link

if TYPE_CHECKING:
    import pandas as pd

_EVENTS = {
    "approval": "licensed",
    "accelerated_approval": "licensed on early evidence (accelerated approval)",
    "conditional_approval": "licensed on conditions (conditional approval)",
    "emergency_use": "allowed for emergency use",
    "new_indication": "licensed for a further indication",
    "new_formulation": "licensed in a new form",
    "withdrawal": "withdrawn",
    "discontinuation": "no longer sold",
    "reapproval": "back on the market",
    "first_biosimilar": "first biosimilar licensed",
}


@dataclass(frozen=True)
class AgentCard:
    """What the data say of one agent; shows as a card in a notebook, and as text elsewhere.

    Attributes:
        name: the agent's INN or accepted name.
        agent: its row of ``agents.csv``.
        uses: its rows of ``uses.csv``.
        events: its rows of ``approvals.csv``, oldest first.
        milestones: its rows of ``milestones.csv``, oldest first.
        sources: the rows of ``sources.csv`` that all of these name.
    """

    name: str
    agent: "pd.Series[Any]"
    uses: "pd.DataFrame"
    events: "pd.DataFrame"
    milestones: "pd.DataFrame"
    sources: "pd.DataFrame"

    def _lines(self) -> list[tuple[str, list[str]]]:
        """The card as headed lists of sentences."""
        row = self.agent
        what = [
            row["mechanism"],
            f"Class: {row['class']}. Kind: {row['modality']}, {row['origin']}.",
        ]
        if row["synonyms"]:
            what.append(f"Also called: {row['synonyms'].replace('; ', ', ')}.")
        uses = [
            f"{use.use}: {use.direction}{_kinds(use)}. {use.how}"
            for use in self.uses.itertuples(index=False)
        ] or [f"None in the scope of these data ({row['inclusion']})."]
        licensed = (self.milestones["kind"] == "licence").any()
        none = "A national licence" if licensed else "No licence"
        where = "; its start was not found: see the milestones" if licensed else ""
        events = [_event(event) for event in self.events.itertuples(index=False)] or [
            f"{none} on record{where} ({_how_far()})."
        ]
        found = [("What it is", what), ("Uses and dials", uses), ("Licences", events)]
        if len(self.milestones):
            steps = [
                f"{m.date}: {m.title}. {m.about}{_doubt(str(m.evidence))} [{m.source}]"
                for m in self.milestones.itertuples(index=False)
            ]
            found.append(("Milestones", steps))
        return found

    def __repr__(self) -> str:
        parts = [self.name]
        for heading, lines in self._lines():
            parts += ["", heading, *(f"  - {line}" for line in lines)]
        parts += ["", "Sources"]
        parts += [f"  - [{s.source}] {_source(s)}" for s in self.sources.itertuples(index=False)]
        parts += ["", self._limits()]
        return "\n".join(parts)

    def _limits(self) -> str:
        return (
            f"Data as of {datasets.edition().isoformat()}. Education only, not medical advice. "
            "A regulator that is not named has no record here; that does not mean no licence."
        )

    def _repr_html_(self) -> str:
        parts = [
            "<section style='max-width: 46em; border: 1px solid; border-radius: 6px; "
            f"padding: 0 1em 1em'><p><strong style='font-size: 1.2em'>{escape(self.name)}"
            "</strong></p>"
        ]
        for heading, lines in self._lines():
            items = "".join(f"<li>{escape(line)}</li>" for line in lines)
            parts.append(f"<p><strong>{heading}</strong></p><ul>{items}</ul>")
        items = "".join(
            f"<li>[{escape(str(s.source))}] {escape(_source(s))}</li>"
            for s in self.sources.itertuples(index=False)
        )
        parts.append(
            f"<details><summary>Sources ({len(self.sources)})</summary><ul>{items}</ul></details>"
            f"<p><em>{escape(self._limits())}</em></p></section>"
        )
        return "".join(parts)


def _how_far() -> str:
    """How far the regulators' records go."""
    held = datasets.regulators()
    held = held[held["coverage"] == "complete"]
    ends = [f"{r.name}: through {r.covered_through}" for r in held.itertuples(index=False)]
    return f"{'; '.join(ends)}; other regulators: single events"


def _kinds(use: Any) -> str:
    words = [word for word in (use.approach, use.specificity) if word]
    return f" ({', '.join(words)})" if words else ""


def _doubt(evidence: str) -> str:
    return {"secondary": " (seen in a secondary source)", "not verified": " (not verified)"}.get(
        evidence, ""
    )


def _event(event: Any) -> str:
    product = event.brand or event.agent
    if event.form:
        product += f", {event.form}"
    number = f", {event.application}" if event.application else ""
    text = f"{event.date}, {event.regulator}: {_EVENTS[event.event]} ({product}{number})"
    if event.indication:
        text += f", for {event.indication}"
    if event.reason:
        text += f"; reason: {event.reason}"
    text = f"{text.rstrip('.')}.{_doubt(event.evidence)} [{event.source}]"
    return f"{text} Note: {event.note}" if event.note else text


def _source(source: Any) -> str:
    year = "" if source.year is None or str(source.year) == "<NA>" else f" ({source.year})"
    return (
        f"{source.title}. {source.publisher}{year}. "
        f"{link(str(source.address)) or 'The file itself, without an address.'} "
        f"Read {source.read}."
    )


def agent(name: str) -> AgentCard:
    """Find an agent by its INN, brand or synonym, and show what is known of it.

    Args:
        name: for example ``"pembrolizumab"``, ``"Keytruda"`` or ``"cyclosporine"``, in any case.

    Raises:
        UnknownNameError: with the closest names, where nothing answers to it.
    """
    key = datasets.find_agent(name)
    agents = datasets.load_agents()
    row = agents[agents["agent"] == key].iloc[0]
    uses, events, milestones = (
        table[table["agent"] == key]
        for table in (
            datasets.load_uses(),
            datasets.load_approvals(),
            datasets.load_milestones(),
        )
    )
    events = events.sort_values(["date_start", "date_end"], kind="stable")
    milestones = milestones.sort_values(["date_start", "date_end"], kind="stable")
    single = datasets.load_provenance()
    single = single[(single["table"] == "approvals") & single["key"].isin(events["event_id"])]
    rows = (uses, events, single, milestones)
    named = [row["source"], *(source for table in rows for source in table["source"])]
    every = datasets.load_sources().set_index("source", drop=False)
    for words in (*events["note"], *milestones["about"]):
        named += sorted(keys_in(words) & set(every.index))
    return AgentCard(key, row, uses, events, milestones, every.loc[list(dict.fromkeys(named))])
