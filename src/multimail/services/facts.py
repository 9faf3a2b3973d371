"""Gathering the facts that the policy decides on. Gathering never decides."""

from __future__ import annotations

from collections.abc import Sequence

from multimail.core.addresses import listed, normalise
from multimail.core.model import Draft, Mailbox, MessageClass, Recipient
from multimail.core.placeholders import find_placeholders
from multimail.core.policy.facts import CapFacts, Facts, RecipientFacts
from multimail.core.policy.modes import EffectiveMode
from multimail.ports.store import Tx
from multimail.services.context import DAY, HOUR, Call


def gather(tx: Tx, call: Call, box: Mailbox, draft: Draft, mode: EffectiveMode) -> Facts:
    """Everything the rules may know about this draft, now."""
    found = find_placeholders(f"{draft.subject}\n{draft.body}")
    return Facts(
        operation=draft.operation,
        mode=mode,
        recipients=recipient_facts(tx, box, draft.recipients),
        claimed_class=draft.message_class,
        operator_class=operator_class(box),
        placeholders=tuple(one.text for one in found),
        oversight_address=box.oversight_address,
        deliver=box.deliver,
        frozen=is_frozen(tx, box),
        caps=caps(tx, call, box),
        open_drafts=tx.messages.open_drafts(call.principal.id),
        open_drafts_limit=call.limits.open_drafts,
        visible_limit=call.limits.visible_recipients,
    )


def recipient_facts(tx: Tx, box: Mailbox, recipients: Sequence[Recipient]) -> tuple[RecipientFacts, ...]:
    """What the mailbox's lists and the contacts' tags say about each recipient."""
    tags = tx.contacts.tags_of_addresses([normalise(one.address) for one in recipients])
    return tuple(
        RecipientFacts(
            address=one.address,
            visible=one.visible,
            automatic=one.automatic,
            trusted=listed(box.trusted, one.address),
            allowed=None if box.allowed is None else listed(box.allowed, one.address),
            tags=tags.get(normalise(one.address), ()),
        )
        for one in recipients
    )


def operator_class(box: Mailbox) -> MessageClass | None:
    """The class an operator gave all mail of a mailbox, in its metadata; the only class that can loosen."""
    named = box.metadata.get("message_class")
    return MessageClass(named) if named in {"transactional", "commercial"} else None


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
        ("server", "hour", tx.settings.get("cap_per_hour")),
        ("server", "day", tx.settings.get("cap_per_day")),
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
