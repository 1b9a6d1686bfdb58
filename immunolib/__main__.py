"""Open the lessons in JupyterLab: ``python -m immunolib`` in the project's folder.

``python -m immunolib page NOTEBOOK [TARGET]`` writes a stored lesson as one web page instead.
"""

import os
import subprocess
import sys
from pathlib import Path

FIRST = Path("notebooks") / "00_start_here.ipynb"
#: JupyterLab does not ask to fetch news, nor look for updates: nothing is fetched at run time.
CONFIG = Path(__file__).resolve().parent / "lab_config"


def page(names: list[str]) -> int:
    """Write a stored lesson as a web page whose controls work with no kernel."""
    from immunolib import pages
    from immunolib._errors import ImmunolibError

    if not 1 <= len(names) <= 2:
        print("Write: python -m immunolib page NOTEBOOK [TARGET]", file=sys.stderr)
        return 2
    try:
        written = pages.save(*names)
    except (ImmunolibError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{written} ({written.stat().st_size / 1e6:.1f} MB)")
    return 0


def main(options: list[str]) -> int:
    """Start JupyterLab on the first lesson; further options go to JupyterLab."""
    if options[:1] == ["page"]:
        return page(options[1:])
    project = Path(__file__).resolve().parent.parent
    if not (project / FIRST).is_file():
        print(
            f"The lessons are not beside this package ({project}). "
            "Get the project's folder, as the README says, and run this command in it.",
            file=sys.stderr,
        )
        return 2
    # The lessons' kernels find the package through the first, installed or not.
    added = {"PYTHONPATH": project, "JUPYTER_CONFIG_PATH": CONFIG}
    environment = os.environ | {
        name: os.pathsep.join([str(path), *filter(None, [os.environ.get(name)])])
        for name, path in added.items()
    }
    environment.setdefault("PYTHONSTARTUP", str(CONFIG / "startup.py"))
    print(f"Opening {FIRST} in JupyterLab. To end it, press Ctrl+C here twice.", flush=True)
    command = [
        sys.executable, "-m", "jupyter", "lab", f"--ServerApp.root_dir={project}",
        f"--LabApp.default_url=/lab/tree/{FIRST.as_posix()}", *options,
    ]  # fmt: skip
    try:
        return subprocess.run(command, cwd=project, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
