"""Run every test, or the parts that are named: `make test`, `make test PARTS='lint types'`.

Every part runs, even after one has failed; the end says how long each took.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [sys.executable, "-m", "pytest", "-q", "--durations=3"]
SIDE_BY_SIDE = ["-n", "auto", "--dist"]  # as many at once as there are cores
PARTS: dict[str, list[list[str]]] = {
    "lint": [
        [sys.executable, "-m", "ruff", "format", "--check", "--quiet", "."],
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--quiet", "."],
    ],
    "types": [[sys.executable, "-m", "mypy", "--cache-dir", os.devnull]],
    "data": [
        [
            sys.executable, "-m", "frictionless", "validate", "data/datapackage.json",
        ],
    ],
    "frame": [[sys.executable, ".ci/frame.py"]],
    "unit": [
        [
            *PYTEST, *SIDE_BY_SIDE, "worksteal", "-m", "not browser and not environments", "tests",
        ],
    ],
    "notebooks": [
        [
            *PYTEST, *SIDE_BY_SIDE, "loadfile", "--nbval", "--nbval-current-env",
            "--nbval-sanitize-with", "tests/nbval_sanitize.cfg", "--nbval-cell-timeout", "120",
            "notebooks",
        ],
    ],
    "browser": [
        [sys.executable, "tests/chromium.py"],
        [*PYTEST, "-m", "browser", "tests"],
    ],
    "environments": [[*PYTEST, "-m", "environments", "tests"]],
}  # fmt: skip


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"No part is called {', '.join(unknown)}. Choose from: {', '.join(PARTS)}.")
        return 2
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONDONTWRITEBYTECODE": "1",
        "JUPYTER_PLATFORM_DIRS": "1",
        # No test reads or writes a learner's own answers.
        "IMMUNOLIB_PROGRESS": str(Path(tempfile.mkdtemp()) / "progress.json"),
    }
    taken: list[tuple[str, float, bool]] = []
    for name in names or PARTS:
        print(f"\n=== {name} ===", flush=True)
        start = time.monotonic()
        good = True
        for command in PARTS[name]:
            good = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0
            if not good:
                break
        taken.append((name, time.monotonic() - start, good))
    print("\n=== how long each part took ===")
    for name, seconds, good in taken:
        print(f"{name:14}{seconds:7.1f} s  {'passed' if good else 'FAILED'}")
    print(f"{'together':14}{sum(seconds for _, seconds, _ in taken):7.1f} s")
    return 0 if all(good for _, _, good in taken) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
