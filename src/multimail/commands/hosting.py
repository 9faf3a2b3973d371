"""Running the resident in this process until somebody wants it to stop: `serve`, and what doors start."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

import multimail
from multimail.adapters.store.backup import clear
from multimail.commands import event_loop, garbage, lock
from multimail.commands.failpoints import arm
from multimail.commands.logs import log_to_stderr
from multimail.commands.ports import holder
from multimail.config import Settings
from multimail.core.errors import Problem
from multimail.wiring import folder

if TYPE_CHECKING:
    from multimail.wiring.system import Running

PERSON: Final = "person"
DOOR: Final = "door"

Greeting = Callable[["Running"], Awaitable[None]]


def host(settings: Settings, started_by: str, greet: Greeting) -> None:
    """Be the resident until SIGTERM or SIGINT; `greet` is awaited once everything answers.

    `already_exists` when the folder has a resident, `port_busy` when a person's resident finds a port taken.
    """
    log_to_stderr(settings.log_level)
    if settings.failpoint:
        arm(settings.failpoint)
    place = folder.prepare(settings.folder)
    with lock.held(place):
        clear(place / folder.DATABASE)
        event_loop.run(_run(settings, started_by, greet))


async def _run(settings: Settings, started_by: str, greet: Greeting) -> None:
    from multimail.wiring.system import running

    stop = _stopping(ignore_hangup=started_by == DOOR)
    try:
        async with running(settings, free_ports=started_by == DOOR) as place:
            lock.publish(settings.folder, _described(place, started_by))
            garbage.look_seldom()
            await greet(place)
            await stop.wait()
    except Problem as problem:
        raise _with_holder(problem) from problem


def _stopping(*, ignore_hangup: bool) -> asyncio.Event:
    """Set by the signals that ask a process to end. A door's resident outlives the terminal it came from."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if ignore_hangup:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    else:
        loop.add_signal_handler(signal.SIGHUP, stop.set)
    return stop


def _described(place: Running, started_by: str) -> lock.Resident:
    return lock.Resident(
        pid=os.getpid(),
        version=multimail.__version__,
        started_by=started_by,
        smtp_port=place.smtp_port,
        http_port=place.http_port,
        base_url=place.base_url,
        transport=place.transport.name,
    )


def _with_holder(problem: Problem) -> Problem:
    """A busy port is told with the name of who has it."""
    if problem.code != "port_busy":
        return problem
    port = int(problem.details["port"])
    who = holder(port) or "another process, which this user may not look at"
    setting = problem.field
    return Problem(
        "port_busy",
        f"Port {port} is in use by {who}.",
        field=setting,
        advice=f"Stop it, or choose another port with MULTIMAIL_{setting.upper()} (0 takes a free one).",
    )
