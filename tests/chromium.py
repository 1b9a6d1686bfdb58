"""Find Chromium for the browser tests, or install it, or say what to do.

As a script it makes sure that there is one and prints its path.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
VARIABLE = "IMMUNOLIB_CHROMIUM"
HELP = f"""\
The browser tests need Chromium (or Chrome, or Edge), and none was found.
Do one of these, then run the tests again:
  - install it with your system's package manager, for example 'sudo apt install chromium';
  - run '{sys.executable} -m playwright install chromium';
  - set {VARIABLE} to the browser's full path.
To run the other tests without a browser: make test PARTS='lint types data frame unit notebooks'
"""


def find() -> str | None:
    """The path of a browser: named by the variable, of the system, or of Playwright."""
    named = os.environ.get(VARIABLE)
    if named:
        return named if Path(named).is_file() else None
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        bundled = playwright.chromium.executable_path
    return bundled if Path(bundled).is_file() else None


def install() -> None:
    """Try the system's package manager where that needs no password, then Playwright."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and shutil.which("apt-get"):
        print("Installing Chromium with apt-get ...", flush=True)
        quiet = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, "check": False}
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], **quiet)
        if find():
            return
    print("Installing Chromium with Playwright ...", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> int:
    if not find():
        install()
    found = find()
    if not found:
        print(HELP, file=sys.stderr)
        return 1
    print(f"Browser: {found}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
