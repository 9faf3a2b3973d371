"""Faults a test sets: what the next hop, the disk and receivers of webhooks can do wrong, and when it is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from multimail.core.errors import Problem
from multimail.testing.serving import Server

pytestmark = pytest.mark.multimail(at="2026-03-02T09:00:00Z")
HOOK = "https://hooks.outside.test/mail"


@pytest.fixture
def box(multimail_server: Server) -> str:
    return multimail_server.mailbox("support@here.test", mode="autonomous")


def send(mail: Server, box: str, **more: Any) -> str:
    given = {"mailbox": box, "to": "ann@outside.test", "subject": "Monday", "body": "See you."}
    return str(mail.call("send_email", **given | more)["message_id"])


def status(mail: Server, message_id: str) -> str:
    mail.settle()
    return str(mail.call("get_message_history", message_id=message_id)["status"])


@pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA", "DOT"])
def test_a_refusal_for_now_is_tried_again_and_one_for_good_is_not(
    multimail_server: Server, box: str, at: Any
) -> None:
    mail = multimail_server
    mail.faults.smtp("451 4.3.0 later", at=at, times=1)
    later = send(mail, box)
    assert status(mail, later) == ("queued" if at in {"MAIL", "RCPT"} else "sending")
    assert mail.sent == []
    mail.clock.advance(minutes=2)
    assert len(mail.sent) == 1

    mail.faults.smtp("554 5.6.0 never", at=at, times=1)
    never = send(mail, box, subject="Another")

    assert status(mail, never) == "failed"
    assert len(mail.sent) == 1


def test_one_recipient_is_refused_and_the_others_get_it(multimail_server: Server, box: str) -> None:
    mail = multimail_server
    with mail.faults.smtp("550 5.1.1 unknown", recipient="*@gone.test"):
        sent = send(mail, box, to=["ann@outside.test", "bob@gone.test"])
        assert status(mail, sent) == "sent"

    assert [one.recipients for one in mail.sent] == [("ann@outside.test",)]
    assert "550" in str(mail.call("get_message_history", message_id=sent))


def test_a_fault_is_for_one_mailbox(multimail_server: Server, box: str) -> None:
    mail = multimail_server
    other = mail.mailbox("sales@here.test", mode="autonomous")
    mail.faults.smtp("550 5.7.1 no", mailbox=other)

    assert status(mail, send(mail, other)) == "failed"
    assert status(mail, send(mail, box)) == "delivered"


def test_a_hop_that_cannot_be_reached_is_tried_again(multimail_server: Server, box: str) -> None:
    mail = multimail_server
    with mail.faults.refused_connection() as refused:
        sent = send(mail, box)
        mail.clock.advance(minutes=10)
        assert (status(mail, sent), mail.sent) == ("queued", [])

    mail.wait_for(deadline=timedelta(hours=1))

    assert refused.hits >= 2


def test_an_answer_that_got_lost_leaves_the_outcome_unknown(multimail_server: Server, box: str) -> None:
    mail = multimail_server
    with mail.faults.lost_acknowledgement(mailbox=box):
        sent = send(mail, box)
        assert status(mail, sent) == "unknown"

    mail.clock.advance(days=7)

    assert len(mail.sent) == 1
    assert status(mail, sent) == "unknown"


def test_on_a_full_disk_nothing_changes(multimail_server: Server, box: str) -> None:
    mail = multimail_server
    with mail.faults.full_database(), pytest.raises(Problem) as refused:
        send(mail, box)

    assert refused.value.code == "storage_full"
    assert mail.call("check_inbox", mailbox=box, query="Monday")["messages"] == []
    assert status(mail, send(mail, box)) == "delivered"


def test_a_locked_file_is_busy_for_one_mailbox_and_so_many_times(multimail_server: Server, box: str) -> None:
    mail = multimail_server
    other = mail.mailbox("sales@here.test", mode="autonomous")
    mail.faults.locked_database(mailbox=box, times=2)

    send(mail, other)
    for _ in range(2):
        with pytest.raises(Problem) as refused:
            send(mail, box)
        assert refused.value.code == "busy"
    send(mail, box, subject="Third")

    assert sorted(one.subject for one in mail.sent) == ["Monday", "Third"]


def test_mail_that_cannot_be_stored_is_refused_at_the_door(multimail_server: Server, box: str) -> None:
    mail = multimail_server
    with mail.faults.full_database(mailbox=box), pytest.raises(Problem) as refused:
        mail.receive(subject="How much?")

    assert refused.value.code == "storage_full"
    mail.receive(subject="How much?")
    assert len(mail.call("check_inbox", mailbox=box)["messages"]) == 1


def test_an_outcome_that_could_not_be_written_is_written_later(multimail_server: Server, box: str) -> None:
    """The disk fills up after the mail was accepted: the mail is not lost, and leaves once there is room."""
    mail = multimail_server
    sent = send(mail, box, scheduled_at="2026-03-02T10:00:00Z")
    with mail.faults.full_database():
        mail.clock.advance(hours=2)
        assert mail.sent == []

    assert status(mail, sent) == "delivered"
    assert len(mail.sent) == 1


def test_a_lost_webhook_is_told_again(multimail_server: Server, box: str) -> None:
    mail = multimail_server
    mail.call("create_webhook", url=HOOK, events=["message.received"])
    mail.faults.lost_webhooks(times=2)
    mail.receive(subject="How much?")
    assert [one.status for one in mail.posts] == [None]

    mail.clock.advance(hours=1)

    assert [one.status for one in mail.posts] == [None, None, 200]
    assert {one.payload["message_id"] for one in mail.posts} == {mail.posts[0].payload["message_id"]}


def test_a_delayed_webhook_comes_by_the_clock(multimail_server: Server, box: str) -> None:
    mail = multimail_server
    mail.call("create_webhook", url=HOOK, events=["message.received"])
    mail.faults.delayed_webhooks(timedelta(seconds=90), url="https://hooks.outside.test/*")
    mail.receive(subject="How much?")
    mail.clock.advance(seconds=89)
    assert mail.posts == []

    mail.clock.advance(seconds=1)

    assert [(one.event, one.at.minute, one.at.second) for one in mail.posts] == [("message.received", 1, 30)]


def test_faults_of_webhooks_are_for_a_mailbox_too(multimail_server: Server, box: str) -> None:
    mail = multimail_server
    other = mail.mailbox("sales@here.test")
    mail.call("create_webhook", url=HOOK, events=["message.received"])
    mail.faults.lost_webhooks(mailbox=other)
    for to in (box, other):
        mail.receive("ann@outside.test", to, to)

    assert {one.payload["mailbox"]: one.status for one in mail.posts} == {box: 200, other: None}


def test_everything_is_cleared_at_once(multimail_server: Server, box: str) -> None:
    mail = multimail_server
    mail.faults.smtp("550 no")
    mail.faults.full_database()
    mail.faults.clear()

    assert status(mail, send(mail, box)) == "delivered"


@pytest.mark.parametrize(("reply", "at"), [("250 fine", "RCPT"), ("later", "RCPT"), ("451 later", "EHLO")])
def test_what_is_no_refusal_is_no_fault(multimail_server: Server, reply: str, at: Any) -> None:
    with pytest.raises(ValueError, match="SMTP"):
        multimail_server.faults.smtp(reply, at=at)


def test_a_post_is_never_early(multimail_server: Server) -> None:
    with pytest.raises(ValueError, match="not early"):
        multimail_server.faults.delayed_webhooks(by=-1)
