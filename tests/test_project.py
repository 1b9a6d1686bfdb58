"""The project as a whole: pins that agree, files that say where they come from, no network."""

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib

import pytest
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

import immunolib
from immunolib import datasets

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
TRACKED = subprocess.run(
    ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
).stdout.split("\n")[:-1] or [
    str(path.relative_to(ROOT))
    for path in ROOT.rglob("*")
    if path.is_file() and not {".venv", ".git"} & set(path.parts)
]


def pins_module():
    spec = importlib.util.spec_from_file_location("pins", ROOT / ".ci/pins.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pinned(name):
    found = {}
    for pin in pins_module().pins((ROOT / name).read_text()):
        requirement = Requirement(pin)
        found[requirement.name] = requirement
    return found


def test_the_pins_satisfy_what_the_project_declares():
    pins = pinned("requirements.txt")
    for text in PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["build"]:
        wanted = Requirement(text)
        version = str(pins[wanted.name].specifier).removeprefix("==")
        assert wanted.specifier.contains(version), text
    every = pinned("requirements-dev.txt")
    for text in PROJECT["dependency-groups"]["dev"]:
        wanted = Requirement(text)
        assert wanted.specifier.contains(str(every[wanted.name].specifier).removeprefix("=="))


def test_what_the_tests_use_is_what_a_learner_uses():
    run, every = pinned("requirements.txt"), pinned("requirements-dev.txt")
    assert {n: str(r.specifier) for n, r in run.items()} == {
        n: str(every[n].specifier) for n in run
    }


def test_every_pin_is_one_version_with_hashes_and_no_address():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        for block in re.split(r"\n(?=\S)", text.strip()):
            assert re.match(r"[a-z0-9.-]+==[^ ;\\]+", block), block[:80]
            assert "--hash=sha256:" in block, block[:80]


def test_the_environment_that_runs_is_the_one_that_is_pinned():
    from importlib.metadata import version

    for name, requirement in pinned("requirements.txt").items():
        if requirement.marker is None or requirement.marker.evaluate():
            assert requirement.specifier.contains(version(name)), name


def test_the_run_time_environment_stays_small():
    names = {Requirement(text).name for text in PROJECT["project"]["dependencies"]}
    assert names <= {
        "jupyterlab", "ipywidgets", "matplotlib", "numpy", "pandas", "scipy", "anywidget",
    }  # fmt: skip
    assert len(pinned("requirements.txt")) < 125


def test_environment_yml_is_made_from_the_pins():
    expected = pins_module().environment((ROOT / "requirements.txt").read_text())
    assert (ROOT / "environment.yml").read_text() == expected


def test_binder_reads_the_environment_as_meant():
    """repo2docker picks Python 3.12 and this file, and can cache it: no local path in it."""
    done = subprocess.run(
        [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    text = done.stdout + done.stderr
    assert done.returncode == 0, text[-3000:]
    assert "Building conda environment for python=3.12" in text
    # The environment is built from this one file, before the rest is copied: so it is cached.
    only = re.search(r"COPY [^\n]*src/environment\.yml", text)
    whole = re.search(r"COPY [^\n]*src/ ", text)
    assert only is not None
    assert whole is not None
    assert only.start() < whole.start()
    assert "postBuild" in text
    environment = (ROOT / "environment.yml").read_text()
    assert "- python=3.12\n" in environment
    assert not re.search(r"^\s+- (-e|-r|\.|file:)", environment, flags=re.MULTILINE)


def test_the_versions_agree():
    citation = (ROOT / "CITATION.cff").read_text()
    assert f"version: {immunolib.__version__}\n" in citation
    package = json.loads((ROOT / "data/datapackage.json").read_text())
    assert f'version: "{package["version"]}"' in citation
    changes = (ROOT / "CHANGELOG.md").read_text()
    assert f"## {immunolib.__version__}" in changes
    assert package["edition"] in changes


def test_the_top_level_is_what_it_should_be():
    assert {path.split("/")[0] for path in TRACKED} <= {
        "notebooks", "immunolib", "data", "tests", "environment.yml", "README.md",
        "pyproject.toml", "Makefile", "postBuild", "requirements.txt", "requirements-dev.txt",
        "LICENSE", "LICENSE-CONTENT", "CITATION.cff", "CHANGELOG.md", "CONTRIBUTING.md", ".ci",
        ".gitignore", ".gitattributes",
    }  # fmt: skip


def test_no_file_names_a_registry_or_a_path_of_one_machine():
    hosts = ["pypi" + ".org", "python" + "hosted", "anaconda" + ".org", "npmjs" + ".org"]
    paths = re.compile(r"(?<![\w.$])/(?:home|root|Users|work)/\w")
    for name in TRACKED:
        path = ROOT / name
        if path.suffix in {".png"} or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        for host in hosts:
            assert host not in text, (name, host)
        assert not paths.search(text), (name, paths.search(text))


LAYERS = ["_errors", "_dates", "datasets", "tables", "models", "figures", "explorers"]


def test_imports_run_downwards_only():
    """A module may import only from layers below its own."""
    above = {
        "cards": {"datasets", "tables"}, "_kept": {"_errors"}, "_hints": set(),
        "_questions": {"_errors", "datasets"}, "_live_quiz": {"_errors", "_kept", "_questions"},
        "quiz": {"_errors", "_live_quiz", "_questions"}, "lab_config": set(),
        "progress": {"_errors", "_kept", "_live_quiz", "quiz", "tables"},
        "check": {"_errors", "datasets"}, "pages": {"_errors", "explorers"},
        "__main__": {"_errors", "pages"}, "__init__": None,
    }  # fmt: skip
    for path in (ROOT / "immunolib").rglob("*.py"):
        parts = path.relative_to(ROOT / "immunolib").with_suffix("").parts
        layer = parts[0]
        allowed = above[layer] if layer in above else {*LAYERS[: LAYERS.index(layer) + 1]}
        if allowed is None:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("immunolib"):
                names = [node.module.split(".")[1]] if "." in node.module else [
                    alias.name for alias in node.names
                ]  # fmt: skip
                assert set(names) <= allowed, (path, names)
            if isinstance(node, ast.ImportFrom):
                assert not any(alias.name == "*" for alias in node.names), path


def run_python(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment}, timeout=120,
    )  # fmt: skip


def test_importing_the_package_loads_nothing_heavy():
    done = run_python(
        "import sys, immunolib; heavy = 'numpy', 'pandas', 'matplotlib', 'ipywidgets', 'scipy'; "
        "print([m for m in heavy if m in sys.modules])"
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_figures_and_explorers_work_without_pyplot_and_without_a_network():
    done = run_python(
        "import socket, sys\n"
        "def refuse(*args, **kwargs): raise OSError('no network')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
        "from immunolib import agent, check, datasets, explorers, figures, quiz\n"
        "figures.timeline().png(); figures.two_dials().png(); explorers.timeline()\n"
        "quiz.ask('01')._repr_html_(); repr(agent('Keytruda')); assert check.environment().ok\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    assert done.stdout.strip() == "False", done.stderr[-2000:]


def test_an_unknown_part_is_answered_with_the_parts_there_are():
    with pytest.raises(AttributeError, match="figures"):
        immunolib.figure  # noqa: B018


def readme_commands(heading):
    text = (ROOT / "README.md").read_text()
    section = text.split(f"\n### {heading}\n")[1].split("\n### ")[0].split("\n## ")[0]
    return re.findall(r"```\w*\n(.+?)```", section, flags=re.DOTALL)


def test_the_readme_is_short_and_names_both_commands():
    lines = (ROOT / "README.md").read_text().splitlines()
    assert len(lines) < 150
    text = "\n".join(lines)
    assert "make lab" in text
    assert "make test" in text
    assert "mybinder.org" in text
    assert "urlpath=lab/tree/notebooks/" in text
    assert len(re.findall(r"!\[[^\]]{20,}\]\([^)]*\.png\)", text)) == 1


def test_the_readme_counts_the_second_readings_as_they_are():
    verdicts = datasets.load_lesson_readings()["verdict"].value_counts()
    assert (
        f"{verdicts.sum()} were checked by second readers: {verdicts['agrees']} agreed with their "
        f"source, {verdicts['differed']} differed and were mended or softened, and "
        f"{verdicts['could not be read']} could not be read"
    ) in (ROOT / "README.md").read_text()


def test_without_make_three_plain_commands_do_the_same():
    blocks = readme_commands("Without make")
    assert len(blocks) == 4
    for block in blocks:
        assert len(block.strip().splitlines()) == 3


def test_the_supported_pythons_are_the_declared_ones():
    assert PROJECT["project"]["requires-python"] == ">=3.11"
    assert SpecifierSet(">=3.11").contains(".".join(map(str, sys.version_info[:3])))


def test_all_tests_say_why_they_are_skipped():
    for path in (ROOT / "tests").glob("*.py"):
        for line in path.read_text().splitlines():
            if (
                re.search(r"pytest\.skip\(|mark\.skip|mark\.xfail", line)
                and "re.search" not in line
            ):
                assert re.search(r"reason=|skip\(\s*f?\"", line), (path.name, line)
