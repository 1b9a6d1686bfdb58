"""Response rates of trials: a dot and its interval for each arm, the comparator beside it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from immunolib import datasets
from immunolib._errors import ImmunolibError, choose
from immunolib.figures._described import DescribedFigure, Words, count, sentence_list
from immunolib.figures._style import DIALS, FAINT, INK, PAPER, QUIET, RC, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

RANKING = (
    "Trials are not to be ranked against each other: "
    "the people, the illness and the way of counting differ."
)
SINGLE, UNKNOWN = "single arm: no comparator", "no response rate on record here"
TESTED = "tested treatment"
_EXACT, _PRINTED, _NONE = "exact, computed here", "as the source prints it", "none"
_WIDTH, _LEFT, _RIGHT, _LINE = 6.8, 2.1, 1.95, 0.265  # inches
_TOP, _BOTTOM = 0.1, 0.42
_DOTS = {"experimental": ("o", DIALS["activation"].colour), "comparator": ("s", "#b5410b")}
_LINES: dict[str, Any] = {_EXACT: "-", _PRINTED: (0, (2.5, 1.5))}
_LEVEL = 95.0


@dataclass(frozen=True)
class Rate:
    """The response rate of one arm, with its interval where one is known.

    Attributes:
        row: the key of the row in ``outcomes.csv``.
        arm: ``experimental`` or ``comparator``.
        name: what the arm was given.
        percent: the share, worked out from the counts where both are known.
        low, high: the ends of its interval; None where there is none.
        interval: how the interval is known.
        level: its confidence level, percent.
        events, total: the counts; None where they are not known.
        evidence: how the number was seen.
    """

    row: str
    arm: str
    name: str
    percent: float
    low: float | None
    high: float | None
    interval: str
    level: float
    events: int | None
    total: int | None
    evidence: str

    @property
    def told(self) -> str:
        """The share and its counts, as written beside the dot."""
        return f"{self._number(self.percent)} %{f' ({self._counts})' if self._counts else ''}"

    def _number(self, value: float) -> str:
        """What was worked out here to one place, and what was printed as printed."""
        return f"{value:.1f}" if self.interval == _EXACT else f"{value:g}"

    @property
    def _counts(self) -> str:
        if self.total is None:
            return ""
        return f"of {self.total}" if self.events is None else f"{self.events} of {self.total}"

    @property
    def in_words(self) -> str:
        """The share, its counts and its interval, in words."""
        said = [self._counts] if self._counts else []
        if self.low is None or self.high is None:
            said.append("no interval known")
        else:
            how = "exact" if self.interval == _EXACT else "printed"
            low, high = self._number(self.low), self._number(self.high)
            said.append(f"{how} {self.level:g} percent interval {low} to {high}")
        if self.evidence != "primary":
            said.append(f"{self.evidence} evidence")
        return f"{self._number(self.percent)} percent ({'; '.join(said)})"


@dataclass(frozen=True)
class Group:
    """One kind of response in one trial, at one time.

    Attributes:
        trial: as people write it.
        title: what was tried.
        what: the kind of response, and when; empty where none is on record.
        rates: one for each arm with a number, the tested treatment first.
        comparator: what the others were given; empty for a single arm.
        elsewhere: other rows with the same number from another source, in words.
    """

    trial: str
    title: str
    what: str
    rates: tuple[Rate, ...]
    comparator: str
    elsewhere: tuple[str, ...] = ()


def exact_interval(events: int, total: int) -> tuple[float, float]:
    """The exact (Clopper and Pearson) 95 percent interval of a share, in percent."""
    from scipy.stats import binomtest

    found = binomtest(events, total).proportion_ci(_LEVEL / 100, method="exact")
    return round(100 * float(found.low), 1), round(100 * float(found.high), 1)


def _some(value: Any) -> Any:
    return None if pd.isna(value) else value


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _rate(row: Any, name: str) -> Rate:
    events, total = _some(row.events), _some(row.total)
    percent, level = float(row.value), float(_some(row.level) or _LEVEL)
    low, high = _some(row.low), _some(row.high)
    how = _NONE if low is None or high is None else _PRINTED
    if events is not None and total is not None:
        percent = 100 * events / total
        low, high = exact_interval(int(events), int(total))
        how, level = _EXACT, _LEVEL
    return Rate(row.outcome_id, row.arm, name, percent, low, high, how, level,
                events, total, row.evidence)  # fmt: skip


def groups(trials: tuple[str, ...]) -> list[Group]:
    """What is drawn, sorted by the trials' names."""
    every = datasets.load_trials().set_index("trial")
    outcomes = datasets.load_outcomes()
    outcomes = outcomes[(outcomes["measure"] == "response rate") & outcomes["value"].notna()]
    keys = dict.fromkeys(choose("trial", name, every.index) for name in trials)
    found = []
    for key in sorted(keys, key=lambda key: str(every.loc[key, "name"]).casefold()):
        trial: Any = every.loc[key]
        compared = _text(trial["comparator"])
        mine = outcomes[outcomes["trial"] == key]
        if mine.empty:
            found.append(Group(trial["name"], trial["title"], "", (), compared))
        at = mine["at"].fillna("")
        for (what, when), rows in mine.groupby([mine["endpoint"], at], sort=False):
            rates, elsewhere = _arms(rows, compared)
            told = ", ".join(filter(None, (str(what), str(when))))
            found.append(Group(trial["name"], trial["title"], told, rates, compared, elsewhere))
    return found


