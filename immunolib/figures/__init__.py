"""Described figures: pure functions from data to a picture, its words and its table.

Each takes an optional matplotlib ``ax``, changes no global style and never calls ``show``.
"""

from immunolib.figures._coverage import approvals_per_year, classes_by_decade
from immunolib.figures._described import DescribedFigure
from immunolib.figures._dials import two_dials
from immunolib.figures._fate_map import fate_map
from immunolib.figures._forest import forest
from immunolib.figures._harm_slopes import harm_slopes
from immunolib.figures._harms_by_organ import harms_by_organ
from immunolib.figures._harms_by_regimen import harms_by_regimen
from immunolib.figures._headline import headline
from immunolib.figures._headlines import headlines
from immunolib.figures._icon_array import icon_array
from immunolib.figures._number_needed import number_needed
from immunolib.figures._occupancy import receptor_occupancy
from immunolib.figures._phase_plane import phase_plane
from immunolib.figures._protection import protection
from immunolib.figures._reach import reach
from immunolib.figures._responses import responses
from immunolib.figures._sandbox import survival_sandbox
from immunolib.figures._targets import where_agents_act
from immunolib.figures._threshold import threshold
from immunolib.figures._timeline import timeline
from immunolib.figures._trajectory import trajectory
from immunolib.figures._trial import survival, waterfall
from immunolib.figures._who_talks import who_talks

__all__ = [
    "DescribedFigure",
    "approvals_per_year",
    "classes_by_decade",
    "fate_map",
    "forest",
    "harm_slopes",
    "harms_by_organ",
    "harms_by_regimen",
    "headline",
    "headlines",
    "icon_array",
    "number_needed",
    "phase_plane",
    "protection",
    "reach",
    "receptor_occupancy",
    "responses",
    "survival",
    "survival_sandbox",
    "threshold",
    "timeline",
    "trajectory",
    "two_dials",
    "waterfall",
    "where_agents_act",
    "who_talks",
]
