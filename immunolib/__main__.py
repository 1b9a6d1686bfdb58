"""Open the lessons in JupyterLab: ``python -m immunolib`` in the project's folder."""

import os
import subprocess
import sys
from pathlib import Path

FIRST = Path("notebooks") / "00_start_here.ipynb"
#: JupyterLab neither asks for news nor looks for updates: nothing is fetched at run time.
QUIET = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)


def main(options: list[str]) -> int:
    """Start JupyterLab on the first lesson; further options go to JupyterLab."""
    project = Path(__file__).resolve().parent.parent
    if not (project / FIRST).is_file():
        print(
            f"The lessons are not beside this package ({project}). "
            "Get the project's folder, as the README says, and run this command in it.",
            file=sys.stderr,
        )
        return 2
    # The lessons' kernels find the package through this, installed or not.
    paths = [str(project), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    print(f"Opening {FIRST} in JupyterLab. To end it, press Ctrl+C here twice.", flush=True)
    command = [sys.executable, "-m", "jupyter", "lab", str(FIRST), *QUIET, *options]
    try:
        return subprocess.run(command, cwd=project, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
