"""Lessons and explorers as single web pages, whose controls work with no Python behind them.

A page carries the states of its explorers, made here from the line of code that each stored
picture names; the stored notebook stays as small as it was.  Nothing is fetched when a page is
opened: it can be sent by mail, put on any server, or opened from a stick.

    python -m immunolib page notebooks/03_timeline.ipynb
"""

import ast
import base64
import gzip
import json
import math
import re
from html import escape, unescape
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from immunolib import explorers
from immunolib._errors import ImmunolibError, unknown
from immunolib.explorers._controls import Choice, Control, Day
from immunolib.explorers._plan import Plan, States
from immunolib.explorers._shell import explore

if TYPE_CHECKING:
    from immunolib.explorers import Explorer

_FOLDER = Path(explorers.__file__).parent
_STILL = re.compile(r'<div data-immunolib="([^"]*)">')


def save(what: "str | Path | Explorer", target: str | Path | None = None) -> Path:
    """Write a lesson, or a single explorer, as one HTML file that needs no kernel and no network.

    Args:
        what: the path of a notebook that has been run and stored, or of a text in Markdown, or an
            explorer, which begins the page in its present state.
        target: where to write; beside the notebook, or the explorer's name in this folder, where
            left out.

    Returns:
        The path of the page.

    Raises:
        ImmunolibError: where the notebook cannot be read, has not been run, or shows an explorer
            that this version of immunolib does not have.
    """
    if isinstance(what, explorers.Explorer):
        path = Path(target) if target else Path(f"{what._plan.name}.html")
        title = what._plan.title
        still, carried = _placed(explore(what._plan, what.values).still())
        body = f"<h1>{escape(title)}</h1>{still}"
    else:
        source = Path(what)
        path = Path(target) if target else source.with_suffix(".html")
        title, body, carried = _lesson(source)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_page(title, body, carried), encoding="utf-8")
    return path


def _lesson(source: Path) -> tuple[str, str, list[str]]:
    """The title and the body of a stored notebook, and what its explorers carry."""
    import nbformat
    from nbconvert import HTMLExporter

    if not source.is_file():
        raise ImmunolibError(f"There is no notebook {source}. Give the path of one.")
    try:
        if source.suffix == ".md":
            text = nbformat.v4.new_markdown_cell(source.read_text("utf-8"))  # type: ignore[no-untyped-call]
            notebook = nbformat.v4.new_notebook(cells=[text])  # type: ignore[no-untyped-call]
        else:
            notebook = nbformat.read(source, as_version=4)  # type: ignore[no-untyped-call]
    except Exception as error:
        raise ImmunolibError(f"{source} cannot be read as a notebook: {error}") from None
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    if code and not any(cell.outputs for cell in code):
        raise ImmunolibError(
            f"{source} has not been run, so there is nothing to show. "
            "Run all of its cells, save it, and try again."
        )
    carried: list[str] = []
    for output in (output for cell in code for output in cell.outputs):
        html = output.get("data", {}).get("text/html")
        if html:
            output["data"]["text/html"], more = _placed(html, len(carried))
            carried += more
    make: Any = HTMLExporter
    exporter = make(template_name="basic", embed_images=True)
    body, _ = exporter.from_notebook_node(notebook, {"metadata": {"path": str(source.parent)}})
    heading = re.search(r"<h1[^>]*>(.*?)<", body)
    # Lessons lead to each other's pages.
    body = re.sub(r'href="([\w./-]+)\.(?:ipynb|md)', r'href="\1.html', body)
    body = re.sub(r'<a class="anchor-link"[^>]*>.*?</a>', "", body)
    body = re.sub(r'<div class="prompt[^"]*">.*?</div>', "", body, flags=re.DOTALL)
    return unescape(heading[1]) if heading else source.stem, body, carried


def _placed(html: str, before: int = 0) -> tuple[str, list[str]]:
    """Some HTML with each explorer's still picture numbered, and what each of them carries."""
    carried: list[str] = []

    def place(found: re.Match[str]) -> str:
        number = before + len(carried)
        carried.append(_data(number, *_named(unescape(found[1]))))
        return f'<div id="immunolib-{number}">'

    return _STILL.sub(place, html), carried


def _page(title: str, body: str, carried: list[str]) -> str:
    """The whole page: its body, and after it the states of each explorer in it."""
    style = (_FOLDER / "page.css").read_text("utf-8") + (_FOLDER / "live.css").read_text("utf-8")
    live = (_FOLDER / "live.js").read_text("utf-8").replace("export default ", "const live = ")
    script = f'<script type="module">\n{live}\n{_START}</script>' if carried else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style></head>\n"
        f"<body><main>\n{body}\n</main>\n{''.join(carried)}{script}</body></html>\n"
    )


