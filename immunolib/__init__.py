"""immunolib: a Jupyter teaching package about immunotherapy.

Immunotherapy treats disease by inducing, enhancing or suppressing an immune response.
The package holds sourced data (``datasets``), published models (``models``), described figures
(``figures``), things to move (``explorers``), questions with feedback (``quiz``), a learner's own
answers (``progress``), lessons as web pages (``pages``) and a check of the environment
(``check``).
``agent("Keytruda")`` shows what is known of one substance.

Importing it does no work: each part loads when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import immunolib.check as check
    import immunolib.datasets as datasets
    import immunolib.explorers as explorers
    import immunolib.figures as figures
    import immunolib.models as models
    import immunolib.pages as pages
    import immunolib.progress as progress
    import immunolib.quiz as quiz
    import immunolib.tables as tables
    from immunolib.cards import agent

__version__ = "0.5.0"
_PARTS = (
    "check", "datasets", "explorers", "figures", "models", "pages", "progress", "quiz", "tables",
)  # fmt: skip
__all__ = [
    "__version__",
    "agent",
    "check",
    "datasets",
    "explorers",
    "figures",
    "models",
    "pages",
    "progress",
    "quiz",
    "tables",
]


def __getattr__(name: str) -> Any:
    if name == "agent":
        return import_module("immunolib.cards").agent
    if name in _PARTS:
        return import_module(f"immunolib.{name}")
    raise AttributeError(f"immunolib has no {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return list(__all__)
