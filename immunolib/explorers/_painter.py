"""Pictures as fragments of SVG: matplotlib draws the frame and each part alone, each once.

A fragment is known by a number.  A painted picture is the number of its frame and those of its
parts, so that two states differ by a few numbers, and only fragments that a page does not have yet
travel to it.  The shapes of letters are kept apart, since every text would repeat them.
"""

import io
import re
import unicodedata
import warnings
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib import ft2font, rc_context
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import RendererSVG

from immunolib._errors import PictureError
from immunolib.figures._picture import Part, Picture, put
from immunolib.figures._style import RC

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_POINTS = 72  # an inch; matplotlib writes SVG in points
_SLACK = 2.0  # points by which a text may reach over the edge
_MOST_LETTERS = 3_000_000  # of one fragment
_MOST_KEPT = 8_000_000  # letters of all fragments; beyond, a painter that is trimmed begins anew
_MOST_STAGES = 3
_NO_METADATA: Any = {"Date": None, "Creator": None, "Format": None, "Type": None}
_SHAPED = hasattr(ft2font, "__libraqm_version__")  # since matplotlib 3.11

_GLYPH = re.compile(r'<path id="([^"]+)"(?: d="[^"]*")? transform="scale\(0\.015625\)"/>')
_SLOT = re.compile(r'<g id="slot-(\d+)"\s*/>')
_POINTED_AT = re.compile(r'(?:href="#|url\(#)([^")]+)')
_NAMELESS = re.compile(r'<g id="[\w.]+_\d+">')
_EMPTY = re.compile(r"<defs>\s*</defs>")


class Painted(NamedTuple):
    """A picture as the number of its frame and the numbers of its parts, in order."""

    frame: int
    slots: tuple[int, ...]

    @property
    def numbers(self) -> set[int]:
        """Every fragment of the picture."""
        return {self.frame, *self.slots}


class Fragment(NamedTuple):
    """Some SVG, and the names of the letters that it uses."""

    svg: str
    glyphs: frozenset[str]


class Painter:
    """Draws pictures as numbered fragments, and keeps those it has drawn.

    Attributes:
        fragments: every fragment by its number.
        glyphs: the shape of every letter by its name.
    """

    def __init__(self) -> None:
        self.fragments: dict[int, Fragment] = {}
        self.glyphs: dict[str, str] = {}
        self._by_data: dict[Hashable, int] = {}
        self._by_text: dict[str, int] = {}
        self._stages: OrderedDict[Hashable, list[Axes]] = OrderedDict()
        self._numbers = count(1)
        self._kept = 0

    def paint(self, picture: Picture) -> Painted:
        """Draw what is new of a picture.

        Raises:
            PictureError: where it cannot be drawn rightly: a letter that the font does not have,
                text beyond the edge, a rasterized artist, limits that a part moves, or more lines
                and marks than a page can hold.
        """
        with rc_context(RC):
            frame = self._frame(picture)
            slots = tuple(self._part(picture, part) for part in picture.parts)
        return Painted(frame, slots)

    def trim(self) -> None:
        """Forget every fragment, once there are too many; their numbers are not used again."""
        if self._kept > _MOST_KEPT:
            self.fragments, self._by_data, self._by_text, self._kept = {}, {}, {}, 0

    def _frame(self, picture: Picture) -> int:
        key = ("frame", picture.frame, picture.places)
        if key not in self._by_data:
            axes = self._open(picture)
            figure: Any = axes[0].get_figure(root=True)
            slots = [_Slot(rank, zorder) for rank, (_, zorder, _) in enumerate(picture.places)]
            for slot, (*_, which) in zip(slots, picture.places, strict=True):
                axes[which].add_artist(slot)
            text = _render(figure, [figure])
            for slot in slots:
                slot.remove()
            # An HTML parser takes an empty group for an open one, unless it is closed in full.
            self._by_data[key] = self._keep(_SLOT.sub(r'<g id="slot-\1"></g>', text))
        return self._by_data[key]

    def _part(self, picture: Picture, part: Part) -> int:
        key = (picture.frame, part.axes, part.draw, part.data)
        if key not in self._by_data:
            try:
                text = self._alone(part, self._stage(picture)[part.axes])
            except Exception:
                del self._stages[picture.frame]  # something may be left on it, or its limits moved
                raise
            inner = text.split("</defs>", 1)[1].rsplit("</svg>", 1)[0]  # the style stands first
            self._by_data[key] = self._keep(inner)
        return self._by_data[key]

    def _alone(self, part: Part, ax: "Axes") -> str:
        """A part drawn by itself; the axes are left as they were."""
        limits = ax.get_xlim(), ax.get_ylim()
        artists = put(part, ax)
        if (ax.get_xlim(), ax.get_ylim()) != limits:
            raise PictureError(
                f"The part {part.name!r} moves the limits of its axes. "
                "Set them where the frame is drawn."
            )
        figure: Any = ax.get_figure(root=True)
        text = _render(figure, artists)
        for artist in artists:
            artist.remove()
        ax.containers.clear()
        return text

    def _stage(self, picture: Picture) -> "list[Axes]":
        """Axes on which the picture's parts can be drawn."""
        if picture.frame not in self._stages:
            self._open(picture)
        self._stages.move_to_end(picture.frame)
        return self._stages[picture.frame]

    def _open(self, picture: Picture) -> "list[Axes]":
        axes = picture.open()
        figure: Any = axes[0].get_figure(root=True)
        figure.dpi = _POINTS
        self._stages[picture.frame] = axes
        while len(self._stages) > _MOST_STAGES:
            self._stages.popitem(last=False)
        return axes

    def _keep(self, text: str) -> int:
        """Number a fragment: the same text has the same number."""
        if len(text) > _MOST_LETTERS:
            raise PictureError(
                f"One part of this picture would send {len(text) / 1e6:.1f} million letters to "
                f"the page; {_MOST_LETTERS / 1e6:.0f} million are the most. "
                "Draw fewer points, or one line in place of many marks."
            )
        for found in _GLYPH.finditer(text):
            self.glyphs.setdefault(found[1], " ".join(found[0].split()))
        body = _NAMELESS.sub("<g>", _EMPTY.sub("", _GLYPH.sub("", text)))
        body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
        body = " ".join(body.split()).replace("> <", "><")
        if body not in self._by_text:
            number = self._by_text[body] = next(self._numbers)
            self.fragments[number] = self._named(number, body)
            self._kept += len(body)
        return self._by_text[body]

    def _named(self, number: int, body: str) -> Fragment:
        """A fragment whose names are its own, whatever else is on the page."""
        pointed = set(_POINTED_AT.findall(body))
        glyphs = frozenset(pointed & self.glyphs.keys())
        for name in pointed - glyphs:
            own = f"f{number}-{name}"
            for before, after in (('id="', '"'), ('href="#', '"'), ("url(#", ")")):
                body = body.replace(f"{before}{name}{after}", f"{before}{own}{after}")
        return Fragment(body, glyphs)


