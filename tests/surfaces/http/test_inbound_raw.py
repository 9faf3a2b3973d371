"""Forwarded mail goes the way of mail over SMTP: the same recipients, stored before the answer, repeats ignored."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from multimail.core.errors import Problem
from multimail.services.inbound import Inbound
from tests.support.desk import Desk
from tests.support.rest import Front, front, problem

pytestmark = pytest.mark.anyio

MAIL = b"From: ann@example.org\r\nTo: other@elsewhere.test\r\nSubject: Hi\r\nMessage-ID: <1@x>\r\n\r\nHow much?\r\n"


async def hand_in(
    api: Front, who: str = "operator", to: str = "agent@localhost", content: bytes = MAIL, **more: Any
) -> Any:
    query = {"to": to, "from": "ann@example.org"} | more.pop("query", {})
    headers = {"content-type": "message/rfc822"} | more.pop("headers", {})
    return await api.ask("POST", "/v1/inbound/raw", who, content=content, params=query, headers=headers)


async def test_a_mail_is_there_when_it_is_answered_and_repeats_change_nothing(api: Front, desk: Desk) -> None:
    first, again = await hand_in(api), await hand_in(api)
    [mail] = await desk.inbound()
    raw = await desk.read(lambda tx: tx.revisions.raw(mail.id, 0))

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == {"accepted": True, "recipients": ["agent@localhost"], "size": len(MAIL)}
    assert (raw, mail.sender, mail.status) == (MAIL, "ann@example.org", "unread")
    found = await api.call("check_inbox", query="how much")
    assert [one["message_id"] for one in found["messages"]] == [mail.id]


async def test_the_envelope_may_stand_in_headers_and_a_sender_may_be_missing(api: Front, desk: Desk) -> None:
    headers = {"x-envelope-to": "agent@localhost", "x-envelope-from": "<>", "content-type": "message/rfc822"}
    answer = await api.ask("POST", "/v1/inbound/raw", "operator", content=MAIL, headers=headers)

    assert answer.status_code == 200
    assert len(await desk.inbound()) == 1


async def test_recipients_without_a_mailbox_are_refused_and_the_others_served(api: Front, desk: Desk) -> None:
    some = await hand_in(api, to="agent@localhost,nobody@out.test")
    none = problem(await hand_in(api, to="nobody@out.test", content=MAIL.replace(b"<1@x>", b"<2@x>")))

    assert some.json()["recipients"] == ["agent@localhost"]
    assert some.json()["refused"] == ["nobody@out.test"]
    assert (none["status"], none["code"], none["field"]) == (404, "not_found", "to")
    assert len(await desk.inbound()) == 1


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"who": "agent"}, 403, "forbidden"),
        ({"who": "reviewer"}, 403, "forbidden"),
        ({"content": b"x" * 1_001}, 413, "too_large"),
        ({"headers": {"content-type": "application/json"}}, 415, "unsupported_media_type"),
        ({"to": ""}, 422, "invalid"),
        ({"to": "nonsense"}, 422, "invalid_address"),
        ({"to": ",".join(f"a{one}@localhost" for one in range(101))}, 422, "too_many_recipients"),
        ({"query": {"from": "nonsense"}}, 422, "invalid_address"),
        ({"headers": {"x-envelope-from": "bob@example.org"}}, 422, "contradiction"),
        ({"content": b"Received: x\r\n" * 60 + b"Subject: y\r\n\r\nz"}, 409, "loop"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_stored(
    desk: Desk, more: dict[str, Any], status: int, code: str
) -> None:
    desk.limit(message_bytes=1_000)
    async with front(desk) as api:
        found = problem(await hand_in(api, **more))

    assert (found["status"], found["code"]) == (status, code)
    assert await desk.inbound() == []


async def test_a_key_of_some_mailboxes_hands_in_nothing(api: Front, desk: Desk) -> None:
    """It could find out which others there are, and write into them."""
    await desk.call("operator", "create_mailbox", address="shop@localhost")
    key = await desk.call(
        "operator", "create_key", name="shop", role="operator", mailboxes=["shop@localhost"]
    )

    for to in (desk.box, "nobody@localhost", "shop@localhost"):
        assert problem(await hand_in(api, who=key.key_id, to=to))["code"] == "forbidden"
    assert await desk.inbound() == []


async def test_what_cannot_be_read_is_kept_aside_and_not_lost(api: Front, desk: Desk) -> None:
    answer = await hand_in(api, content=b"")
    kept = await desk.read(lambda tx: tx.one("SELECT count(*) FROM set_aside"))  # type: ignore[attr-defined]

    assert (answer.status_code, kept[0]) == (200, 1)


@pytest.mark.parametrize(
    "fault", [Problem("storage_full"), Problem("storage_failed"), Problem("busy"), ZeroDivisionError()]
)
async def test_our_own_faults_are_503_so_that_the_mail_is_offered_again(
    api: Front, desk: Desk, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    async def broken(self: Inbound, envelope: object) -> None:
        raise fault

    monkeypatch.setattr(Inbound, "accept", broken)
    found = problem(await hand_in(api))

    assert (found["status"], found["code"], found["retry"]) == (503, "unavailable", True)


async def test_a_provider_that_hangs_up_tears_no_filing(
    api: Front, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, done = asyncio.Event(), asyncio.Event()
    accept = Inbound.accept

    async def slow(self: Inbound, envelope: Any) -> None:
        begun.set()
        await accept(self, envelope)
        done.set()

    monkeypatch.setattr(Inbound, "accept", slow)
    asked = asyncio.create_task(hand_in(api))
    async with asyncio.timeout(20):
        await begun.wait()
        asked.cancel()
        await done.wait()

    assert len(await desk.inbound()) == 1


async def test_each_mail_is_in_the_record_of_calls(api: Front, desk: Desk) -> None:
    await hand_in(api)
    await hand_in(api, to="nonsense")
    await desk.reopen()
    found = await desk.read(lambda tx: tx.events.calls(desk.who["operator"], 2))

    assert {(one.operation, one.outcome) for one in found} == {
        ("receive_email", "ok"), ("receive_email", "invalid_address"),
    }  # fmt: skip
