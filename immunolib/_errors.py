"""Errors that say what was given, what was expected and what to do."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice
from math import isfinite
from numbers import Real


class ImmunolibError(Exception):
    """The base of every error that immunolib raises on purpose."""


class UnknownNameError(ImmunolibError, ValueError):
    """A name that is not in the list it was looked up in."""


class DateError(ImmunolibError, ValueError):
    """A date that cannot be read, or lies outside what the data cover."""


class DataError(ImmunolibError):
    """A data file that is missing, damaged or breaks a rule of its schema."""


class ValueRangeError(ImmunolibError, ValueError):
    """A number that is none, or lies outside its range."""


class DoseError(ImmunolibError, ValueError):
    """A dose that cannot be given as written."""


class SolverError(ImmunolibError):
    """A simulation that stopped before its end.

    Attributes:
        trajectory: what was computed until then; None where nothing was.
    """

    def __init__(self, message: str, trajectory: object = None) -> None:
        super().__init__(message)
        self.trajectory = trajectory


class PictureError(ImmunolibError):
    """A picture that cannot be drawn rightly."""


def unknown(
    kind: str, given: object, choices: Iterable[str], *, close: int = 3
) -> UnknownNameError:
    """Build the error for a name that nothing answers to.

    Args:
        kind: what was looked up, for example ``"agent"``.
        given: what the caller wrote.
        choices: every name that would have been right.
        close: how many near matches to offer.
    """
    names = {name.casefold(): name for name in choices if name != "every"}
    if not isinstance(given, str) or not given.strip():
        near: list[str] = []
    else:
        near = get_close_matches(given.casefold(), list(names), n=close, cutoff=0.7)
        word = re.compile(rf"\b{re.escape(given.casefold().strip())}")
        inside = (name for name in sorted(names, key=len) if word.search(name))
        near = near or list(islice(inside, close))
    message = f"No {kind} is called {given!r}."
    if near:
        message += f" Did you mean {' or '.join(repr(names[key]) for key in near)}?"
    elif len(names) <= 12:
        message += f" Choose one of: {', '.join(repr(name) for name in names.values())}."
    else:
        sample = ", ".join(repr(name) for name in sorted(names.values())[:4])
        message += f" There are {len(names)} to choose from, for example {sample}."
    return UnknownNameError(message)


def choose(kind: str, given: str, choices: Iterable[str]) -> str:
    """Return the choice that ``given`` names, whatever its case, or raise ``UnknownNameError``."""
    names = list(choices)
    if isinstance(given, str):
        for name in names:
            if name.casefold() == given.strip().casefold():
                return name
    raise unknown(kind, given, names)


def within(name: str, value: object, low: float, high: float, unit: str = "") -> float:
    """Return a setting as a number, or raise ``ValueRangeError`` where it is none or out of range.

    Args:
        name: what the setting is called.
        value: what the caller wrote.
        low: the smallest number that it takes.
        high: the largest.
        unit: the unit, for the message.
    """
    expected = f"Give a number from {low:g} to {high:g} {unit}".rstrip() + "."
    if not isinstance(value, Real) or isinstance(value, bool) or not isfinite(value):
        raise ValueRangeError(f"{name}={value!r} is not a finite number. {expected}")
    number = float(value)
    if not low <= number <= high:
        raise ValueRangeError(f"{name}={number:g} lies outside {low:g} to {high:g}. {expected}")
    return number
