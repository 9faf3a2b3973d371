"""Notices that sending was slowed down or stopped: one mail for all that tripped together, to nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.services import breakers_notices
from tests.services.test_breakers import drained, own
from tests.support.desk import Desk
from tests.support.sent import count
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio
BOSS = "boss@example.com"


@pytest.fixture
async def watched(desk: Desk) -> Desk:
    await desk.set(oversight_address=BOSS)
    return desk


async def happened(desk: Desk, tag: str = "spring", **counts: Any) -> None:
    box, now = await own(desk), desk.clock.now()
    await desk.write(lambda tx: count(tx, box.name, tag, now, **counts))


async def told(desk: Desk) -> int:
    return await breakers_notices.step(desk.services)


async def mails(desk: Desk) -> list[Any]:
    found = await desk.call("operator", "check_inbox", limit=1000)
    return [one for one in found.messages if one.subject.startswith("Sending from")]


async def test_what_trips_together_is_told_in_one_mail_that_leaves_a_stopped_mailbox(
    watched: Desk, sink: Sink
) -> None:
    await happened(watched, sent=100, bounced=9)

    assert (await told(watched), await told(watched)) == (2, 0)
    (one,) = await mails(watched)
    text = (await watched.call("operator", "read_email", message_id=one.message_id)).body
    await drained(watched, sink)

    assert one.subject == f"Sending from {watched.box} has stopped"
    assert "- the campaign spring: stopped: nothing leaves until an operator resumes" in text
    assert "- the mailbox: stopped" in text
    assert "Of 100 mails in 24 hours 9.0 % came back" in text
    assert "http://127.0.0.1:8025/reputation" in text
    assert [mail.recipients for mail in sink.mails] == [(BOSS,)]


async def test_it_is_told_again_when_it_gets_worse_and_not_when_it_gets_better(watched: Desk) -> None:
    await happened(watched, sent=1_000, bounced=35)
    assert await told(watched) == 2
    await happened(watched, sent=400)
    assert await told(watched) == 0
    await happened(watched, sent=400)
    assert await told(watched) == 0
    await happened(watched, bounced=80)

    assert await told(watched) == 2
    assert [one.subject.rpartition(" ")[2] for one in await mails(watched)] == ["stopped", "look"]


async def test_markup_in_a_tag_is_left_out(watched: Desk) -> None:
    await happened(watched, "[click](http://bad.test) <b>", sent=100, bounced=9)
    await told(watched)

    text = (
        await watched.call("operator", "read_email", message_id=(await mails(watched))[0].message_id)
    ).body

    assert "the campaign click http bad.test b:" in text


async def test_who_wants_no_notices_or_has_no_address_gets_none(desk: Desk) -> None:
    await happened(desk, sent=100, bounced=9)
    assert await told(desk) == 2
    await desk.set(oversight_address=BOSS, notices="off")
    await happened(desk, "other", sent=100, bounced=9)
    assert await told(desk) == 1

    assert await mails(desk) == []


async def test_while_the_mailbox_is_frozen_nothing_is_made_and_afterwards_it_is(watched: Desk) -> None:
    await watched.call("operator", "freeze", mailbox=watched.box)
    await happened(watched, sent=100, bounced=9)
    assert await told(watched) == 0

    await watched.call("operator", "unfreeze", mailbox=watched.box)
    assert await told(watched) == 2
