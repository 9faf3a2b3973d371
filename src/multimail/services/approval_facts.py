"""Gathering what approval rules look at, and only where a rule could matter."""

from __future__ import annotations

from typing import Final

from multimail.core.addresses import normalise
from multimail.core.model import Draft, Mailbox, Mode
from multimail.core.policy.facts import ApprovalFacts, ReplyFacts
from multimail.core.policy.modes import EffectiveMode
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx

_NOTHING: Final = ApprovalFacts()


def gather(tx: Tx, author: str, box: Mailbox, draft: Draft, mode: EffectiveMode) -> ApprovalFacts:
    """The mailbox's rules, with what they may know of a draft that `author` wrote."""
    rules = tx.approval_rules.of_mailbox(box.id) if mode.effective is Mode.GATED_SEND else ()
    if not rules:
        return _NOTHING
    return ApprovalFacts(
        rules=rules,
        by_default=box.default_mode is Mode.GATED_SEND and not mode.reason,
        principal_id=author,
        reply=_reply(tx, box, draft) if any(one.reply_to_known_sender for one in rules) else None,
        template=draft.template,
    )


def _reply(tx: Tx, box: Mailbox, draft: Draft) -> ReplyFacts | None:
    """Whom the draft answers. Who is new to a thread is nobody who is known, whatever the address."""
    parent = tx.messages.get(draft.answers) if draft.answers else None
    if parent is None or parent.direction != "inbound" or not parent.sender:
        return None
    spellings = (parent.sender, normalise(parent.sender))
    known = not parent.new_sender and tx.approval_rules.corresponded(box.id, spellings)
    return ReplyFacts(parent.sender, known, _authenticated(parent))


def _authenticated(parent: StoredMessage) -> bool:
    """By a verdict that speaks for the address in From: aligned (DMARC), or a mailbox of this server."""
    return "pass" in {parent.authentication.get("dmarc"), parent.authentication.get("local")}
