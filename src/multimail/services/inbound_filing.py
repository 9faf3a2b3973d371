"""Filing arriving mail: everything it brings about, inside one transaction, many mails at a time.

Each mail is decided on as if those before it were written already; they are written together when a mail needs
what only the store can tell, and at the end. One mail at a time gives the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from multimail.core.addresses import domain_of, normalise
from multimail.core.gathering import is_notice_id
from multimail.core.loops import InboundFacts, is_echo
from multimail.core.model import Mailbox, MessageClass, Mode, Recipient, RecipientKind
from multimail.core.times import HOUR, Micros
from multimail.ports.intake import Filed, Identity, Named, Thread
from multimail.ports.records import Event, NewMessage, StoredRevision
from multimail.ports.store import Tx
from multimail.services import (
    inbound_aside,
    inbound_bounces,
    inbound_complaints,
    inbound_threads,
    reputation_counts,
    sequence_ends,
    unsubscribe_mail,
)
from multimail.services.context import Services
from multimail.services.inbound_aside import Aside
from multimail.services.inbound_automatic import is_answer, is_automatic
from multimail.services.inbound_bounces import Came
from multimail.services.inbound_mail import Arrival
from multimail.services.inbound_mailboxes import is_own
from multimail.services.inbound_threads import Desk, Known, Place

_UNCHECKED: Final = {"spf": "not checked", "dkim": "not checked", "dmarc": "not checked"}
_OURS: Final = {"local": "pass"}
_HELD: Final = {
    "result": "hold",
    "hits": [["gated_all", "The mailbox holds arriving mail for a person, too."]],
    "misses": [],
    "suppressed": [],
}


@dataclass(frozen=True, slots=True)
class Filing:
    """A mail for one mailbox. `addressed` are the recipients of its envelope that lead there.

    `local` is mail from a mailbox of this server, whose author is known without being checked. `system` mail is the
    server's own, or an answer to it: people see it, agents do not, and it waits for nobody.
    """

    message_id: str
    now: Micros
    box: Mailbox
    arrival: Arrival
    addressed: tuple[str, ...]
    local: bool = False
    system: bool = False

    @property
    def author(self) -> str:
        """The author as threads know him: empty for the mailbox's own mail. From alone proves no such thing."""
        author = self.arrival.author
        return "" if self.local and is_own(self.box, author) else author


