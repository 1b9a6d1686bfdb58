"""A learner's answers and predictions, kept in one file on their own computer.

Nothing is sent anywhere.  The file lies in Jupyter's data folder, or where the environment
variable ``IMMUNOLIB_PROGRESS`` says.  A file that cannot be read is set aside, never overwritten.
"""

import json
import os
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from immunolib._errors import ImmunolibError

_FORM = "immunolib progress"
_VERSION = 1


class KeptError(ImmunolibError):
    """Answers that cannot be kept, or brought back; the message says why and what to do."""


@dataclass(frozen=True)
class Answer:
    """What a learner has answered to one question.

    Attributes:
        asked: a digest of the question as it was then.
        first: the place of the option that was chosen first, from 0.
        last: that of the option chosen last.
        times: how often an option was chosen.
        on: the day of the last choice, ISO 8601.
    """

    asked: str
    first: int
    last: int
    times: int
    on: str


Answers = dict[str, Answer]


def path() -> Path:
    """Where the file lies."""
    named = os.environ.get("IMMUNOLIB_PROGRESS")
    if named:
        return Path(named).expanduser()
    from jupyter_core.paths import jupyter_data_dir

    return Path(jupyter_data_dir()) / "immunolib" / "progress.json"


def written(answers: Answers) -> str:
    """The text of a file of these answers."""
    held = {key: asdict(answer) for key, answer in sorted(answers.items())}
    return json.dumps({_FORM: _VERSION, "answers": held}, indent=1) + "\n"


def read(text: str) -> Answers:
    """The answers of a file's text.

    Raises:
        KeptError: where it is no such file, is damaged, or comes from a newer version.
    """
    try:
        held = json.loads(text)
    except ValueError:
        raise KeptError("it is not a JSON file") from None
    if not isinstance(held, dict) or _FORM not in held:
        raise KeptError("it is not a file of answers of immunolib")
    version = held[_FORM]
    if isinstance(version, int) and version > _VERSION:
        raise NewerError("it was written by a newer version of immunolib; get that version")
    answers = held.get("answers")
    if version != _VERSION or not isinstance(answers, dict):
        raise KeptError("it is damaged")
    return {key: _answer(key, entry) for key, entry in answers.items()}


class NewerError(KeptError):
    """A file that a newer version has written: it is good, and must not be touched."""


def _answer(key: str, entry: Any) -> Answer:
    kinds = {field.name: field.type for field in fields(Answer)}
    if not isinstance(entry, dict) or set(entry) != set(kinds):
        raise KeptError(f"its entry {key!r} is damaged")
    for name, kind in kinds.items():
        good = type(entry[name]) is kind and (kind is str or entry[name] >= 0)
        if not good:
            raise KeptError(f"its entry {key!r} is damaged: {name} is {entry[name]!r}")
    try:
        date.fromisoformat(entry["on"])
    except ValueError:
        raise KeptError(f"its entry {key!r} is damaged: {entry['on']!r} is no day") from None
    return Answer(**entry)


def load() -> tuple[Answers, str]:
    """The answers that are kept, and a sentence on what is wrong, empty where nothing is.

    A damaged file is renamed, so that a new one can begin.

    Raises:
        KeptError: where the file can be neither read nor set aside, or a newer version wrote it.
    """
    file = path()
    try:
        return read(file.read_text(encoding="utf-8")), ""
    except FileNotFoundError:
        return {}, ""
    except NewerError as error:
        raise KeptError(f"Your answers are not kept now: of the file {file}, {error}.") from None
    except (KeptError, UnicodeDecodeError) as error:
        why = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
        aside = file.with_name(f"{file.stem}.damaged-{datetime.now():%Y-%m-%dT%H-%M-%S-%f}.json")
        try:
            file.rename(aside)
        except OSError as trouble:
            raise KeptError(_trouble(trouble)) from None
        return {}, (
            f"The file of your answers could not be used: {why}. "
            f"It was set aside as {aside}, and a new one begins."
        )
    except OSError as trouble:
        raise KeptError(_trouble(trouble)) from None


def _trouble(trouble: OSError) -> str:
    return (
        f"Your answers are not kept: {path()}: {trouble.strerror}. "
        "Set IMMUNOLIB_PROGRESS to a file that can be written, and start the kernel anew."
    )


def save(answers: Answers) -> None:
    """Write the answers; the file is whole at every moment.

    Raises:
        KeptError: where it cannot be written.
    """
    file = path()
    draft = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(written(answers), encoding="utf-8")
        draft.replace(file)
    except OSError as trouble:
        raise KeptError(_trouble(trouble)) from None


def record(key: str, asked: str, option: int) -> str:
    """Keep one choice; give a sentence on what was wrong with the file, empty where nothing was.

    The file is read anew, so that two lessons may be open at once.

    Raises:
        KeptError: where it cannot be kept.
    """
    answers, said = load()
    today = date.today().isoformat()
    before = answers.get(key)
    if before is None or before.asked != asked:
        answers[key] = Answer(asked, option, option, 1, today)
    else:
        answers[key] = replace(before, last=option, times=before.times + 1, on=today)
    save(answers)
    return said


def merge(text: str) -> int:
    """Bring back the answers of a file that was exported; give how many it holds.

    Where both hold an answer to a question, the later one counts.

    Raises:
        KeptError: where the text is no such file, or the answers cannot be kept.
    """
    try:
        brought = read(text)
    except KeptError as error:
        raise KeptError(
            f"This file cannot be brought back: {error}. Nothing has changed."
        ) from None
    answers, _ = load()
    for key, answer in brought.items():
        held = answers.get(key)
        if held is None or held.on < answer.on:
            answers[key] = answer
    save(answers)
    return len(brought)


def forget() -> None:
    """Delete the file.

    Raises:
        KeptError: where it cannot be deleted.
    """
    try:
        path().unlink(missing_ok=True)
    except OSError as trouble:
        raise KeptError(_trouble(trouble)) from None
