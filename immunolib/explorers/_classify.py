"""Classify: which dial does this use turn?  Predict, then see the answer and why."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from immunolib import datasets
from immunolib.explorers._controls import Choice, Values
from immunolib.explorers._plan import Plan
from immunolib.explorers._shell import Explorer, explore
from immunolib.figures import _dials
from immunolib.figures._described import Words
from immunolib.figures._picture import Picture
from immunolib.figures._style import DIALS

if TYPE_CHECKING:
    import pandas as pd

NOT_YET = "not yet"
_SEPARATOR = ": "


@dataclass(frozen=True)
class Scene:
    """A case to place, the learner's guess, and what to draw."""

    case: _dials.Case
    guess: str
    how: str
    wiring: _dials.Scene

    @property
    def right(self) -> bool:
        """Whether the guess is the dial of the case."""
        return self.guess == self.case.direction


@lru_cache(maxsize=1)
def _uses() -> dict[str, tuple[str, str, str]]:
    rows = datasets.load_uses().itertuples(index=False)
    return {
        f"{row.agent}{_SEPARATOR}{row.use}": (str(row.agent), str(row.use), str(row.how))
        for row in rows
    }


def cases() -> list[str]:
    """Every case, as agent and use."""
    return sorted(_uses(), key=str.casefold)


def few_cases() -> list[str]:
    """One case of each family of agents on each dial, for a page that cannot hold them all."""
    agents = datasets.load_agents().set_index("agent")["family"]
    uses = datasets.load_uses()
    firsts = uses.assign(family=uses["agent"].map(agents)).drop_duplicates(["family", "direction"])
    return [f"{row.agent}{_SEPARATOR}{row.use}" for row in firsts.itertuples()]


CONTROLS = (
    Choice("case", "Case", cases, "adalimumab: rheumatoid arthritis", carried_from=few_cases),
    Choice("guess", "Your prediction", lambda: [NOT_YET, *DIALS], NOT_YET),
)


def state(values: Values) -> Scene:
    """The scene of these settings; pure."""
    agent, use, how = _uses()[values["case"]]
    one = _dials.case(agent, use)
    guess = values["guess"]
    return Scene(one, guess, how, _dials.scene([one], verdict=guess != NOT_YET))


def describe(scene: Scene) -> str:
    """Say in words what is shown: the question, or the answer and why."""
    one = scene.case
    if scene.guess == NOT_YET:
        return (
            f"Which dial does {one.agent} turn when it is used in {one.use}? "
            "Follow the lines from it to the immune response, then choose your prediction.\n"
            f"{_dials.describe(scene.wiring)}"
        )
    dial = DIALS[one.direction]
    verdict = (
        f"Right: {dial.name}."
        if scene.right
        else f"You chose {scene.guess}; on record it is {dial.name}."
    )
    return (
        f"{verdict} In {one.use}, {one.agent} {dial.effect} ({dial.symbol}). {scene.how}\n"
        f"{_dials.describe(scene.wiring)}"
    )


def picture(scene: Scene) -> Picture:
    """The wiring, with the answer once there is a guess."""
    return _dials.picture(scene.wiring)


def words(scene: Scene) -> Words:
    """Title, alternative text and description of a scene."""
    asked = scene.guess == NOT_YET
    alt = f"Wiring from {scene.case.agent} to the immune response"
    alt += ", the dial not yet shown." if asked else f": {scene.case.direction}."
    return Words(f"Which dial? {scene.case.agent} in {scene.case.use}", alt, describe(scene))


def table(scene: Scene) -> "pd.DataFrame":
    """Every line of the diagram as a row."""
    return _dials.table(scene.wiring)


def changed(old: Scene, new: Scene) -> str:
    """Say what the last move did."""
    if old.case != new.case:
        return f"The case is now {new.case.agent} in {new.case.use}."
    if old.guess == new.guess:
        return "Nothing has changed."
    if new.guess == NOT_YET:
        return "The answer is hidden again."
    verdict = "that is right" if new.right else f"on record it is {new.case.direction}"
    return f"You predicted {new.guess}: {verdict}."


PLAN = Plan("classify", "Which dial?", CONTROLS, state, picture, words, table, changed)


def classify(case: str = "adalimumab: rheumatoid arthritis", guess: str = NOT_YET) -> Explorer:
    """Explore the two dials: choose a case, predict its dial, then see the answer and why.

    Args:
        case: an agent and a use, written ``"rituximab: rheumatoid arthritis"``.
        guess: ``activation``, ``suppression``, ``redirection`` or ``not yet``.

    Raises:
        UnknownNameError: where the case or the guess names nothing.
    """
    return explore(PLAN, {"case": case, "guess": guess})
