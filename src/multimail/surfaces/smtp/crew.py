"""Processes of our own that receive mail beside the resident while many peers write at once.

Following what peers say and reading what they send takes most of the time of receiving, and Python runs it on one
core for each process. So in a crowd accepted connections are handed to other processes, which read the mails and
give them back to be filed. They have neither keys nor the store; what is in them when they end was never accepted,
so that its peers offer it again.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final

from multimail.surfaces.smtp.member import Member
from multimail.surfaces.smtp.receiver import ReceiverSettings, SharedIntake

log = logging.getLogger(__name__)

POSSIBLE: Final = hasattr(socket, "send_fds")
"""Whether this platform can hand an open connection to another process."""


@dataclass(frozen=True, slots=True)
class CrewSettings:
    """How many processes, started how: `command` is called with the numbers of two file descriptors.

    They start when `crowd` connections are open at once, and end when there were fewer for `quiet_seconds`.
    """

    processes: int
    command: Sequence[str]
    crowd: int = 8
    quiet_seconds: float = 60.0
    between_starts: float = 5.0


class Crew:
    """The processes there are at the moment: none, while nobody needs them."""

    def __init__(self, intake: SharedIntake, settings: CrewSettings, receiver: ReceiverSettings) -> None:
        self._intake = intake
        self._settings = settings
        self._receiver = receiver
        self._members: list[Member] = []
        self._starts: set[asyncio.Task[None]] = set()
        self._leaving: set[asyncio.Task[None]] = set()
        self._crowded_at = self._not_before = float("-inf")
        self._look: asyncio.TimerHandle | None = None

    @property
    def connections(self) -> int:
        """How many connections they have."""
        return sum(one.connections for one in self._members)

    def take(self, connection: socket.socket, others: int) -> bool:
        """Hand a connection over to whoever has the fewest; False when nobody is to have it, and it is still ours.

        `others` are the connections that the resident serves itself.
        """
        if others + self.connections + 1 >= self._settings.crowd:
            self._crowded_at = asyncio.get_running_loop().time()
            self._call(self._crowded_at)
        ready = [one for one in self._members if one.ready]
        if not ready or self._is_quiet():
            return False
        return min(ready, key=lambda one: one.connections).take(connection)

    async def end(self, grace: float) -> None:
        """End them all; mails that are coming in are finished, for at most so many seconds."""
        self._not_before = float("inf")
        await asyncio.gather(*self._starts)
        if self._look is not None:
            self._look.cancel()
        members, self._members = self._members, []
        await asyncio.gather(*(one.end(grace) for one in members), *self._leaving)

    def _call(self, now: float) -> None:
        """Have as many processes as there should be, unless that was tried a moment ago."""
        missing = self._settings.processes - len(self._members)
        if missing <= 0 or now < self._not_before:
            return
        self._not_before = now + self._settings.between_starts
        for _ in range(missing):
            member = Member(self._intake, self._lost)
            self._members.append(member)
            self._keep(self._start(member), self._starts)
        self._look_later()

    async def _start(self, member: Member) -> None:
        try:
            await member.start(self._settings.command, self._receiver)
        except OSError:
            log.exception("no process could be started to receive mail beside this one")
            self._dismiss(member)

    def _lost(self, member: Member) -> None:
        if member in self._members:
            log.warning(
                "a process that received mail is gone; its peers have no answer and will offer it again"
            )
            self._dismiss(member)

    def _is_quiet(self) -> bool:
        return asyncio.get_running_loop().time() - self._crowded_at > self._settings.quiet_seconds

    def _look_later(self) -> None:
        if self._look is None and self._members:
            loop = asyncio.get_running_loop()
            self._look = loop.call_later(self._settings.quiet_seconds, self._send_home)

    def _send_home(self) -> None:
        """End those who have nothing to do, unless there was a crowd a moment ago."""
        self._look = None
        if self._is_quiet():
            for member in [one for one in self._members if not one.connections]:
                self._dismiss(member)
        self._look_later()

    def _dismiss(self, member: Member) -> None:
        self._members.remove(member)
        self._keep(member.end(0.0), self._leaving)

    def _keep(self, work: Coroutine[Any, Any, None], among: set[asyncio.Task[None]]) -> None:
        task = asyncio.create_task(work)
        among.add(task)
        task.add_done_callback(among.discard)
