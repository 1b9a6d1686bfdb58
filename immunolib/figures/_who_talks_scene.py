"""Who talks: which cells send which message to which cells, and how that is told.

Everything comes from ``messages.csv`` and ``cells.csv``; nothing about biology is written here.
"""

from dataclasses import dataclass
from functools import lru_cache

from immunolib import datasets
from immunolib._errors import choose
from immunolib.figures._described import Words, count, sentence_list

EVERY = "every"
_MOST_TOLD = 15  # rows that a description tells one by one
MISSING = (
    "An empty square is a pair that our table does not have. It does not mean that nothing is sent."
)


@dataclass(frozen=True)
class Row:
    """One message from one kind of cell to another."""

    message: str
    name: str
    sender: str
    receiver: str
    effect: str
    how: str

    @property
    def sign(self) -> str:
        """How its effect is written: + stimulates, − inhibits."""
        return "+" if self.effect == "stimulates" else "−"


@dataclass(frozen=True)
class Scene:
    """The rows that are shown, and what they were chosen by."""

    message: str
    sender: str
    receiver: str
    rows: tuple[Row, ...]


@lru_cache(maxsize=1)
def every_row() -> tuple[Row, ...]:
    """The whole table."""
    columns = ["message", "name", "from", "to", "effect", "how"]
    table = datasets.load_messages()[columns]
    return tuple(Row(*(str(cell) for cell in row)) for row in table.itertuples(index=False))


@lru_cache(maxsize=1)
def cells() -> tuple[str, ...]:
    """Every kind of cell that sends or receives, in the order of ``cells.csv``."""
    here = {row.sender for row in every_row()} | {row.receiver for row in every_row()}
    return tuple(str(cell) for cell in datasets.load_cells()["cell"] if cell in here)


def messages() -> list[str]:
    """Every message, by its symbol; first ``every``."""
    return [EVERY, *dict.fromkeys(row.message for row in every_row())]


def senders() -> list[str]:
    """Every kind of cell that sends; first ``every``."""
    here = {row.sender for row in every_row()}
    return [EVERY, *(cell for cell in cells() if cell in here)]


def receivers() -> list[str]:
    """Every kind of cell that receives; first ``every``."""
    here = {row.receiver for row in every_row()}
    return [EVERY, *(cell for cell in cells() if cell in here)]


def label(message: str) -> str:
    """A message as the list shows it: its symbol, and its common name where that differs."""
    name = name_of(message)
    return message if name == message else f"{message} ({name})"


def name_of(message: str) -> str:
    """What people call a message."""
    return next((row.name for row in every_row() if row.message == message), message)


def scene(message: str = EVERY, sender: str = EVERY, receiver: str = EVERY) -> Scene:
    """The rows of a message, a sender and a receiver; ``every`` leaves one open.

    A message may be given by its symbol or by its common name.

    Raises:
        UnknownNameError: where a name is none of the table's.
    """
    symbols = {row.name.casefold(): row.message for row in every_row()}
    message = str(message).strip()
    message = choose("message", symbols.get(message.casefold(), message), messages())
    sender = choose("sender", str(sender), senders())
    receiver = choose("receiver", str(receiver), receivers())
    return Scene(message, sender, receiver, _rows(message, sender, receiver))


def _rows(message: str = EVERY, sender: str = EVERY, receiver: str = EVERY) -> tuple[Row, ...]:
    return tuple(
        row
        for row in every_row()
        if message in {EVERY, row.message}
        and sender in {EVERY, row.sender}
        and receiver in {EVERY, row.receiver}
    )


def names(rows: tuple[Row, ...]) -> list[str]:
    """The messages of some rows, by the names that people use, each once."""
    return list(dict.fromkeys(row.name for row in rows))


def _many(some: set[str]) -> str:
    """Kinds of cell in the plural, in the table's order."""
    return sentence_list([f"{cell}s" for cell in cells() if cell in some])


def _from(rows: tuple[Row, ...]) -> set[str]:
    return {row.sender for row in rows}


def _to(rows: tuple[Row, ...]) -> set[str]:
    return {row.receiver for row in rows}


def _start(text: str) -> str:
    return text[0].upper() + text[1:]


