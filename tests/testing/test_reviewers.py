"""The scripted reviewer: decides as a person with a reviewer's key would, when and how the test's scripts say."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

import pytest

from multimail.contract.reviews import PendingItem
from multimail.testing.serving import Server

pytestmark = pytest.mark.multimail(at="2026-03-02T09:00:00Z")


@pytest.fixture
def box(multimail_server: Server) -> str:
    return multimail_server.mailbox("support@here.test")


def send(mail: Server, box: str, subject: str = "Monday", **more: Any) -> str:
    given = {"mailbox": box, "to": "ann@outside.test", "subject": subject, "body": "See you."}
    return str(mail.call("send_email", **given | more)["message_id"])


def subjects(mail: Server) -> list[str]:
    return [one.subject for one in mail.sent]


def history(mail: Server, message_id: str) -> dict[str, Any]:
    return mail.call("get_message_history", message_id=message_id)


def test_approval_comes_so_many_seconds_after_the_mail_began_to_wait(
    multimail_server: Server, box: str
) -> None:
    mail = multimail_server
    mail.reviewer(approve_after=3)
    send(mail, box)
    mail.clock.advance(seconds=2)
    assert subjects(mail) == []
    send(mail, box, "Tuesday")

    mail.clock.advance(seconds=1)
    assert subjects(mail) == ["Monday"]
    mail.clock.advance(seconds=2)

    assert subjects(mail) == ["Monday", "Tuesday"]
    assert [(one.decision, one.problem) for one in mail.decided] == [("approve", None)] * 2


def test_its_decisions_are_in_the_history_like_anybodys(multimail_server: Server, box: str) -> None:
    mail = multimail_server
    mail.reviewer(note="Fine with me.")
    sent = send(mail, box)
    mail.settle()

    found = mail.call("wait_for_decision", message_id=sent, timeout_seconds=0)

    assert found["decided"]
    assert "scripted reviewer" in str(history(mail, sent))
    assert "Fine with me." in str(found) + str(history(mail, sent))


def test_a_rule_rejects_and_the_rest_is_left_to_the_script_before(multimail_server: Server, box: str) -> None:
    mail = multimail_server
    mail.reviewer(approve_after=timedelta(minutes=1))
    mail.reviewer(reject_if=r"free\b", note="No promises.")
    promise, plain = send(mail, box, "Everything for free"), send(mail, box, "Freedom")

    mail.clock.advance(minutes=1)

    assert history(mail, promise)["status"] == "rejected"
    assert history(mail, plain)["status"] == "delivered"
    assert "No promises." in str(mail.call("wait_for_decision", message_id=promise, timeout_seconds=0))


def test_a_rule_may_be_a_function_whose_words_are_the_note(multimail_server: Server, box: str) -> None:
    mail = multimail_server

    def rule(item: PendingItem) -> str:
        return "Too many." if len(item.to) > 1 else ""

    mail.reviewer(reject_if=rule)
    many, one = send(mail, box, to=["a@outside.test", "b@outside.test"]), send(mail, box)
    mail.settle()

    assert "Too many." in str(mail.call("wait_for_decision", message_id=many, timeout_seconds=0))
    assert history(mail, one)["status"] == "pending_approval"


def test_an_edit_is_sent_instead_of_the_draft(multimail_server: Server, box: str) -> None:
    mail = multimail_server
    mail.reviewer(edit=lambda item: {"body": item.body + " Bye.", "subject": "Re: " + item.subject})
    send(mail, box)

    (sent,) = mail.sent
    assert (sent.subject, sent.text.strip()) == ("Re: Monday", "See you. Bye.")


def test_scripts_are_for_a_mailbox_or_a_tag_and_change_while_all_runs(
    multimail_server: Server, box: str
) -> None:
    mail = multimail_server
    other = mail.mailbox("sales@here.test")
    mail.reviewer()
    silence = mail.reviewer(never=True, mailbox=other)
    mail.reviewer(reject_if=".", tag="spam")
    for subject, more in (("one", {}), ("two", {"mailbox": other}), ("three", {"tags": ["spam"]})):
        send(mail, box, subject, **more)
    assert subjects(mail) == ["one"]
    assert [one["subject"] for one in mail.pending] == ["two"]

    silence.clear()

    assert subjects(mail) == ["one", "two"]


def test_a_script_holds_for_a_block(multimail_server: Server, box: str) -> None:
    mail = multimail_server
    with mail.reviewer():
        send(mail, box)
        assert subjects(mail) == ["Monday"]
    send(mail, box, "Tuesday")

    assert subjects(mail) == ["Monday"]


def test_a_draft_that_changed_is_looked_at_again(multimail_server: Server, box: str) -> None:
    mail = multimail_server
    mail.reviewer(approve_after=10)
    sent = send(mail, box)
    mail.clock.advance(seconds=8)
    mail.call("edit_pending", message_id=sent, body="See you later.")

    mail.clock.advance(seconds=8)
    assert subjects(mail) == []
    mail.clock.advance(seconds=2)

    assert [one.text.strip() for one in mail.sent] == ["See you later."]


def test_what_is_approved_goes_at_its_scheduled_time(multimail_server: Server, box: str) -> None:
    mail = multimail_server
    mail.reviewer(approve_after=60)
    send(mail, box, scheduled_at="2026-03-02T12:00:00Z")

    mail.wait_for(deadline=timedelta(days=1))

    assert mail.clock.now.hour == 12


def test_arriving_mail_that_is_held_is_decided_on_too(multimail_server: Server) -> None:
    mail = multimail_server
    box = mail.mailbox("strict@here.test", mode="gated_all")
    mail.reviewer(approve_after=5, mailbox=box)
    mail.receive("ann@outside.test", box, "A question", "How much?")
    assert mail.call("check_inbox", mailbox=box)["messages"] == []

    mail.clock.advance(seconds=5)

    assert [one["subject"] for one in mail.call("check_inbox", mailbox=box)["messages"]] == ["A question"]


def test_an_agent_that_waits_for_the_decision_gets_it_when_time_flows(
    multimail_server: Server, box: str
) -> None:
    mail = multimail_server
    mail.reviewer(approve_after=3)
    mail.clock.flow()

    answer = mail.call("wait_for_decision", message_id=send(mail, box), timeout_seconds=30)

    assert (answer["decided"], answer["waited_seconds"]) == (True, 3.0)


def test_an_approval_that_is_refused_is_kept_with_its_reason(multimail_server: Server, box: str) -> None:
    mail = multimail_server
    mail.reviewer()
    send(mail, box, body="Dear [REVIEWER: who?]")

    (decided,) = mail.decided

    assert decided.problem is not None
    assert subjects(mail) == []


def test_a_rule_that_fails_fails_the_test(
    multimail_server: Server, box: str, caplog: pytest.LogCaptureFixture
) -> None:
    mail, looked = multimail_server, threading.Event()

    def rule(item: PendingItem) -> str:
        looked.set()
        raise LookupError(item.subject)

    mail.reviewer(reject_if=rule)
    with pytest.raises(LookupError, match="Monday"):  # noqa: PT012 - whichever call is the next one
        send(mail, box)
        mail.settle()
    mail.reviewer(never=True)
    assert looked.is_set()


def test_nobody_decides_before_looking(multimail_server: Server) -> None:
    with pytest.raises(ValueError, match="after"):
        multimail_server.reviewer(approve_after=-1)


def test_a_rule_that_cannot_be_read_is_refused_at_once(multimail_server: Server) -> None:
    with pytest.raises(re.error, match="unterminated"):
        multimail_server.reviewer(reject_if="(free")
