"""Small explorers whose data are hard to draw: what may go wrong in a picture, on purpose."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from immunolib.explorers._controls import Choice, Number, evenly
from immunolib.explorers._plan import Plan
from immunolib.explorers._shell import explore
from immunolib.figures._described import Words
from immunolib.figures._picture import Part, Picture

_WAVE = np.linspace(0, 10, 200)


def _stage(low=-2.0, high=2.0, title=""):
    def draw(_ax):
        ax = Figure(figsize=(6, 3)).add_axes((0.12, 0.15, 0.84, 0.7))
        ax.set_xlim(0, 10)
        ax.set_ylim(low, high)
        ax.set_title(title)
        return [ax]

    return draw


def _wave(ax, scale):
    return [ax.add_line(Line2D(_WAVE, scale * np.sin(_WAVE)))]


def _gap(ax, scale):
    y = scale * np.sin(_WAVE)
    y[50:60] = np.nan
    y[120] = np.inf
    return [ax.add_line(Line2D(_WAVE, y))]


def _empty(ax, _scale):
    return [ax.add_line(Line2D([], [])), ax.scatter([], []), ax.text(1, 1, "")]


def _many(ax, scale):
    rng = np.random.default_rng(7)
    return [ax.scatter(rng.uniform(0, 10, 10_000), scale * rng.uniform(-1, 1, 10_000), s=4)]


def _too_many(ax, scale):
    rng = np.random.default_rng(7)
    return [ax.scatter(rng.uniform(0, 10, 60_000), scale * rng.uniform(-1, 1, 60_000), s=4)]


def _written(text):
    def draw(ax, _scale):
        return [ax.text(0.2, 0, text)]

    return draw


def _hidden(ax, scale):
    line = Line2D(_WAVE, scale * np.sin(_WAVE), visible=False)
    return [ax.add_line(line)]


def _moves_limits(ax, scale):
    ax.set_ylim(-scale, scale)
    return _wave(ax, scale)


def _rasterized(ax, scale):
    return [ax.add_line(Line2D(_WAVE, scale * np.sin(_WAVE), rasterized=True))]


def _broken(_ax, scale):
    if scale > 1:
        raise ZeroDivisionError("the part is broken")
    return []


def plan(draw, name="small", stage=None, title="A wave"):
    """A plan with one slider, whose only part is drawn by ``draw``."""
    shown = stage or _stage()
    return Plan(
        name,
        title,
        (
            Number("scale", "Scale", "", evenly(0, 2, 0.1), 1.0),
            Choice("side", "Side", lambda: ["up", "down"], "up"),
        ),
        lambda values: values["scale"] * (1 if values["side"] == "up" else -1),
        lambda scene: Picture(("small", name), shown, (Part("it", scene, draw),)),
        lambda scene: Words(title, f"A picture at {scene:g}.", f"The scale is {scene:g}.\nMore."),
        lambda scene: __import__("pandas").DataFrame({"scale": [scene]}),
        lambda old, new: "Nothing has changed." if old == new else f"From {old:g} to {new:g}.",
    )


LONG = "interferon " * 40
DRAWN = {
    "wave": plan(_wave),
    "gaps": plan(_gap, "gaps"),
    "empty": plan(_empty, "empty"),
    "ten thousand": plan(_many, "many"),
    "hidden": plan(_hidden, "hidden"),
    "Arabic": plan(_written("العلاج المناعي PD-1"), "arabic"),
    "Hebrew": plan(_written("אימונותרפיה 2011"), "hebrew"),
    "Greek and Cyrillic": plan(_written("ανοσοθεραπεία, иммунотерапия"), "greek"),
    "long title in words": plan(_wave, "long", title=LONG.strip()),
}
REFUSED = {
    "endless limits": (plan(_wave, "limits", _stage(high=float("nan"))), "cannot be NaN or Inf"),
    "too many": (plan(_too_many, "toomany"), "Draw fewer points"),
    "long label": (plan(_written(LONG), "label"), "over the picture's edge"),
    "long heading": (plan(_wave, "heading", _stage(title=LONG)), "over the picture's edge"),
    "Chinese": (plan(_written("免疫療法"), "chinese"), "does not have every letter"),
    "moving limits": (plan(_moves_limits, "moving"), "moves the limits"),
    "rasterized": (plan(_rasterized, "raster"), "without rasterized=True"),
}
BROKEN = plan(_broken, "broken")


def show(held, **values):
    """An explorer of a plan."""
    return explore(held, values)
