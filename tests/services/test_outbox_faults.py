"""The outbox when things go wrong: faults, crashes, silence, and bytes that somebody changed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest

from multimail.core import failpoints
from multimail.core.times import DAY, HOUR, MINUTE
from multimail.ports.transport import AboutToSend, HandOver, Outcome
from multimail.services import upkeep
from tests.support.desk import Desk
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio

ANN = "ann@example.org"


async def approved(desk: Desk, **changes: Any) -> str:
    sent = await desk.send(**changes)
    await desk.decide(sent.message_id)
    return str(sent.message_id)


async def outcomes(desk: Desk, message_id: str) -> dict[str, str]:
    return {address: one.status for address, one in (await desk.deliveries(message_id)).items()}


class Breaking:
    """A way out with a bug where it may have sent something."""

    name: Literal["relay"] = "relay"

    async def deliver(self, work: HandOver, about_to_send: AboutToSend) -> tuple[Outcome, ...]:
        await about_to_send(tuple(one.delivery_id for one in work.recipients))
        raise RuntimeError("made for a test")

    async def probe(self) -> str:
        return ""

    async def close(self) -> None: ...


@contextmanager
def failing_at(name: str) -> Iterator[None]:
    """A fault of our own where a crash would be."""

    def fail(passed: str) -> None:
        if passed == name:
            raise RuntimeError("made for a test")

    failpoints.arm(fail)
    try:
        yield
    finally:
        failpoints.disarm()


async def test_a_mail_whose_hand_over_ended_in_silence_is_unknown_and_not_sent_again(
    desk: Desk, sink: Sink
) -> None:
    sink.misbehave(Fault("DOT", action="drop", keep=True))
    message_id = await approved(desk)

    await desk.step(sink)
    sink.misbehave()
    desk.later(DAY)

    assert (await desk.status(message_id), await desk.step(sink), len(sink.mails)) == ("unknown", 0, 1)


async def test_bytes_that_do_not_match_their_digest_never_leave(desk: Desk, sink: Sink) -> None:
    message_id = await approved(desk)
    raw = await desk.read(lambda tx: tx.revisions.raw(message_id, 1))
    assert raw is not None
    await desk.sql("DROP TRIGGER guard_revisions_raw_once")
    spoilt = zlib.compress(raw.replace(b"Monday", b"Sunday"))
    await desk.sql("UPDATE revisions SET raw = :raw WHERE message_id = :id", raw=spoilt, id=message_id)

    await desk.step(sink)

    assert (sink.mails, await desk.status(message_id)) == ([], "failed")
    assert (await desk.deliveries(message_id))[ANN].detail == "digest mismatch"


async def test_an_envelope_that_does_not_match_its_digest_never_leaves(desk: Desk, sink: Sink) -> None:
    message_id = await approved(desk)
    await desk.sql("DROP TRIGGER guard_revisions_envelope_once")
    await desk.sql(
        "UPDATE revisions SET envelope = replace(envelope, 'ann@', 'eve@') WHERE message_id = :id",
        id=message_id,
    )

    await desk.step(sink)

    assert (sink.mails, await desk.status(message_id)) == ([], "failed")


async def test_a_fault_before_the_mark_is_tried_again(desk: Desk, sink: Sink) -> None:
    message_id = await approved(desk)
    with failing_at("outbox.before_mark"):
        await desk.step(sink)
    assert await outcomes(desk, message_id) == {ANN: "queued"}
    desk.later(HOUR)

    await desk.step(sink)

    assert (await desk.status(message_id), len(sink.mails)) == ("delivered", 1)


async def test_a_fault_of_the_way_out_after_the_mark_is_unknown_and_not_tried_again(
    desk: Desk, sink: Sink
) -> None:
    message_id = await approved(desk)
    desk.ways_out["capture"] = Breaking()
    await desk.step()
    desk.later(DAY)

    assert await desk.step(sink) == 0
    assert (await desk.status(message_id), sink.mails) == ("unknown", [])


async def test_after_a_crash_what_was_only_claimed_goes_and_what_was_marked_is_unknown(
    desk: Desk, sink: Sink
) -> None:
    claimed, marked = await approved(desk, subject="Claimed"), await approved(desk, subject="Marked")
    now = desk.clock.now()
    await desk.write(lambda tx: tx.deliveries.claim("dead", now, now + MINUTE, 10))
    [one] = (await desk.deliveries(marked)).values()
    await desk.write(lambda tx: tx.deliveries.move([one.id], "claimed", "sending", now))
    await desk.sql("UPDATE messages SET status = 'sending' WHERE id = :id", id=marked)

    assert await upkeep.rescue(desk.services, alone=True) == 2
    await desk.step(sink)

    assert [await desk.status(claimed), await desk.status(marked)] == ["delivered", "unknown"]
    assert len(sink.mails) == 1


async def test_a_mailbox_may_choose_to_have_unknown_mail_sent_again(desk: Desk, sink: Sink) -> None:
    await desk.set(resend_unknown=True)
    message_id = await approved(desk)
    now = desk.clock.now()
    await desk.write(lambda tx: tx.deliveries.claim("dead", now, now + MINUTE, 10))
    [one] = (await desk.deliveries(message_id)).values()
    await desk.write(lambda tx: tx.deliveries.move([one.id], "claimed", "sending", now))

    await upkeep.rescue(desk.services, alone=True)
    await desk.step(sink)

    assert sink.count((await desk.message(message_id)).header_id) == 1
