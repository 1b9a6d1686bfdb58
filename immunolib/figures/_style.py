"""The one look of all figures: colours, markers and type that hold for every reader.

Colours are chosen to stay apart for colour-blind readers and on grey paper, and never carry
meaning alone: each dial has a marker and a word of its own too.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

INK = "#1a1a1a"
QUIET = "#595959"
FAINT = "#d9d9d9"
PAPER = "#ffffff"


@dataclass(frozen=True)
class Dial:
    """How one direction is drawn and named."""

    name: str
    colour: str
    tint: str
    marker: str
    symbol: str
    effect: str


DIALS = {
    "activation": Dial("activation", "#0b5fa5", "#dcebf8", "^", "▲", "turns the response up"),
    "suppression": Dial("suppression", "#b5410b", "#fbe6dc", "v", "▼", "turns the response down"),
    "redirection": Dial("redirection", "#00704f", "#d9f2e8", "D", "◆", "points it elsewhere"),
}

#: How a line that stimulates ends.
ARROW = "-|>,head_length=5,head_width=3"

#: Settings for drawing; used as a context, never set for the whole session.
RC: Any = {
    "figure.dpi": 100,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "font.family": "DejaVu Sans",
    "font.size": 12,
    "axes.titlesize": 13,
    "axes.labelsize": 12,
    "xtick.labelsize": 12,
    "ytick.labelsize": 12,
    "legend.fontsize": 12,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": FAINT,
    "lines.linewidth": 2,
    "hatch.linewidth": 0.8,
    "svg.fonttype": "path",
    "svg.hashsalt": "immunolib",
}


@lru_cache(maxsize=4096)
def text_inches(text: str, *, bold: bool = False) -> float:
    """The width of a text as drawn, in inches; of its longest line."""
    font = FontProperties(family=RC["font.family"], weight="bold" if bold else "normal")
    widths = [0.0]
    for line in filter(str.strip, text.splitlines()):
        across = TextPath((0, 0), line, size=RC["font.size"], prop=font).vertices[:, 0]
        widths.append(float(across.max() - across.min()))
    # Hinting makes drawn text a little wider than its outlines.
    return max(widths) / 72 * 1.04


def fit(text: str, inches: float) -> str:
    """The text, cut with an ellipsis where it would be wider than that."""
    if text_inches(text) <= inches:
        return text
    while text and text_inches(f"{text}…") > inches:
        text = text[:-1]
    return f"{text.rstrip()}…"


def wrapped(text: str, inches: float, *, bold: bool = False) -> tuple[str, ...]:
    """The text in lines that are no wider than that."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_inches(longer, bold=bold) > inches:
            lines.append(word)
        else:
            lines[-1] = longer
    return tuple(lines)
