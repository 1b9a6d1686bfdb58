"""A real JupyterLab on a copy of the lessons, and a page that drives it."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat

from immunolib.__main__ import CONFIG

ROOT = Path(__file__).resolve().parent.parent
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Every cell is on the page, also those out of sight.
OVERRIDES = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}
_CURRENT = "jupyterapp.shell.currentWidget"
_IDLE = f"{_CURRENT}?.sessionContext?.session?.kernel?.status === 'idle'"


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def write(folder: Path, name: str, *sources: str) -> None:
    """Write a notebook of these cells where a server on the folder shows it."""
    cells = [
        nbformat.v4.new_code_cell(source, id=f"cell-{at}") for at, source in enumerate(sources)
    ]
    start = f"import sys; sys.path.insert(0, {str(ROOT / 'tests')!r})"
    cells.insert(0, nbformat.v4.new_code_cell(start, id="start"))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    book = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(book, folder / "notebooks" / f"{name}.ipynb")


def command(app: str, folder: Path, port: int) -> list[str]:
    """How an application is started: JupyterLab, Notebook or Voila."""
    if app == "voila":
        return [sys.executable, "-m", "voila", "--no-browser", f"--port={port}",
                str(folder / "notebooks")]  # fmt: skip
    start = [
        sys.executable, "-m", "jupyter", app, "--no-browser", f"--port={port}",
        "--allow-root", "--ServerApp.port_retries=0", "--IdentityProvider.token=",
        "--ServerApp.disable_check_xsrf=True", f"--ServerApp.root_dir={folder}",
        "--expose-app-in-browser",
    ]  # fmt: skip
    if app == "lab":
        start.append(f"--LabApp.app_settings_dir={folder / 'app-settings'}")
    return start


@contextmanager
def server(folder: Path, app: str = "lab") -> Iterator[str]:
    """Start an application on a copy of the lessons; give its address."""
    if not (folder / "notebooks").exists():
        shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    settings = folder / "app-settings"
    settings.mkdir(exist_ok=True)
    (settings / "overrides.json").write_text(json.dumps(OVERRIDES))
    port = _free_port()
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_CONFIG_PATH": str(CONFIG),
        "JUPYTER_DATA_DIR": str(folder / "share"),
        "JUPYTER_RUNTIME_DIR": str(folder / "run"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "IPYTHONDIR": str(folder / "ipython"),
        "IMMUNOLIB_PROGRESS": str(folder / "progress.json"),
    }
    log = (folder / "server.log").open("w")
    process = subprocess.Popen(
        command(app, folder, port), cwd=folder, env=environment, stdout=log,
        stderr=subprocess.STDOUT,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 90
        while True:
            try:
                urllib.request.urlopen(address if app == "voila" else f"{address}/api/status",
                                       timeout=2).close()  # fmt: skip
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((folder / "server.log").read_text()[-3000:]) from None
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(20)
        log.close()


class Lesson:
    """One lesson, open in JupyterLab."""

    def __init__(self, page: Any, address: str, name: str) -> None:
        self.page = page
        page.goto(f"{address}/lab/tree/notebooks/{name}.ipynb?reset")
        page.wait_for_function(
            f"() => window.jupyterapp && {_CURRENT}?.context?.isReady", timeout=60_000
        )
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_function(f"() => {_IDLE}", timeout=90_000)
        # The file browser takes a third of a narrow screen.
        page.evaluate("() => jupyterapp.shell.collapseLeft()")

    @property
    def explorers(self) -> Any:
        """Every explorer on the page, once there is one."""
        held = self.page.locator(".immunolib-explorer")
        held.first.wait_for(timeout=30_000)
        return held

    def run(self, name: str) -> None:
        """Run one cell, and do not wait for it."""
        index = self._place(name)
        self.page.evaluate(
            f"""at => {{ {_CURRENT}.content.activeCellIndex = at;
                jupyterapp.commands.execute('notebook:run-cell'); }}""",
            index,
        )

    def run_all(self) -> None:
        """Run every cell and wait until all have run."""
        self.page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
        self.page.wait_for_function(
            f"() => {_IDLE} && !document.querySelector('.jp-InputPrompt')?.closest('.none') &&"
            " [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]"
            ".every(p => /\\[\\d+\\]/.test(p.textContent))",
            timeout=120_000,
        )

    def _place(self, name: str) -> int:
        index = self.page.evaluate(
            f"""name => [...{_CURRENT}.content.widgets]
                .findIndex(cell => cell.model.id === name)""",
            name,
        )
        assert index >= 0, f"no cell has the id {name}"
        return int(index)

    def cell(self, name: str) -> Any:
        """The cell with this id."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(self._place(name))

    def errors(self) -> list[str]:
        """Every error that a cell shows."""
        shown = self.page.locator(
            ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error'],"
            ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']"
        )
        return [re.sub(r"\s+", " ", text)[:400] for text in shown.all_inner_texts()]
