"""Accounts to measure on: one with a hundred thousand mails, one with hardly any; both are ordinary data folders.

The mails come in by the receiver's own service, so the folder holds what it would hold in life.
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Final

from multimail.config import Settings
from multimail.contract.administration import KeyCreated
from multimail.core.envelope import Envelope
from multimail.services import dispatch
from multimail.services.context import Caller, Services
from multimail.services.first_start import READY_MAILBOX, first_operator
from multimail.services.inbound import Inbound
from multimail.wiring.account import opened

MESSAGES: Final = 100_000
FEW: Final = 40
"""An "empty" mailbox has two pages: the measured calls need something to answer with, and the same bytes."""
BODY_BYTES: Final = 4_096
AGENTS: Final = 16
KEYS: Final = "bench.keys"

_AT_ONCE: Final = 256
_IN_THREAD: Final = 3
_SENDERS: Final = 1_000
_USUAL_BYTES: Final = 600
_WORDS: Final = (
    "booking room meeting invoice delivery customer answer question tomorrow morning access code member desk office "
    "payment reminder schedule contract address project report monday friday coffee printer parking visitor event"
).split()


def build(folder: Path, messages: int) -> None:
    """Fill a new data folder; it has its file of keys when it is complete."""
    asyncio.run(_build(Settings(data=folder), messages))


def keys(folder: Path) -> list[str]:
    """The agents' keys of an account built here."""
    return (folder / KEYS).read_text("ascii").split()


def copy(template: Path, folder: Path) -> Path:
    """A copy of a data folder that nobody has open."""
    shutil.copytree(template, folder)
    folder.chmod(0o700)
    return folder


def body(number: int, size: int) -> str:
    """Text of about `size` bytes in lines of ordinary words, another one for each number."""
    lines: list[str] = []
    length = 0
    while length < size:
        start = number * 7 + len(lines) * 5
        line = " ".join(_WORDS[(start + step * step) % len(_WORDS)] for step in range(10))
        lines.append(f"{line} {number}")
        length += len(lines[-1]) + 1
    return "\n".join(lines)[:size].strip()


async def _build(settings: Settings, messages: int) -> None:
    async with opened(settings) as services:
        receiver = Inbound(services)
        for first in range(0, messages, _AT_ONCE):
            numbers = range(first, min(first + _AT_ONCE, messages))
            await asyncio.gather(*(receiver.accept(_mail(number)) for number in numbers))
        made = await _agents(services)
    (settings.folder / KEYS).write_text("\n".join(made), "ascii")


def _mail(number: int) -> Envelope:
    """Every third mail starts a conversation that the next two belong to; every twentieth is a long one."""
    first = number - number % _IN_THREAD
    sender = f"person{number % _SENDERS}@example.org"
    lines = [
        f"From: Person {number % _SENDERS} <{sender}>",
        f"To: {READY_MAILBOX}",
        f"Subject: {_WORDS[first % len(_WORDS)]} {first}",
        f"Message-ID: <mail-{number}@example.org>",
        *([f"In-Reply-To: <mail-{first}@example.org>"] if number != first else ()),
        "",
        *body(number, BODY_BYTES if number % 20 == 0 else _USUAL_BYTES).split("\n"),
    ]
    raw = "".join(f"{line}\r\n" for line in lines).encode("ascii")
    return Envelope(sender, (READY_MAILBOX,), raw, peer="127.0.0.1", helo="example.org", smtputf8=False)


async def _agents(services: Services) -> list[str]:
    """Keys of agents who call at the same time, each with open drafts of its own."""
    now = services.clock.now()
    operator, _ = await services.store.write(lambda tx: first_operator(tx, services.ids, now))
    caller = Caller(operator, "cli")
    named = [{"name": f"agent {number}", "role": "agent"} for number in range(AGENTS)]
    made = [await dispatch.call(services, caller, "create_key", one) for one in named]
    return [view.key for view in made if isinstance(view, KeyCreated)]
