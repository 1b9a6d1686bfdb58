"""Run the lessons and store their outputs: `make notebooks`.

Stored notebooks hold no widget state, no widget ids and no machine's versions, so that a stored
lesson changes only where what it shows has changed.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
VIEW = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def clean(notebook: Any) -> Any:
    """Drop what changes from run to run, and what needs a kernel to be seen."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(VIEW, None)
            output.pop("transient", None)
    return notebook


def run(path: Path) -> None:
    """Run one notebook in a fresh kernel and store it."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    )  # fmt: skip
    client.execute()
    nbformat.validate(clean(notebook))
    nbformat.write(notebook, path)


def main(names: list[str]) -> None:
    os.environ["PYTHONPATH"] = os.pathsep.join(
        [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    )
    os.environ["IMMUNOLIB_PROGRESS"] = str(Path(tempfile.mkdtemp()) / "progress.json")
    for path in [Path(name) for name in names] or sorted((ROOT / "notebooks").glob("*.ipynb")):
        print(f"Running {path.name} ...", flush=True)
        run(path)


if __name__ == "__main__":
    main(sys.argv[1:])
