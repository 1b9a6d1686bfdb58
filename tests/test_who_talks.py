"""Who talks: the matrix, its words and its table against messages.csv, over all positions."""

import re
from itertools import product

import pytest
from figure_checks import FigureChecks

from immunolib import datasets, explorers, figures
from immunolib._errors import UnknownNameError
from immunolib.explorers import _who_talks as explorer
from immunolib.figures import _who_talks as drawn
from immunolib.figures import _who_talks_scene as scenes

TABLE = datasets.load_messages()
CELLS = scenes.cells()
EVERY = scenes.EVERY
POSITIONS = list(product(*(control.sweep() for control in explorer.CONTROLS)))
FIGURES = {
    "all": figures.who_talks,
    "one message": lambda: figures.who_talks("IL2"),
    "a long name": lambda: figures.who_talks("IFNA1/IFNB1"),
    "one sender": lambda: figures.who_talks(sender="macrophage"),
    "one receiver": lambda: figures.who_talks(receiver="T cell"),
    "a pair of both signs": lambda: figures.who_talks(sender="T cell", receiver="macrophage"),
    "nothing": lambda: figures.who_talks("TSLP", "macrophage"),
}


@pytest.fixture(params=FIGURES)
def made(request):
    return FIGURES[request.param]()


class TestWhoTalksFigures(FigureChecks):
    """What every figure must pass."""


def chosen(message, sender, receiver):
    """The rows of the table, straight from it."""
    rows = TABLE
    for column, value in (("message", message), ("from", sender), ("to", receiver)):
        if value != EVERY:
            rows = rows[rows[column] == value]
    return rows


def plural(words):
    """What the words say in the plural: every kind of cell that they name."""
    longest = sorted(CELLS, key=len, reverse=True)
    return set(re.findall("|".join(f"{re.escape(cell)}s" for cell in longest), words))


def test_every_position_shows_the_rows_of_the_table_and_no_other():
    for position in POSITIONS:
        what = scenes.scene(*position)
        rows = chosen(*position)
        held = [(r.message, r.name, r.sender, r.receiver, r.effect, r.how) for r in what.rows]
        wanted = rows[["message", "name", "from", "to", "effect", "how"]]
        assert held == list(wanted.itertuples(index=False, name=None))
        marks = next(part.data for part in drawn.picture(what).parts if part.name == "marks")
        told = {(CELLS[down], CELLS[across], sign): n for down, across, sign, n in marks}
        signs = rows["effect"].map({"stimulates": "+", "inhibits": "−"})
        assert told == rows.groupby(["from", "to", signs]).size().to_dict()


def test_every_position_is_told_in_words_and_none_is_a_dead_end():
    for position in POSITIONS:
        what = scenes.scene(*position)
        head = scenes.headline(what)
        rows = chosen(*position)
        assert not head[0].islower()
        assert head.endswith(".")
        if rows.empty:
            assert head.startswith("Our table has no message")
            assert "Try another choice: " in head
            assert re.search(r" (sent by|send to|goes to) \S", head.split("Try")[1])
            continue
        for name in set(rows["name"]) if position[1:] != (EVERY, EVERY) else ():
            assert name.casefold() in head.casefold()
        assert scenes.MISSING in scenes.describe(what)


def test_what_is_tried_in_place_of_nothing_leads_to_something():
    for message, sender, receiver in POSITIONS:
        if not chosen(message, sender, receiver).empty:
            continue
        tries = scenes.headline(scenes.scene(message, sender, receiver)).split("choice: ")[1]
        for text in tries.rstrip(".").split("; "):
            for cell in (
                name.removesuffix("s") for name in plural(re.split("sent by|to", text)[1])
            ):
                if "sent by" in text:
                    assert not chosen(message, cell, EVERY).empty
                elif "send to" in text:
                    assert not chosen(EVERY, sender, cell).empty
                else:
                    assert not chosen(message, EVERY, cell).empty


