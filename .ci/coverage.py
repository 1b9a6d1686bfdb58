"""Print what the data cover, and write it down: `make data`.

The report goes to `data/COVERAGE.md`, with two figures in `data/images/`.
"""

from pathlib import Path

from immunolib import datasets, figures
from immunolib._errors import ImmunolibError
from immunolib.datasets import _reader

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "data/COVERAGE.md"
IMAGES = ROOT / "data/images"
TITLES = {
    "agents": "Agents by family and dial",
    "events": "Events by regulator and decade",
    "evidence": "Dates by how they were seen",
    "gaps": "Cells that are not known",
    "sources": "Sources by kind",
}
NOTES = {
    "agents": "An agent with uses on two dials counts on both; one that stands beside the scope "
    "may have none.\nThe last four columns say which rule of [README.md](README.md) it meets.",
    "events": "One event of a fixed combination counts once.\nThe decade is that of the date's "
    "first possible day.",
    "evidence": "*register*: a regulator's list. *primary*: a regulator's page, a label or the "
    "paper itself. *secondary*: another page that states it.",
    "gaps": "A fact that was not found is left empty, or its date is marked *not verified*; the "
    "timeline draws such a date with a question mark.",
    "sources": "Each row of every table names one.",
}
FIGURES = ("approvals_per_year", "classes_by_decade")


def markdown(table: object) -> str:
    """A table of counts as Markdown; zeros stay empty, so that the numbers stand out."""
    columns = list(table.columns)  # type: ignore[attr-defined]
    lines = [f"| {' | '.join(map(str, columns))} |"]
    text = [str(table[c].dtype) in {"object", "str", "string"} for c in columns]  # type: ignore[index]
    lines.append(f"| {' | '.join('---' if is_text else '---:' for is_text in text)} |")
    for row in table.itertuples(index=False):  # type: ignore[attr-defined]
        lines.append(f"| {' | '.join('' if cell == 0 else str(cell) for cell in row)} |")
    return "\n".join(lines)


def report() -> str:
    """The whole report, computed from the data."""
    package = _reader.descriptor()
    parts = [
        "# What the data cover",
        f"Version {package['version']}, edition {package['edition']}.\n"
        "Written by `make data`; do not edit by hand.",
    ]
    for entry in package["regulators"]:
        if entry["coverage"] == "complete":
            parts.append(
                f"{entry['name']}: complete within the scope, through "
                f"{entry['covered_through']}, but for the gaps that [README.md](README.md) names."
            )
    for name in FIGURES:
        made = getattr(figures, name)()
        parts += [
            f"## {made.title}",
            f"![{made.alt}](images/{name}.png)",
            made.description,
        ]
    for name, table in datasets.coverage().items():
        parts += [f"## {TITLES[name]}", NOTES[name], markdown(table)]
    return "\n\n".join(parts) + "\n"


def main() -> int:
    try:
        problems = datasets.validate()
    except ImmunolibError as error:
        problems = [f"{error} (Reading stopped here: mend it, and run this again.)"]
    if problems:
        print("\n".join(problems))
        print(f"{len(problems)} to mend. {REPORT.relative_to(ROOT)} was left as it was.")
        return 1
    IMAGES.mkdir(exist_ok=True)
    for name in FIGURES:
        (IMAGES / f"{name}.png").write_bytes(getattr(figures, name)().png())
    text = report()
    REPORT.write_text(text, encoding="utf-8")
    print(text)
    print(f"Every rule of the data holds. {datasets.cite()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
