"""Finding somebody in mail by every spelling, and what mail is without them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from multimail.core.traces import Traces
from tests.support.desk import Desk, opened

pytestmark = pytest.mark.anyio

ANN = "ann@example.org"
TRACES = Traces(ANN, ("Ann Lee",))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path) as made:
        yield made


async def test_names_and_mail_are_found_by_every_spelling(desk: Desk) -> None:
    await desk.receive(From="Ann Lee <ANN@Example.org>", Message_ID="<1@x.org>")
    await desk.receive(From=f"A. Lee <{ANN}>", Message_ID="<2@x.org>")
    await desk.receive(From="Ann Lee <other@example.org>", Message_ID="<3@x.org>")
    await desk.receive(From="Jörg <JÖRG@example.org>", Message_ID="<4@x.org>")

    names, shared, parts, known = await desk.read(
        lambda tx: (
            tx.eraser.names(ANN), tx.eraser.shared(["Ann Lee", "A. Lee"], ANN), tx.eraser.parts(ANN, 0, 9),
            [tx.eraser.is_there(one) for one in (ANN, "jörg@example.org", "nobody@example.org")],
        )
    )  # fmt: skip

    assert (sorted(names), shared) == (["A. Lee", "Ann Lee"], ["ann lee"])
    assert [(part.alone, part.busy) for part in parts] == [(True, False)] * 2
    assert known == [True, True, False]


async def test_who_has_a_part_in_mail_with_others_is_not_alone(desk: Desk) -> None:
    await desk.receive(From="bob@example.org", Cc=ANN, Message_ID="<1@x.org>")
    await desk.send(to=[ANN])
    await desk.send(to=[ANN], cc=["bob@example.org"])

    parts = await desk.read(lambda tx: tx.eraser.parts(ANN, 0, 9))

    assert [part.alone for part in parts] == [False, True, False]


async def test_mail_without_the_person_keeps_people_and_search_in_step(desk: Desk) -> None:
    mail = await desk.receive(
        "Ask Ann Lee",
        From="Ann Lee by proxy <bob@example.org>",
        Cc=f"Ann Lee <{ANN}>, Ann Lee friend <c@example.org>",
    )

    assert await desk.write(lambda tx: tx.eraser.redact([mail], TRACES)) == 1

    message = await desk.message(mail)
    people = await desk.read(lambda tx: tx.messages.recipients(message.seq))
    assert message.sender_name == "[erased] by proxy"
    assert [(one.address, one.name) for one in people][1:] == [("c@example.org", "[erased] friend")]
    assert await desk.read(lambda tx: tx.revisions.raw(mail, message.revision)) is None
    assert not await desk.read(lambda tx: tx.eraser.is_there(ANN))
    assert "[erased] by proxy" in await desk.read(lambda tx: tx.eraser.names("bob@example.org"))
    assert (await desk.call("operator", "check_inbox", query="proxy")).count == 1
    assert (await desk.call("operator", "check_inbox", query="lee")).count == 0


async def test_mail_that_only_names_somebody_elsewhere_keeps_its_bytes(desk: Desk) -> None:
    mail = await desk.receive("Nothing here", From="bob@example.org")
    await desk.sql("UPDATE messages SET metadata = :m WHERE id = :id", m='{"x":"Ann Lee"}', id=mail)

    parts, last = await desk.read(lambda tx: tx.eraser.mentions(TRACES, 0, 9))
    await desk.write(lambda tx: tx.eraser.redact([mail], TRACES))

    message = await desk.message(mail)
    assert ([part.message_id for part in parts], last) == ([mail], message.seq)
    assert message.metadata == {"x": "[erased]"}
    assert await desk.read(lambda tx: tx.revisions.raw(mail, message.revision)) is not None
    assert await desk.read(lambda tx: tx.eraser.mentions(TRACES, message.seq, 9)) == ([], None)


async def test_a_search_index_that_is_merged_has_nothing_more_to_do(desk: Desk) -> None:
    for number in range(4):
        await desk.receive(Message_ID=f"<{number}@x.org>", From=f"ann{number}@example.org")
        await desk.write(lambda tx: tx.contacts.index(9))

    more = [await desk.write(lambda tx: tx.eraser.merge_index(True))]
    while more[-1]:
        more.append(await desk.write(lambda tx: tx.eraser.merge_index(False)))

    assert more[-1] is False
    assert len(more) < 9
