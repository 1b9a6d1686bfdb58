"""Check the frame of the lessons: the parts that every lesson has, and that none is empty.

Parts are cell tags, so that headings can say what they are about.
"""

import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parent.parent
# The parts of a lesson, in the order in which each first appears.
PARTS = (
    "plain", "aims", "recall", "predict", "run", "reveal", "exercise", "quiz", "misconception",
    "limits", "references", "next",
)  # fmt: skip
START = ("plain", "aims", "check", "map", "progress", "limits", "next")
DISCLAIMER = "Education only, not medical advice"
FEWEST_WORDS = 8


def problems(notebook: Any, parts: tuple[str, ...]) -> list[str]:
    """Everything about one notebook that breaks the frame."""
    found: list[str] = []
    cells = notebook.cells
    tags = [tag for cell in cells for tag in cell.metadata.get("tags", [])]
    for part in parts:
        holders = [c for c in cells if part in c.metadata.get("tags", [])]
        if not holders:
            found.append(f"no cell is tagged {part!r}")
        elif all(len(c.source.split()) < FEWEST_WORDS and not c.get("outputs") for c in holders):
            found.append(f"the part {part!r} is empty")
    first = [tags.index(part) for part in parts if part in tags]
    if first != sorted(first):
        found.append(f"the parts stand out of order; expected {', '.join(parts)}")
    found += _headings(cells)
    found += _outputs(cells)
    text = "\n".join(cell.source for cell in cells)
    if DISCLAIMER not in text:
        found.append(f"it does not say {DISCLAIMER!r}")
    if notebook.metadata.get("widgets"):
        found.append("widget state is stored")
    for cell in cells:
        if cell.cell_type == "code" and re.search(r"^\s*(def|class) ", cell.source, re.MULTILINE):
            found.append(f"cell {cell.id} defines a function or class: move it into immunolib")
        if cell.cell_type == "markdown":
            long = [ln for ln in cell.source.splitlines() if re.search(r"[a-z)][.?!] [A-Z]", ln)]
            if long:
                found.append(f"cell {cell.id} has two sentences in one source line: {long[0]!r}")
    return found


def _headings(cells: list[Any]) -> list[str]:
    levels = [
        (len(match[1]), match[2])
        for cell in cells
        if cell.cell_type == "markdown"
        for match in re.finditer(r"^(#{1,6}) (.+)$", cell.source, flags=re.MULTILINE)
    ]
    found = []
    if [level for level, _ in levels].count(1) != 1 or not levels or levels[0][0] != 1:
        found.append("there must be one H1, and it must come first")
    for (before, _), (after, name) in pairwise(levels):
        if after > before + 1:
            found.append(f"the heading {name!r} skips a level")
    return found


def _outputs(cells: list[Any]) -> list[str]:
    found = []
    for cell in cells:
        if cell.cell_type != "code":
            continue
        if cell.execution_count is None:
            found.append(f"cell {cell.id} is stored without having been run")
        for output in cell.outputs:
            if output.output_type == "error":
                found.append(f"cell {cell.id} is stored with an error")
            if output.get("name") == "stderr":
                found.append(f"cell {cell.id} is stored with stderr")
            data = output.get("data", {})
            if "image/png" in data and "text/html" not in data:
                found.append(f"cell {cell.id} shows a picture without words")
            if any("widget" in kind for kind in data):
                found.append(f"cell {cell.id} is stored with a widget's id")
            if re.search(r"0x[0-9a-f]{6,}", str(data.get("text/plain", ""))):
                found.append(f"cell {cell.id} shows a memory address")
    return found


def main() -> int:
    bad = 0
    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    for path in paths:
        parts = START if path.name.startswith("00") else PARTS
        for problem in problems(nbformat.read(path, as_version=4), parts):
            print(f"{path.name}: {problem}")
            bad += 1
    print(f"{len(paths)} notebooks, {bad} problems with the frame.")
    return 1 if bad or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
