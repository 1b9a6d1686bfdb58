"""Readers of the registers' own files: each gives records of the same shape.

A file is known by its columns, not by its name.  None of these files is part of the project:
they are given to `.ci/reconcile.py` as arguments.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pandas as pd

LICENCE, END, FORM = "licence", "end", "form"


@dataclass(frozen=True, order=True)
class Record:
    """What a register says of one application: the licence, a later route or form, or its end."""

    register: str
    application: str
    kind: str
    date: str
    entry: str
    names: tuple[str, ...]
    follows: bool = False  # a biosimilar or a generic
    atc: str = ""

    @property
    def regulator(self) -> str:
        return "EMA" if self.register.startswith("ema") else "FDA"


def number(application: str) -> str:
    """An application as kind and whole number, however it is written."""
    if "EMEA" in application:
        return "EMEA " + str(int(application.rsplit("/", 1)[1]))
    kind, digits = re.match(r"\s*(ANDA|NDA|BLA)?[\s#N]*([\d-]+)", application).groups()
    return f"{kind or 'BLA'} {int(digits.replace('-', ''))}"


def numbers(text: str) -> set[str]:
    """Every application named in a cell."""
    return {number(part) for part in text.split(";") if re.search(r"\d", part)}


def names(*texts: str) -> tuple[str, ...]:
    """The substances and brands named, without the four-letter suffix, in lower case."""
    found: dict[str, None] = {}
    for text in texts:
        whole = re.sub(r"\s+", " ", str(text)).strip().casefold()
        whole = re.sub(r"\(previously [^)]*\)", "", whole)
        for part in re.split(r"[;,/]| and ", whole):
            bare = re.sub(r"-[a-z]{4}$", "", part.strip(" ®™().")).strip()
            if len(bare) > 2:
                found[bare] = None
    return tuple(found)


def _lines(path: Path) -> list[list[str]]:
    text = path.read_bytes()
    try:
        held = text.decode("utf-8-sig")
    except UnicodeDecodeError:
        held = text.decode("latin-1")
    return [line.split("\t") for line in held.splitlines()]


def _iso(text: str, form: str) -> str:
    return datetime.strptime(text.strip(), form).date().isoformat()


def _past(day: str) -> str:
    """A date with a two-digit year read as a future one is a hundred years older."""
    return day if day <= date.today().isoformat() else f"{int(day[:4]) - 100}{day[4:]}"


def compilation(path: Path, key: str) -> Iterator[Record]:
    held = pd.read_csv(path, dtype=str).fillna("")
    for row in held.itertuples(index=False):
        for application in row.application.split(";"):
            yield Record(
                key,
                number(application),
                LICENCE,
                row.approval_date,
                row.brand,
                names(row.brand, row.generic),
            )


def purple_book(path: Path, key: str) -> Iterator[Record]:
    held = pd.read_csv(path, encoding="utf-8-sig", dtype=str, on_bad_lines="skip").fillna("")
    for (bla, kind), rows in held.groupby(["BLA Number", "BLA Type"]):
        brand = rows["Proprietary Name"].iloc[0].strip()
        known = names(*rows["Proprietary Name"], *rows["Proper Name"])
        number_, follows = f"BLA {int(bla)}", "351(k)" in kind
        first = _days(rows[rows["Submission Type"].isin(["Original", ""])])[:1]
        if first:
            yield Record(key, number_, LICENCE, first[0], brand, known, follows)
        for route, its in rows.groupby("Route of Administration"):
            day = _days(its)[:1]
            if first and day and day[0] > first[0] and not follows:
                yield Record(key, number_, FORM, day[0], f"{brand} ({route.strip()})", known)


def _days(rows: pd.DataFrame) -> list[str]:
    """The days of some rows of the Purple Book, oldest first."""
    return sorted(_past(_iso(day, "%d-%b-%y")) for day in rows["Approval Date"] if day.strip())


def userfee(path: Path, key: str) -> Iterator[Record]:
    first: dict[str, Record] = {}
    for cells in _lines(path)[1:]:
        if len(cells) < 8 or not re.match(r"\d+ / 0", cells[4]):
            continue
        found = Record(
            key,
            f"BLA {int(cells[4].split('/')[0])}",
            LICENCE,
            _iso(cells[7], "%m/%d/%Y"),
            cells[2].strip('" '),
            names(cells[2].strip('" '), cells[3].strip('" ')),
        )
        held = first.setdefault(found.application, found)
        if found.date < held.date:
            first[found.application] = found
    yield from first.values()


def nme(path: Path, key: str) -> Iterator[Record]:
    for cells in _lines(path)[1:]:
        if len(cells) < 7 or not re.fullmatch(r"\d\d-\d\d-\d\d", cells[4].strip()):
            continue
        if not re.fullmatch(r"[\d-]+", cells[6].strip()):
            continue
        month, day, short = cells[4].split("-")
        century = cells[0].strip()[:2]
        yield Record(
            key,
            number(f"{cells[5]} {cells[6]}"),
            LICENCE,
            f"{century}{short}-{month}-{day}",
            cells[1].strip(),
            names(cells[1], cells[2]),
        )


def ncats(path: Path, key: str) -> Iterator[Record]:
    for cells in _lines(path)[1:]:
        if len(cells) > 7 and re.fullmatch(r"\d+", cells[5].strip()) and "/" in cells[2]:
            yield Record(
                key,
                number(f"{cells[4]} {cells[5]}"),
                LICENCE,
                _iso(cells[2], "%m/%d/%Y"),
                cells[7].strip(),
                names(cells[7]),
            )


_EMA_END = "Withdrawal / expiry / revocation / lapse of marketing authorisation date"
_EMA_INN = "International non-proprietary name (INN) / common name"


def ema(path: Path, key: str) -> Iterator[Record]:
    held = pd.read_excel(path, header=8, dtype=str).fillna("")
    held = held[held["Category"] == "Human"]
    for _, row in held.iterrows():
        if not row["Marketing authorisation date"]:
            continue
        follows = "Yes" in (row["Biosimilar"], row["Generic or hybrid"])
        brand = re.sub(r"\s*\(previously.*", "", row["Name of medicine"]).strip()
        known = names(brand, row[_EMA_INN], row["Active substance"])
        for kind, column in ((LICENCE, "Marketing authorisation date"), (END, _EMA_END)):
            if row[column]:
                yield Record(
                    key,
                    number(row["EMA product number"]),
                    kind,
                    _iso(row[column], "%d/%m/%Y"),
                    brand,
                    known,
                    follows,
                    row["ATC code (human)"],
                )


#: How a file begins, the key of its source, and its reader.
KINDS: tuple[tuple[str, str, Callable[[Path, str], Iterator[Record]]], ...] = (
    ("brand,generic,application", "fda-cder-compilation-2026-09", compilation),
    ("application,approval_date,brand", "fda-cber-cell-gene-2026-08", compilation),
    ("N/R/U,Applicant,BLA Number", "fda-purple-book-2025-03", purple_book),
    ("Sort\tApplicant", "fda-cber-userfee-2019", userfee),
    ("Year\tTrademark\tGeneric Name", "fda-nme-list-2018-08", nme),
    ("UNII\tApproval_Year", "ncats-first-approvals-2019-03", ncats),
    ("PK\x03\x04", "ema-medicines-2026-01", ema),
)


def records(path: Path) -> list[Record]:
    """Every record of a register's file; none where the file is of no known kind."""
    start = path.read_bytes()[:400].removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    for begins, key, read in KINDS:
        if start.startswith(begins):
            return sorted(set(read(path, key)))
    return []