class _Slot(Artist):
    """An empty place in the frame, for one part."""

    def __init__(self, rank: int, zorder: float) -> None:
        super().__init__()
        self._rank = rank
        self.set_zorder(zorder)

    def draw(self, renderer: Any) -> None:
        """Leave an empty group."""
        renderer.open_group("slot", gid=f"slot-{self._rank}")
        renderer.close_group("slot")


class _Pen(RendererSVG):
    """Matplotlib's SVG renderer, which refuses what would come out wrong."""

    def draw_text(self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float,
                  ismath: Any = False, mtext: Any = None) -> None:  # fmt: skip
        if not _SHAPED and any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in s):
            raise PictureError(
                f"The text {s!r} runs from right to left, which this matplotlib cannot draw. "
                "Install matplotlib 3.11 or later."
            )
        super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)  # type: ignore[no-untyped-call]
        if mtext is not None:
            box = mtext.get_window_extent(self)
            over = max(-box.x0, -box.y0, box.x1 - self.width, box.y1 - self.height)
            if over > _SLACK:
                raise PictureError(
                    f"The text {s!r} reaches {over:.0f} points over the picture's edge. "
                    "Shorten it, break it into lines, or leave it more room."
                )

    def start_rasterizing(self) -> None:
        raise PictureError(
            "An artist is rasterized, which cannot be moved piece by piece. "
            "Draw it without rasterized=True."
        )


def _render(figure: "Figure", artists: Iterable[Artist]) -> str:
    """The artists as an SVG document of the figure's size."""
    width, height = figure.get_size_inches() * _POINTS
    held = io.StringIO()
    pen: Any = _Pen(width, height, held, image_dpi=_POINTS, metadata=_NO_METADATA)  # type: ignore[no-untyped-call]
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing")
        try:
            for artist in artists:
                artist.draw(pen)
        except UserWarning as warning:
            raise PictureError(
                f"The font of the pictures does not have every letter of this text ({warning}). "
                "Write it in Latin, Greek, Cyrillic, Hebrew or Arabic letters."
            ) from None
    pen.finalize()
    text = held.getvalue()
    return text[text.index("<svg") :]
