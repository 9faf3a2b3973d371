"""The work of the server, step by step: what is due happens in the order of its time, and hooks may call back."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import pytest

from multimail.testing.serving import Server

pytestmark = pytest.mark.multimail(at="2026-03-02T09:00:00Z")


@contextmanager
def receiver(handle: Any) -> Iterator[str]:
    """A receiver of webhooks on this machine; its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            handle(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_everything_due_happens_in_the_order_of_its_time(multimail_server: Server) -> None:
    mail = multimail_server
    box = mail.mailbox("a@here.test", mode="autonomous")
    for hour in (3, 1, 2):
        mail.call(
            "send_email", mailbox=box, to="ann@outside.test", subject=f"at {hour}", body="x",
            scheduled_at=f"2026-03-02T{9 + hour}:00:00Z",
        )  # fmt: skip
    mail.faults.smtp("451 later", at="MAIL", times=1)

    mail.clock.advance(days=1)

    # The first was put off once, by about a minute, and still comes before the second.
    assert [(one.subject, one.at.hour) for one in mail.sent] == [("at 1", 10), ("at 2", 11), ("at 3", 12)]
    assert mail.sent[0].at.minute in {0, 1}


def test_a_handler_may_decide_before_it_answers(multimail_server: Server) -> None:
    mail = multimail_server
    box = mail.mailbox("a@here.test")
    reviewer = mail.client("reviewer")

    def approve(payload: dict[str, Any]) -> None:
        reviewer.decide_email(message_id=payload["message_id"], decision="approve", digest=payload["digest"])

    with receiver(approve) as url:
        mail.call("create_webhook", url=url, events=["approval.required"], audience="reviewer")
        mail.call("send_email", mailbox=box, to="ann@outside.test", subject="Hi", body="x")

        assert [one.subject for one in mail.sent] == ["Hi"]
        assert [one.status for one in mail.posts] == [204]


def test_a_receiver_that_is_away_is_tried_for_a_day_and_given_up(multimail_server: Server) -> None:
    mail = multimail_server
    mail.mailbox("a@here.test")
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody_listens.getsockname()[1]}/hook"
        mail.call("create_webhook", url=url, events=["message.received"])
        mail.receive(subject="How much?")
        mail.clock.advance(days=3)

        posts = mail.posts
    assert [one.status for one in posts] == [None] * 8
    assert timedelta(hours=18) < posts[-1].at - posts[0].at < timedelta(hours=42)
    assert mail.clock.next() is None


def test_an_agent_that_waits_is_answered_when_advance_returns(multimail_server: Server) -> None:
    mail = multimail_server
    box = mail.mailbox("a@here.test")
    answers: list[Any] = []

    def wait() -> None:
        answers.append(mail.call("wait_for_email", mailbox=box, timeout_seconds=12))

    thread = threading.Thread(target=wait)
    thread.start()
    mail.clock.until_waiting()
    mail.clock.advance(seconds=60)
    thread.join(30)

    assert [(one["found"], one["waited_seconds"]) for one in answers] == [(False, 12.0)]


def test_a_stream_that_is_open_does_not_slow_the_clock_down(multimail_server: Server) -> None:
    mail = multimail_server
    mail.mailbox("a@here.test")
    headers = {"Authorization": f"Bearer {mail.key()}", "Accept": "text/event-stream"}
    with httpx2.stream("GET", f"{mail.base_url}/v1/events", headers=headers, timeout=30) as stream:
        with mail.clock.flow():
            mail.clock.advance(days=30)
        message_id = mail.receive(subject="How much?")
        line = next(line for line in stream.iter_lines() if message_id in line)

    assert "message.received" in line
