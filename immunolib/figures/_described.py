"""A figure that says what it shows: a picture, its words and its table, from the same data."""

import base64
import io
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from immunolib.tables import rows_html

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from immunolib.figures._picture import Picture

#: Pixels of the picture for each pixel on the page, so that type stays sharp when enlarged.
SCALE = 2
_MOST_ALT = 150
_COLOURS = 128
_NEARLY_WHITE = 252


class Words(NamedTuple):
    """What a picture is called and says: a title, a short alternative text, a description."""

    title: str
    alt: str
    description: str


@dataclass(frozen=True, eq=False)
class DescribedFigure:
    """A matplotlib figure with its description and the table behind it.

    In a notebook it shows as an image whose alternative text is ``alt``, followed by the
    description and, folded, the table.  As text it is the description, so that a screen reader
    and a test read what the picture shows.

    Attributes:
        figure: the ``matplotlib.figure.Figure``.
        title: a short name.
        alt: one short sentence, at most 150 characters.
        description: some sentences computed from the data that are drawn.
        table: the data that are drawn, a pandas DataFrame.
    """

    figure: "Figure"
    title: str
    alt: str
    description: str
    table: "pd.DataFrame"

    def __post_init__(self) -> None:
        if not self.alt.strip() or len(self.alt) > _MOST_ALT:
            raise ValueError(
                f"The alternative text has {len(self.alt)} characters; "
                f"write 1 to {_MOST_ALT}, and put the rest into the description."
            )
        if not self.description.strip():
            raise ValueError("A figure needs a description of what it shows.")

    @classmethod
    def of(
        cls, picture: "Picture", words: Words, table: "pd.DataFrame", ax: "Axes | None" = None
    ) -> "DescribedFigure":
        """Draw a picture, on ``ax`` where it is given, with its words and its table."""
        figure: Any = picture.draw(ax)[0].get_figure(root=True)
        return cls(figure, *words, table)

    def __repr__(self) -> str:
        return f"{self.title}. {self.description}"

    def png(self) -> bytes:
        """The picture as PNG, the same bytes for the same data."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from PIL import Image

        before = self.figure.dpi
        self.figure.dpi = before * SCALE
        try:
            canvas: Any = FigureCanvasAgg(self.figure)
            canvas.draw()
            drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())[:, :, :3])
        finally:
            self.figure.dpi = before
        # Flat colours need no more than a palette: a third of the bytes, no difference to the eye.
        few = drawn.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        # The palette's white is a shade off: make it the page's white again.
        shades = few.getpalette() or []
        for at in range(0, len(shades), 3):
            if min(shades[at : at + 3]) >= _NEARLY_WHITE:
                shades[at : at + 3] = [255, 255, 255]
        few.putpalette(shades)
        held = io.BytesIO()
        few.save(held, format="png")
        return held.getvalue()

    def save(self, path: str | Path) -> None:
        """Write the picture to a file, in the format of its ending (png, svg, pdf)."""
        self.figure.savefig(Path(path), dpi=self.figure.dpi * SCALE)

    def image(self) -> str:
        """The picture as an ``<img>`` that carries its alternative text."""
        data = base64.b64encode(self.png()).decode("ascii")
        width = round(self.figure.get_figwidth() * self.figure.dpi)
        return (
            f'<img alt="{escape(self.alt)}" style="width: {width}px; max-width: 100%; '
            f'height: auto; background: white" src="data:image/png;base64,{data}">'
        )

    def html(self) -> str:
        """The picture, the description and the folded table as HTML."""
        words = "".join(f"<p>{escape(line)}</p>" for line in self.description.splitlines() if line)
        return (
            f"<figure style='margin: 0'>{self.image()}"
            f"<figcaption style='max-width: 46em'><strong>{escape(self.title)}.</strong>{words}"
            f"<details><summary>The data of this figure ({len(self.table)} rows)</summary>"
            f"<table>{rows_html(self.table)}</table></details></figcaption></figure>"
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.html()}


def sentence_list(names: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def count(number: int, one: str, many: str = "") -> str:
    """``1 agent``, ``2 agents``, ``no agents``."""
    word = one if number == 1 else many or f"{one}s"
    return f"{number or 'no'} {word}"
