"""The one reader of the data files, with the rules of their schema.

The descriptor ``datapackage.json`` (a Frictionless Data Package) is the single place that says
which tables there are, what their columns mean and what a cell may hold.
"""

import csv
import json
import re
from datetime import date
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from immunolib._dates import period
from immunolib._errors import DataError, DateError, choose

if TYPE_CHECKING:
    import pandas as pd

#: The oldest version of the data that this code can work with.
OLDEST = "0.4.0"

Row = dict[str, str]
_DATE_PATTERN = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"


def root() -> Traversable:
    """The folder of the data: inside the installed package, or ``data/`` of a checkout."""
    packaged = files("immunolib") / "_data"
    if packaged.is_dir():
        return packaged
    return Path(__file__).resolve().parents[2] / "data"


def read_text(name: str) -> str:
    """The text of one data file.

    Raises:
        DataError: where the file is missing or not UTF-8; the message says how to restore it.
    """
    try:
        return (root() / name).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise DataError(f"The data file {name} is missing. {_restore(name)}") from None
    except UnicodeDecodeError as error:
        raise DataError(
            f"The data file {name} is damaged: it is not UTF-8 text ({error.reason} "
            f"at byte {error.start}). If you have changed it, save it as UTF-8. {_restore(name)}"
        ) from None


def read_json(name: str) -> Any:
    """The content of one JSON data file, with the errors of ``read_text``."""
    text = read_text(name)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError(
            f"The data file {name} is damaged: {error.msg} in line {error.lineno}, "
            f"column {error.colno}. {_restore(name)}"
        ) from None


def _restore(name: str) -> str:
    return (
        f"To restore it as it was stored last, without changes of your own, run 'git checkout -- "
        f"data/{name}' in the project's folder, or install the package again."
    )


@cache
def descriptor() -> dict[str, Any]:
    """The data package's descriptor, read once.

    Raises:
        DataError: where it is missing or damaged, or the data are older than this code needs.
    """
    found: dict[str, Any] = read_json("datapackage.json")
    version = str(found.get("version", "none"))
    numbers = [int(part) for part in version.split(".") if part.isdigit()]
    if numbers < [int(part) for part in OLDEST.split(".")]:
        raise DataError(
            f"The data in {root()} are version {version}; this immunolib needs {OLDEST} or later. "
            "Get the project's folder anew, or run 'git checkout -- data' in it, and start the "
            "kernel anew."
        )
    return found


def edition() -> date:
    """The last day the data speak of."""
    return date.fromisoformat(descriptor()["edition"])


def tables() -> list[str]:
    """The names of every table, in the descriptor's order."""
    return [resource["name"] for resource in descriptor()["resources"]]


def resource(table: str) -> dict[str, Any]:
    """The descriptor's entry for one table.

    Raises:
        UnknownNameError: where there is no such table.
    """
    name = choose("table", table, tables())
    found: dict[str, Any] = next(r for r in descriptor()["resources"] if r["name"] == name)
    return found


def parse(table: str, text: str) -> list[Row]:
    """Read a table's text by its schema.

    Raises:
        DataError: naming file, row and column of the first cell that breaks a rule. Rows are
            counted as a spreadsheet shows them: the header is row 1.
    """
    entry = resource(table)
    schema = entry["schema"]
    fields = schema["fields"]
    names = [field["name"] for field in fields]
    lines = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = next(lines, None)
        if header != names:
            raise DataError(f"{entry['path']}, row 1: {_header(header or [], names)}")
        checks = [_check(field) for field in fields]
        found: list[Row] = []
        for number, cells in enumerate(lines, start=2):
            if len(cells) != len(names):
                raise DataError(
                    f"{entry['path']}, row {number}: {len(cells)} cells; "
                    f"expected {len(names)} ({', '.join(names)}). Is a comma or a quote missing?"
                )
            for name, cell, check in zip(names, cells, checks, strict=True):
                problem = check(cell)
                if problem:
                    raise DataError(
                        f"{entry['path']}, row {number}, column {name}: {cell!r} {problem}"
                    )
            found.append(dict(zip(names, cells, strict=True)))
    except csv.Error as error:
        raise DataError(
            f"{entry['path']}, near row {lines.line_num}: not readable as CSV ({error})."
        ) from None
    _unique(entry, found)
    return found


