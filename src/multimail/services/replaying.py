"""Judging a mail that was admitted anew, with the facts as they were then and rules as they might be. Reads only.

Facts are taken from the first revision, from the mail's own row and from what was kept at its admission; where
nothing was kept, those of now stand in, and whoever shows the result says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from multimail.core.addresses import listed, normalise
from multimail.core.consent import NEVER_ASKED, NO_CONSENT
from multimail.core.model import Draft, Mailbox, Mode, Recipient, RecipientKind
from multimail.core.placeholders import find_placeholders
from multimail.core.policy.evaluate import Verdict, evaluate
from multimail.core.policy.facts import ApprovalFacts, Facts, RecipientFacts
from multimail.core.policy.modes import EffectiveMode, effective
from multimail.core.policy.rules import Result
from multimail.core.suppression import REASONS
from multimail.ports.figures import Admission, DecidedRow
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import approval_facts, facts
from multimail.services.context import Call
from multimail.services.drafting import with_oversight_copy
from multimail.services.rendering import draft_of

_SOMEBODY: Final = "oversight@mailbox.invalid"
"""Stands for an oversight address that is not set yet."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """A mail with what became of it at admission, and what would have."""

    message: StoredMessage
    recipients: tuple[Recipient, ...]
    happened: str
    would: str
    verdict: Verdict
    decision: DecidedRow | None


@dataclass(frozen=True, slots=True)
class History:
    """A mail as it was admitted, the mailbox as it is and as it is tried."""

    box: Mailbox
    tried: Mailbox
    message: StoredMessage
    admission: Admission | None


def replay(
    tx: Tx, call: Call, past: History, outcomes: Mapping[str, str], decision: DecidedRow | None
) -> Replayed:
    message, admission = past.message, past.admission
    written = _draft(tx, past)
    mode = effective(written.requested_mode, past.tried.default_mode, past.tried.ceiling)
    watched = replace(past.tried, oversight_address=_SOMEBODY) if unwatched(past.tried) else past.tried
    complete = with_oversight_copy(watched, written, mode.effective)
    verdict = evaluate(_facts(tx, call, replace(past, tried=watched), complete, mode))
    happened = admission.outcome if admission else outcomes.get(message.id, "left")
    would = _outcome(verdict, len(complete.recipients))
    return Replayed(message, written.recipients, happened, would, verdict, decision)


def unwatched(tried: Mailbox) -> bool:
    """Whether the rules cannot be set without an oversight address, and there is none."""
    return Mode.MONITORED in {tried.default_mode, tried.ceiling} and not tried.oversight_address


def _draft(tx: Tx, past: History) -> Draft:
    """The first revision, without the copy that its mode had added for the oversight address."""
    message, box = past.message, past.box
    revision = tx.revisions.get(message.id, 1)
    written = Draft(
        operation=message.operation,
        mailbox_id=box.id,
        sender=message.sender,
        sender_name=message.sender_name,
        recipients=tuple(tx.messages.recipients(message.seq)) if revision is None else (),
        subject=message.subject,
        body="",
        requested_mode=Mode(message.requested_mode) if message.requested_mode else None,
        answers=message.answers,
    )
    written = draft_of(revision, written) if revision is not None else written
    return replace(written, recipients=tuple(one for one in written.recipients if not _is_copy(box, one)))


def _is_copy(box: Mailbox, one: Recipient) -> bool:
    address = normalise(one.address)
    hidden = one.automatic and one.kind is RecipientKind.BCC
    return hidden and address == box.oversight_address and address not in box.auto_bcc


def _facts(tx: Tx, call: Call, past: History, draft: Draft, mode: EffectiveMode) -> Facts:
    box = past.tried
    return Facts(
        operation=draft.operation,
        mode=mode,
        recipients=_recipients(tx, call, past, draft),
        claimed_class=draft.message_class,
        **facts.purpose_facts(box, draft.topic),
        placeholders=tuple(one.text for one in find_placeholders(f"{draft.subject}\n{draft.body}")),
        oversight_address=box.oversight_address,
        deliver=box.deliver,
        visible_limit=call.limits.visible_recipients,
        approval=_approval(tx, past, draft, mode),
    )


def _recipients(tx: Tx, call: Call, past: History, draft: Draft) -> tuple[RecipientFacts, ...]:
    box, admission = past.tried, past.admission
    if admission is None:
        return facts.recipient_facts(tx, box, draft.recipients, draft.purpose, call.now)
    tags = admission.tags or ()
    left_out = dict(past.message.verdict.get("suppressed", ()))
    return tuple(
        RecipientFacts(
            address=one.address,
            visible=one.visible,
            automatic=one.automatic,
            trusted=listed(box.trusted, one.address),
            allowed=None if box.allowed is None else listed(box.allowed, one.address),
            tags=tags[position] if position < len(tags) else (),
            suppressions=(left_out[one.address],) if left_out.get(one.address) in REASONS else (),
            consent=NEVER_ASKED if left_out.get(one.address) == NO_CONSENT else None,
        )
        for position, one in enumerate(draft.recipients)
    )


def _approval(tx: Tx, past: History, draft: Draft, mode: EffectiveMode) -> ApprovalFacts:
    """As now, but who was known then: later mail has made them known since."""
    found = approval_facts.gather(tx, past.message.principal_id or "", past.tried, draft, mode)
    then = past.admission.known_sender if past.admission else None
    if found.reply is None or then is None:
        return found
    return replace(found, reply=replace(found.reply, known=then))


def _outcome(verdict: Verdict, recipients: int) -> str:
    if verdict.result is Result.REFUSE:
        return "refused"
    if len(verdict.suppressed) == recipients:
        return "left_out"
    return "held" if verdict.held else "left"
