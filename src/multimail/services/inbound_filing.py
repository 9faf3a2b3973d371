"""Filing one arriving mail in one mailbox: everything it brings about, inside one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from multimail.core.addresses import domain_of, normalise
from multimail.core.envelope import Envelope
from multimail.core.loops import InboundFacts, is_echo, may_answer
from multimail.core.model import Mailbox, Mode, Recipient, RecipientKind
from multimail.core.times import HOUR, Micros
from multimail.ports.intake import Thread
from multimail.ports.records import Event, NewMessage, StoredRevision
from multimail.ports.store import Tx
from multimail.services import inbound_aside, inbound_bounces, inbound_people, inbound_threads
from multimail.services.context import Services
from multimail.services.inbound_aside import Aside
from multimail.services.inbound_mail import Arrival
from multimail.services.inbound_mailboxes import is_own
from multimail.services.inbound_threads import Known, Place

_MACHINES: Final = frozenset({"automatic", "machine_address", "no_sender"})
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

    `local` is mail from a mailbox of this server, whose author is known without being checked.
    """

    services: Services
    now: Micros
    box: Mailbox
    arrival: Arrival
    addressed: tuple[str, ...]
    local: bool = False

    def new_id(self, prefix: str) -> str:
        """A new id of this kind."""
        return self.services.ids.new(prefix, self.now)

    @property
    def envelope(self) -> Envelope:
        """The envelope as far as it is about this mailbox."""
        return replace(self.arrival.envelope, recipients=self.addressed)

    @property
    def author(self) -> str:
        """The author as threads know him: empty for the mailbox's own mail. From alone proves no such thing."""
        author = self.arrival.author
        return "" if self.local and is_own(self.box, author) else author


def file(tx: Tx, filing: Filing) -> str:
    """File the mail; returns its id, or that of the mail it is or repeats.

    A repeat changes nothing. Our own mail that comes back, as from a list, is there already and is no second
    mail. Machines that write into one thread faster than the limit are kept aside; people never are.
    """
    arrival, box, now = filing.arrival, filing.box, filing.now
    message_id = filing.new_id("msg")
    if arrival.identity and not tx.arrivals.remember(box.id, *arrival.identity, message_id):
        return tx.arrivals.seen(box.id, *arrival.identity) or message_id
    ids = inbound_threads.known(tx, box, arrival)
    if ids.earlier and _comes_back(tx, filing, ids.earlier):
        return ids.earlier
    returned = arrival.bounce is not None and inbound_bounces.apply(tx, box, arrival.bounce, now)
    where = inbound_threads.place(tx, box, arrival, ids, filing.author, now)
    if where.thread_id and not returned and _too_many(tx, filing, where.thread_id):
        inbound_aside.keep(tx, Aside(message_id, filing.envelope, "thread_rate", (box.id,)), now)
        return message_id
    new = Thread(filing.new_id("thread"), box.id, arrival.subject, arrival.base_subject, now, now)
    thread_id = inbound_threads.carry_out(tx, box, arrival, where, new)
    message = _message(filing, message_id, thread_id, where)
    tx.messages.insert(message)
    tx.revisions.add_packed(_revision(filing, message), arrival.packed)
    unseen = [one for one in arrival.ancestors if one not in {known.header_id for known in ids.ancestors}]
    thread = Thread(thread_id, box.id, "", "", now, now)
    tx.threads.know(thread, message.header_id, message_id, unseen)
    _consequences(tx, filing, message, ids, joins=where.thread_id is not None)
    tx.events.add(Event("message.received", now, box.id, message_id, thread_id))
    return message_id


def _message(filing: Filing, message_id: str, thread_id: str, where: Place) -> NewMessage:
    arrival, box = filing.arrival, filing.box
    held = box.default_mode is Mode.GATED_ALL
    own_id = arrival.header_id and not where.reused_id
    return NewMessage(
        id=message_id,
        mailbox_id=box.id,
        thread_id=thread_id,
        direction="inbound",
        status="pending_inbound_approval" if held else "unread",
        sender=arrival.sender,
        sender_name=arrival.sender_name,
        reply_to=arrival.reply_to,
        subject=arrival.subject,
        preview=arrival.preview,
        header_id=arrival.header_id if own_id else f"<{message_id}@{domain_of(box.address)}>",
        in_reply_to=arrival.in_reply_to,
        header_refs=arrival.header_refs,
        mode=Mode.GATED_ALL.value if held else None,
        recipients=_recipients(filing),
        attachments=arrival.attachments,
        held_from_agents=held,
        new_sender=where.new_sender,
        size=len(arrival.envelope.raw),
        problems=arrival.mail.problems,
        hidden_text=arrival.hidden,
        authentication=_OURS if filing.local else _UNCHECKED,
        verdict=_HELD if held else {},
        created_at=filing.now,
        search_body=arrival.text,
        digest=arrival.digest,
    )


def _revision(filing: Filing, message: NewMessage) -> StoredRevision:
    arrival = filing.arrival
    return StoredRevision(
        message.id, 0, arrival.digest, "", arrival.subject, arrival.text, arrival.origin, filing.now
    )


def _recipients(filing: Filing) -> tuple[Recipient, ...]:
    """Those the header names, and, where it does not name this mailbox, the address it came to unseen."""
    named = filing.arrival.recipients
    if any(is_own(filing.box, normalise(one.address)) for one in named):
        return named
    here = {normalise(one.address) for one in named}
    unseen = (one for one in filing.addressed if normalise(one) not in here)
    return (*named, *(Recipient(one, RecipientKind.BCC) for one in unseen))


def _consequences(tx: Tx, filing: Filing, message: NewMessage, ids: Known, *, joins: bool) -> None:
    """Tags of the thread, the contact's log, the answered mail. A stranger inherits nothing."""
    arrival = filing.arrival
    if joins and not message.new_sender:
        inherited = {one.tag: one.value for one in tx.tags.of("thread", message.thread_id)}
        if inherited:
            tx.tags.add("message", message.id, inherited, "", filing.now)
    if filing.author and not is_own(filing.box, arrival.author) and arrival.bounce is None:
        inbound_people.note(tx, filing.services, message, arrival)
    if ids.parent and not message.held_from_agents and not _is_automatic(arrival):
        tx.messages.mark_answered([ids.parent])


def _is_automatic(arrival: Arrival) -> bool:
    return bool(_MACHINES & set(may_answer(_facts(arrival)).reasons))


def _facts(arrival: Arrival) -> InboundFacts:
    return InboundFacts(
        sender=arrival.author,
        envelope_from=arrival.envelope.sender,
        auto_submitted=arrival.mail.auto_submitted,
        is_report=arrival.bounce is not None,
    )


def _too_many(tx: Tx, filing: Filing, thread_id: str) -> bool:
    """Whether two machines are talking: only mail that says it is automatic is counted against the limit."""
    most = filing.services.limits.thread_rate_per_hour
    if not _is_automatic(filing.arrival):
        return False
    return tx.threads.inbound_since(thread_id, filing.now - HOUR, 2 * most) >= most


def _comes_back(tx: Tx, filing: Filing, earlier_id: str) -> bool:
    """Whether it is our own mail coming back, rather than mail that the mailbox sent to itself."""
    facts = InboundFacts(
        sender=filing.arrival.author,
        own_addresses=frozenset({normalise(filing.box.address)}),
        own_message_id=True,
    )
    earlier = tx.messages.get(earlier_id) if not filing.local and is_echo(facts) else None
    if earlier is None or earlier.direction != "outbound":
        return False
    return not any(is_own(filing.box, normalise(one.address)) for one in tx.messages.recipients(earlier.seq))
