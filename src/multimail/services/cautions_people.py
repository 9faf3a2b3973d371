"""Whom a waiting mail goes to, as its mailbox knows them: gathered for the findings about people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from multimail.core import caution_domains
from multimail.core.addresses import domain_of, listed, normalise
from multimail.core.caution_domains import WELL_KNOWN, neighbours, registrable, resembles
from multimail.core.caution_people import COMPARED, Person
from multimail.core.model import RecipientKind
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx

_FEW: Final = 200
"""Written domains that are read all at once sooner than asked for by hundreds of spellings."""


def gather(tx: Tx, message: StoredMessage) -> dict[str, Person]:
    """The recipients by address. Nothing that their author could have brought about counts for them."""
    box = tx.mailboxes.get(message.mailbox_id)
    trusted = box.trusted if box else ()
    recipients = tx.messages.recipients(message.seq)
    chosen = [one.address for one in recipients if not one.automatic]
    known = tx.desk.known(message.mailbox_id, chosen)
    domains = [domain_of(one) for one in chosen]
    known_domains = tx.desk.known_domains(message.mailbox_id, domains)
    fresh = [
        one for one in dict.fromkeys(domains) if one not in known_domains and not listed(trusted, f"x@{one}")
    ]
    like = resembled(tx, message.mailbox_id, fresh[:COMPARED])
    author, circle = _circle(tx, message)
    return {
        one.address: Person(
            one.address,
            hidden=one.kind is RecipientKind.BCC,
            automatic=one.automatic,
            known=one.address in known,
            trusted=listed(trusted, one.address),
            answered=bool(author) and normalise(one.address) == author,
            domain_known=domain_of(one.address) in known_domains,
            in_thread=circle is None or normalise(one.address) in circle,
            resembles=like.get(domain_of(one.address), ""),
        )
        for one in recipients
    }


def _circle(tx: Tx, message: StoredMessage) -> tuple[str, set[str] | None]:
    """Who wrote the arrived mail that a draft answers, and who was in its conversation; None where it begins one."""
    parent = tx.messages.get(message.answers) if message.answers else None
    if message.operation == "forward_email":
        return "", set()
    if parent is None:
        return "", None
    author = normalise(parent.sender) if parent.direction == "inbound" else ""
    return author, tx.desk.spoke(message)


def resembled(tx: Tx, mailbox_id: str, domains: Sequence[str]) -> dict[str, str]:
    """Of each domain, one that this mailbox wrote to, or that everybody knows, and that it can be taken for."""
    box = tx.mailboxes.get(mailbox_id)
    own = [domain_of(box.address), *(one[1:] for one in box.trusted if one.startswith("@"))] if box else []
    names = frozenset(map(registrable, filter(None, own))) | WELL_KNOWN
    asked = [one for one in domains if one and not one.startswith("[")]
    met = _met(tx, mailbox_id, asked)
    return {domain: like for domain in asked if (like := met[domain] or resembles(domain, names))}


def _met(tx: Tx, mailbox_id: str, domains: Sequence[str]) -> dict[str, str]:
    """Of each domain, the first one that it can be taken for at which the mailbox wrote to somebody, or ""."""
    written = tx.desk.written_domains(mailbox_id, _FEW)
    near = {domain: list(neighbours(domain)) if written != set() else [] for domain in domains}
    if written is None:
        everything = list(dict.fromkeys(one for each in near.values() for one in each))
        written = tx.desk.known_domains(mailbox_id, everything)
    return {domain: next((one for one in each if one in written), "") for domain, each in near.items()}


def known_names(tx: Tx, message: StoredMessage, people: Mapping[str, Person]) -> Iterable[str]:
    """Domains that a link may pose as: the mailbox's own, and those of the people the mail goes to."""
    box = tx.mailboxes.get(message.mailbox_id)
    yield from [domain_of(box.address)] if box else []
    yield from (domain_of(one.address) for one in people.values() if not one.new)
    if message.direction == "inbound" and not caution_domains.is_disguised(domain_of(message.sender)):
        yield domain_of(message.sender)