def _arms(rows: pd.DataFrame, compared: str) -> tuple[tuple[Rate, ...], tuple[str, ...]]:
    """One rate for each arm: with counts before without, primary before secondary."""
    rates, elsewhere = [], []
    for arm, name in (("experimental", TESTED), ("comparator", compared or "comparator")):
        mine = [_rate(row, name) for row in rows[rows["arm"] == arm].itertuples()]
        mine.sort(key=lambda rate: (rate.events is None, rate.evidence != "primary"))
        rates += mine[:1]
        elsewhere += [f"for {rate.name} {rate.in_words}" for rate in mine[1:]]
    return tuple(rates), tuple(elsewhere)


def responses(*trials: str) -> DescribedFigure:
    """Response rates of some trials, with their intervals, beside those of their comparators.

    Where both counts are known the share and its exact 95 percent interval are worked out from
    them; else the interval is the printed one, and where there is none the dot stands alone.
    Trials stand in the order of their names, and are not to be ranked against each other.

    Args:
        *trials: keys of ``load_trials()``, for example ``"keynote-024"``.

    Returns:
        The described figure; its table has a row for each dot, and one for each trial without a
        response rate on record.

    Raises:
        ImmunolibError: where no trial is named.
        UnknownNameError: where there is no such trial.
    """
    if not trials:
        raise ImmunolibError(
            "Name at least one trial, for example responses('keynote-024'); "
            "load_trials() lists them."
        )
    shown = groups(trials)
    with rc_context(RC):
        figure = _draw(shown)
    return DescribedFigure(figure, *_words(shown), _table(shown))


# --- the picture

Lines = tuple[str, ...]


def _draw(shown: list[Group]) -> Figure:
    key = list(_key(shown))
    last = wrapped(RANKING, _WIDTH - 0.3, bold=True)
    lines = len(key) + 0.8 + sum(_height(group) for group in shown)
    height = _TOP + lines * _LINE + _BOTTOM + (len(last) + 0.4) * _LINE
    figure = Figure(figsize=(_WIDTH, height))
    under = (_BOTTOM + (len(last) + 0.4) * _LINE) / height
    span = _WIDTH - _LEFT - _RIGHT
    ax = figure.add_axes(
        (_LEFT / _WIDTH, under, span / _WIDTH, lines * _LINE / height), gid="responses"
    )
    ax.set_xlim(0, 100)
    ax.set_ylim(lines, 0)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100 %"])
    y = 0.5
    for marks, text in key:
        _key_line(ax, y, marks, text)
        y += 1
    y += 0.8
    for group in shown:
        y = _draw_group(ax, group, y)
    for at, line in enumerate(last):
        figure.text(0.15 / _WIDTH, ((len(last) - at - 0.5) * _LINE + 0.04) / height, line,
                    fontweight="bold", va="center")  # fmt: skip
    return figure


def _key(shown: list[Group]) -> "Iterator[tuple[dict[str, Any], str]]":
    """What the marks mean, of those that are drawn: the mark's style and its words."""
    rates = [rate for group in shown for rate in group.rates]
    for arm, text in (("experimental", TESTED), ("comparator", "its comparator in the same trial")):
        if any(rate.arm == arm for rate in rates):
            marker, colour = _DOTS[arm]
            yield {"marker": marker, "color": colour, "linestyle": "none"}, text
    if any(rate.evidence != "primary" for rate in rates):
        hollow = {"marker": "o", "color": INK, "markerfacecolor": PAPER, "linestyle": "none"}
        yield hollow, "hollow: not read in the paper or a regulator's page (secondary)"
    for how, text in (
        (_EXACT, "exact 95 % interval, worked out from the counts"),
        (_PRINTED, "interval as the source prints it"),
    ):
        if any(rate.interval == how for rate in rates):
            yield {"color": INK, "linestyle": _LINES[how], "marker": ""}, text
    if any(rate.interval == _NONE for rate in rates):
        yield {"marker": "o", "color": INK, "linestyle": "none"}, "no line: no interval is known"


def _write(ax: "Axes", inches: float, y: float, text: str, **style: Any) -> None:
    """Write at so many inches from the picture's left edge."""
    ax.annotate(text, (0, y), xytext=((inches - _LEFT) * 72, 0), textcoords="offset points",
                va="center", annotation_clip=False, **style)  # fmt: skip


def _key_line(ax: "Axes", y: float, style: dict[str, Any], text: str) -> None:
    per_inch = 100 / (_WIDTH - _LEFT - _RIGHT)
    from_x, to_x = ((inches - _LEFT) * per_inch for inches in (0.15, 0.6))
    xs = [from_x, to_x] if not style["marker"] else [(from_x + to_x) / 2]
    ax.add_line(Line2D(xs, [y] * len(xs), linewidth=2.5, markersize=9, markeredgewidth=2,
                       clip_on=False, **style))  # fmt: skip
    _write(ax, 0.75, y, text)


