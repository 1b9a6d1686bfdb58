"""Renew the pins: requirements.txt, requirements-dev.txt and the pip section of environment.yml.

The two requirement files carry versions and hashes for every supported Python and system;
environment.yml carries the same versions as plain lines, the form that Binder caches.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = """\
# For Binder and `conda env create`. Made by .ci/pins.py from requirements.txt: change that one.
# The package itself is installed by postBuild.
name: immunolib
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip
  - pip:
"""


def pins(text: str) -> list[str]:
    """The plain pins of a requirements file, hashes left out."""
    lines = re.findall(r"^([a-z0-9][^\s]*==[^\\\n]*?)\s*\\?$", text, flags=re.MULTILINE)
    return [" ".join(line.split()) for line in lines]


def environment(requirements: str) -> str:
    """The text of environment.yml for a requirements file."""
    return HEAD + "".join(f"      - {pin}\n" for pin in pins(requirements))


def _compile(target: str, *options: str) -> None:
    command = [
        sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--universal",
        "--python-version", "3.11", "--fork-strategy", "fewest", "--generate-hashes",
        "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet", *options,
        "--output-file", target,
    ]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True)


def main() -> None:
    _compile("requirements.txt", "--group", "build", *sys.argv[1:])
    _compile("requirements-dev.txt", "--group", "build", "--group", "dev",
             "--constraint", "requirements.txt", *sys.argv[1:])  # fmt: skip
    text = (ROOT / "requirements.txt").read_text()
    (ROOT / "environment.yml").write_text(environment(text))
    print(f"{len(pins(text))} pins to run, "
          f"{len(pins((ROOT / 'requirements-dev.txt').read_text()))} to test.")  # fmt: skip


if __name__ == "__main__":
    main()
