"""Tables that read well: whole text, header cells, a caption, and a text form for tests."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING

from immunolib import datasets
from immunolib._errors import ImmunolibError, choose

if TYPE_CHECKING:
    import pandas as pd

_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?")
_LEFT = "style='text-align: left; vertical-align: top'"


@dataclass(frozen=True, eq=False)
class Table:
    """A table with a caption; ``frame`` holds its data."""

    frame: "pd.DataFrame"
    caption: str

    def __repr__(self) -> str:
        lines = [f"{self.caption} ({len(self.frame)} rows)"]
        for row in self.frame.itertuples(index=False):
            cells = [
                f"{name}: {_shown(value)}"
                for name, value in zip(self.frame.columns, row, strict=True)
            ]
            lines += wrap("; ".join(cells), 96, initial_indent="- ", subsequent_indent="  ")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return (
            f"<table><caption style='text-align: left; font-weight: bold'>{escape(self.caption)}"
            f"</caption>{rows_html(self.frame)}</table>"
        )


def show(frame: "pd.DataFrame", caption: str) -> Table:
    """Show a table in full, with its caption.

    Args:
        frame: any pandas DataFrame; its index is not shown.
        caption: what the table is of.
    """
    return Table(frame, caption)


@dataclass(frozen=True)
class Page:
    """Some lines of a text, each with what is known of it today and where that was read."""

    title: str
    entries: tuple[tuple[str, ...], ...]
    date: str

    def __repr__(self) -> str:
        lines = [self.title]
        for number, parts in enumerate(self.entries, start=1):
            says, *rest = parts
            lines += wrap(f"{number}. {says}", 96, subsequent_indent="   ")
            for part in rest:
                lines += wrap(part, 96, initial_indent="   ", subsequent_indent="   ")
        return "\n".join([*lines, self.date])

    def _repr_html_(self) -> str:
        items = "".join(
            f"<li style='margin-bottom: 0.8em'><strong>{escape(says)}</strong>"
            + "".join(f"<br>{_linked(part)}" for part in rest)
            + "</li>"
            for says, *rest in self.entries
        )
        return (
            f"<section style='max-width: 46em'><p><strong>{escape(self.title)}</strong></p>"
            f"<ol>{items}</ol><p>{escape(self.date)}</p></section>"
        )


def corrected_page(claims: Iterable[str], title: str = "What was said, and how it stands") -> Page:
    """Write a page of corrected statements, each with its number, its date and its source.

    Args:
        claims: names of claims in ``load_claims()``, in the order of the page.
        title: the page's heading.

    Raises:
        UnknownNameError: where a claim is not in the data.
        ImmunolibError: where there is no claim, or the title is empty.
    """
    wanted = [claims] if isinstance(claims, str) else claims
    wanted = list(wanted) if isinstance(wanted, Iterable) else [wanted]
    if not wanted or not str(title).strip():
        raise ImmunolibError("A page needs a title and at least one claim of load_claims().")
    every = datasets.load_claims().set_index("claim", drop=False)
    sources = datasets.load_sources().set_index("source")
    keys = dict.fromkeys(choose("claim", key, every.index) for key in wanted)
    entries = []
    for _, row in every.loc[list(keys)].iterrows():
        parts = [f"{row['says']}.", f"Today: {row['now']}. {row['because']}"]
        if row["number"]:
            of = f" Of: {row['denominator']}." if row["denominator"] else ""
            against = f" Compared with: {row['comparator']}." if row["comparator"] else ""
            parts.append(f"Number: {row['number']}.{of}{against}")
        if row["source"]:
            read = sources.loc[row["source"]]
            year = f", {_shown(read['year'])}" if _shown(read["year"]) else ""
            parts.append(f"Source: {read['title']}. {read['publisher']}{year}. "
                         f"{link(read['address'])} (read {read['read']})")  # fmt: skip
            more = [link(sources.loc[key, "address"]) for key in row["also"].split("; ") if key]
            if more:
                parts.append(f"Also: {' ; '.join(more)}")
        else:
            parts.append("Source: none. It cannot be checked.")
        entries.append(tuple(parts))
    return Page(str(title), tuple(entries), f"Data as of {datasets.edition()}. Not medical advice.")


def references(keys: Iterable[str], caption: str) -> Table:
    """Show the sources that these keys of ``sources.csv`` name, each once.

    Raises:
        UnknownNameError: where a key names no source.
    """
    every = datasets.load_sources().set_index("source", drop=False)
    wanted = [choose("source", key, every.index) for key in dict.fromkeys(keys)]
    found = every.loc[wanted, ["title", "publisher", "year", "address"]]
    found["address"] = [link(address) for address in found["address"]]
    return Table(found, caption)


def link(address: str) -> str:
    """A source's address as a link: a DOI gets its resolver."""
    return f"https://doi.org/{address}" if address.startswith("10.") else address


def rows_html(frame: "pd.DataFrame") -> str:
    """The head and body of a table as HTML; the first cell of a row names the row."""
    head = "".join(f"<th scope='col' {_LEFT}>{escape(str(name))}</th>" for name in frame.columns)
    body = []
    for first, *rest in frame.itertuples(index=False, name=None):
        cells = "".join(f"<td {_LEFT}>{_cell(value)}</td>" for value in rest)
        body.append(f"<tr><th scope='row' {_LEFT}>{escape(_shown(first))}</th>{cells}</tr>")
    return f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody>"


def _linked(text: str) -> str:
    """The text as HTML, its addresses as links."""
    return re.sub(r"https?://[^\s<]+", r"<a href='\g<0>'>\g<0></a>", escape(text))


def _cell(value: object) -> str:
    text = escape(_shown(value))
    if text.startswith(("https://", "http://")):
        return f"<a href='{text}'>{text}</a>"
    if _DAY.fullmatch(text):
        return f"<span style='white-space: nowrap'>{text}</span>"
    return text or "–"


def _shown(value: object) -> str:
    text = str(value)
    return "" if text in {"<NA>", "nan", "NaT", "None"} else text