# Nothing is fetched, whatever a notebook holds.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def _named(code: str) -> tuple[Plan, dict[str, Any]]:
    """The plan and the values of a line such as ``explorers.timeline(as_of="2011-02-01")``."""
    plans = explorers.plans()
    try:
        match ast.parse(code, mode="eval").body:
            case ast.Call(func=ast.Attribute(attr=name), keywords=words):
                values = {str(word.arg): ast.literal_eval(word.value) for word in words}
            case _:
                raise ValueError(code)
    except (SyntaxError, ValueError):
        raise ImmunolibError(f"{code!r} does not make an explorer.") from None
    if name not in plans:
        raise unknown("explorer", name, plans)
    return plans[name], plans[name].clean(values)


def positions(plan: Plan, values: dict[str, Any]) -> dict[str, list[Any]]:
    """The positions of each control that a page carries, thinned until all fit.

    Every control keeps its ends and the position that the page begins with.
    """
    named = plan.carried or [control.name for control in plan.controls]
    moving = [control for control in plan.controls if control.name in named]
    found = {control.name: control.carried(values[control.name]) for control in moving}
    counted = [c.name for c in moving if not (isinstance(c, Choice) and c.filter)]
    steps = dict.fromkeys(counted, 1)
    thin = {name: found[name] for name in counted}
    while math.prod(map(len, thin.values())) > plan.most:
        longest = max(counted, key=lambda name: len(thin[name]))
        steps[longest] += 1
        every = found[longest]
        kept = {*every[:: steps[longest]], every[-1], values[longest]}
        thin[longest] = [value for value in every if value in kept]
    return found | thin


def whole(plan: Plan, values: dict[str, Any]) -> dict[str, Any]:
    """Everything that a page needs of one explorer: its controls, and every state it can show."""
    states = States(plan)
    places = positions(plan, values)
    moving = [control for control in plan.controls if control.name in places]

    def key(of: dict[str, Any]) -> list[Any]:
        return [control.encode(of[control.name]) for control in moving]

    found = []
    for chosen in product(*(places[control.name] for control in moving)):
        here = values | dict(zip(places, chosen, strict=True))
        found.append(states.for_page(states.at(here)) | {"values": key(here)})
    numbers = {number for state in found for number in (state["frame"], *state["slots"])}
    start = key(values)
    return {
        "_title": plan.title,
        "_controls": [control.declared(places[control.name]) for control in moving],
        "_note": _note(plan, moving, places),
        "_whole": {
            "values": start,
            "start": start,
            "said": "",
            "refusal": "",
            "epoch": 0,
            "state": next(state for state in found if state["values"] == start),
            "states": found,
        }
        | states.luggage(numbers),
    }


def _note(plan: Plan, moving: list[Control], places: dict[str, list[Any]]) -> str:
    """What the notebook can do and this page cannot."""
    still = [control.label for control in plan.controls if control.name not in places]
    parts = [f"{', '.join(still)} can be set in the notebook."] if still else []
    for control in moving:
        all_of = len(list(control.sweep()))
        if not isinstance(control, Day) and len(places[control.name]) < all_of:
            parts.append(
                f"{control.label}: {len(places[control.name])} of {all_of} positions are on this "
                "page."
            )
    return " ".join(parts)


def _data(number: int, plan: Plan, values: dict[str, Any]) -> str:
    text = json.dumps(whole(plan, values), ensure_ascii=False, separators=(",", ":"))
    packed = base64.b64encode(gzip.compress(text.encode("utf-8"), 9, mtime=0)).decode("ascii")
    return f'<script type="application/gzip" id="immunolib-data-{number}">{packed}</script>\n'


# Each explorer's still picture gives way to the moving one; where that fails, it stays.
_START = """
for (const packed of document.querySelectorAll("script[type='application/gzip']")) {
  const bytes = Uint8Array.from(atob(packed.textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const held = await new Response(stream).json();
  const model = {
    kernel: false, get: (name) => held[name], set() {}, save_changes() {}, send() {}, on() {},
  };
  const still = document.getElementById(packed.id.replace("data-", ""));
  const place = document.createElement("div");
  const explorer = live();
  explorer.initialize({ model });
  explorer.render({ el: place });
  still.replaceChildren(place);
}
for (const wide of document.querySelectorAll(".output_subarea, pre")) {
  if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
}
"""