def _header(found: list[str], names: list[str]) -> str:
    """What is wrong with a table's first row, and what to do."""
    first = found[0] if found else ""
    if first.startswith("\ufeff"):
        return (
            "the file begins with a byte order mark, as Excel writes it. "
            "Save it as UTF-8 without one."
        )
    if len(found) == 1 and ";" in first:
        return "the columns are separated by semicolons. Save the file with commas."
    return f"the columns are {found}; expected {names}."


def _check(field: dict[str, Any]) -> Any:
    """The test of one column's cells; it returns what is wrong, or nothing."""
    limits = field.get("constraints", {})
    required = limits.get("required", False)
    choices = limits.get("enum")
    pattern = limits.get("pattern")
    compiled = re.compile(pattern) if pattern else None
    dated = pattern == _DATE_PATTERN
    whole, number = (field["type"] == kind for kind in ("integer", "number"))

    def check(cell: str) -> str:
        if not cell:
            return "is empty, and a value is required." if required else ""
        if cell != cell.strip() or "  " in cell or not cell.isprintable():
            return "has stray blanks or control characters. Remove them."
        if cell[0] in "=+@" or (cell[0] == "-" and not (whole or number)):
            return "begins like a spreadsheet formula. Begin with a letter or a digit."
        if choices is not None and cell not in choices:
            near = get_close_matches(cell, choices, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            return f"is not in the vocabulary.{hint} Choose one of: {', '.join(choices)}."
        if dated:
            try:
                period(cell)
            except DateError as error:
                return f"is refused: {error}"
        if compiled is not None and not compiled.fullmatch(cell):
            return f"does not have the expected form ({field['description']})"
        if whole and not re.fullmatch(r"-?\d+", cell):
            return "is not a whole number."
        if number and not re.fullmatch(r"-?\d+(\.\d+)?", cell):
            return "is not a number. Write it with digits and a point."
        return ""

    return check


def _unique(entry: dict[str, Any], rows: list[Row]) -> None:
    key = entry["schema"]["primaryKey"]
    columns = [key] if isinstance(key, str) else key
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows, start=2):
        value = tuple(row[column] for column in columns)
        if value in seen:
            raise DataError(
                f"{entry['path']}, row {number}, column {', '.join(columns)}: "
                f"{' / '.join(value)!r} stands already in row {seen[value]}. Keys must be unique."
            )
        seen[value] = number


@lru_cache(maxsize=64)
def rows(table: str) -> tuple[Row, ...]:
    """Every row of a table as text, checked against the schema; read once."""
    entry = resource(table)
    return tuple(parse(entry["name"], read_text(entry["path"])))


def is_date(field: dict[str, Any]) -> bool:
    """Whether a column holds dates as text, which carries their precision."""
    return bool(field.get("constraints", {}).get("pattern") == _DATE_PATTERN)


def frame(table: str) -> "pd.DataFrame":
    """A table as a new DataFrame: text as ``str``, numbers as ``Int64`` or ``Float64``.

    A column ``date`` keeps its text (it carries the precision) and is followed by
    ``date_start`` and ``date_end``, the first and last day that the text allows.
    """
    import pandas as pd

    entry = resource(table)
    fields = entry["schema"]["fields"]
    records = rows(entry["name"])
    found = pd.DataFrame(
        {field["name"]: [row[field["name"]] for row in records] for field in fields}, dtype="str"
    )
    for field in fields:
        name = field["name"]
        kind = {"integer": "Int64", "number": "Float64"}.get(field["type"])
        if kind:
            found[name] = pd.to_numeric(found[name].where(found[name] != "")).astype(kind)
        if is_date(field):
            periods = [period(text) if text else None for text in found[name]]
            at = list(found.columns).index(name)
            for offset, end in enumerate(("start", "end"), start=1):
                days = [getattr(p, end) if p else None for p in periods]
                found.insert(at + offset, f"{name}_{end}", pd.to_datetime(pd.Series(days)))
    return found
