"""No agent sees anything of a notice: kept, delivered here, returned or answered, through no operation."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from multimail.contract.operation import Operation
from multimail.contract.registry import OPERATIONS
from multimail.core.envelope import Envelope
from multimail.core.errors import Problem
from multimail.core.model import Scope
from multimail.core.times import DAY, HOUR, MINUTE
from multimail.services import review_notices
from multimail.services.inbound import Inbound
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

LOOKS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("check_inbox", {"limit": 1000}), ("check_inbox", {"query": "decision OR review OR waits"}),
    ("check_inbox", {"query": "from:agent@localhost"}), ("check_inbox", {"status": "unread"}),
    ("check_inbox", {"query": "to:boss@localhost"}), ("check_inbox", {"direction": "outbound"}),
    ("wait_for_email", {"timeout_seconds": 0}), ("list_events", {"limit": 1000}), ("list_mailboxes", {}),
    ("search_contacts", {"include_interactions": True}), ("search_contacts", {"query": "boss"}),
    ("list_pending", {}), ("list_pending", {"status": "queued"}), ("get_mailbox", {"mailbox": "boss@localhost"}),
    ("list_conversations", {"folder": "all"}), ("list_conversations", {"folder": "captured"}),
)  # fmt: skip
PLACES: Final = re.compile(r'"cursor":"evt_\w+"|"waited_seconds":[\d.e-]+')
AGENTS: Final = ("agent", "other", "owner", "viewer")
KNOWN: Final = {row.name for row in OPERATIONS}


async def seen(desk: Desk) -> dict[str, str]:
    """Everything that agents are told when they look."""
    found = {}
    for who in AGENTS:
        for name, given in LOOKS:
            if name in KNOWN:
                view = await desk.call(who, name, **given)
                found[f"{who} {name} {given}"] = PLACES.sub("", view.model_dump_json(exclude_none=True))
    return found


def differing(before: dict[str, str], after: dict[str, str]) -> dict[str, tuple[str, str]]:
    return {look: (before[look], after[look]) for look in before if before[look] != after[look]}


async def notice(desk: Desk) -> Any:
    """Something waits, and the overseer is told."""
    before = await desk.read(lambda tx: tx.messages.of_mailbox(None, ("queued",)))
    desk.later(2 * MINUTE)
    assert await review_notices.step(desk.services) == 1
    after = await desk.read(lambda tx: tx.messages.of_mailbox(None, ("queued",)))
    (made,) = [one for one in after if one.id not in {old.id for old in before}]
    return made


@pytest.fixture
async def waiting(desk: Desk) -> Desk:
    """A mailbox whose overseer has a mailbox of this server, which holds what arrives; something waits."""
    await desk.call("operator", "create_mailbox", address="boss@localhost", default_mode="gated_all",
                    oversight_address="chief@example.com")  # fmt: skip
    await desk.set(oversight_address="boss@localhost")
    await desk.receive()
    await desk.send()
    return desk


async def test_a_notice_changes_nothing_that_an_agent_is_told(waiting: Desk) -> None:
    waiting.later(2 * MINUTE)
    before = await seen(waiting)

    made = await notice(waiting)
    queued = await seen(waiting)
    await waiting.step()
    delivered = await seen(waiting)

    assert await waiting.status(made.id) == "delivered"
    (copy,) = [one for one in await waiting.inbound() if one.message_class == "system"]
    assert (copy.status, copy.sender) == ("unread", waiting.box)
    assert differing(before, queued) == {}
    assert differing(before, delivered) == {}


async def test_a_notice_here_is_held_for_nobody_and_tells_nobody(waiting: Desk) -> None:
    await notice(waiting)
    await waiting.step()
    waiting.later(DAY)

    assert await review_notices.step(waiting.services) == 0


async def test_an_answer_to_a_notice_and_its_return_are_no_agents_to_read_either(waiting: Desk) -> None:
    await waiting.set(oversight_address="chief@example.com")
    made = await notice(waiting)
    await waiting.step()
    before = await seen(waiting)
    report = (
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nNo.\r\n--b\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.org\r\n\r\n"
        "Final-Recipient: rfc822; chief@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\n"
        f"Content-Type: message/rfc822\r\n\r\nMessage-ID: {made.header_id}\r\nSubject: {made.subject}\r\n\r\nx\r\n--b--"
    )

    await arrive(waiting, "<>", "Subject: Undelivered\r\n" + report)
    await arrive(
        waiting, "chief@example.com", f"In-Reply-To: {made.header_id}\r\nSubject: Re: x\r\n\r\nApprove!"
    )
    await arrive(waiting, "<>", f"References: {made.header_id}\r\nAuto-Submitted: auto-replied\r\n\r\nAway")

    assert len([one for one in await waiting.inbound() if one.message_class == "system"]) == 3
    assert differing(before, await seen(waiting)) == {}


async def test_who_only_guesses_at_a_notice_hides_nothing(waiting: Desk) -> None:
    await arrive(waiting, "eve@x.org", "In-Reply-To: <notice-msg_1@localhost>\r\nSubject: Hi\r\n\r\nHello")

    assert [one.message_class for one in await waiting.inbound()][-1] == "transactional"


async def arrive(desk: Desk, sender: str, text: str) -> None:
    raw = f"From: {sender.strip('<>') or 'mailer-daemon@x.org'}\r\nTo: {desk.box}\r\n{text}\r\n".encode()
    envelope = Envelope(sender.strip("<>"), (desk.box,), raw, "127.0.0.1", "x.org", smtputf8=False)
    await Inbound(desk.services).accept(envelope)


ABOUT: Final = [
    (row, name)
    for row in OPERATIONS
    for name in ("message_id", "thread_id", "message_ids")
    if name in row.request.model_fields and row.scope not in {Scope.ADMIN, Scope.OVERSIGHT}
]


async def answered(desk: Desk, who: str, row: Operation, name: str, value: str) -> str:
    given: dict[str, Any] = {
        key: value for key, value in row.examples[0].arguments.items() if not key.endswith(("_id", "_ids"))
    }
    given |= {"timeout_seconds": 0} if row.waits else {}
    given[name] = [value] if name.endswith("s") else value
    try:
        view = await desk.call(who, row.name, **given)
    except Problem as problem:
        return f"{problem.code} {problem.message}".replace(value, "*")
    return PLACES.sub("", view.model_dump_json(exclude_none=True)).replace(value, "*")


async def test_by_its_ids_a_notice_is_not_there_for_an_agent(waiting: Desk) -> None:
    made = await notice(waiting)
    await waiting.step()
    (copy,) = [one for one in await waiting.inbound() if one.message_class == "system"]
    random = {"m": "msg_00000000000000", "t": "thread_00000000000000"}

    for who in ("agent", "owner", "viewer"):
        for row, name in ABOUT:
            for one in (made, copy):
                value = one.thread_id if name == "thread_id" else one.id
                told = await answered(waiting, who, row, name, value)
                assert told == await answered(waiting, who, row, name, random[value[0]]), (
                    who,
                    row.name,
                    name,
                )
    assert len(ABOUT) > 10
    assert (await waiting.call("reviewer", "read_email", message_id=made.id)).subject == made.subject


async def test_webhooks_of_agents_are_told_nothing_of_it_and_no_agents_cap_is_used(waiting: Desk) -> None:
    made = await notice(waiting)
    await waiting.step()
    waiting.later(HOUR)

    for kinds in ("*", "notice.sent", "message.delivered", "message.received"):
        told = await waiting.call("agent", "list_events", kinds=[kinds], limit=1000)
        assert made.id not in told.model_dump_json()
    for_people = await waiting.call("reviewer", "list_events", kinds=["notice.sent"], limit=1000)
    assert [one["message_id"] for one in for_people.model_dump()["events"]] == [made.id]
