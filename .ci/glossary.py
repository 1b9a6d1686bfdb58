"""Write the glossary's page, and link the first use of each term in each lesson to it.

`python .ci/glossary.py` writes `notebooks/glossary.md` from `data/glossary.csv` and renews the
links.  Running it twice changes nothing.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from immunolib import datasets
from immunolib.tables import link

ROOT = Path(__file__).resolve().parent.parent
LESSONS = ROOT / "notebooks"
PAGE = "glossary.md"
_LINK = re.compile(rf"\[([^\]\n]+)\]\({re.escape(PAGE)}#[^)\s]+\)")
# Where no link may stand: headings, code, links, pictures, addresses, tags, rows of tables.
_CLOSED = re.compile(
    r"(?s:```.*?```)|`[^`\n]*`|!?\[[^\]\n]*\]\([^)\n]*\)|<[^>\n]*>|https?://\S+"
    r"|^[ \t]*#+ .*$|^[ \t]*\|.*$",
    re.MULTILINE,
)
_PLAIN = {"plain", "references"}


@dataclass(frozen=True)
class Term:
    """A term of the glossary, and how it is found in running text."""

    name: str

    @property
    def anchor(self) -> str:
        """Its heading's name as JupyterLab and nbconvert make it."""
        return self.name.replace(" ", "-")

    @property
    def pattern(self) -> re.Pattern[str]:
        """Its name as a word, or its plural; it may begin a sentence."""
        first, rest = self.name[0], re.escape(self.name[1:])
        ending = "(?:s|es)?"
        if rest.endswith("y"):
            rest, ending = rest[:-1], "(?:y|ies)"
        return re.compile(rf"(?<![\w-])[{first}{first.upper()}]{rest}{ending}(?![\w-])")


def terms() -> list[Term]:
    """Every term, the longest first."""
    every = [Term(name) for name in datasets.load_glossary()["term"]]
    return sorted(every, key=lambda term: (-len(term.name), term.name))


def page() -> str:
    """The text of the glossary's page."""
    paths = {path.name[:2]: path.name for path in sorted(LESSONS.glob("[0-9][0-9]_*.ipynb"))}
    sources = datasets.load_sources().set_index("source")
    parts = [
        "# Glossary\n",
        "The words of the course, in the order of the alphabet.\n"
        "Each says which lesson explains it, and where its meaning was read.\n",
    ]
    ordered = datasets.load_glossary().sort_values("term", key=lambda term: term.str.lower())
    for row in ordered.itertuples():
        source = sources.loc[row.source]
        address = link(str(source["address"]))
        where = f"[{source['title']}]({address})" if address.startswith("http") else source["title"]
        parts.append(
            f"## {row.term}\n\n{row.plain}\n\n"
            f"Explained in [lesson {row.lesson}]({paths[row.lesson]}).\nSource: {where}.\n"
        )
    return "\n".join(parts)


def unlinked(text: str) -> str:
    """Some markdown without its links to the glossary."""
    return _LINK.sub(r"\1", text)


def linked(notebook: Any) -> Any:
    """Link the first use of each term, outside the plain box, headings, code and tables."""
    every = left = terms()
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and not _PLAIN & {*cell.metadata.get("tags", [])}:
            cell.source, left = _link(unlinked(cell.source), left, every)
    return notebook


def _link(text: str, left: list[Term], every: list[Term]) -> tuple[str, list[Term]]:
    """Some markdown with each of these terms linked once; and the terms that it does not use."""
    closed = [match.span() for match in _CLOSED.finditer(text)]
    spans = {term: [match.span() for match in term.pattern.finditer(text)] for term in every}
    found: dict[tuple[int, int], Term] = {}
    for term in left:
        longer = [s for other in every if len(other.name) > len(term.name) for s in spans[other]]
        taken = [*closed, *longer, *found]
        free = (s for s in spans[term] if not any(a < s[1] and s[0] < b for a, b in taken))
        place = next(free, None)
        if place:
            found[place] = term
    for (start, end), term in sorted(found.items(), reverse=True):
        text = f"{text[:start]}[{text[start:end]}]({PAGE}#{term.anchor}){text[end:]}"
    return text, [term for term in left if term not in found.values()]


def main() -> None:
    (LESSONS / PAGE).write_text(page(), encoding="utf-8")
    for path in sorted(LESSONS.glob("[0-9][0-9]_*.ipynb")):
        notebook = linked(nbformat.read(path, as_version=4))
        nbformat.write(notebook, path)
        text = "\n".join(cell.source for cell in notebook.cells)
        print(f"{path.name}: {len(_LINK.findall(text))} terms linked")


if __name__ == "__main__":
    main()
