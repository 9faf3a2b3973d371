"""What is kept about one address, however it was spelt where it stands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.desk import Desk, opened

pytestmark = pytest.mark.anyio
ANN = "ann@example.org"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path) as made:
        yield made


async def test_mail_from_and_to_somebody_is_found_in_every_spelling_and_in_order(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")
    first = await desk.receive("Hi", From="Ann <ANN@example.org>")
    second = (await desk.send(to=["Ann@Example.org"], bcc=["bob@example.org"])).message_id
    await desk.send(to=["bob@example.org", "joann@example.org"], subject="Not to her")

    assert await desk.read(lambda tx: tx.person.mails(ANN)) == [first, second]
    assert len(await desk.read(lambda tx: tx.person.mails("bob@example.org"))) == 2
    assert await desk.read(lambda tx: tx.person.mails("nobody@example.org")) == []


async def test_what_became_of_her_copy_and_not_of_others(desk: Desk) -> None:
    sent = await desk.send(to=["Ann@example.org", "bob@example.org"])

    (one,) = await desk.read(lambda tx: tx.person.deliveries(sent.message_id, ANN))

    assert (one["status"], one["attempts"]) == ("waiting", 0)


async def test_events_and_calls_about_her_and_her_mail_each_once_and_in_order(desk: Desk) -> None:
    made = await desk.call("operator", "record_consent", email=ANN)
    sent = await desk.send(tags=["vip"])
    await desk.send(to=["bob@example.org"], subject="Other")
    await desk.reopen()

    events = await desk.read(lambda tx: tx.person.events(made.contact_id, [sent.message_id]))
    calls = await desk.read(lambda tx: tx.person.calls([made.contact_id, sent.message_id]))

    assert [one["kind"] for one in events] == ["consent.recorded", "tags.changed", "message.pending_approval"]
    assert len({one["seq"] for one in events}) == len(events)
    assert [one["operation"] for one in calls] == ["record_consent", "send_email"]
