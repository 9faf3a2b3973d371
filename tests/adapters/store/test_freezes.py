"""Mail behind a freeze, and releases: of one revision, until the next freeze."""

from __future__ import annotations

from pathlib import Path

import pytest

from multimail.core.errors import Problem
from multimail.ports.records import StoredDelivery, StoredMessage
from tests.support.mailroom import NOON, Letter, Mailroom


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


def leaving(room: Mailroom, status: str = "queued", delivery: str = "queued") -> StoredMessage:
    """A mail that may leave, with one recipient."""
    box = room.tx.mailboxes.all()[0] if room.tx.mailboxes.all() else room.mailbox()
    made = room.send(box, Letter(status=status, more={"digest": "d", "released_digest": "d"}))
    row = StoredDelivery(f"dlv_{made.seq}", made.id, "ann@example.org", delivery, 0, None, NOON, None, "")
    room.tx.deliveries.add([row], NOON)
    found = room.tx.messages.get(made.id)
    assert found is not None
    return found


def test_what_is_cleared_and_has_somebody_left_is_behind_it(room: Mailroom) -> None:
    going = leaving(room)
    gone = leaving(room, delivery="suppressed")

    found = room.tx.freezes.behind([going.mailbox_id], 0, 10)

    assert [(one.message.id, one.released) for one in found] == [(going.id, False)]
    assert (room.tx.freezes.is_behind(going.id), room.tx.freezes.is_behind(gone.id)) == (True, False)
    assert (room.tx.freezes.count([going.mailbox_id]), room.tx.freezes.count(["mbx_other"])) == (1, 0)
    assert room.tx.freezes.behind([going.mailbox_id], going.seq, 10) == []


def test_a_release_is_of_one_revision(room: Mailroom) -> None:
    mail = leaving(room)
    room.tx.freezes.release(mail)
    assert room.tx.freezes.released(mail.id)

    room.tx.messages.change(mail, NOON, digest="e", released_digest="e", revision=2)

    assert not room.tx.freezes.released(mail.id)
    with pytest.raises(Problem, match="changed meanwhile"):
        room.tx.freezes.release(mail)


def test_covering_again_takes_back_the_releases_of_a_mailbox_or_of_all(room: Mailroom) -> None:
    mail = leaving(room)
    room.tx.freezes.release(mail)

    assert room.tx.freezes.cover_again("mbx_other") == 0
    assert room.tx.freezes.cover_again(mail.mailbox_id) == 1
    room.tx.freezes.release(mail)
    assert room.tx.freezes.cover_again(None) == 1
    assert not room.tx.freezes.released(mail.id)
