"""A whole server under a test's clock: its overseer is told what waits, old mail goes by itself, all goes on demand."""

from __future__ import annotations

import httpx2
import pytest

from multimail.testing.serving import Server

pytestmark = pytest.mark.multimail(at="2026-03-02T10:00:00+01:00")
BOSS = "boss@outside.test"


def test_the_overseer_hears_of_what_waits_and_what_was_told_is_not_told_again(
    multimail_server: Server,
) -> None:
    mail = multimail_server
    box = mail.mailbox("a@here.test", oversight_address=BOSS)
    for number in range(3):
        mail.call("send_email", mailbox=box, to="ann@outside.test", subject=f"No {number}", body="Text.")

    mail.clock.advance(minutes=1, seconds=59)
    assert mail.sent == []
    mail.clock.advance(hours=5)

    (notice,) = mail.sent
    assert (notice.to, notice.subject) == ([BOSS], "3 mails wait for a decision in a@here.test")
    assert f"{mail.base_url}/review?mailbox=mbx_" in notice.text
    assert notice.at == mail.clock.now.replace(hour=9, minute=2, second=0)


def test_mail_goes_by_itself_when_its_time_is_over(multimail_server: Server) -> None:
    mail = multimail_server
    box = mail.mailbox("a@here.test")
    mail.receive(to=box, subject="Old")
    mail.call("update_mailbox", caller=mail.operator_key, mailbox=box, retention_messages=1)
    mail.receive(to=box, subject="New")
    mail.call(
        "update_mailbox", caller=mail.operator_key, mailbox=box, retention_messages=1, retention_days=30
    )
    mail.clock.settle()

    found = mail.call("check_inbox", mailbox=box)["messages"]

    assert [one["subject"] for one in found] == ["New"]


def test_an_application_deletes_all_over_http(multimail_server: Server) -> None:
    mail = multimail_server
    box = mail.mailbox("a@here.test")
    mail.receive(to=box)
    headers = {"Authorization": f"Bearer {mail.operator_key}"}

    answer = httpx2.post(f"{mail.base_url}/v1/empty_mailbox", json={"everything": True}, headers=headers)

    assert (answer.status_code, answer.json()["deleted"]) == (200, 1)
    assert mail.call("check_inbox", mailbox=box)["count"] == 0
