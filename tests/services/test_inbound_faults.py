"""When filing fails: the mail is kept aside or the peer keeps it, and no other mail suffers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from multimail.core.errors import Problem
from multimail.services import inbound_filing, inbound_reading
from multimail.services.inbound import Inbound
from tests.support.desk import BOX, Desk
from tests.support.letters import aside, envelope, letter, mailbox

pytestmark = pytest.mark.anyio


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail with POISON in its subject makes filing fail after everything else of it was written."""
    whole = inbound_filing.Filer.file_all

    def file_all(filer: Any, filings: Iterable[Any]) -> None:
        mails = list(filings)
        whole(filer, mails)
        if any("POISON" in one.arrival.subject and one.box.address != "safe@localhost" for one in mails):
            raise RuntimeError("a fault")

    monkeypatch.setattr(inbound_filing.Filer, "file_all", file_all)


@pytest.mark.usefixtures("poisoned")
async def test_a_mail_that_cannot_be_filed_is_kept_aside_whole(desk: Desk) -> None:
    raw = letter(Subject="POISON")
    await Inbound(desk.services).accept(envelope(raw))

    assert await desk.inbound() == []
    (kept,) = await desk.read(lambda tx: tx.arrivals.kept_aside(10))
    assert (kept.reason, kept.raw, kept.envelope["recipients"]) == ("filing", raw, [BOX])
    assert [one.kind for one in await desk.events() if one.kind.startswith("message.")] == [
        "message.set_aside"
    ]


@pytest.mark.usefixtures("poisoned")
async def test_a_mail_that_was_kept_aside_is_not_filed_when_it_is_offered_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = letter(Subject="POISON")
    for _ in range(2):
        await Inbound(desk.services).accept(envelope(raw))
    monkeypatch.undo()
    await Inbound(desk.services).accept(envelope(raw))

    assert (await desk.inbound(), await aside(desk)) == ([], ["filing"])


@pytest.mark.usefixtures("poisoned")
async def test_mails_that_came_together_with_a_bad_one_are_filed(desk: Desk) -> None:
    intake = Inbound(desk.services)
    mails = [letter(Subject=name) for name in ("One", "POISON", "Two")]
    await asyncio.gather(*(intake.accept(envelope(raw)) for raw in mails))

    assert {one.subject for one in await desk.inbound()} == {"One", "Two"}
    assert await aside(desk) == ["filing"]


@pytest.mark.usefixtures("poisoned")
async def test_a_fault_in_one_mailbox_costs_no_other_its_mail(desk: Desk) -> None:
    safe = await mailbox(desk, "safe@localhost")
    await Inbound(desk.services).accept(envelope(letter(Subject="POISON"), BOX, safe.address))

    assert [one.mailbox_id for one in await desk.inbound()] == [safe.id]
    assert await aside(desk) == ["filing"]


@pytest.mark.parametrize(
    ("code", "reply"), [("storage_full", "452"), ("storage_failed", "451"), ("busy", "451")]
)
async def test_when_nothing_can_be_stored_the_peer_keeps_the_mail(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, code: str, reply: str
) -> None:
    async def write(work: object) -> None:
        raise Problem(code)

    monkeypatch.setattr(desk.services.store, "write", write)
    intake = Inbound(desk.services)
    outcomes = await asyncio.gather(
        *(intake.accept(envelope(letter())) for _ in range(3)), return_exceptions=True
    )
    assert [one.row.smtp[:3] for one in outcomes if isinstance(one, Problem)] == [reply] * 3

    monkeypatch.undo()
    assert (await desk.inbound(), await aside(desk)) == ([], [])


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"\r\n\r\n"])
async def test_what_says_nothing_at_all_is_kept_aside(desk: Desk, raw: bytes) -> None:
    for _ in range(2):
        await Inbound(desk.services).accept(envelope(raw))

    assert (await desk.inbound(), await aside(desk)) == ([], ["unreadable"])


async def test_a_mail_whose_reading_fails_is_kept_aside(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(given: object) -> None:
        raise RecursionError

    monkeypatch.setattr(inbound_reading, "read", read)
    await Inbound(desk.services).accept(envelope(letter()))

    assert await aside(desk) == ["unreadable"]
