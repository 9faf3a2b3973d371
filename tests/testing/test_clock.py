"""Time under a test's hand: when it has moved, everything that was due on the way has happened, in its order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from multimail.core.errors import Problem
from multimail.testing.serving import Server, server

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.multimail(at="2026-03-02T10:00:00+01:00")


def send(mail: Server, box: str, **more: Any) -> dict[str, Any]:
    given = {"mailbox": box, "to": "ann@outside.test", "subject": "Monday", "body": "See you."}
    return mail.call("send_email", **given | more)


def test_time_stands_still_until_it_is_moved(multimail_server: Server) -> None:
    clock = multimail_server.clock
    box = multimail_server.mailbox("a@here.test", mode="autonomous")
    send(multimail_server, box, scheduled_at="2026-03-02T09:00:01Z")

    assert (clock.now, multimail_server.sent) == (MONDAY, [])
    assert clock.advance(minutes=1) == MONDAY + timedelta(minutes=1)
    assert [one.at for one in multimail_server.sent] == [MONDAY + timedelta(seconds=1)]


def test_a_moment_is_set_with_any_offset_and_never_lies_behind(multimail_server: Server) -> None:
    clock = multimail_server.clock

    assert clock.set("2026-03-02T11:30:00+02:00") == MONDAY + timedelta(minutes=30)
    assert clock.set(clock.now) == clock.now
    with pytest.raises(ValueError, match="already"):
        clock.set(MONDAY)
    with pytest.raises(ValueError, match="offset"):
        clock.set("2026-03-03T09:00:00")
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(hours=-1)


def test_a_clock_that_nobody_set_begins_at_this_second() -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    with server() as mail:
        begun = mail.clock.now

    assert before < begun <= datetime.now(UTC)


def test_a_ladder_of_retries_runs_as_over_days(multimail_server: Server) -> None:
    mail = multimail_server
    box = mail.mailbox("a@here.test", mode="autonomous")
    refusal = mail.faults.smtp("451 4.3.0 later")
    sent = send(mail, box)

    mail.clock.settle()
    assert mail.clock.next() == MONDAY + timedelta(minutes=1)
    mail.clock.advance(days=6)

    history = mail.call("get_message_history", message_id=sent["message_id"])
    assert history["status"] == "failed"
    assert mail.sent == []
    # At once, after a minute, five, fifteen, half an hour, an hour, then every three hours until five days are over.
    assert refusal.hits == 6 + 40


def test_what_waits_for_a_person_expires_in_its_time(multimail_server: Server) -> None:
    mail = multimail_server
    held = send(mail, mail.mailbox("a@here.test"))

    mail.clock.advance(days=6, hours=23)
    assert [one["message_id"] for one in mail.pending] == [held["message_id"]]
    mail.clock.advance(hours=2)

    assert mail.pending == []
    assert mail.call("get_message_history", message_id=held["message_id"])["status"] == "expired"


def test_an_undo_window_is_open_as_long_as_it_says(multimail_server: Server) -> None:
    mail = multimail_server
    box = mail.mailbox("a@here.test", mode="autonomous", undo_seconds=60)
    first, second = send(mail, box), send(mail, box, subject="Another")
    mail.clock.advance(seconds=59)

    mail.call("cancel_message", message_id=first["message_id"])
    mail.clock.advance(seconds=1)

    assert [one.subject for one in mail.sent] == ["Another"]
    with pytest.raises(Problem):
        mail.call("cancel_message", message_id=second["message_id"])


def test_the_next_thing_due_is_known(multimail_server: Server) -> None:
    mail = multimail_server
    box = mail.mailbox("a@here.test", mode="autonomous")
    assert mail.clock.next() is None
    send(mail, box, scheduled_at="2026-03-02T12:00:00Z")

    assert mail.clock.next() == MONDAY + timedelta(hours=3)
    assert mail.clock.settle() == MONDAY


def test_a_key_ends_at_its_time(multimail_server: Server) -> None:
    mail = multimail_server
    key = mail.key(expires_at="2026-03-02T10:00:00Z")
    mail.call("list_mailboxes", caller=key)
    mail.clock.advance(hours=1)

    with pytest.raises(Problem, match="not valid") as refused:
        mail.call("list_mailboxes", caller=key)
    assert refused.value.code == "unauthenticated"


def test_time_flows_for_a_caller_who_waits(multimail_server: Server) -> None:
    mail = multimail_server
    with mail.clock.flow():
        is_flowing = mail.clock.flows
        answer = mail.call("wait_for_email", timeout_seconds=45)

    assert (is_flowing, mail.clock.flows) == (True, False)
    assert (answer["found"], answer["waited_seconds"]) == (False, 45.0)
    assert mail.clock.now == MONDAY + timedelta(seconds=45)


def test_what_is_due_next_has_happened_when_it_is_that_late(multimail_server: Server) -> None:
    """Arriving mail moves the clock by less than a test can see; what is due then is due a bit later, too."""
    mail = multimail_server
    box = mail.mailbox("a@here.test")
    mail.receive(subject="One")
    mail.reviewer(approve_after=60)
    send(mail, box)
    mail.settle()
    due = mail.clock.next()

    assert due == MONDAY + timedelta(minutes=1)
    mail.clock.set(due)

    assert [one.at for one in mail.sent] == [due]


def test_an_agent_beside_the_test_is_known_to_wait(multimail_server: Server) -> None:
    mail = multimail_server
    box = mail.mailbox("a@here.test")
    with ThreadPoolExecutor(1) as beside:
        answer = beside.submit(mail.call, "wait_for_email", mailbox=box, timeout_seconds=60)
        mail.clock.until_waiting()
        mail.clock.advance(seconds=10)
        mail.receive(subject="At last")
        found = answer.result(30)

    assert (found["messages"][0]["subject"], found["waited_seconds"]) == ("At last", 10.0)
    with pytest.raises(TimeoutError):
        mail.clock.until_waiting(patience=0.01)
