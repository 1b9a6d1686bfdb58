"""A cell that was run too early, or mistyped, is answered with what to do."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT
from jupyter_client.manager import start_new_kernel

from immunolib.__main__ import CONFIG
from immunolib._hints import sentence


@pytest.fixture(scope="module")
def client():
    """A kernel as `make lab` starts it."""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "PYTHONSTARTUP": str(CONFIG / "startup.py"),
    }
    manager, held = start_new_kernel(kernel_name="python3", env=environment)
    yield held
    held.stop_channels()
    manager.shutdown_kernel(now=True)


def error(client, code):
    """The error that a cell ends with, as the notebook shows it."""
    reply = client.execute_interactive(code, output_hook=lambda message: None)
    content = reply["content"]
    return content["status"], "\n".join(content.get("traceback", []))


def test_a_cell_that_is_run_too_early_says_what_to_do(client):
    status, told = error(client, "explorers.timeline()")
    assert status == "error"
    assert "NameError" in told
    assert "'explorers' is not known yet" in told
    assert "Run All Above Selected Cell" in told


def test_a_mistyped_name_is_answered_with_the_right_one(client):
    assert error(client, "from immunolib import explorers") == ("ok", "")
    assert "'explorers' is. Mend the name" in error(client, "explorer.timeline()")[1]


def test_other_errors_are_as_they_were(client):
    told = error(client, "1 / 0")[1]
    assert "ZeroDivisionError" in told
    assert "What to do" not in told


def test_no_name_is_added_to_the_learners_own(client):
    assert error(client, "assert 'sentence' not in dir() and 'explain' not in dir()")[0] == "ok"


def test_an_ordinary_python_is_not_disturbed():
    environment = os.environ | {"PYTHONSTARTUP": str(CONFIG / "startup.py")}
    run = subprocess.run(
        [sys.executable, "-i", "-c", "pass"], input="print(1 + 1)\n", text=True,
        capture_output=True, check=True, env=environment,
    )  # fmt: skip
    assert "Error" not in run.stderr
    assert "2" in run.stdout


def test_a_name_that_is_far_from_all_is_not_guessed():
    assert "not known yet" in sentence("outcomes", ["figures", "quiz"])
    assert "'figures' is" in sentence("figure", ["figures", "quiz"])


@pytest.mark.parametrize("part", ["quiz", "models", "figures"])
def test_a_part_that_is_not_imported_is_not_called_mistyped(client, part):
    """The shell knows `quit`, and a lesson may have made `model`."""
    assert error(client, "model = figure = 1")[0] == "ok"
    assert f"'{part}' is not known yet" in error(client, part)[1]


def test_names_of_the_shell_are_not_offered(client):
    assert "not known yet" in error(client, "quits")[1]