@pytest.mark.parametrize("message", sorted(set(TABLE["message"])))
def test_the_headline_of_a_message_counts_its_senders(message):
    rows = chosen(message, EVERY, EVERY)
    head = figures.who_talks(message).description.splitlines()[0]
    sent, reaches = head.split(" It goes to ")
    senders = {f"{cell}s" for cell in rows["from"]}
    assert f"is sent by {len(senders)} of {len(CELLS)} kinds of cell" in sent
    assert plural(sent) == senders
    assert plural(reaches) == {f"{cell}s" for cell in rows["to"]}


@pytest.mark.parametrize("cell", sorted(set(TABLE["from"])))
def test_the_headline_of_a_sender_counts_its_messages(cell):
    rows = chosen(EVERY, cell, EVERY)
    head = figures.who_talks(sender=cell).description.splitlines()[0]
    assert f"send {rows['name'].nunique()} of {TABLE['name'].nunique()} messages" in head
    assert plural(head.split("They go to")[1]) == {f"{other}s" for other in rows["to"]}


def test_the_first_sentence_of_all_is_counted_anew():
    by = TABLE.groupby("from")["message"].nunique()
    most = by.idxmax()
    makers = TABLE.groupby("message")["from"].agg(set)
    alone = sum(some == {most} for some in makers)
    assert scenes.headline(scenes.scene()) == (
        f"{len(by)} of {len(CELLS)} kinds of cell send at least one of {len(makers)} messages. "
        f"{most.capitalize()}s send the most, {by.max()} of {len(makers)}; "
        f"{alone or 'none'} of these {'is' if alone < 2 else 'are'} sent by them alone."
    )


def test_the_signs_are_written_and_not_only_coloured():
    picture = figures.who_talks().figure
    texts = {
        tuple(text.get_gid().split(" ")[1:]): text.get_text()
        for text in picture.findobj(lambda one: str(one.get_gid() or "").startswith("mark "))
    }
    assert len(texts) == len(TABLE.groupby(["from", "to", "effect"]))
    for (_, _, sign), text in texts.items():
        assert text.startswith(sign)


def test_every_filter_offers_only_what_the_table_has():
    assert set(scenes.senders()) == {EVERY, *TABLE["from"]}
    assert set(scenes.receivers()) == {EVERY, *TABLE["to"]}
    assert set(scenes.messages()) == {EVERY, *TABLE["message"]}
    for row in TABLE.itertuples():
        assert scenes.label(row.message) in {row.message, f"{row.message} ({row.name})"}


def test_what_changed_is_told_with_the_new_headline():
    old, new = scenes.scene("IL2"), scenes.scene("IL6", "macrophage")
    told = scenes.changed(old, new)
    assert told.startswith("Message IL-2 to IL-6; sender every to macrophage. ")
    assert told.endswith(scenes.headline(new))


def test_a_message_may_be_given_by_its_common_name():
    for row in TABLE.itertuples():
        assert scenes.scene(row.name).message == row.message
        assert scenes.scene(f" {row.name.upper()} ").message == row.message


@pytest.mark.parametrize("wrong", ["IL-99", "", 5, None, "T cell"])
def test_a_wrong_message_is_refused_with_help(wrong):
    with pytest.raises(UnknownNameError, match="message"):
        figures.who_talks(wrong)


def test_wrong_names_are_refused_with_help():
    with pytest.raises(UnknownNameError, match="macrophage"):
        figures.who_talks(sender="macrofage")
    with pytest.raises(UnknownNameError, match="IL2"):
        explorers.who_talks(message="IL-22")


def test_no_sender_is_without_a_source_and_every_effect_is_plain():
    assert TABLE["source"].notna().all()
    assert set(TABLE["effect"]) == {"stimulates", "inhibits"}
    assert not TABLE.duplicated(["message", "from", "to"]).any()
    for sentence in TABLE["how"]:
        assert sentence.endswith(".")
        assert len(sentence.split()) <= 25
