"""Write every lesson, and every explorer alone, as a web page into build/pages: `make pages`."""

from pathlib import Path

from immunolib import explorers, pages

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    target = ROOT / "build" / "pages"
    source = ROOT / "notebooks"
    texts = [source / "glossary.md", *sorted((source / "teaching").glob("*.md"))]
    for path in [*sorted(source.glob("*.ipynb")), *texts]:
        show(pages.save(path, (target / path.relative_to(source)).with_suffix(".html")))
    for name in explorers.plans():
        show(pages.save(getattr(explorers, name)(), target / f"{name}.html"))


def show(path: Path) -> None:
    print(f"{path.relative_to(ROOT)} ({path.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    main()