@dataclass(slots=True)
class Filer:
    """Files mails in one transaction; `file_all` leaves nothing unwritten."""

    tx: Tx
    services: Services
    _desk: Desk = field(init=False)
    _answers: sequence_ends.Answers = field(init=False)
    _unwritten: list[Filed] = field(default_factory=list)
    _subjects: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._desk = Desk(self.tx)
        self._answers = sequence_ends.Answers(self.tx, self.services)

    def file_all(self, filings: Iterable[Filing]) -> None:
        """File each mail in its mailbox, or find that there is nothing to do.

        A repeat changes nothing. Our own mail that comes back, as from a list, is there already and is no second
        mail. Machines that write into one thread faster than the limit are kept aside; people never are.
        """
        first_time = self._first_time(tuple(filings))
        for box in {one.box.id: one.box for one in first_time}.values():
            mine = (one.arrival for one in first_time if one.box.id == box.id)
            self._desk.look_up(box, [name for arrival in mine for name in inbound_threads.ids_of(arrival)])
        for filing in first_time:
            self._file(filing)
        self._write()

    def _first_time(self, filings: tuple[Filing, ...]) -> list[Filing]:
        mails = [
            Identity(one.box.id, *one.arrival.identity, one.message_id)
            for one in filings
            if one.arrival.identity
        ]
        new = self.tx.arrivals.remember(mails)
        return [one for one in filings if one.arrival.identity is None or one.message_id in new]

    def _file(self, filing: Filing) -> None:
        arrival, box, now = filing.arrival, filing.box, filing.now
        ids = inbound_threads.known(self._desk, box, arrival)
        if _is_about_notice(arrival, ids):
            filing = replace(filing, system=True)
        if ids.earlier and _comes_back(self.tx, filing, ids.earlier):
            return
        returned = not filing.local and _apply(self.tx, filing)
        if (
            inbound_threads.asks_for_subject(arrival, ids)
            and (box.id, arrival.base_subject) in self._subjects
        ):
            self._write()
        where = inbound_threads.place(self._desk, box, arrival, ids, filing.author, now)
        automatic = where.decision.thread_id is not None and is_automatic(arrival)
        if automatic and not returned and self._too_many(filing, where.decision.thread_id or ""):
            envelope = replace(arrival.envelope, recipients=filing.addressed)
            inbound_aside.keep(self.tx, Aside(filing.message_id, envelope, "thread_rate", (box.id,)), now)
            return
        self._take(filing, ids, where, automatic=automatic)

    def _take(self, filing: Filing, ids: Known, where: Place, *, automatic: bool) -> None:
        arrival, box, now = filing.arrival, filing.box, filing.now
        begun = where.decision.thread_id is None
        own = filing.message_id.partition("_")[2]
        thread_id = where.decision.thread_id or f"thread_{own}"
        message = _message(filing, thread_id, where)
        known = {one.header_id for one in ids.ancestors} | {message.header_id}
        filed = Filed(
            message=message,
            revision=_revision(filing),
            packed=arrival.packed,
            thread=Thread(thread_id, box.id, arrival.subject, arrival.base_subject, now, now)
            if begun
            else None,
            joining=where.joining,
            ancestors=tuple(one for one in arrival.ancestors if one not in known),
            author=arrival.author,
            contact_id=f"contact_{own}" if self._shows_author(filing, thread_id, automatic) else "",
            inherits=not begun and not message.new_sender,
            answered=None if automatic or message.held_from_agents or filing.system else ids.parent,
        )
        self._unwritten.append(filed)
        if filed.contact_id and not is_automatic(arrival):
            said = "unsubscribed" if arrival.unsubscribes else "replied"
            reason = sequence_ends.HIDDEN if message.held_from_agents else said
            self._answers.heard(box, arrival.author, reason)
        if filed.answered and not arrival.unsubscribes:
            reputation_counts.replied(self.tx, filed.answered, arrival.author, now)
        base = where.thread.base_subject if where.thread else arrival.base_subject
        self._subjects.add((box.id, base))
        if where.decision.merged:
            self._merge(filed, where.decision.merged)
        else:
            self._remember(filed, where)
        if arrival.unsubscribes and filed.contact_id:
            self._write()
            unsubscribe_mail.heard(self.tx, self.services, filed, ids.parent, automatic=is_automatic(arrival))

    def _remember(self, filed: Filed, where: Place) -> None:
        """What the next mails have to know of this one."""
        message = filed.message
        thread = where.with_mail(filed)
        own = Named(message.header_id, message.thread_id, message.id)
        named = [own, *(Named(one, message.thread_id, None) for one in filed.ancestors)]
        self._desk.write(thread, message.mailbox_id, named)

    def _merge(self, filed: Filed, others: tuple[str, ...]) -> None:
        message = filed.message
        self._write_and_forget()
        self.tx.threads.merge(message.thread_id, others)
        data = {"merged": list(others)}
        self.tx.events.add(
            Event(
                "thread.merged",
                message.created_at,
                message.mailbox_id,
                thread_id=message.thread_id,
                data=data,
            )
        )

    def _shows_author(self, filing: Filing, thread_id: str, automatic: bool) -> bool:
        """Whether its author is a contact that was heard of. A machine that writes where the mailbox wrote answers."""
        if not _has_contact(filing):
            return False
        answers = automatic and self.tx.messages.newest_of_thread(thread_id, "outbound") is not None
        return not answers or filing.arrival.unsubscribes

    def _too_many(self, filing: Filing, thread_id: str) -> bool:
        """Whether two machines are talking: only mail that says it is automatic is measured by the limit."""
        self._write()
        most = self.services.limits.thread_rate_per_hour
        return self.tx.threads.inbound_since(thread_id, filing.now - HOUR, 2 * most) >= most

    def _write_and_forget(self) -> None:
        self._write()
        self._desk.forget()

    def _write(self) -> None:
        self.tx.arrivals.file(self._unwritten)
        self._unwritten.clear()
        self._subjects.clear()


