"""Mail between mailboxes of this server: the same filing, with an author who need not be checked."""

from __future__ import annotations

import pytest

from multimail.core.model import Mode
from multimail.ports.store import Tx
from multimail.services.inbound_local import file_local, read_local
from tests.support.desk import BOX, Desk
from tests.support.letters import letter, mailbox

pytestmark = pytest.mark.anyio


async def deliver(desk: Desk, address: str, raw: bytes) -> str:
    def work(tx: Tx) -> str:
        box = tx.mailboxes.by_address(address)
        assert box is not None
        return file_local(tx, desk.services, desk.clock.now(), box, read_local(box, raw, BOX))

    return await desk.write(work)


async def test_it_is_filed_like_mail_from_outside(desk: Desk) -> None:
    sales = await mailbox(desk, "sales@localhost")
    message_id = await deliver(desk, sales.address, letter(From=BOX, To=sales.address))

    message = await desk.message(message_id)
    assert (message.mailbox_id, message.status, message.sender) == (sales.id, "unread", BOX)
    assert message.authentication == {"local": "pass"}
    assert await desk.read(lambda tx: tx.contacts.by_address(BOX)) is not None


async def test_it_is_held_where_arriving_mail_is(desk: Desk) -> None:
    held = await mailbox(desk, "held@localhost", Mode.GATED_ALL)

    assert (
        await desk.status(await deliver(desk, held.address, letter(From=BOX))) == "pending_inbound_approval"
    )


async def test_a_mailbox_that_writes_to_itself_is_no_stranger_and_no_contact(desk: Desk) -> None:
    ours = await desk.send(to=[BOX])
    sent = await desk.message(ours.message_id)
    raw = letter(From=BOX, Message_ID=sent.header_id, Subject=sent.subject)
    message = await desk.message(await deliver(desk, BOX, raw))

    assert (message.direction, message.thread_id, message.new_sender) == ("inbound", sent.thread_id, False)
    assert await desk.read(lambda tx: tx.contacts.by_address(BOX)) is None


async def test_the_same_mail_again_is_the_same_message(desk: Desk) -> None:
    raw = letter(From="other@localhost")

    assert await deliver(desk, BOX, raw) == await deliver(desk, BOX, raw)
    assert len(await desk.inbound()) == 1
