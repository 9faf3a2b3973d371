"""A receiver of webhooks on loopback: it keeps what it is posted and answers as it is told, or not at all."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

PATIENCE = 20.0


@dataclass(frozen=True)
class Reply:
    """What a receiver answers. Without a status it closes the connection instead."""

    status: int | None = 200
    body: bytes = b"{}"
    headers: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Posted:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def event(self) -> str:
        return self.headers["x-multimail-event"]


@dataclass
class Receiver:
    """Enter it to listen. `replies` are used up one a request, then `usual` is the answer.

    `before` is called with each request before it is answered; while `hangs` is set nobody is answered. One that is
    `dead` has a port where nobody listens until `revive`.
    """

    replies: list[Reply] = field(default_factory=list)
    usual: Reply = field(default_factory=Reply)
    before: Callable[[Posted], None] = lambda posted: None
    hangs: threading.Event = field(default_factory=threading.Event)
    posted: list[Posted] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    dead: bool = False
    _came: threading.Condition = field(default_factory=threading.Condition)
    _closed: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.answer(self)

            def do_GET(self) -> None:
                receiver.answer(self)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
        self._server.server_bind()
        self._server.daemon_threads = True
        if self.tls is not None:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        if not self.dead:
            self.revive()
        return self

    def revive(self) -> None:
        """Listen from now on."""
        self._server.server_activate()
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(PATIENCE)
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    @property
    def events(self) -> list[str]:
        return [one.event for one in self.posted]

    def wait_for(self, count: int, patience: float = PATIENCE) -> list[Posted]:
        """Block until so many requests came."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.posted) >= count, patience), self.events
            return list(self.posted)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length", "0"))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        posted = Posted(handler.path, headers, handler.rfile.read(length))
        with self._came:
            self.posted.append(posted)
            reply = self.replies.pop(0) if self.replies else self.usual
            self._came.notify_all()
        self.before(posted)
        while self.hangs.is_set() and not self._closed.is_set():
            self._closed.wait(0.02)
        if reply.status is None or self._closed.is_set():
            handler.close_connection = True
            return
        with suppress(ConnectionError):
            # Whoever posted may have heard enough.
            handler.send_response(reply.status)
            for name, value in (*reply.headers, ("Content-Length", str(len(reply.body)))):
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(reply.body)
