"""Examining mail that waits: gathering what the findings of `core.caution` rest on, and keeping what they come to.

Everything is asked of one mailbox alone, and only what left it or what a person approved makes anybody known there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from multimail.core import caution, caution_people
from multimail.core.addresses import domain_of, listed, normalise
from multimail.core.caution import Caution
from multimail.core.caution_people import Person
from multimail.core.likeness import sketch
from multimail.core.model import Mailbox, Recipient, RecipientKind
from multimail.core.placeholders import find_placeholders
from multimail.core.times import Micros
from multimail.ports.desk import Examined
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx

_SKETCHED: Final = 100_000
"""So many characters of a text are sketched; likeness beyond is for the eye."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found in a mail as it is now, heaviest first."""

    found: tuple[Caution, ...]
    people: Mapping[str, Person]
    sketch: bytes

    @property
    def risk(self) -> int:
        """0 to 100."""
        return caution.risk(self.found)

    def kept(self, message: StoredMessage) -> Examined:
        """For the queue: codes and figures, no text."""
        codes = tuple(dict.fromkeys(one.code for one in self.found))
        return Examined(message.id, message.revision, self.risk, codes, self.sketch)


def examine(tx: Tx, message: StoredMessage) -> Examination:
    """Look at a mail as it is now, under what is known now."""
    revision = tx.revisions.get(message.id, message.revision)
    body, envelope = (revision.body, revision.envelope) if revision else ("", {})
    box = tx.mailboxes.get(message.mailbox_id)
    recipients = tx.messages.recipients(message.seq)
    everybody = people(tx, message, box, recipients) if message.direction == "outbound" else {}
    found = (
        *caution_people.people(tuple(everybody.values())),
        *caution_people.reply_to(message.sender, _reply_to(message, envelope)),
        *_placeholders(message, body),
    )
    return Examination(caution.ordered(found), everybody, sketch(f"{message.subject}\n{body[:_SKETCHED]}"))


def keep(tx: Tx, message: StoredMessage, now: Micros) -> Examination:
    """Examine a mail, and keep what the queue shows of it."""
    made = examine(tx, message)
    tx.desk.keep(made.kept(message), now)
    return made


def _reply_to(message: StoredMessage, envelope: Mapping[str, Any]) -> str:
    return str(envelope.get("reply_to", "")) if message.direction == "outbound" else message.reply_to


def _placeholders(message: StoredMessage, body: str) -> Iterator[Caution]:
    found = find_placeholders(f"{message.subject}\n{body}")
    if found:
        yield caution.caution(
            "placeholder", 30, "Somebody still has to fill this in.", (one.text for one in found)
        )


def people(
    tx: Tx, message: StoredMessage, box: Mailbox | None, recipients: list[Recipient]
) -> dict[str, Person]:
    """The recipients as their mailbox knows them, by address."""
    chosen = [one for one in recipients if not one.automatic]
    known = tx.desk.known(message.mailbox_id, [one.address for one in chosen])
    domains = tx.desk.known_domains(message.mailbox_id, [domain_of(one.address) for one in chosen])
    spoke = tx.desk.spoke(message) if message.answers else set()
    parent = tx.messages.get(message.answers) if message.answers else None
    author = normalise(parent.sender) if parent is not None and parent.direction == "inbound" else ""
    return {
        one.address: Person(
            one.address,
            hidden=one.kind is RecipientKind.BCC,
            automatic=one.automatic,
            known=one.address in known,
            trusted=box is not None and listed(box.trusted, one.address),
            answered=bool(author) and normalise(one.address) == author,
            domain_known=domain_of(one.address) in domains,
            in_thread=not message.answers or normalise(one.address) in spoke,
        )
        for one in recipients
    }
