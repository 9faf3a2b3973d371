"""Taking mail from peers: whom it is for, that it is there when it was taken, that a repeat changes nothing."""

from __future__ import annotations

import asyncio

import pytest

from multimail.core.envelope import SessionFacts
from multimail.core.errors import Problem
from multimail.services.inbound import Inbound
from tests.support.desk import BOX, Desk
from tests.support.letters import ANN, aside, came, envelope, letter, mailbox

pytestmark = pytest.mark.anyio

PEER = SessionFacts("192.0.2.1", "mail.example.org", ANN, smtputf8=False, authenticated=False, accepted=0)


async def reply(desk: Desk, address: str) -> str:
    """The code that a recipient is answered with."""
    problem = await Inbound(desk.services).recipient(address, PEER)
    return problem.row.smtp[:9] if problem else "250"


async def refused(desk: Desk, raw: bytes, *to: str) -> Problem:
    with pytest.raises(Problem) as found:
        await Inbound(desk.services).accept(envelope(raw, *to))
    return found.value


@pytest.mark.parametrize("address", [BOX, BOX.upper(), "agent+orders@localhost", "agent+a+b@localhost"])
async def test_a_mailbox_takes_mail_for_its_address_however_it_is_spelt(desk: Desk, address: str) -> None:
    assert await reply(desk, address) == "250"


async def test_with_a_relay_an_unknown_recipient_is_refused_at_once(desk: Desk) -> None:
    assert await reply(desk, "nobody@localhost") == "550 5.1.1"


async def test_without_a_relay_the_capture_mailbox_takes_what_is_for_nobody(desk: Desk) -> None:
    await desk.write(lambda tx: tx.settings.set("server", {"transport": "capture"}))

    assert await reply(desk, "nobody@example.com") == "250"
    message = await came(desk, letter(To="nobody@example.com"), "nobody@example.com", "else@example.com")
    box = await desk.read(lambda tx: tx.mailboxes.get(message.mailbox_id))
    assert box is not None
    assert box.catches_all


async def test_a_closed_mailbox_takes_nothing_and_nobody_takes_its_mail(desk: Desk) -> None:
    await desk.write(lambda tx: tx.settings.set("server", {"transport": "capture"}))
    box = await mailbox(desk, "old@localhost")
    await desk.write(lambda tx: tx.mailboxes.delete(box.id, desk.clock.now()))

    assert [await reply(desk, one) for one in ("old@localhost", "old+tag@localhost")] == ["550 5.1.1"] * 2


async def test_a_recipient_once_taken_is_looked_up_again_after_a_second_only(desk: Desk) -> None:
    intake = Inbound(desk.services)
    box = await mailbox(desk, "old@localhost")
    assert await intake.recipient("old@localhost", PEER) is None
    await desk.write(lambda tx: tx.mailboxes.delete(box.id, desk.clock.now()))

    assert await intake.recipient("old@localhost", PEER) is None
    desk.later(1_000_000)
    assert await intake.recipient("old@localhost", PEER) is not None


async def test_a_new_mailbox_takes_mail_at_once(desk: Desk) -> None:
    intake = Inbound(desk.services)
    assert await intake.recipient("new@localhost", PEER) is not None
    await mailbox(desk, "new@localhost")

    assert await intake.recipient("new@localhost", PEER) is None


async def test_a_mail_is_filed_once_in_each_mailbox_it_is_for(desk: Desk) -> None:
    other = await mailbox(desk, "sales@localhost")
    to = (BOX, "agent+a@localhost", other.address, "sales+b@localhost")
    await Inbound(desk.services).accept(envelope(letter(), *to))

    mails = await desk.inbound()
    assert len(mails) == 2
    assert {one.mailbox_id for one in mails} >= {other.id}
    assert len({one.thread_id for one in mails}) == 2


async def test_a_mail_that_is_offered_again_changes_nothing(desk: Desk) -> None:
    raw = letter()
    await came(desk, raw)
    before = await desk.events()
    other_way = b"Received: from b.example by c.example;\r\n\tMon, 2 Mar 2026 11:00:00 +0000\r\n" + raw
    for again in (raw, other_way):
        await Inbound(desk.services).accept(envelope(again))

    assert len(await desk.inbound()) == 1
    assert await desk.events() == before


async def test_two_mails_without_a_message_id_are_two_mails(desk: Desk) -> None:
    raw = letter(Message_ID=None, Date=None)
    for _ in range(2):
        await came(desk, raw)

    assert len({one.header_id for one in await desk.inbound()}) == 2


async def test_mails_of_many_peers_at_once_are_all_there(desk: Desk) -> None:
    intake = Inbound(desk.services)
    mails = [letter(Subject=f"Number {number}") for number in range(150)]
    await asyncio.gather(*(intake.accept(envelope(raw)) for raw in mails))

    assert sorted(one.subject for one in await desk.inbound()) == sorted(f"Number {n}" for n in range(150))
    groups = await desk.read(
        lambda tx: len({one.thread_id for one in tx.messages.of_mailbox(None, ["unread"])})
    )
    assert groups == 150


async def test_one_mail_offered_by_two_connections_at_once_is_there_once(desk: Desk) -> None:
    intake, raw = Inbound(desk.services), letter()
    await asyncio.gather(*(intake.accept(envelope(raw)) for _ in range(5)))

    assert len(await desk.inbound()) == 1


async def test_whoever_gives_up_waiting_does_not_take_the_mail_back(desk: Desk) -> None:
    intake = Inbound(desk.services)
    gone = asyncio.create_task(intake.accept(envelope(letter(Subject="Gone"))))
    await asyncio.sleep(0)
    gone.cancel()
    await intake.accept(envelope(letter(Subject="Next")))

    assert {one.subject for one in await desk.inbound()} == {"Gone", "Next"}


async def test_a_mail_that_went_through_fifty_servers_is_refused_as_a_loop(desk: Desk) -> None:
    hop = b"Received: from a.example by b.example; Mon, 2 Mar 2026 11:00:00 +0000\r\n"
    await came(desk, hop * 50 + letter())

    assert (await refused(desk, hop * 51 + letter())).row.smtp == "554 5.4.6"


async def test_a_large_mail_is_read_like_a_small_one(desk: Desk) -> None:
    message = await came(desk, letter("word " * 60_000 + "needle"))

    found = await desk.call("agent", "check_inbox", query="needle")
    assert [one.message_id for one in found.messages] == [message.id]


async def test_a_mail_for_mailboxes_that_are_all_gone_is_refused(desk: Desk) -> None:
    assert (await refused(desk, letter(), "old@localhost")).row.smtp == "550 5.1.1"
    assert await aside(desk) == []


async def test_what_is_for_a_mailbox_that_went_away_meanwhile_is_kept_aside_once(desk: Desk) -> None:
    raw = letter()
    for _ in range(2):
        await Inbound(desk.services).accept(envelope(raw, BOX, "old@localhost"))

    assert len(await desk.inbound()) == 1
    (kept,) = await desk.read(lambda tx: tx.arrivals.kept_aside(10))
    assert (kept.reason, kept.envelope["recipients"], kept.raw) == ("no_mailbox", ["old@localhost"], raw)
