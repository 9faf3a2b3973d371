"""A data file with mailboxes, principals and mail in it, and operations called on it without any surface."""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from multimail.adapters.store import dialect
from multimail.adapters.store.repositories import Transaction
from multimail.adapters.system import Ids, VirtualClock
from multimail.contract import registry
from multimail.core.lifecycle import HIDDEN_FROM_AGENTS, INBOUND
from multimail.core.model import (
    ROLE_SCOPES,
    AttachmentMeta,
    Mailbox,
    Principal,
    PrincipalKind,
    Recipient,
    RecipientKind,
    Role,
)
from multimail.core.times import SECOND, from_datetime
from multimail.ports.intake import Thread
from multimail.ports.records import Event, NewMessage, StoredMessage, StoredPrincipal, StoredRevision
from multimail.services.bindings import BINDINGS
from multimail.services.context import Call, Caller, Services
from tests.support.blank import blank

if TYPE_CHECKING:
    from multimail.ports.store import Store

NOON = from_datetime(datetime(2026, 3, 2, 12, tzinfo=UTC))
TOWARDS = {
    "sent": ("sending", "sent"),
    "delivered": ("sending", "delivered"),
    "failed": ("sending", "failed"),
}


@dataclass(frozen=True)
class Letter:
    """What a test wants of a mail; everything else is as it usually is."""

    sender: str = "ann@example.org"
    to: tuple[str, ...] = ()
    subject: str = "Hello"
    body: str = "How are you?"
    thread: str = ""
    status: str = ""
    tags: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    files: tuple[AttachmentMeta, ...] = ()
    raw: bytes = b""
    more: dict[str, Any] = field(default_factory=dict)


class Mailroom:
    """Everything happens at once and in one connection; each mail comes a second after the one before."""

    def __init__(self, folder: Path) -> None:
        self.path = blank(folder / "mail.db")
        connection = dialect.connect_writer(self.path)
        self.tx = Transaction(connection)
        # With the last who uses it, which may be longer than the room is there.
        weakref.finalize(self.tx, connection.close)
        self.clock = VirtualClock(NOON)
        self.ids = Ids(lambda bits: 0)
        self.services = Services(cast("Store", None), self.clock, self.ids)
        self.tx.run(dialect.BEGIN_WRITE)

    def mailbox(self, name: str = "desk", **settings: Any) -> Mailbox:
        made = Mailbox(self._id("mbx"), f"{name}@here.example", created_at=self.clock.now(), **settings)
        self.tx.mailboxes.insert(made)
        return made

    def principal(self, role: Role = Role.AGENT, *boxes: Mailbox) -> Principal:
        """Without mailboxes it may use all of them."""
        ids = tuple(box.id for box in boxes) or None
        made = Principal(self._id("key"), PrincipalKind.AGENT, role.value, role, ROLE_SCOPES[role], ids)
        self.tx.principals.insert(StoredPrincipal(made, "mm", self.clock.now()), key_hash=None)
        return made

    def receive(self, box: Mailbox, letter: Letter) -> StoredMessage:
        """A mail arrives, as the receiver files it, without contacts and inherited tags."""
        held = letter.status in HIDDEN_FROM_AGENTS
        born = (
            letter.status
            if letter.status in INBOUND.births
            else "pending_inbound_approval"
            if held
            else "unread"
        )
        more = {"held_from_agents": held, "recipients": self._people(letter, (box.address,))} | letter.more
        message = self._insert(box, letter, "inbound", letter.sender, born, more)
        self._event("message.received", message)
        if letter.status not in ("", born):
            message = self.tx.messages.move(message, letter.status, self.clock.now())
        return message

    def send(self, box: Mailbox, letter: Letter) -> StoredMessage:
        """A mail of ours, taken through its states to the one that is asked for."""
        born = "queued" if letter.status in TOWARDS else letter.status or "pending_approval"
        more = {
            "digest": "d",
            "released_digest": "d",
            "recipients": self._people(letter, ("ann@example.org",)),
        }
        message = self._insert(box, letter, "outbound", box.address, born, more | letter.more)
        self._event(f"message.{born}", message)
        for step in TOWARDS.get(letter.status, ()):
            message = self.tx.messages.move(message, step, self.clock.now())
        return message

    def do(self, who: Principal, operation: str, **arguments: Any) -> Any:
        """Call an operation and do what it left for after the answer."""
        call, view = self.begin(who, operation, **arguments)
        for work in (*call.after, *call.later):
            work(self.tx)
        return view

    def begin(self, who: Principal, operation: str, **arguments: Any) -> tuple[Call, Any]:
        """Call an operation and keep what it left for later."""
        row = registry.operation(operation)
        self.clock.advance(SECOND)
        call = Call(who, Caller(who.id, "cli"), self.clock.now(), self.services)
        handler = BINDINGS[operation].handler
        assert handler is not None
        return call, handler(self.tx, call, row.request.parse(arguments))

    def _people(self, letter: Letter, to: tuple[str, ...]) -> tuple[Recipient, ...]:
        named = {
            RecipientKind.TO: letter.to or to,
            RecipientKind.CC: letter.cc,
            RecipientKind.BCC: letter.bcc,
        }
        return tuple(Recipient(address, kind) for kind, all_of_it in named.items() for address in all_of_it)

    def _insert(
        self, box: Mailbox, letter: Letter, direction: str, sender: str, status: str, more: dict[str, Any]
    ) -> StoredMessage:
        self.clock.advance(SECOND)
        now = self.clock.now()
        thread = letter.thread or self._id("thread")
        if self.tx.threads.get(thread) is None:
            self.tx.threads.insert(Thread(thread, box.id, letter.subject, letter.subject, now, now))
        new = NewMessage(
            id=self._id("msg"), mailbox_id=box.id, thread_id=thread, direction=direction, status=status,
            sender=sender, subject=letter.subject, header_id=f"<{now}@here.example>", created_at=now,
            preview=letter.body[:100], search_body=letter.body, attachments=letter.files, **more,
        )  # fmt: skip
        self.tx.messages.insert(new)
        revision = StoredRevision(
            new.id, new.revision, new.digest or "", "", letter.subject, letter.body, {}, now
        )
        self.tx.revisions.add(revision, letter.raw or letter.body.encode())
        self.tx.tags.add("message", new.id, letter.tags, "", now)
        stored = self.tx.messages.get(new.id)
        assert stored is not None
        return stored

    def _event(self, kind: str, message: StoredMessage) -> None:
        self.tx.events.add(Event(kind, self.clock.now(), message.mailbox_id, message.id, message.thread_id))

    def _id(self, prefix: str) -> str:
        return self.ids.new(prefix, self.clock.now())
