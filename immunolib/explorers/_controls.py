"""Declarations of controls: what a learner can set, its range and its default."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from immunolib._dates import as_day
from immunolib._errors import DateError, choose, unknown

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Choice:
    """One of some names, shown as a drop-down list.

    ``options`` is called when the control is first needed, so that declaring it reads no data.
    ``label_of`` gives the words by which the list shows an option.
    """

    name: str
    label: str
    options_from: Callable[[], list[str]]
    default: str
    label_of: Callable[[str], str] = str

    @cached_property
    def options(self) -> list[str]:
        """The names to choose from."""
        return self.options_from()

    def clean(self, value: object) -> str:
        """The option that a value means, or an ``UnknownNameError``."""
        if not isinstance(value, str):
            raise unknown(self.label, value, self.options)
        return choose(self.label, value, self.options)

    def sweep(self) -> Iterator[str]:
        """Every position."""
        return iter(self.options)


@dataclass(frozen=True)
class Day:
    """A whole day within a range, shown as a date box."""

    name: str
    label: str
    first: date
    last_from: Callable[[], date]

    @property
    def last(self) -> date:
        """The last day of the range."""
        return self.last_from()

    @property
    def default(self) -> date:
        """The last day."""
        return self.last

    def clean(self, value: object) -> date:
        """The day that a value means, or a ``DateError`` that names the range."""
        day = as_day(value, self.name)
        if not self.first <= day <= self.last:
            raise DateError(
                f"{self.name}={day.isoformat()} lies outside {self.first.isoformat()} to "
                f"{self.last.isoformat()}. Give a day within."
            )
        return day

    def sweep(self) -> Iterator[date]:
        """Positions over the whole range: both ends and a day every fifth month or so."""
        step = timedelta(days=149)
        day = self.first
        while day < self.last:
            yield day
            day += step
        yield self.last


Control = Choice | Day


def clean(controls: tuple[Control, ...], values: Values) -> dict[str, Any]:
    """Every control's value: the given ones checked, the others at their default.

    Raises:
        UnknownNameError: for a name that no control has, or a choice that does not exist.
        DateError: for a day outside its range.
    """
    names = [control.name for control in controls]
    for name in values:
        if name not in names:
            raise unknown("control", name, names)
    return {
        control.name: control.clean(values.get(control.name, control.default))
        for control in controls
    }
