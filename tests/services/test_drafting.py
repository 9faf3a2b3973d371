"""Drafting: what a request has to be before anybody decides about it; what is wrong says which field."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from multimail.core.times import DAY, SECOND
from tests.support.desk import MAIL, Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio

TEXT = base64.b64encode(b"plan").decode()

WRONG: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"to": ["nonsense"]}, "invalid_address", "to"),
    ({"cc": ["a@b@c"]}, "invalid_address", "cc"),
    ({"to": ["ann@example.org\nBcc: eve@example.net"]}, "invalid_address", "to"),
    ({"to": []}, "invalid", "to"),
    ({"to": [" "]}, "invalid", "to"),
    ({"bcc": [f"p{number}@example.org" for number in range(10_000)]}, "too_many_recipients", "to"),
    ({"subject": "Hi\r\nBcc: eve@example.net"}, "header_injection", "subject"),
    ({"subject": "Hi\x1b[31m"}, "header_injection", "subject"),
    ({"subject": "x" * 999}, "invalid", "subject"),
    ({"body": "x" * 262_145}, "invalid", "body"),
    ({"reply_to": "nonsense"}, "invalid_address", "reply_to"),
    ({"headers": {"From": "eve@example.net"}}, "header_not_allowed", "headers.From"),
    ({"headers": {"X-A": "a\nB: c"}}, "header_injection", "headers.X-A"),
    ({"headers": {"X-A": "a\x9b31m"}}, "header_injection", "headers.X-A"),
    ({"scheduled_at": "next week"}, "invalid_time", "scheduled_at"),
    ({"scheduled_at": "2026-03-02T11:58:00Z"}, "invalid_time", "scheduled_at"),
    ({"scheduled_at": "2036-03-02T12:00:00Z"}, "invalid_time", "scheduled_at"),
    ({"tags": ["trusted:all"]}, "forbidden", "tags"),
    ({"tags": ["two\nlines"]}, "invalid", "tags"),
    ({"attachments": [{"content_base64": TEXT}]}, "invalid", "attachments.0.filename"),
    ({"attachments": [{"filename": "a", "content_base64": "§"}]}, "invalid", "attachments.0.content_base64"),
    ({"attachments": [{"filename": "a"}]}, "invalid", "attachments.0"),
    ({"attachments": [{"message_id": "msg_0", "content_base64": TEXT}]}, "invalid", "attachments.0"),
    ({"attachments": [{"message_id": "msg_0"}]}, "not_found", "message_id"),
    (
        {"attachments": [{"filename": "a\nb", "content_base64": TEXT}]},
        "header_injection",
        "attachments.0.filename",
    ),
    ({"message_class": "urgent"}, "invalid", "message_class"),
    ({"oversight_mode": "free"}, "invalid", "oversight_mode"),
    ({"sent": True}, "unknown_field", "sent"),
)


@pytest.mark.parametrize(
    ("given", "code", "field"), WRONG, ids=[f"{code}-{field}" for _, code, field in WRONG]
)
async def test_what_is_wrong_is_named_and_changes_nothing(
    desk: Desk, given: dict[str, Any], code: str, field: str
) -> None:
    events = len(await desk.events())

    problem = await desk.refused("agent", "send_email", **MAIL | given)

    assert (problem.code, problem.field) == (code, field)
    assert len(await desk.events()) == events
    assert (await desk.call("agent", "list_pending")).count == 0


async def test_attachments_over_the_limit_are_refused_before_they_are_decoded(desk: Desk) -> None:
    desk.limit(message_bytes=1000)
    big = {"filename": "big.bin", "content_base64": base64.b64encode(bytes(1001)).decode()}
    half = {"filename": "half.bin", "content_base64": base64.b64encode(bytes(600)).decode()}

    for files in ([big], [half, half]):
        problem = await desk.refused("agent", "send_email", **MAIL, attachments=files)
        assert (problem.code, problem.field) == ("too_large", "attachments")


async def test_a_mail_that_grows_too_large_by_what_is_forwarded_is_refused(desk: Desk) -> None:
    desk.limit(message_bytes=1000)

    problem = await desk.refused("agent", "send_email", **MAIL | {"body": "word " * 400})

    assert (problem.code, problem.field) == ("too_large", "body")


async def test_each_address_gets_the_mail_once_where_it_stands_most_visibly(desk: Desk) -> None:
    sent = await desk.send(
        to=["Ann <ann@example.org>", "ann@EXAMPLE.org"], cc=["ann@example.org", "bob@example.org"],
        bcc=["bob@example.org", "eve@example.org"],
    )  # fmt: skip

    assert (sent.to, sent.cc, sent.bcc) == (["ann@example.org"], ["bob@example.org"], ["eve@example.org"])


async def test_automatic_copies_are_added_and_do_not_repeat_anybody(desk: Desk) -> None:
    await desk.set(auto_cc=["team@example.org", "ann@example.org"], auto_bcc=["archive@example.org"])

    sent = await desk.send()

    assert (sent.to, sent.cc, sent.bcc) == (
        ["ann@example.org"],
        ["team@example.org"],
        ["archive@example.org"],
    )


@pytest.mark.parametrize("offset", [-60 * SECOND, -1, 0])
async def test_a_time_that_has_just_passed_means_now(desk: Desk, offset: int) -> None:
    await desk.set(default_mode="autonomous")

    sent = await desk.send(scheduled_at=desk.at(offset))

    assert (sent.status, sent.scheduled_at) == ("queued", None)


async def test_a_time_to_come_schedules(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")

    sent = await desk.send(send_at=desk.at(DAY))

    assert (sent.status, sent.undo_until) == ("scheduled", None)
    assert sent.scheduled_at.isoformat() == "2026-03-03T12:00:00+00:00"


async def test_html_alone_becomes_the_text_and_priority_a_header(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="autonomous")

    await desk.send(
        body="", html="<p>See you on <b>Monday</b>.</p>", priority="high", headers={"X-Case": "1"}
    )
    await desk.step(sink)

    text = sink.mails[0].raw.decode()
    assert "See you on **Monday**." in text or "See you on Monday." in text
    assert "Importance: high" in text
    assert "X-Case: 1" in text


async def test_a_file_of_a_stored_mail_can_be_attached_again(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="autonomous")
    first = await desk.send(attachments=[{"filename": "plan.txt", "content_base64": TEXT}])

    await desk.send(subject="Again", attachments=[{"message_id": first.message_id, "position": 1}])
    missing = await desk.refused(
        "agent", "send_email", **MAIL | {"attachments": [{"message_id": first.message_id, "position": 2}]}
    )
    await desk.step(sink)

    assert [b"plan.txt" in mail.raw for mail in sink.mails] == [True, True]
    assert (missing.code, missing.field) == ("not_found", "attachments.0.position")
