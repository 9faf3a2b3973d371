"""The sink itself, seen by the standard library's client: a test double that lies would prove nothing."""

from __future__ import annotations

import smtplib
from pathlib import Path

import pytest

from tests.support.sink import Fault, Setup, Sink, SinkProcess

TEXT = b"Message-ID: <1@here.test>\r\nSubject: dots\r\n\r\n.\r\n..\r\nend\r\n"


def post(port: int, *recipients: str) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP("127.0.0.1", port, local_hostname="here.test", timeout=10) as client:
        return client.sendmail("ann@here.test", recipients or ("bob@there.test",), TEXT)


def test_a_mail_is_kept_as_it_was_written() -> None:
    with Sink() as sink:
        post(sink.port, "bob@there.test", "cat@there.test")
    [mail] = sink.mails
    assert (mail.sender, mail.recipients, mail.raw) == (
        "ann@here.test",
        ("bob@there.test", "cat@there.test"),
        TEXT,
    )
    assert (sink.count("<1@here.test>"), sink.count("<2@here.test>")) == (1, 0)


def test_a_fault_is_for_its_recipient_and_for_as_often_as_it_says() -> None:
    with Sink(Fault("RCPT", "450 4.2.0 later", recipient="bob@there.test", times=1)) as sink:
        assert post(sink.port, "bob@there.test", "cat@there.test") == {
            "bob@there.test": (450, b"4.2.0 later")
        }
        assert post(sink.port, "bob@there.test", "cat@there.test") == {}
    assert [mail.recipients for mail in sink.mails] == [
        ("cat@there.test",),
        ("bob@there.test", "cat@there.test"),
    ]


@pytest.mark.parametrize("keep", [True, False])
def test_a_mail_whose_answer_is_dropped_is_kept_or_not_as_the_script_says(keep: bool) -> None:
    with Sink(Fault("DOT", action="drop", keep=keep)) as sink:
        with pytest.raises(smtplib.SMTPServerDisconnected):
            post(sink.port)
        sink.wait_until_alone()
    assert len(sink.mails) == keep


def test_nobody_sends_without_signing_in_where_there_are_accounts() -> None:
    with Sink(setup=Setup(accounts={"ann": "hunter2"})) as sink:
        with pytest.raises(smtplib.SMTPSenderRefused, match="sign in first"):
            post(sink.port)
        with smtplib.SMTP("127.0.0.1", sink.port, local_hostname="here.test", timeout=10) as client:
            client.login("ann", "hunter2")
            client.sendmail("ann@here.test", ["bob@there.test"], TEXT)
    assert [mail.user for mail in sink.mails] == ["ann"]


def test_a_sink_in_a_process_of_its_own_keeps_a_ledger(tmp_path: Path) -> None:
    with SinkProcess(tmp_path / "ledger") as sink:
        assert sink.mails() == []
        post(sink.port)
        [mail] = sink.mails()
    assert (mail.sender, mail.recipients, mail.raw) == ("ann@here.test", ("bob@there.test",), TEXT)
