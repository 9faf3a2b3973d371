"""Accounts to measure on: one with a hundred thousand mails, one with hardly any; both are ordinary data folders."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from multimail.config import Settings
from multimail.core.model import Recipient, RecipientKind
from multimail.core.times import MINUTE, Micros
from multimail.ports.intake import Thread
from multimail.ports.reading import Interaction
from multimail.ports.records import Event, NewMessage, StoredRevision
from multimail.ports.store import Tx
from multimail.services.context import Services
from multimail.services.first_start import READY_MAILBOX
from multimail.wiring.account import opened

MESSAGES: Final = 100_000
FEW: Final = 40
"""An "empty" mailbox has two pages: the measured calls need something to answer with, and the same bytes."""
BODY_BYTES: Final = 4_096

_IN_THREAD: Final = 3
_PER_COMMIT: Final = 600 * _IN_THREAD
_SENDERS: Final = 1_000
_APART: Final = MINUTE
_USUAL_BYTES: Final = 600
_WORDS: Final = (
    "booking room meeting invoice delivery customer answer question tomorrow morning access code member desk office "
    "payment reminder schedule contract address project report monday friday coffee printer parking visitor event"
).split()


@dataclass(frozen=True, slots=True)
class Place:
    """A mailbox to fill, from a moment on."""

    services: Services
    mailbox_id: str
    start: Micros


def build(folder: Path, messages: int) -> None:
    """Fill a new data folder. What the receiver writes for each mail is written here as well, in large commits."""
    asyncio.run(_build(Settings(data=folder), messages))


def copy(template: Path, folder: Path) -> Path:
    """A copy of a data folder nobody has open."""
    shutil.copytree(template, folder)
    folder.chmod(0o700)
    return folder


def body(number: int, size: int) -> str:
    """Text of `size` bytes in lines of ordinary words, another one for each number."""
    lines: list[str] = []
    length = 0
    while length < size:
        start = number * 7 + len(lines) * 5
        line = " ".join(_WORDS[(start + step * step) % len(_WORDS)] for step in range(10))
        lines.append(f"{line} {number}")
        length += len(lines[-1]) + 1
    return "\n".join(lines)[:size]


async def _build(settings: Settings, messages: int) -> None:
    async with opened(settings) as services:
        box = services.store.instant(lambda tx: tx.mailboxes.by_address(READY_MAILBOX))
        assert box is not None
        place = Place(services, box.id, services.clock.now() - (messages + 1) * _APART)
        for first in range(0, messages, _PER_COMMIT):
            numbers = range(first, min(first + _PER_COMMIT, messages))
            await services.store.write(partial(_fill, place=place, numbers=numbers))


def _fill(tx: Tx, place: Place, numbers: Sequence[int]) -> None:
    """Every third mail starts a conversation that the next two belong to."""
    thread = _thread(tx, place, numbers[0])
    for number in numbers:
        if number % _IN_THREAD == 0 and number != numbers[0]:
            thread = _thread(tx, place, number)
        _mail(tx, place, number, thread)


def _thread(tx: Tx, place: Place, number: int) -> Thread:
    now, subject = _moment(place, number), _subject(number)
    thread = Thread(place.services.ids.new("thread", now), place.mailbox_id, subject, subject, now, now)
    tx.threads.insert(thread)
    return thread


def _mail(tx: Tx, place: Place, number: int, thread: Thread) -> None:
    now = _moment(place, number)
    ids = place.services.ids
    message_id, header_id = ids.new("msg", now), f"<mail-{number}@example.org>"
    sender = f"person{number % _SENDERS}@example.org"
    text = body(number, BODY_BYTES if number % 20 == 0 else _USUAL_BYTES)
    message = NewMessage(
        message_id, place.mailbox_id, thread.id, "inbound", "unread", sender,
        _subject(number), header_id, now, sender_name=f"Person {number % _SENDERS}", preview=text[:120],
        recipients=(Recipient(READY_MAILBOX, RecipientKind.TO),), size=len(text), search_body=text,
    )  # fmt: skip
    tx.messages.insert(message)
    tx.revisions.add(StoredRevision(message_id, 0, "", "", message.subject, text, {}, now), _raw(message))
    tx.threads.know(thread, header_id, message_id, ())
    tx.threads.touch(thread.id, now, [sender, READY_MAILBOX])
    tx.arrivals.remember(place.mailbox_id, header_id, f"{number:032x}", message_id)
    contact = tx.contacts.ensure(ids.new("contact", now), sender, message.sender_name, now)
    tx.contacts.interacted(contact.id, Interaction("received", now, place.mailbox_id, message_id, thread.id))
    tx.events.add(Event("message.received", now, place.mailbox_id, message_id, thread.id))


def _moment(place: Place, number: int) -> Micros:
    return place.start + number * _APART


def _subject(number: int) -> str:
    return f"{_WORDS[number // _IN_THREAD % len(_WORDS)]} {number // _IN_THREAD}"


def _raw(message: NewMessage) -> bytes:
    head = f"From: {message.sender}\r\nSubject: {message.subject}\r\nMessage-ID: {message.header_id}\r\n\r\n"
    return (head + message.search_body).encode()
