"""One receiving process, as the resident sees it: started, given connections, answered, ended."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import astuple
from typing import Any

from multimail.core.envelope import Envelope
from multimail.core.errors import Problem
from multimail.services.inbound_mail import Arrival
from multimail.services.inbound_wire import arrival
from multimail.surfaces.smtp.channel import Channel
from multimail.surfaces.smtp.receiver import ReceiverSettings, SharedIntake

log = logging.getLogger(__name__)


class Member:
    """`gone` is called when it has ended, asked or not."""

    def __init__(self, intake: SharedIntake, gone: Callable[[Member], None]) -> None:
        self.connections = 0
        self.ready = False
        self._intake = intake
        self._gone = gone
        self._filing: set[asyncio.Task[None]] = set()
        self._channel = Channel(self._received, self._ended)
        self._handing: socket.socket | None = None
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, command: Sequence[str], settings: ReceiverSettings) -> None:
        """Start the process; some time later it is `ready`. Raises OSError where none can be started."""
        with ExitStack() as opened:
            ours, theirs = map(opened.enter_context, socket.socketpair())
            handing, handed = map(opened.enter_context, socket.socketpair())
            ends = (theirs.fileno(), handed.fileno())
            # In a session of its own no signal of a terminal reaches it: the resident says when it ends.
            self._process = await asyncio.create_subprocess_exec(
                *command, *map(str, ends), pass_fds=ends, env=_environment(), start_new_session=True,
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
            self._handing = handing.dup()
            self._handing.setblocking(False)
            stream = ours.dup()
        await asyncio.get_running_loop().create_unix_connection(lambda: self._channel, sock=stream)
        self._channel.send(("settings", *astuple(settings)))

    def take(self, connection: socket.socket) -> bool:
        """Hand a connection over, unless there is no room for it at the moment."""
        if self._handing is None:
            return False
        try:
            socket.send_fds(self._handing, [b"."], [connection.fileno()])
        except OSError:
            return False
        connection.close()
        self.connections += 1
        return True

    async def end(self, grace: float) -> None:
        """Have it finish the mails that are coming in, for at most so many seconds, and wait until it is gone."""
        self.ready = False
        self._channel.send(("end", grace))
        if self._process is not None:
            try:
                # Mail that is being filed is waited for once more as long.
                await asyncio.wait_for(self._process.wait(), 2 * grace + 1)
            except TimeoutError:
                with suppress(ProcessLookupError):
                    self._process.kill()
                await self._process.wait()
        if self._filing:
            await asyncio.wait(self._filing, timeout=grace)
        self._channel.close()
        if self._handing is not None:
            self._handing.close()

    def _received(self, value: Any) -> None:
        match value:
            case "ready":
                self.ready = True
            case "left":
                self.connections -= 1
            case ("recipient", number, address):
                self._answer(number, self._intake.taker(address))
            case ("mail", number, sender, found):
                envelope = Envelope(*sender)
                task = asyncio.create_task(self._file(number, envelope, found and arrival(envelope, found)))
                self._filing.add(task)
                task.add_done_callback(self._filing.discard)

    async def _file(self, number: int, envelope: Envelope, found: Arrival | None) -> None:
        outcome: Problem | None = None
        try:
            await self._intake.take(envelope, found)
        except Problem as problem:
            outcome = problem
        except Exception:
            log.exception("unexpected fault while filing mail")
            outcome = Problem("internal")
        self._answer(number, outcome)

    def _answer(self, number: int, outcome: Problem | None) -> None:
        said = outcome and (outcome.code, outcome.message, outcome.advice)
        self._channel.send(("answer", number, said))

    def _ended(self) -> None:
        self.ready, self.connections = False, 0
        self._gone(self)


def _environment() -> dict[str, str]:
    """Nothing of ours: what a receiving process has to know it is told, and it needs no key and no password."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MULTIMAIL_")}
