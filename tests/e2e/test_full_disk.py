"""A disk that is full during a call, during DATA and during a hand-over: said clearly, nothing changed, nobody dies."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from multimail.commands import lock
from tests.support import peers
from tests.support.account import account
from tests.support.disk import Disk, short_files, small_disk
from tests.support.peers import Refused
from tests.support.program import Serving, serving
from tests.support.sink import Fault, Mail, Setup, Sink

DESK = "desk@here.test"
LARGE = "\n".join(Random(1).randbytes(30).hex() for _ in range(4_000))
"""240 KB that cannot be made small."""


@dataclass
class Scene:
    """A server on a disk of its own."""

    disk: Disk
    data: Path
    keys: dict[str, str]
    server: Serving

    @property
    def pid(self) -> int:
        return self.server.process.pid

    def call(self, name: str, /, who: str = "agent", **arguments: Any) -> dict[str, Any]:
        resident = lock.find(self.data)
        assert resident is not None
        return asyncio.run(peers.call(resident.http_port, self.keys[who], name, **arguments))

    def send(self, subject: str, body: str = "Hi") -> dict[str, Any]:
        return self.call("send_email", mailbox=DESK, to=["ann@out.test"], subject=subject, body=body)

    def offer(self, text: str) -> str:
        """The reply to a mail's final dot."""
        resident = lock.find(self.data)
        assert resident is not None
        raw = f"From: ann@out.test\r\nTo: {DESK}\r\nSubject: In\r\n\r\n{text}\r\n".encode()
        return asyncio.run(peers.reply_to_data(resident.smtp_port, DESK, raw))

    def subjects(self) -> list[str]:
        return [row["subject"] for row in self.call("check_inbox", mailbox=DESK)["messages"]]

    def settled(self, message_id: str) -> str:
        """Its state once it is not being handed over any more."""
        for _ in range(400):
            status = str(self.call("get_message_history", message_id=message_id)["status"])
            if status not in {"queued", "sending"} or self._waits(message_id):
                return status
            time.sleep(0.05)
        return "never"

    def _waits(self, message_id: str) -> bool:
        return any(
            one["status"] == "queued" and one.get("detail")
            for one in self.call("get_message_history", message_id=message_id)["recipients"]
        )


Kind = Callable[[Path], AbstractContextManager[Disk]]


@contextmanager
def scene(folder: Path, relay: str, kind: Kind = small_disk) -> Iterator[Scene]:
    place = folder / "disk"
    place.mkdir()
    with kind(place) as disk:
        data = place / "data"
        keys = account(data, {DESK: {}}, "agent", "reviewer")
        with serving(data, MULTIMAIL_RELAY=relay) as server:
            server.until("Ctrl-C")
            yield Scene(disk, data, keys, server)


def complaint(server: Serving, words: str) -> str:
    """What the server says with these words, as soon as it does."""
    assert server.process.stderr is not None
    return next(line for line in server.process.stderr if words in line)


@pytest.mark.parametrize("kind", [small_disk, short_files])
def test_a_call_and_a_mail_that_do_not_fit_are_told_so_and_change_nothing(kind: Kind, tmp_path: Path) -> None:
    with Sink() as sink, scene(tmp_path, sink.url, kind) as full:
        full.send("before")
        full.disk.fill(full.pid)
        with pytest.raises(Refused, match=full.disk.code) as refused:
            full.send("during", LARGE)
        reply = full.offer(LARGE)
        during = full.subjects()
        full.disk.clear(full.pid)
        again = full.send("during", LARGE)
        accepted = full.offer(LARGE)
        after = full.subjects()
        assert full.server.process.poll() is None
        full.server.stop()

    assert refused.match("retryable: yes")
    assert reply.startswith(full.disk.reply)
    assert during == ["before"]
    assert again["status"] == "pending_approval"
    assert accepted.startswith("250")
    assert sorted(after) == ["In", "before", "during"]
    assert sink.mails == []


def test_an_outcome_that_does_not_fit_is_written_when_there_is_room_and_nothing_is_sent_twice(
    tmp_path: Path,
) -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def hold_the_answer(mail: Mail) -> None:
        arrived.set()
        go_on.wait(30)

    with Sink(setup=Setup(on_mail=hold_the_answer)) as sink, scene(tmp_path, sink.url) as full:
        held = full.send("once")
        full.call("decide_email", "reviewer", message_id=held["message_id"], decision="approve")
        assert arrived.wait(30)
        full.disk.fill(full.pid)
        go_on.set()
        said = complaint(full.server, "cannot be written yet")
        full.disk.clear(full.pid)
        status = full.settled(held["message_id"])
        assert full.server.process.poll() is None
        full.server.stop()

    assert "full" in said
    assert status == "delivered"
    assert len(sink.mails) == 1


def test_a_mark_that_does_not_fit_keeps_the_mail_here_and_it_is_tried_later(tmp_path: Path) -> None:
    with Sink(Fault("RCPT", delay=1.0)) as sink, scene(tmp_path, sink.url) as full:
        held = full.send("later")
        full.call("decide_email", "reviewer", message_id=held["message_id"], decision="approve")
        sink.wait_until(lambda: any(line.startswith("RCPT") for line in sink.commands))
        full.disk.fill(full.pid)
        complaint(full.server, "cannot be written yet")
        full.disk.clear(full.pid)
        status = full.settled(held["message_id"])
        full.server.stop()

    assert status == "queued"
    assert sink.mails == []
    assert "DATA" not in sink.commands
