"""A sentence on what to do, below the error of a cell that was run too early or mistyped.

An IPython extension: it changes no name and no cell, and only adds a note to a ``NameError``.
``make lab`` and Binder load it; elsewhere ``%load_ext immunolib._hints`` does.
"""

from difflib import get_close_matches
from typing import Any

import immunolib


def sentence(name: str, known: list[str]) -> str:
    """What to do about a name that is not known.

    Args:
        name: the name that was looked up.
        known: the names that the learner's cells have made.
    """
    # A part of immunolib that is not there has not been imported: it is not mistyped.
    near = [] if name in immunolib.__all__ else get_close_matches(name, known, n=1)
    if near:
        return (
            f"What to do: {name!r} is not known, but {near[0]!r} is. Mend the name, and try again."
        )
    return (
        f"What to do: {name!r} is not known yet. A cell above this one makes it. Choose the menu "
        "Run, then Run All Above Selected Cell, and run this cell again."
    )


def load_ipython_extension(shell: Any) -> None:
    """Add the sentence to each ``NameError`` of this kernel."""

    def explain(self: Any, kind: Any, error: NameError, trace: Any, tb_offset: Any = None) -> Any:
        name = error.name or str(error).split("'")[1]
        known = {*self.user_ns} - {*self.user_ns_hidden}  # without the shell's own, such as quit
        error.add_note(sentence(name, sorted(one for one in known if not one.startswith("_"))))
        return self.showtraceback((kind, error, trace), tb_offset=tb_offset)

    shell.set_custom_exc((NameError,), explain)
