"""Who opts out while a mail is on its way is left out, whatever was looked at before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from multimail.core import failpoints
from multimail.ports.store import Tx
from multimail.services import outbox
from multimail.services.inbound_local import read_local
from multimail.services.suppressing import Ban, suppress
from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio

ANN, BOB = "ann@example.org", "bob@example.org"


@contextmanager
def meanwhile(desk: Desk, work: Callable[[Tx], object]) -> Iterator[None]:
    """Once, right before `sending` is committed, somebody else's transaction is."""
    done: list[str] = []

    def hit(passed: str) -> None:
        if passed == "outbox.before_mark" and not done:
            done.append(passed)
            desk.services.store.post(work)

    failpoints.arm(hit)
    try:
        yield
    finally:
        failpoints.disarm()
    assert done


def opts_out(desk: Desk, reason: str = "unsubscribe", address: str = ANN) -> Callable[[Tx], object]:
    return lambda tx: suppress(tx, Ban(reason, "test", address=address), desk.clock.now())


async def test_who_opts_out_right_before_the_mark_gets_nothing(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="autonomous")
    sent = await desk.send()

    with meanwhile(desk, opts_out(desk)):
        await desk.step(sink)

    assert sink.mails == []
    assert await desk.status(sent.message_id) == "suppressed"
    delivery = (await desk.deliveries(sent.message_id))[ANN]
    assert (delivery.status, delivery.detail) == ("suppressed", "unsubscribe")


async def test_the_others_get_theirs_all_the_same(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="autonomous")
    sent = await desk.send(to=[ANN], cc=[BOB])

    with meanwhile(desk, opts_out(desk)):
        await desk.step(sink)

    assert [mail.recipients for mail in sink.mails] == [(BOB,)]
    assert await desk.status(sent.message_id) == "delivered"


async def test_a_tag_that_comes_right_before_the_mark_counts_too(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="autonomous")
    await desk.send()
    contact = await desk.call("agent", "manage_contacts", action="upsert", email=ANN)
    contact_id = contact.contacts[0].contact_id

    with meanwhile(desk, lambda tx: tx.tags.add("contact", contact_id, ("suppressed",), "", 0)):
        await desk.step(sink)

    assert sink.mails == []


async def test_what_does_not_concern_the_recipient_stops_nothing(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="autonomous")
    await desk.send()

    with meanwhile(desk, opts_out(desk, address=BOB)):
        await desk.step(sink)

    assert [mail.recipients for mail in sink.mails] == [(ANN,)]


async def test_an_unsubscribe_at_that_moment_does_not_stop_a_receipt(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="autonomous", metadata={"message_class": "transactional"})
    await desk.send()

    with meanwhile(desk, opts_out(desk)):
        await desk.step(sink)

    assert [mail.recipients for mail in sink.mails] == [(ANN,)]


async def test_a_mail_for_this_server_is_not_filed_for_who_opted_out_meanwhile(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.set(default_mode="autonomous")
    sent = await desk.send(to=["agent+list@localhost"])

    def read(*given: Any) -> Any:
        desk.services.store.post(opts_out(desk, address="agent+list@localhost"))
        return read_local(*given)

    monkeypatch.setattr(outbox, "read_local", read)
    await desk.step()

    assert await desk.status(sent.message_id) == "suppressed"
    assert await desk.inbound() == []
