"""Keeping mail aside: whole, with where it was meant to go, and an event that says why."""

from __future__ import annotations

import pytest

from multimail.services.inbound_aside import REASONS, Aside, keep
from tests.support.desk import BOX, Desk
from tests.support.letters import ANN, envelope

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("mailbox_ids", [("mbx_1", "mbx_2"), ()])
async def test_what_is_kept_can_be_filed_by_a_person_later(desk: Desk, mailbox_ids: tuple[str, ...]) -> None:
    kept = Aside("msg_1", envelope(b"raw \xff"), "filing", mailbox_ids)
    await desk.write(lambda tx: keep(tx, kept, 7))

    (found,) = await desk.read(lambda tx: tx.arrivals.kept_aside(10))
    assert (found.id, found.at, found.reason, found.raw) == ("msg_1", 7, "filing", b"raw \xff")
    assert found.envelope == {
        "sender": ANN, "recipients": [BOX], "peer": "192.0.2.1", "helo": "mail.example.org",
        "mailboxes": list(mailbox_ids),
    }  # fmt: skip
    told = [one for one in await desk.events() if one.kind == "message.set_aside"]
    assert [(one.mailbox_id, one.data) for one in told] == [
        (mailbox_id, {"id": "msg_1", "reason": "filing"}) for mailbox_id in mailbox_ids or (None,)
    ]


def test_every_reason_has_its_sentence() -> None:
    assert all(name.isidentifier() and sentence.endswith(".") for name, sentence in REASONS.items())
