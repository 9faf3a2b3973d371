"""The server under test from outside: what goes in over which door, what came out, and what a failure says."""

from __future__ import annotations

import smtplib
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from multimail.core import return_path
from multimail.core.errors import Problem
from multimail.testing.serving import Key, NotSent, Server, server

MAIL: dict[str, Any] = {"to": "ann@outside.test", "subject": "Monday", "body": "See you."}


@pytest.fixture
def box(multimail_server: Server) -> str:
    return multimail_server.mailbox("support@here.test", mode="autonomous")


def test_what_leaves_is_there_at_once_with_its_envelope(multimail_server: Server, box: str) -> None:
    multimail_server.call("send_email", mailbox=box, bcc=["bob@outside.test"], **MAIL)

    sent, hidden = multimail_server.sent
    assert {return_path.plain(one.envelope_from) for one in (sent, hidden)} == {box}
    assert len({one.envelope_from for one in (sent, hidden)} - {box}) == 2
    assert [one.recipients for one in (sent, hidden)] == [("ann@outside.test",), ("bob@outside.test",)]
    assert (sent.sender, sent.to, sent.subject) == (box, ["ann@outside.test"], "Monday")
    assert sent.text.strip() == "See you."


def test_mail_comes_in_with_an_answer_to_what_it_became(multimail_server: Server, box: str) -> None:
    message_id = multimail_server.receive(
        "Ann <ann@outside.test>", subject="How much?", body="Tell me.", attachments={"a.txt": b"content"}
    )

    found = multimail_server.call("read_email", message_id=message_id)
    assert (found["subject"], found["body"].strip(), found["sender"]) == (
        "How much?",
        "Tell me.",
        "ann@outside.test",
    )
    assert [one["filename"] for one in found["attachments"]] == ["a.txt"]


def test_a_mail_may_come_in_as_it_is(multimail_server: Server, box: str) -> None:
    raw = b"From: ann@outside.test\r\nSubject: Bare\r\n\r\nNo date, no id.\r\n"

    first = multimail_server.receive("ann@outside.test", box, raw=raw)
    again = multimail_server.receive("ann@outside.test", box, raw=raw)

    assert first != again
    assert multimail_server.call("read_email", message_id=first)["subject"] == "Bare"


def test_mail_for_nobody_here_is_refused(multimail_server: Server) -> None:
    with pytest.raises(Problem) as refused:
        multimail_server.receive("ann@outside.test", "nobody@here.test")

    assert refused.value.code == "not_found"


def test_mail_comes_in_by_smtp_too(multimail_server: Server, box: str) -> None:
    with smtplib.SMTP(multimail_server.smtp_host, multimail_server.smtp_port, timeout=10) as peer:
        peer.sendmail("ann@outside.test", [box], b"Subject: By SMTP\r\n\r\nHello\r\n")

    (row,) = multimail_server.call("check_inbox", mailbox=box)["messages"]
    assert row["subject"] == "By SMTP"


def test_keys_work_over_http(multimail_server: Server, box: str) -> None:
    key = multimail_server.key(mailboxes=[box])
    url = f"{multimail_server.base_url}/v1/send_email"

    answer = httpx2.post(url, json={"mailbox": box, **MAIL}, headers={"Authorization": f"Bearer {key}"})

    assert (answer.status_code, answer.json()["status"]) == (200, "queued")
    assert (key.role, key.id[:4]) == ("agent", "key_")
    assert [one.subject for one in multimail_server.wait_for(to="ann@*")] == ["Monday"]


def test_a_client_of_the_sdk_is_ready_to_use(multimail_server: Server, box: str) -> None:
    client = multimail_server.client(mailbox=box)

    result = client.send_email(**MAIL)

    assert result["message_id"] == result.message_id
    assert [one.subject for one in multimail_server.sent] == ["Monday"]


def test_calls_are_an_agents_or_the_operators_unless_said(multimail_server: Server) -> None:
    operator: Key = multimail_server.operator_key

    names = {one["name"] for one in multimail_server.call("list_keys")["keys"]}
    assert "agent" in names
    assert multimail_server.call("list_keys", caller=operator)["count"] >= 3
    with pytest.raises(Problem) as refused:
        multimail_server.call("list_keys", caller="agent")
    assert refused.value.code == "forbidden"


