"""The freeze: one mailbox or everything, effective with the next claim of a delivery."""

from __future__ import annotations

from dataclasses import replace

from multimail.contract.administration import Freeze, FreezeResult
from multimail.core.lifecycle import HELD
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services import access
from multimail.services.context import Call

WAITING = sorted(HELD | {"scheduled", "queued", "sending"})


def freeze(tx: Tx, call: Call, request: Freeze) -> FreezeResult:
    """Stop what would leave; freezing again changes nothing."""
    return _set(tx, call, request, frozen=True)


def unfreeze(tx: Tx, call: Call, request: Freeze) -> FreezeResult:
    """Let approved mail leave again."""
    return _set(tx, call, request, frozen=False)


def _set(tx: Tx, call: Call, request: Freeze, *, frozen: bool) -> FreezeResult:
    at = call.now if frozen else None
    mailbox_id = None
    if request.mailbox is None:
        access.everything(call.principal)
        tx.settings.set("frozen_at", tx.settings.get("frozen_at") or at if frozen else None)
    else:
        box = access.mailbox(tx, call.principal, request.mailbox)
        mailbox_id = box.id
        tx.mailboxes.save(replace(box, frozen_at=(box.frozen_at or at) if frozen else None))
    why = f"freeze_reason:{mailbox_id or 'all'}"
    reason = (request.reason or tx.settings.get(why)) if frozen else None
    tx.settings.set(why, reason)
    kind = "freeze.started" if frozen else "freeze.ended"
    tx.events.add(Event(kind, call.now, mailbox_id=mailbox_id, principal_id=call.principal.id))
    return FreezeResult(
        frozen=frozen,
        mailbox=mailbox_id,
        everything=tx.settings.get("frozen_at") is not None,
        waiting=len(tx.messages.of_mailbox(mailbox_id, WAITING)),
        reason=reason,
    )
