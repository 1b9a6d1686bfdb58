"""Who talks: choose a message, a sender and a receiver, and see who sends what to whom."""

from immunolib.explorers._controls import Choice, Values
from immunolib.explorers._plan import Plan
from immunolib.explorers._shell import Explorer, explore
from immunolib.figures import _who_talks
from immunolib.figures import _who_talks_scene as _scene

CONTROLS = (
    Choice("message", "Message", _scene.messages, _scene.EVERY, _scene.label),
    Choice("sender", "Sender", _scene.senders, _scene.EVERY),
    Choice("receiver", "Receiver", _scene.receivers, _scene.EVERY),
)


def state(values: Values) -> _scene.Scene:
    """The scene of these settings; pure."""
    return _scene.scene(values["message"], values["sender"], values["receiver"])


PLAN = Plan(
    "who_talks",
    "Who sends which message to whom",
    CONTROLS,
    state,
    _who_talks.picture,
    _scene.words,
    _who_talks.table,
    _scene.changed,
    carried=("message", "sender"),
)


def who_talks(
    message: str = _scene.EVERY, sender: str = _scene.EVERY, receiver: str = _scene.EVERY
) -> Explorer:
    """Explore the messages of cells: filter by message, by sender and by receiver.

    Args:
        message: a message by its symbol, for example ``"IL2"``, or ``every``.
        sender: a kind of cell that sends, for example ``"macrophage"``, or ``every``.
        receiver: a kind of cell that receives, or ``every``.

    Raises:
        UnknownNameError: where a filter names nothing.
    """
    return explore(PLAN, {"message": message, "sender": sender, "receiver": receiver})
