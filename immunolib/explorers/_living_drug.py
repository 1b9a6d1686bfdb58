"""A living drug: CAR T cells that multiply on what they kill (Leon-Triana and colleagues)."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from immunolib.explorers._controls import Number, evenly
from immunolib.explorers._model_plan import given, plan, settings, slider
from immunolib.explorers._shell import Explorer, explore
from immunolib.figures._model_picture import log_ticks
from immunolib.figures._model_scene import Line, Panel, Scene, Show
from immunolib.models._words import number
from immunolib.models.leontriana2020 import BACK, MODEL

_END = 500.0
CONTROLS = (
    slider(MODEL, "C", label="CAR T cells given", steps=18),
    slider(MODEL, "L", label="Leukaemia at the start", steps=12),
    slider(MODEL, "tauC", label="Lifetime of CAR T cells"),
    Number("again_on", "Second dose, day (0: none)", "", evenly(0, 420, 30), 0.0, page=3),
)


def _work(values: Mapping[str, Any]) -> dict[str, Any]:
    day = values["again_on"]
    initial = {"C": values["C"], "L": values["L"]}
    # The first two months change within days, what follows within weeks.
    times = np.concatenate([np.linspace(0, 60, 121), np.linspace(60.5, _END, 880)])
    doses = {"second": [float(day)]} if day else {}
    return {"run": MODEL.simulate(times, initial, doses, tauC=values["tauC"])}


def _headline(scene: Scene) -> str:
    run = scene.run
    peak = number(run.measures["peak"])
    if run.outcome == "CD19+ relapse":
        back = f"leukaemia over 5 billion again on day {run.events['relapse']:.0f}"
    elif run.outcome == "cleared":
        back = "no leukaemia cell left"
    else:
        back = f"fewest leukaemia cells {number(run.measures['deepest'])}"
    return f"At most {peak} CAR T cells; {back}."


def _panel(title: str, height: float, end: float, **more: Any) -> Panel:
    return Panel(
        title, height,
        (Line("L", "leukaemia", "main"), Line("C", "CAR T cells", "immune"),
         Line("B", "healthy B cells", "third")),
        (1.0, 1e13), (0.0, end), log_ticks(0, 12), **more,
    )  # fmt: skip


SHOW = Show(
    name="living_drug",
    model=MODEL.key,
    title="A living drug: CAR T cells that multiply on what they kill",
    message="The number of cells given hardly moves the peak, since the cells multiply. "
    "In this version healthy B cells have no source, so that their return cannot be read from it.",
    settings=settings(CONTROLS),
    work=_work,
    headline=_headline,
    panels=(
        _panel("Cells, the first two months", 1.9, 60.0),
        _panel("Cells, the whole time", 1.9, _END, shots=True,
               marks=("relapse", "cleared"),
               levels=((BACK, "", 1.0),),
               xlabel="days (dotted line: 5 billion; ▲ a second dose)"),
    ),
)  # fmt: skip

PLAN = plan(SHOW, CONTROLS, carried=("C", "again_on"))


def living_drug(
    C: float | None = None,
    L: float | None = None,
    tauC: float | None = None,
    again_on: float | None = None,
) -> Explorer:
    """Explore CAR T cells against leukaemia (Leon-Triana and colleagues 2020).

    Args:
        C: CAR T cells given on day 0; 1 million to 500 million.
        L: leukaemia cells at the start; 1 billion to 100 billion.
        tauC: lifetime of CAR T cells, days; 7 to 30.
        again_on: the day of a second dose of 100 million cells; 0 for none, up to 420.

    Raises:
        ValueRangeError: where a number is none, or outside its range.
    """
    return explore(PLAN, given({"C": C, "L": L, "tauC": tauC, "again_on": again_on}))
