"""What every figure must pass; a module's tests take them on with ``class TestX(FigureChecks)``.

The module names its figures by a fixture ``made``.
"""

import io
import re

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from immunolib.figures._described import DescribedFigure


def extents(figure):
    """Every visible text of a drawn figure with its box in pixels."""
    canvas = FigureCanvasAgg(figure)
    if any(ax.axison for ax in figure.axes):
        canvas.draw()  # places the labels of an axis
    texts = [t for ax in figure.axes for t in ax.findobj(mpl.text.Text)]
    texts += figure.texts + [t for legend in figure.legends for t in legend.get_texts()]
    shown = [t for t in texts if t.get_visible() and t.get_text().strip()]
    in_view = [
        t for t in shown if not getattr(t, "axes", None) or t.axes.axison or t in t.axes.texts
    ]
    return [(t, t.get_window_extent(canvas.get_renderer())) for t in in_view]


def texts_stand_apart(made):
    """No text overlaps another or leaves the picture."""
    boxes = extents(made.figure)
    width, height = made.figure.get_size_inches() * made.figure.dpi
    assert len(boxes) >= 2
    for text, box in boxes:
        assert box.x0 >= -1, text.get_text()
        assert box.x1 <= width + 1, text.get_text()
        assert box.y0 >= -1, text.get_text()
        assert box.y1 <= height + 1, text.get_text()
    for i, (text, box) in enumerate(boxes):
        for other, its in boxes[i + 1 :]:
            wide = min(box.x1, its.x1) - max(box.x0, its.x0)
            tall = min(box.y1, its.y1) - max(box.y0, its.y0)
            assert wide < 2 or tall < 2.5, (text.get_text(), other.get_text())


class FigureChecks:
    """The checks, each on every figure of the module."""

    def test_no_text_overlaps_another_or_leaves_the_picture(self, made):
        texts_stand_apart(made)

    def test_type_is_eleven_points_or_larger_on_a_narrow_page(self, made):
        """At 640 CSS pixels, what a page of 800 leaves; a CSS pixel is 0.75 points."""
        shrink = min(1.0, 640 / (made.figure.get_figwidth() * made.figure.dpi))
        for text, _ in extents(made.figure):
            pixels = text.get_fontsize() / 72 * made.figure.dpi
            assert pixels * shrink * 0.75 >= 11, text.get_text()

    def test_it_has_words_and_a_table_and_shows_them(self, made):
        assert isinstance(made, DescribedFigure)
        assert 0 < len(made.alt) <= 150
        assert len(made.description) > 30
        bundle = made._repr_mimebundle_()
        assert bundle["text/plain"] == repr(made) == f"{made.title}. {made.description}"
        assert re.search(r'<img alt="[^"]{10,150}"', bundle["text/html"])
        assert f"({len(made.table)} rows)" in bundle["text/html"]
        assert "<script" not in bundle["text/html"]

    def test_the_picture_is_the_same_bytes_each_time(self, made):
        assert made.png() == made.png()
        assert made.png()[:8] == b"\x89PNG\r\n\x1a\n"

    def test_the_picture_keeps_its_white_and_its_colours(self, made):
        """The palette that makes it small does not tint the page nor blur the dials."""
        found = np.asarray(Image.open(io.BytesIO(made.png())).convert("RGB")).astype(int)
        assert (found[0, 0] == 255).all()
        assert (found[-1, -1] == 255).all()
        assert (found.min(axis=2) == 255).mean() > 0.3
        exact = io.BytesIO()
        made.figure.savefig(exact, format="png", dpi=200)
        wanted = np.asarray(Image.open(exact).convert("RGB")).astype(int)
        assert found.shape == wanted.shape
        assert np.abs(found - wanted).mean() < 1.5
        assert (np.abs(found - wanted).max(axis=2) > 40).mean() < 0.001