def _beneath(group: Group) -> str:
    """What is said where an arm has no dot."""
    if not group.rates:
        return UNKNOWN
    if not group.comparator:
        return SINGLE
    if all(rate.arm != "comparator" for rate in group.rates):
        return f"{group.comparator}: {UNKNOWN}"
    return ""


def _heads(group: Group) -> tuple[Lines, Lines, Lines]:
    head = f"{group.trial}: {group.what}" if group.what else group.trial
    inches = _WIDTH - 0.3
    below = _beneath(group)
    return (
        wrapped(head, inches, bold=True),
        wrapped(group.title, inches),
        wrapped(below, inches) if below else (),
    )


def _labels(rate: Rate) -> Lines:
    told = rate.name if rate.evidence == "primary" else f"{rate.name} ({rate.evidence})"
    return wrapped(told, _LEFT - 0.35)


def _numbers(rate: Rate) -> Lines:
    return wrapped(rate.told, _RIGHT - 0.2)


def _tall(rate: Rate) -> float:
    return max(len(_labels(rate)), len(_numbers(rate))) + 0.25


def _height(group: Group) -> float:
    return sum(len(part) for part in _heads(group)) + sum(map(_tall, group.rates)) + 0.9


def _draw_group(ax: "Axes", group: Group, y: float) -> float:
    """Draw a group from a line on; give the line after it."""
    head, title, below = _heads(group)
    for lines, style in ((head, {"fontweight": "bold"}), (title, {"color": QUIET})):
        for line in lines:
            _write(ax, 0.15, y, line, **style)
            y += 1
    if group.rates:
        high = sum(map(_tall, group.rates))
        ax.vlines([0, 25, 50, 75, 100], y - 0.5, y + high - 0.5, color=FAINT, linewidth=0.8)
    for rate in group.rates:
        middle = y - 0.5 + _tall(rate) / 2
        for inches, lines in ((0.15, _labels(rate)), (_WIDTH - _RIGHT + 0.15, _numbers(rate))):
            for at, line in enumerate(lines):
                _write(ax, inches, middle + at - (len(lines) - 1) / 2, line)
        _dot(ax, rate, middle)
        y += _tall(rate)
    for line in below:
        _write(ax, 0.15, y, line, color=QUIET)
        y += 1
    return y + 0.9


def _dot(ax: "Axes", rate: Rate, y: float) -> None:
    marker, colour = _DOTS[rate.arm]
    if rate.low is not None and rate.high is not None:
        ax.plot([rate.low, rate.high], [y, y], color=colour, linewidth=2.5,
                linestyle=_LINES[rate.interval], gid=f"interval {rate.row}")  # fmt: skip
    face = colour if rate.evidence == "primary" else PAPER
    ax.plot([rate.percent], [y], marker=marker, color=colour, markerfacecolor=face, markersize=9,
            markeredgewidth=2, linestyle="none", clip_on=False, gid=f"dot {rate.row}")  # fmt: skip


# --- its words


def _told(group: Group) -> str:
    if not group.rates:
        return f"{group.trial}: {UNKNOWN}."
    said = []
    for rate in group.rates:
        name = "" if rate.arm == "experimental" else f"with {rate.name}: "
        said.append(f"{name}{rate.in_words}")
    beneath = _beneath(group)
    end = f"; {beneath}" if beneath else ""
    return f"{group.trial}, {group.what}: {'; '.join(said)}{end}."


def _words(shown: list[Group]) -> Words:
    names = list(dict.fromkeys(group.trial for group in shown))
    dots = sum(len(group.rates) for group in shown)
    lines = [_told(group) for group in shown]
    lines += [
        f"{group.trial}: another source prints, {sentence_list(list(group.elsewhere))}; not drawn."
        for group in shown
        if group.elsewhere
    ]
    single = sum(1 for group in shown if group.rates and not group.comparator)
    alone = f" {count(single, 'row')} without a comparator." if single else ""
    return Words(
        title="Response rates, sorted by the names of the trials",
        alt=f"Response rates in {count(len(names), 'trial')}: {count(dots, 'dot')} with intervals "
        f"where known, comparators as squares.{alone}",
        description="\n".join([*lines, RANKING]),
    )


def _table(shown: list[Group]) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for group in shown:
        if not group.rates:
            rows.append((group.trial, UNKNOWN, *[None] * 9))
        for rate in group.rates:
            name = rate.name if rate.arm == "experimental" else f"comparator: {rate.name}"
            share = round(rate.percent, 1)
            rows.append((group.trial, group.what, name, share, rate.low, rate.high, rate.interval,
                         rate.events, rate.total, rate.evidence, rate.row))  # fmt: skip
    columns = ["trial", "response", "arm", "percent", "from", "to", "interval", "with a response",
               "of", "evidence", "row"]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({"with a response": "Int64", "of": "Int64"})
