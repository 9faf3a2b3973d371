"""A transaction offers every noun of the ports, each made once and on the same connection."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from multimail.ports.store import Tx
from tests.support.mailroom import Mailroom

NOUNS = sorted(name for name, member in inspect.getmembers(Tx) if isinstance(member, property))


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


@pytest.mark.parametrize("noun", NOUNS)
def test_a_noun_has_every_verb_of_its_port(room: Mailroom, noun: str) -> None:
    getter = getattr(Tx, noun).fget
    port = inspect.get_annotations(getter, eval_str=True)["return"]
    verbs = {name for name in vars(port) if not name.startswith("_")}

    repository = getattr(room.tx, noun)

    assert verbs
    assert verbs - set(dir(repository)) == set()
    assert getattr(room.tx, noun) is repository


def test_every_noun_sees_what_another_wrote(room: Mailroom) -> None:
    box = room.mailbox()

    assert room.tx.mailboxes.get(box.id) == box
    assert room.tx.value("SELECT count(*) FROM mailboxes") == 1