def _message(filing: Filing, thread_id: str, where: Place) -> NewMessage:
    arrival, box = filing.arrival, filing.box
    held = box.default_mode is Mode.GATED_ALL and not filing.system
    own_id = arrival.header_id and not where.reused_id
    return NewMessage(
        id=filing.message_id,
        mailbox_id=box.id,
        thread_id=thread_id,
        direction="inbound",
        status="pending_inbound_approval" if held else "unread",
        message_class=MessageClass.SYSTEM if filing.system else MessageClass.TRANSACTIONAL,
        sender=arrival.sender,
        sender_name=arrival.sender_name,
        reply_to=arrival.reply_to,
        subject=arrival.subject,
        preview=arrival.preview,
        header_id=arrival.header_id if own_id else f"<{filing.message_id}@{domain_of(box.address)}>",
        in_reply_to=arrival.in_reply_to,
        header_refs=arrival.header_refs,
        mode=Mode.GATED_ALL.value if held else None,
        recipients=_recipients(filing),
        attachments=arrival.attachments,
        held_from_agents=held,
        new_sender=where.decision.new_author,
        size=len(arrival.envelope.raw),
        problems=arrival.problems,
        hidden_text=arrival.hidden,
        authentication=_OURS if filing.local else _UNCHECKED,
        verdict=_HELD if held else {},
        created_at=filing.now,
        digest=arrival.digest,
    )


def _revision(filing: Filing) -> StoredRevision:
    arrival = filing.arrival
    return StoredRevision(
        filing.message_id, 0, arrival.digest, "", arrival.subject, arrival.text, arrival.origin, filing.now
    )


def _recipients(filing: Filing) -> tuple[Recipient, ...]:
    """Those the header names, and, where it does not name this mailbox, the address it came to unseen."""
    arrival = filing.arrival
    if any(is_own(filing.box, one) for one in arrival.named):
        return arrival.recipients
    unseen = (one for one in filing.addressed if normalise(one) not in arrival.named)
    return (*arrival.recipients, *(Recipient(one, RecipientKind.BCC) for one in unseen))


def _has_contact(filing: Filing) -> bool:
    """Everybody who writes is one, but for the mailbox itself and the machines that return mail."""
    author = filing.arrival.author
    if filing.system or filing.arrival.bounce is not None or is_answer(filing.arrival):
        return False
    return bool(author) and not is_own(filing.box, author)


def _is_about_notice(arrival: Arrival, ids: Known) -> bool:
    """Whether it returns or answers a notice of this mailbox: what the overseer was told must not come back to the
    agents that way. Only who has the notice knows its Message-ID."""
    if arrival.bounce is not None and is_notice_id(arrival.bounce.original_message_id or ""):
        return True
    return any(one.message_id is not None and is_notice_id(one.header_id) for one in ids.ancestors)


def _apply(tx: Tx, filing: Filing) -> bool:
    """What a mail that returns one of ours, or complains about it, brings about; False where it does not."""
    arrival = filing.arrival
    if arrival.returned.complaint is not None:
        return inbound_complaints.apply(tx, arrival.returned.complaint, filing.message_id, filing.now)
    by_notification = arrival.envelope.is_notification
    came = Came(
        filing.message_id, filing.box, filing.addressed, arrival.returned, by_notification, filing.now
    )
    return inbound_bounces.apply(tx, came)


def _comes_back(tx: Tx, filing: Filing, earlier_id: str) -> bool:
    """Whether it is our own mail coming back, rather than mail that the mailbox sent to itself."""
    own = normalise(filing.box.address)
    facts = InboundFacts(filing.arrival.author, own_addresses=frozenset({own}), own_message_id=True)
    earlier = tx.messages.get(earlier_id) if not filing.local and is_echo(facts) else None
    if earlier is None or earlier.direction != "outbound":
        return False
    return not any(is_own(filing.box, normalise(one.address)) for one in tx.messages.recipients(earlier.seq))
