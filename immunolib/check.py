"""A check that the environment can run the lessons, with what to do where it cannot."""

import sys
from dataclasses import dataclass
from html import escape
from importlib.metadata import PackageNotFoundError, version

from immunolib._errors import ImmunolibError

_PYTHON = (3, 11)
_FLOORS = {
    "anywidget": "0.9.13",
    "jupyterlab": "4.4",
    "ipywidgets": "8.1.5",
    "matplotlib": "3.10",
    "numpy": "2.3",
    "pandas": "3.0",
}
_MEND = (
    "Close JupyterLab, open a terminal in the project's folder and run 'make lab', "
    "or the three commands of the README. On Binder, start the link anew."
)


@dataclass(frozen=True)
class Report:
    """What was looked at: a line each, and whether all is well."""

    lines: tuple[tuple[str, bool, str], ...]

    @property
    def ok(self) -> bool:
        """Whether the lessons can run."""
        return all(good for _, good, _ in self.lines)

    def __repr__(self) -> str:
        bad = [f"{what}: {said}" for what, good, said in self.lines if not good]
        if not bad:
            names = ", ".join(what for what, _, _ in self.lines)
            return f"All is well. Looked at: {names}."
        return "\n".join(["This environment needs mending.", *bad, _MEND])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td style='text-align: left'>{escape(what)}</td>"
            f"<td style='text-align: left'>{'✓ good' if good else f'✗ {escape(said)}'}</td></tr>"
            for what, good, said in self.lines
        )
        said = "All is well." if self.ok else f"This environment needs mending. {escape(_MEND)}"
        return (
            f"<p><strong>{said}</strong></p><table><thead><tr><th scope='col'>looked at</th>"
            f"<th scope='col'>found</th></tr></thead><tbody>{rows}</tbody></table>"
        )


def environment() -> Report:
    """Look at Python, the packages and the data; never raises, always says what to do."""
    python = sys.version_info[:2]
    wanted = ".".join(map(str, _PYTHON))
    lines = [
        ("Python", python >= _PYTHON, f"{'.'.join(map(str, python))}; {wanted} or later is needed")
    ]
    for name, floor in _FLOORS.items():
        try:
            found = version(name)
        except PackageNotFoundError:
            lines.append((name, False, f"not installed; {floor} or later is needed"))
        else:
            lines.append((name, _number(found) >= _number(floor), f"{found}; {floor} or later"))
    lines.append(_data())
    return Report(tuple(lines))


def _number(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:3] if part.isdigit())


def _data() -> tuple[str, bool, str]:
    try:
        from immunolib.datasets import _reader

        for table in _reader.tables():
            _reader.rows(table)
    except ImmunolibError as error:
        return "data", False, str(error)
    return "data", True, "complete"
