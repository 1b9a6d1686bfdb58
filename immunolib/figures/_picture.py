"""A picture in two: a frame that stands still, and parts that change with the scene.

Drawn whole it is an ordinary matplotlib figure.  An explorer draws the frame once and afterwards
only the parts whose data have changed; both ways use the same functions and the same order.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from matplotlib import rc_context

from immunolib.figures._style import RC

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_RANK = 1e-4  # between the places of two parts of the same zorder


@dataclass(frozen=True)
class Part:
    """Some artists that change together.

    Attributes:
        name: what the part is called; each name once in a picture.
        data: all that its artists depend on, hashable: equal data are drawn once.
        draw: puts artists on some axes and gives them all, ``draw(ax, data)``; it leaves limits
            alone.
        zorder: where the part stands in the picture's depth.
        axes: which of the picture's axes it stands on.
    """

    name: str
    data: Hashable
    draw: Callable[["Axes", Any], Iterable["Artist"]]
    zorder: float = 2.0
    axes: int = 0


@dataclass(frozen=True)
class Picture:
    """A frame and the parts in it.

    Attributes:
        frame: all that the frame depends on, hashable.
        stage: draws the frame and gives its axes, ``stage(ax)``; on a figure of its own where
            ``ax`` is None.  It sets every limit.
        parts: what changes, in the order in which it is drawn at equal zorder.
    """

    frame: Hashable
    stage: Callable[["Axes | None"], list["Axes"]]
    parts: tuple[Part, ...]

    def open(self, ax: "Axes | None" = None) -> list["Axes"]:
        """Draw the frame alone; from here on no limit follows the data."""
        axes = self.stage(ax)
        for one in axes:
            one.set_autoscale_on(False)
        return axes

    @cached_property
    def places(self) -> tuple[tuple[str, float, int], ...]:
        """Name, zorder and axes of each part: what the frame keeps free for it."""
        return tuple(
            (part.name, part.zorder + rank * _RANK, part.axes)
            for rank, part in enumerate(self.parts)
        )

    def draw(self, ax: "Axes | None" = None) -> list["Axes"]:
        """Draw all of it with matplotlib; give the axes."""
        with rc_context(RC):
            axes = self.open(ax)
            for part, (_, zorder, which) in zip(self.parts, self.places, strict=True):
                artists = put(part, axes[which])
                for rank, artist in enumerate(artists):
                    artist.set_zorder(zorder + _RANK * rank / (len(artists) + 1))
        return axes


def put(part: Part, ax: "Axes") -> list["Artist"]:
    """Put a part on some axes; give its artists from back to front."""
    ax.set_prop_cycle(None)  # colours do not depend on what was drawn before
    return sorted(part.draw(ax, part.data), key=lambda artist: artist.get_zorder())
