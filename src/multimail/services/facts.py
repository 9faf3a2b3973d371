"""Gathering the facts that the policy decides on. Gathering never decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from multimail.core.addresses import listed, normalise
from multimail.core.lifecycle import HANDED_OVER
from multimail.core.message_class import believed, of_mailbox
from multimail.core.model import Draft, Mailbox, MessageClass, Mode, Purpose, Recipient
from multimail.core.placeholders import find_placeholders
from multimail.core.policy.evaluate import suppressions
from multimail.core.policy.facts import CapFacts, Facts, RecipientFacts
from multimail.core.policy.modes import EffectiveMode, effective
from multimail.core.times import Micros
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import approval_facts, consenting, suppressing
from multimail.services.context import DAY, HOUR, Call


def gather(tx: Tx, call: Call, box: Mailbox, draft: Draft, mode: EffectiveMode) -> Facts:
    """Everything the rules may know about this draft, now."""
    found = find_placeholders(f"{draft.subject}\n{draft.body}")
    return Facts(
        operation=draft.operation,
        mode=mode,
        recipients=recipient_facts(tx, box, draft.recipients, draft.purpose, call.now),
        claimed_class=draft.message_class,
        **purpose_facts(box, draft.topic),
        placeholders=tuple(one.text for one in found),
        oversight_address=box.oversight_address,
        deliver=box.deliver,
        frozen=is_frozen(tx, box),
        caps=caps(tx, call, box),
        open_drafts=tx.messages.open_drafts(call.principal.id, draft.batch_id),
        open_drafts_limit=call.limits.open_drafts,
        visible_limit=call.limits.visible_recipients,
        approval=approval_facts.gather(tx, call.principal.id, box, draft, mode),
    )


def recipient_facts(
    tx: Tx, box: Mailbox, recipients: Sequence[Recipient], purpose: Purpose, now: Micros
) -> tuple[RecipientFacts, ...]:
    """What the mailbox's lists, the contacts' tags, suppression and consent say about each recipient of such a mail."""
    addresses = [normalise(one.address) for one in recipients]
    tags = tx.contacts.tags_of_addresses(addresses)
    barred = suppressing.reasons(tx, box, purpose.topic, addresses, now)
    asked = believed(purpose.claimed, operator_class(box, purpose.topic)) is MessageClass.COMMERCIAL
    consents = consenting.known(tx, box, purpose, addresses, now) if asked else {}
    return tuple(
        RecipientFacts(
            address=one.address,
            visible=one.visible,
            automatic=one.automatic,
            trusted=listed(box.trusted, one.address),
            allowed=None if box.allowed is None else listed(box.allowed, one.address),
            tags=tags.get(address, ()),
            suppressions=barred.get(address, ()),
            consent=None if one.automatic else consents.get(address),
        )
        for one, address in zip(recipients, addresses, strict=True)
    )


def left_out(tx: Tx, box: Mailbox, message: StoredMessage, purpose: Purpose, now: Micros) -> dict[str, str]:
    """Who gets nothing of a mail that a person or the policy let go, with the reason: asked at approval and again
    at hand-over.

    That a mail is transactional is an author's word only. It counts like an operator's once a person approved
    after having been told that it decides about somebody who opted out.
    """
    told = any(rule == "claimed_transactional" for rule, _ in message.verdict.get("hits", ()))
    if purpose.claimed is MessageClass.TRANSACTIONAL and not (told and message.released_digest is None):
        purpose = replace(purpose, claimed=None)
    has_it = {one.address for one in tx.deliveries.of(message.id) if one.status in HANDED_OVER}
    people = recipient_facts(tx, box, tx.messages.recipients(message.seq), purpose, now)
    open_to = [
        replace(one, tags=(), suppressions=(), consent=None) if one.address in has_it else one
        for one in people
    ]
    system = MessageClass.SYSTEM if message.message_class == MessageClass.SYSTEM else None
    by_operator = system or operator_class(box, purpose.topic) or purpose.claimed
    return dict(suppressions(open_to, purpose.claimed, by_operator))


def mode_now(box: Mailbox, message: StoredMessage) -> EffectiveMode:
    """The mode that holds for a mail under its mailbox's rules as they are."""
    wanted = Mode(message.requested_mode) if message.requested_mode else None
    return effective(wanted, box.default_mode, box.ceiling)


def operator_class(box: Mailbox, topic: str) -> MessageClass | None:
    """The class an operator gave mail of a mailbox, or mail of this topic, in its metadata; the only class that can
    loosen."""
    return of_mailbox(box.metadata, topic)


def purpose_facts(box: Mailbox, topic: str) -> dict[str, Any]:
    """What an operator said about mail of this topic: fields of `Facts`."""
    word = operator_class(box, topic)
    return {
        "operator_class": word,
        "class_by_topic": word is not operator_class(box, ""),
        "topic": topic,
        "postal_address": bool(str(box.metadata.get("physical_address") or "").strip()),
    }


def is_frozen(tx: Tx, box: Mailbox) -> bool:
    """Whether this mailbox or everything is frozen."""
    return box.frozen_at is not None or tx.settings.get("frozen_at") is not None


def caps(tx: Tx, call: Call, box: Mailbox) -> tuple[CapFacts, ...]:
    """Every hard cap that is set, with what is used of it."""
    per_hour, per_day = tx.principals.caps(call.principal.id)
    limits = (
        ("mailbox", "hour", box.caps.per_hour),
        ("mailbox", "day", box.caps.per_day),
        ("key", "hour", per_hour),
        ("key", "day", per_day),
        ("server", "hour", call.limits.cap_per_hour),
        ("server", "day", call.limits.cap_per_day),
    )
    return tuple(
        CapFacts(owner, period, limit, _used(tx, call, box, owner, period))
        for owner, period, limit in limits
        if limit is not None
    )


def _used(tx: Tx, call: Call, box: Mailbox, owner: str, period: str) -> int:
    since = call.now - (HOUR if period == "hour" else DAY)
    return tx.messages.sent_since(
        since,
        mailbox_id=box.id if owner == "mailbox" else None,
        principal_id=call.principal.id if owner == "key" else None,
    )
