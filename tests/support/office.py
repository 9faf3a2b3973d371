"""A whole server with a relay and an operator, and programs that work with it: as a company would run it.

Everything is set up over the HTTP API, as a program of the operator would; mail that leaves arrives at a real SMTP
server. Programs are processes of their own, so that their warnings, threads and exits are theirs; the server is the
program's whole composition on a thread of the test's process, by the wall clock.
"""

from __future__ import annotations

import email
import email.policy
import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx2

from multimail.commands import lock
from multimail.config import Settings
from multimail.testing.thread import LoopThread
from multimail.wiring.system import Running, running
from tests.support.account import account
from tests.support.program import LIMIT_S, PROJECT, environment
from tests.support.sink import Sink

AUDITOR = "oversight@company.example"
LONGEST_S = 150.0
"""How long a program of the company may take; a test that hangs is ended by its own limit, a little later."""


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@dataclass
class Office:
    """The server, the key of its operator, the SMTP server that mail leaves to, and what calls are made with."""

    folder: Path
    place: Running
    operator: str
    sink: Sink
    http: httpx2.Client
    _keys: dict[tuple[str, ...], str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.place.base_url

    def call(self, operation: str, *, key: str = "", **arguments: Any) -> dict[str, Any]:
        """The answer of an operation; a problem fails the test with its words."""
        answer = self.post(operation, key=key, **arguments)
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json()
        return result

    def post(self, operation: str, *, key: str = "", **arguments: Any) -> httpx2.Response:
        headers = bearer(key or self.operator)
        return self.http.post(f"{self.url}/v1/{operation}", json=arguments, headers=headers)

    def mailbox(self, address: str, **settings: Any) -> str:
        self.call("create_mailbox", address=address, **settings)
        return address

    def key(self, role: str = "agent", **settings: Any) -> str:
        """A key of its own for each set of settings."""
        wanted = (role, str(sorted(settings.items())))
        if wanted not in self._keys:
            made = self.call("create_key", name=f"{role} {len(self._keys)}", role=role, **settings)
            self._keys[wanted] = made["key"]
        return self._keys[wanted]

    def arrive(
        self, to: str, subject: str, text: str, *, sender: str = "ann@example.com", **headers: str
    ) -> str:
        """Somebody outside writes to a mailbox; the Message-ID of what they wrote."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, to, subject
        mail["Message-ID"] = f"<{len(subject)}.{os.urandom(6).hex()}@example.com>"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        with smtplib.SMTP("127.0.0.1", self.place.smtp_port, timeout=LIMIT_S) as client:
            assert client.send_message(mail) == {}
        return str(mail["Message-ID"])

    def left(self, to: str, count: int = 1) -> list[EmailMessage]:
        """The mails that left to an address, as soon as there are so many."""
        self.sink.wait_until(lambda: len(self._mails(to)) >= count, LIMIT_S / 2)
        return self._mails(to)

    def has_left(self, to: str) -> int:
        """How many mails left to an address up to now."""
        return len(self._mails(to))

    def _mails(self, to: str) -> list[EmailMessage]:
        found = [mail.raw for mail in list(self.sink.mails) if to in mail.recipients]
        return [email.message_from_bytes(raw, policy=email.policy.default) for raw in found]

    def example(self, name: str, *arguments: str, key: str, typed: str = "", **more: str) -> str:
        """What an example prints; it has to succeed without a complaint."""
        ran = subprocess.run(
            [sys.executable, str(PROJECT / "examples" / f"{name}.py"), *arguments], cwd=self.folder,
            env=self.environment(key, **more), input=typed, check=False, capture_output=True, text=True,
            timeout=LIMIT_S,
        )  # fmt: skip
        assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout + ran.stderr
        return ran.stdout

    def environment(self, key: str, **more: str) -> dict[str, str]:
        """What a program of the company finds in its environment."""
        return environment(self.folder / "data", MULTIMAIL_API_KEY=key, MULTIMAIL_BASE_URL=self.url, **more)

    @contextmanager
    def handler(self, name: str, *, key: str, **more: str) -> Iterator[Handler]:
        """An example that serves webhooks, on a free port, from its first to its last line."""
        process = subprocess.Popen(
            [sys.executable, str(PROJECT / "examples" / f"{name}.py")], cwd=self.folder,
            env=self.environment(key, PORT="0", **more), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        with process:
            try:
                yield Handler(process)
            finally:
                process.kill()


@dataclass
class Handler:
    """A program that serves webhooks, and what it said so far."""

    process: subprocess.Popen[str]
    said: str = ""

    def until(self, words: str) -> str:
        """All it said, up to the line with these words."""
        assert self.process.stdout is not None
        while words not in self.said:
            line = self.process.stdout.readline()
            assert line, f"{words!r} never came:\n{self.said}"
            self.said += line
        return self.said

    @property
    def url(self) -> str:
        """Where it listens, as it says itself once it does."""
        said = self.until("Uvicorn running on ").rsplit("Uvicorn running on ", 1)[1]
        return said.split()[0]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(LIMIT_S)


@contextmanager
def office(folder: Path, **settings: str) -> Iterator[Office]:
    """An office for the length of a block."""
    data = folder / "data"
    operator = account(data, {})["operator"]
    with Sink() as sink, lock.held(data):
        given = {name.removeprefix("MULTIMAIL_").lower(): value for name, value in settings.items()}
        chosen = Settings.model_validate(
            {"data": data, "http_port": 0, "smtp_port": 0, "relay": sink.url, **given}
        )
        # Each call has a connection of its own, but what a client costs is paid once.
        with (
            LoopThread(lambda soon: running(chosen, free_ports=False)) as thread,
            httpx2.Client(timeout=LIMIT_S, limits=httpx2.Limits(max_keepalive_connections=0)) as http,
        ):
            yield Office(folder, thread.value, operator, sink, http)


def eventually(look: Callable[[], Any], what: str) -> Any:
    """What `look` gives once it is true, asked again for as long as a test may take."""
    limit = time.monotonic() + LIMIT_S / 2
    while time.monotonic() < limit:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError(f"never: {what}")