def headline(what: Scene) -> str:
    """The one sentence, or two, that say what is shown."""
    if not what.rows:
        return _nothing(what)
    every, kinds = len(messages()) - 1, f"of {len(cells())} kinds of cell"
    rows, name = what.rows, name_of(what.message)
    some = names(rows)
    by, at = _from(rows), _to(rows)
    match what.message != EVERY, what.sender != EVERY, what.receiver != EVERY:
        case False, False, False:
            return _overview()
        case True, False, False:
            text = f"{name} is sent by {len(by)} {kinds}: {_many(by)}. It goes to {_many(at)}."
        case False, True, False:
            text = (
                f"{what.sender}s send {len(some)} of {every} messages: {sentence_list(some)}. "
                f"They go to {_many(at)}."
            )
        case False, False, True:
            text = (
                f"{what.receiver}s receive {len(some)} of {every} messages: {sentence_list(some)}. "
                f"They come from {_many(by)}."
            )
        case True, True, False:
            text = f"{name} from {what.sender}s goes to {len(at)} {kinds}: {_many(at)}."
        case True, False, True:
            text = f"{name} comes to {what.receiver}s from {len(by)} {kinds}: {_many(by)}."
        case False, True, True:
            text = (
                f"{what.sender}s send {count(len(some), 'message')} to {what.receiver}s: "
                f"{sentence_list(some)}."
            )
        case _:
            text = f"{name} from {what.sender}s {rows[0].effect} {what.receiver}s."
    return _start(text)


def _overview() -> str:
    rows = every_row()
    some = names(rows)
    sent = {cell: len(names(_rows(sender=cell))) for cell in senders()[1:]}
    most = max(sent, key=lambda cell: sent[cell])
    alone = [name for name in some if {r.sender for r in rows if r.name == name} == {most}]
    return (
        f"{len(sent)} of {len(cells())} kinds of cell send at least one of {len(some)} messages. "
        f"{_start(most)}s send the most, {sent[most]} of {len(some)}; "
        f"{len(alone) or 'none'} of these {'is' if len(alone) < 2 else 'are'} sent by them alone."
    )


def _nothing(what: Scene) -> str:
    """Say that there is no such row, and what to try."""
    name = name_of(what.message)
    told = [
        f"of {name}" if what.message != EVERY else "",
        f"from {what.sender}s" if what.sender != EVERY else "",
        f"to {what.receiver}s" if what.receiver != EVERY else "",
    ]
    tries = [
        text
        for text, rows in (
            (f"{name} is sent by {_many(_from(_rows(what.message)))}",
             what.message != EVERY and what.sender != EVERY and _rows(what.message)),
            (f"{what.sender}s send to {_many(_to(_rows(sender=what.sender)))}",
             what.sender != EVERY and what.receiver != EVERY),
            (f"{name} goes to {_many(_to(_rows(what.message)))}",
             what.message != EVERY and what.receiver != EVERY and what.sender == EVERY),
        )
        if rows
    ]  # fmt: skip
    said = f"Our table has no message {' '.join(filter(None, told))}."
    return f"{said} Try another choice: {'; '.join(tries)}."


def describe(what: Scene) -> str:
    """Say in words what the picture shows."""
    lines = [headline(what)]
    if 0 < len(what.rows) <= _MOST_TOLD:
        lines += [
            f"{row.sender} to {row.receiver}, {row.name}, {row.effect}: {row.how}"
            for row in what.rows
        ]
    elif what.rows:
        up = sum(row.effect == "stimulates" for row in what.rows)
        lines.append(
            f"Of {len(what.rows)} rows {up} stimulate (+) and {len(what.rows) - up} inhibit (−). "
            "Choose a message or a cell to have them told one by one."
        )
    return "\n".join([*lines, MISSING])


def title(what: Scene) -> str:
    """What is shown, in a few words."""
    parts = [
        name_of(what.message) if what.message != EVERY else "",
        f"from {what.sender}s" if what.sender != EVERY else "",
        f"to {what.receiver}s" if what.receiver != EVERY else "",
    ]
    chosen = " ".join(filter(None, parts))
    return f"Who sends which message to whom{f': {chosen}' if chosen else ''}"


def words(what: Scene) -> Words:
    """Title, alternative text and description of a scene."""
    pairs = len({(row.sender, row.receiver) for row in what.rows})
    alt = f"Matrix of {len(cells())} senders by {len(cells())} receivers: "
    alt += f"{count(pairs, 'square')} filled, for {count(len(what.rows), 'row')} of the table."
    return Words(title(what), alt, describe(what))


def changed(old: Scene, new: Scene) -> str:
    """Say what differs between two scenes."""
    moved = [
        f"{word} {_shown(before)} to {_shown(after)}"
        for word, before, after in (
            ("message", old.message, new.message),
            ("sender", old.sender, new.sender),
            ("receiver", old.receiver, new.receiver),
        )
        if before != after
    ]
    if not moved:
        return "Nothing has changed."
    return f"{_start('; '.join(moved))}. {headline(new)}"


def _shown(choice: str) -> str:
    return name_of(choice)
