"""Views of outgoing mail: the answer to a send, and what became of each recipient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from multimail.contract.sending import RecipientResult, SendResult
from multimail.core.consent import NO_CONSENT
from multimail.core.lifecycle import HELD
from multimail.core.model import Recipient, RecipientKind
from multimail.core.policy.evaluate import NOBODY_LEFT
from multimail.core.suppression import in_words
from multimail.core.tags import written
from multimail.ports.records import NewMessage, StoredDelivery, StoredMessage
from multimail.ports.store import Tx
from multimail.services.convert import moment, shown

HELD_HERE = "Accepted and held for a person. Do not send it again; wait_for_decision tells the outcome."
KEPT_HERE = "Kept here, nothing left this machine: no relay is configured."
OPTED_OUT = (
    "Nobody is mailed: every recipient unsubscribed or is suppressed. Only an operator can change that."
)
STOPPED: Final = {
    "paused": "Accepted and queued: sending is stopped, because too much came back. It goes, once, when an operator"
    " resumes; do not send it again.",
    "throttled": "Accepted and queued: sending is slowed down, because too much came back. Do not send it again.",
    "warming": "Accepted and queued: its mailbox is warming up and has sent what it may today. It goes on another"
    " day; do not send it again.",
}
_SAID: Final = 10
"""Recipients who get nothing that are named with the reason."""
NEVER_AGREED = (
    "Nobody is mailed: no recipient has agreed to commercial mail like this. An operator records who did, with"
    " record_consent; do not send it again before."
)


@dataclass(frozen=True, slots=True)
class Sent:
    """An accepted mail with what its answer tells besides its row. `repeated` is the answer to an earlier call."""

    message: NewMessage | StoredMessage
    recipients: Sequence[Recipient]
    suppressed: Sequence[str]
    tags: Sequence[str]
    repeated: bool = False


def read(tx: Tx, message: StoredMessage, *, repeated: bool = False) -> Sent:
    """What is known of a mail that was accepted earlier."""
    people = tx.messages.recipients(message.seq)
    addresses = {one.address for one in people}
    suppressed = [
        one.address
        for one in current(tx.deliveries.of(message.id))
        if one.status == "suppressed" and one.address in addresses
    ]
    tags = [written(one.tag, one.value) for one in tx.tags.of("message", message.id)]
    return Sent(message, people, suppressed, tags, repeated)


def send_result(tx: Tx, found: Sent, warnings: Sequence[str] = ()) -> SendResult:
    """The canonical answer to everything that makes mail leave."""
    message = found.message
    named = {kind: [one.address for one in found.recipients if one.kind is kind] for kind in RecipientKind}
    held = message.status in HELD
    server = tx.settings.get("server") or {}
    return SendResult(
        message_id=message.id,
        thread_id=message.thread_id,
        status=message.status,
        requested_mode=message.requested_mode,
        oversight_mode=message.mode or "",
        reasons=[reason for _, reason in message.verdict.get("hits", ())],
        rules=[rule for rule, _ in message.verdict.get("hits", ())],
        scheduled_at=moment(message.scheduled_at),
        undo_until=moment(message.undo_until),
        expires_at=moment(message.expires_at) if held else None,
        to=named[RecipientKind.TO],
        cc=named[RecipientKind.CC] or None,
        bcc=named[RecipientKind.BCC] or None,
        subject=shown(message.subject),
        tags=list(found.tags),
        metadata=message.metadata,
        digest=message.digest,
        revision=message.revision,
        delivery=message.delivery,
        review_url=_review_url(server, message.id) if held else None,
        original_message_id=message.answers,
        repeated=found.repeated or None,
        suppressed=list(found.suppressed) or None,
        warnings=[*warnings, *left_out(tx, found)] or None,
        note=_note(tx, message, server),
    )


def left_out(tx: Tx, found: Sent) -> list[str]:
    """Who gets nothing and why, a sentence each, as far as they can be read."""
    if not found.suppressed:
        return []
    left_out = {one.address: one.detail for one in tx.deliveries.of(found.message.id)}
    lines = [f"{one} gets nothing: {in_words(left_out.get(one, ''))}." for one in found.suppressed[:_SAID]]
    more = len(found.suppressed) - len(lines)
    return [*lines, f"{more} more get nothing; get_message_history says why."] if more else lines


def _note(tx: Tx, message: NewMessage | StoredMessage, server: Mapping[str, Any]) -> str | None:
    """The one sentence that an author needs to know beside the facts."""
    if message.status in HELD:
        return HELD_HERE
    if message.status == "suppressed":
        why = {reason for _, reason in message.verdict.get("suppressed", ())}
        return NEVER_AGREED if NO_CONSENT in why and why <= {NO_CONSENT, NOBODY_LEFT} else OPTED_OUT
    if message.status == "queued" and (mode := tx.stops.mode_of(message.id)):
        return STOPPED[mode]
    return KEPT_HERE if server.get("transport", "capture") == "capture" else None


def review_url(tx: Tx, message_id: str) -> str | None:
    """Where a signed-in person decides; it carries no authority. None while no server has started yet."""
    return _review_url(tx.settings.get("server") or {}, message_id)


def _review_url(server: Mapping[str, Any], message_id: str) -> str | None:
    base = server.get("base_url")
    return f"{base}/review/{message_id}" if base else None


def current(deliveries: Sequence[StoredDelivery]) -> list[StoredDelivery]:
    """The latest delivery of each address: an edited draft leaves cancelled ones behind."""
    return list({one.address: one for one in deliveries}.values())


def recipient_results(tx: Tx, message: StoredMessage) -> list[RecipientResult]:
    """What became of each recipient, in header order."""
    by_address = {one.address: one for one in tx.deliveries.of(message.id)}
    found = []
    for one in tx.messages.recipients(message.seq):
        delivery = by_address.get(one.address)
        found.append(
            RecipientResult(
                address=one.address,
                kind="copy" if one.automatic else one.kind.value,
                status=delivery.status if delivery else message.status,
                detail=(shown(delivery.detail) or None) if delivery else None,
            )
        )
    return found
