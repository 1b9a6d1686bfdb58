"""Headline: guess who was studied, then lay the study open layer by layer."""

from immunolib.explorers._controls import Choice, Values
from immunolib.explorers._plan import Plan
from immunolib.explorers._shell import Explorer, explore
from immunolib.figures import _headline
from immunolib.figures._headline import GUESSES, LAYERS, NOT_YET
from immunolib.figures._ladder import studies

_FIRST = "hl-hormone-myocarditis"


def _label(headline: str) -> str:
    """The words of a headline, as the list shows them."""
    return studies()[headline].says


CONTROLS = (
    Choice("headline", "Headline", lambda: list(studies()), _FIRST, label_of=_label),
    Choice("guess", "Your guess: who was studied?", lambda: list(GUESSES), NOT_YET),
    Choice("reveal", "Open up to", lambda: list(LAYERS), LAYERS[0]),
)


def state(values: Values) -> _headline.Scene:
    """The scene of these settings; pure."""
    return _headline.scene(values["headline"], values["guess"], values["reveal"])


PLAN = Plan(
    "headline",
    "From the headline to the study",
    CONTROLS,
    state,
    _headline.picture,
    _headline.words,
    _headline.table,
    _headline.changed,
)


def headline(headline: str = _FIRST, guess: str = NOT_YET, reveal: str = LAYERS[0]) -> Explorer:
    """Explore headlines: guess who was studied, then lay the study open layer by layer.

    Args:
        headline: its name in ``load_headlines()``, for example ``"hl-mesothelioma"``.
        guess: ``"cells in a dish"``, ``"animals"``, ``"people"`` or ``"no guess yet"``.
        reveal: the last layer that is open: ``"headline only"``, ``"who was studied"``,
            ``"how many and how"``, ``"what was found"`` or ``"what came later"``.

    Raises:
        UnknownNameError: where the headline, the guess or the layer names nothing.
    """
    return explore(PLAN, {"headline": headline, "guess": guess, "reveal": reveal})
