"""The same picture moved in other ways, for the benchmark: run in the notebook's kernel."""

import io
from typing import Any

import ipywidgets as widgets
from IPython.display import display
from ipywidgets import interact
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg

from immunolib.figures._picture import put
from immunolib.figures._style import RC


def _slider(positions: list[Any]) -> Any:
    return widgets.IntSlider(min=0, max=len(positions) - 1, value=1, description="Position")


def _figure(plan: Any, values: dict[str, Any]) -> Any:
    return plan.picture(plan.state(values)).draw()[0].get_figure(root=True)


def with_interact(plan: Any, control: str, positions: list[Any]) -> None:
    """`interact` with a picture that is drawn anew, as lessons do it today."""
    base = plan.clean({})

    @interact(at=_slider(positions))
    def show(at: int) -> None:
        display(_figure(plan, base | {control: positions[at]}))


def with_image(plan: Any, control: str, positions: list[Any]) -> Any:
    """A PNG of the whole figure in a `widgets.Image`."""
    base, slider, image = plan.clean({}), _slider(positions), widgets.Image()

    def redraw(_change: Any) -> None:
        held = io.BytesIO()
        figure = _figure(plan, base | {control: positions[slider.value]})
        FigureCanvasAgg(figure).print_png(held)
        image.value = held.getvalue()

    slider.observe(redraw, names="value")
    redraw(None)
    return widgets.VBox([slider, image])


def with_ipympl(plan: Any, control: str, positions: list[Any]) -> Any:
    """A kept figure on an ipympl canvas, of which only the parts are set anew."""
    from ipympl.backend_nbagg import Canvas, FigureManager

    base, slider = plan.clean({}), _slider(positions)
    with rc_context(RC):
        axes = plan.picture(plan.state(base)).open()
    canvas = Canvas(axes[0].get_figure(root=True))
    canvas.manager = FigureManager(canvas, 0)
    held: list[Any] = []

    def redraw(_change: Any) -> None:
        while held:
            held.pop().remove()
        picture = plan.picture(plan.state(base | {control: positions[slider.value]}))
        with rc_context(RC):
            for part in picture.parts:
                held.extend(put(part, axes[part.axes]))
            canvas.draw_idle()

    slider.observe(redraw, names="value")
    redraw(None)
    return widgets.VBox([slider, canvas])
