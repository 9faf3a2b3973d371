"""What a test does on the server's thread: which message a mail became, and which mails are waited for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from multimail.core.errors import Problem
from multimail.testing.serving import NotSent, Server

MESSAGE = b"From: ann@outside.test\r\nMessage-ID: <1@outside.test>\r\nSubject: Hi\r\n\r\nHello\r\n"


def test_a_mail_that_is_offered_again_is_the_same_message(multimail_server: Server) -> None:
    mail = multimail_server
    box = mail.mailbox("a@here.test")

    first = mail.receive("ann@outside.test", box, raw=MESSAGE)

    assert mail.receive("ann@outside.test", box, raw=MESSAGE) == first


def test_of_several_recipients_the_first_ones_message_is_meant(multimail_server: Server) -> None:
    mail = multimail_server
    boxes = [mail.mailbox("a@here.test"), mail.mailbox("b@here.test")]

    found = mail.receive("ann@outside.test", [boxes[1], "a+tag@here.test"], "Hi", "Hello")

    assert mail.call("read_email", message_id=found)["mailbox_id"] == boxes[1].id
    assert len(mail.call("check_inbox")["messages"]) == 2


def test_one_unknown_recipient_refuses_the_mail(multimail_server: Server) -> None:
    box = multimail_server.mailbox("a@here.test")

    with pytest.raises(Problem, match="no such mailbox"):
        multimail_server.receive("ann@outside.test", [box, "nobody@here.test"], "Hi")

    assert multimail_server.call("check_inbox")["messages"] == []


def test_mail_within_the_server_arrives_and_never_leaves(multimail_server: Server) -> None:
    mail = multimail_server
    box, other = mail.mailbox("a@here.test", mode="autonomous"), mail.mailbox("b@here.test")
    mail.call("send_email", mailbox=box, to=other, subject="Here", body="x")

    assert mail.sent == []
    assert [one["subject"] for one in mail.call("check_inbox", mailbox=other)["messages"]] == ["Here"]


def test_a_deadline_that_has_passed_is_now(multimail_server: Server) -> None:
    mail = multimail_server
    before = mail.clock.now

    assert mail.wait_for(0, deadline=timedelta()) == []
    assert mail.clock.now == before


def test_whoever_waits_for_any_mail_is_told_what_there_is(multimail_server: Server) -> None:
    with pytest.raises(NotSent, match=r"^1 mail\(s\) expected by .*, 0 left\.\nNothing at all left\."):
        multimail_server.wait_for(deadline=timedelta())
