"""Dates as registers give them: a day, or only a month or a year.

The text carries the precision (ISO 8601): ``2014-09-04``, ``2014-09`` or ``2014``.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime

from immunolib._errors import DateError

_PATTERN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
PRECISIONS = ("year", "month", "day")


@dataclass(frozen=True)
class Period:
    """The days on which something dated ``text`` may have happened, both ends included."""

    text: str
    start: date
    end: date

    @property
    def precision(self) -> str:
        """``"day"``, ``"month"`` or ``"year"``."""
        return PRECISIONS[self.text.count("-")]

    @property
    def middle(self) -> date:
        """The day in the middle of the period, where a figure puts its marker."""
        return self.start + (self.end - self.start) / 2


def period(text: str) -> Period:
    """Read ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` as the period it stands for.

    Raises:
        DateError: where the text has another form or names no day of the calendar.
    """
    match = _PATTERN.fullmatch(text) if isinstance(text, str) and text.isascii() else None
    if match is None:
        raise DateError(
            f"{text!r} is not a date of this form. "
            "Write YYYY-MM-DD, YYYY-MM or YYYY, for example 2014-09-04."
        )
    year, month, day = match.groups()
    try:
        if day is not None:
            only = date(int(year), int(month), int(day))
            return Period(text, only, only)
        first = date(int(year), int(month or "1"), 1)
        last_month = int(month or "12")
        last = date(first.year, last_month, calendar.monthrange(first.year, last_month)[1])
    except ValueError as error:
        raise DateError(f"{text!r} is not a day of the calendar ({error}).") from None
    return Period(text, first, last)


def as_day(value: object, name: str = "as_of") -> date:
    """Read one whole day, from text or from a date of the standard library or pandas.

    Raises:
        DateError: where the value is no whole day.
    """
    if isinstance(value, datetime):
        if value == value:  # (pandas' NaT is a datetime that equals nothing)
            return value.date()
    elif isinstance(value, date):
        return value
    elif isinstance(value, str):
        try:
            found = period(value.strip())
        except DateError:
            pass
        else:
            if found.precision == "day":
                return found.start
            raise DateError(
                f"{name}={value!r} names a {found.precision}, not a day. "
                f"Write YYYY-MM-DD, for example {found.start.isoformat()}."
            )
    raise DateError(
        f"{name}={value!r} is not a day. Write YYYY-MM-DD, for example 2011-02-01, "
        "or give a datetime.date."
    )
