"""A picture of four panels with three lines each, for the benchmark."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from immunolib.explorers._controls import Number, evenly
from immunolib.explorers._plan import Plan
from immunolib.figures._described import Words
from immunolib.figures._picture import Part, Picture

_TIME = np.linspace(0, 10, 400)


def _stage(_ax):
    figure = Figure(figsize=(7, 5))
    axes = [figure.add_subplot(2, 2, at + 1) for at in range(4)]
    for ax in axes:
        ax.set_xlim(0, 10)
        ax.set_ylim(-2, 2)
        ax.grid()
        ax.set_xlabel("days")
    figure.subplots_adjust(hspace=0.35)
    return axes


def _lines(ax, data):
    which, rate = data
    return [
        ax.add_line(Line2D(_TIME, (1 + 0.2 * k) * np.sin(rate * _TIME / 5 + which + k),
                           color=f"C{k}", linestyle=("-", "--", ":")[k]))
        for k in range(3)
    ]  # fmt: skip


def _picture(rate):
    parts = tuple(Part(f"lines {at}", (at, rate), _lines, axes=at) for at in range(4))
    return Picture("four panels", _stage, parts)


PLAN = Plan(
    "four_panels",
    "Four panels",
    (Number("rate", "Rate", "", evenly(0, 10, 0.05), 1.0),),
    lambda values: values["rate"],
    _picture,
    lambda rate: Words("Four panels", f"Waves at rate {rate:g}.", f"The rate is {rate:g}."),
    lambda rate: pd.DataFrame({"rate": [rate]}),
    lambda old, new: f"From {old:g} to {new:g}.",
)