def test_an_agent_that_approves_itself_is_asked_for(multimail_server: Server) -> None:
    mail = multimail_server
    held = mail.call("send_email", mailbox=mail.mailbox("a@here.test"), **MAIL)
    assert held["status"] == "pending_approval"
    key = mail.key("operator", kind="program", self_approving=True)

    mail.call("decide_email", caller=key, message_id=held["message_id"], decision="approve")

    assert len(mail.sent) == 1


def test_monitored_mailboxes_have_somebody_to_tell(multimail_server: Server) -> None:
    mail = multimail_server
    mail.call("send_email", mailbox=mail.mailbox("m@here.test", mode="monitored"), **MAIL)
    assert mail.sent == []

    mail.clock.advance(seconds=10)

    assert sorted(one for sent in mail.sent for one in sent.recipients) == [
        "ann@outside.test", "oversight@outside.test",
    ]  # fmt: skip


def test_what_another_thread_sends_is_waited_for(multimail_server: Server, box: str) -> None:
    given = {"mailbox": box, **MAIL}
    threads = [
        threading.Thread(
            target=multimail_server.call, args=("send_email",), kwargs=given | {"subject": f"No. {number}"}
        )
        for number in range(3)
    ]
    for thread in threads:
        thread.start()

    found = multimail_server.wait_for(3, subject="no. ", patience=30)

    assert len(found) == 3
    for thread in threads:
        thread.join()


@pytest.mark.multimail(at="2026-03-02T09:00:00Z")
def test_a_deadline_lets_time_pass_and_no_further_than_needed(multimail_server: Server, box: str) -> None:
    multimail_server.call("send_email", mailbox=box, scheduled_at="2026-03-02T10:00:00Z", **MAIL)

    multimail_server.wait_for(1, deadline=timedelta(hours=5))

    assert multimail_server.clock.now.isoformat() == "2026-03-02T10:00:00+00:00"


@pytest.mark.multimail(at="2026-03-02T09:00:00Z")
def test_a_failure_says_what_left_and_what_waits(multimail_server: Server, box: str) -> None:
    mail = multimail_server
    mail.call("send_email", mailbox=box, **MAIL)
    mail.call("send_email", mailbox=mail.mailbox("held@here.test"), **MAIL | {"subject": "Held"})

    with pytest.raises(NotSent) as failed:
        mail.wait_for(2, subject="Held", deadline="2026-03-02T10:00:00Z")

    said = str(failed.value)
    assert "2 mail(s) subject='Held' expected by 2026-03-02T10:00:00+00:00, 0 left." in said
    assert "<Sent 'Monday' to ann@outside.test at 2026-03-02 09:00:00>" in said
    assert "'Held' to ann@outside.test: pending_approval" in said
    assert mail.clock.now.hour == 10


def test_settings_are_the_defaults_or_the_tests(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MULTIMAIL_HOSTNAME", "elsewhere.test")
    monkeypatch.setenv("MULTIMAIL_RELAY", "smtp://relay.test")
    with server(folder=tmp_path, max_recipients=1) as mail:
        box = mail.mailbox("a@here.test", mode="autonomous")
        with pytest.raises(Problem, match="recipients"):
            mail.call("send_email", mailbox=box, **MAIL | {"to": ["a@outside.test", "b@outside.test"]})
        mail.call("send_email", mailbox=box, **MAIL)

        assert len(mail.sent) == 1
    assert (tmp_path / "data" / "multimail.db").exists()


def test_servers_beside_each_other_know_nothing_of_one_another() -> None:
    with server() as one, server() as other:
        for mail in (one, other):
            mail.mailbox("a@here.test", mode="autonomous")
        one.call("send_email", mailbox="a@here.test", **MAIL)

        assert (len(one.sent), len(other.sent)) == (1, 0)
        assert one.base_url != other.base_url


def test_a_server_that_has_ended_says_so() -> None:
    with server() as mail:
        pass

    with pytest.raises(RuntimeError, match="ended"):
        mail.settle()
