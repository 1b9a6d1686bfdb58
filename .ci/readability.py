"""Measure how hard the lessons are to read: US school grades by Flesch and Kincaid's formula.

The plain-language box may need grade 8 at most, the body of a lesson grade 12.  Names of medicines
are exempt: each counts as one short word.  `python .ci/readability.py` prints every lesson.
"""

import re
import sys
from pathlib import Path
from typing import Any

import nbformat
import textstat

from immunolib import datasets

ROOT = Path(__file__).resolve().parent.parent
PLAIN, BODY = 8.0, 12.0
_LEFT_OUT = (
    r"(?s:```.*?```)",  # code
    r"<[^>]+>",  # tags
    r"^\s*\|.*$",  # tables
    r"^#+ .*$",  # headings
    r"`[^`]*`",
)


def _names() -> re.Pattern[str]:
    agents = datasets.load_agents()
    words = {*agents["agent"], *datasets.load_approvals()["brand"].dropna()}
    for synonyms in agents["synonyms"].dropna():
        words |= set(synonyms.split("; "))
    by_length = sorted((w for w in words if len(w) > 3), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, by_length))})\b", re.IGNORECASE)


NAMES = _names()


def prose(source: str) -> str:
    """The running text of a markdown cell, one sentence a line."""
    for pattern in _LEFT_OUT:
        source = re.sub(pattern, " ", source, flags=re.MULTILINE)
    source = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", source)
    source = re.sub(r"^\s*(?:[-*>]|\d+\.)\s*", "", source, flags=re.MULTILINE)
    source = re.sub(r"[*_]", "", source)
    return "\n".join(line.strip() for line in source.splitlines() if len(line.split()) > 2)


def grade(sources: list[str]) -> float:
    """The school grade of some markdown, the names of medicines exempt."""
    text = "\n".join(prose(source) for source in sources)
    lines = [line.rstrip(" :;,") for line in NAMES.sub("drug", text).splitlines()]
    whole = "\n".join(ln if ln.endswith((".", "?", "!")) else f"{ln}." for ln in lines if ln)
    return float(textstat.flesch_kincaid_grade(whole)) if whole else 0.0


def measure(notebook: Any) -> tuple[float, float]:
    """Grades of a lesson's plain-language box and of its body."""
    plain, body = [], []
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown" and "references" not in tags:
            (plain if "plain" in tags else body).append(cell.source)
    return grade(plain), grade(body)


def main() -> int:
    hard = 0
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        plain, body = measure(nbformat.read(path, as_version=4))
        bad = plain > PLAIN or body > BODY
        hard += bad
        print(f"{path.name}: box {plain:.1f}, body {body:.1f}{'  TOO HARD' if bad else ''}")
    print(f"The box may need grade {PLAIN:g} at most, and the body {BODY:g}.")
    return 1 if hard else 0


if __name__ == "__main__":
    sys.exit(main())
