"""Things to move: a few labelled controls, one described picture, one sentence on what changed.

Each explorer is ``CONTROLS``, a pure ``state(values)`` and ``changed(old, new)`` in a module of
its own; the shell is the same for all.  The functions here make one: put it last in a cell.
"""

from immunolib.explorers._classify import classify
from immunolib.explorers._shell import Explorer
from immunolib.explorers._timeline import timeline

__all__ = ["Explorer", "classify", "timeline"]
