"""The freeze: one mailbox or everything, effective with the next claim of a delivery; and mail let go out of it.

A release is of one mail, as it is now. It is honoured by the statement that claims deliveries, and every freeze
that is asked for later takes it away: what counts is the order of the calls, whatever a clock says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from multimail.contract.administration import Freeze, FreezeResult
from multimail.contract.freezes import (
    FreezeView,
    FrozenList,
    FrozenMail,
    ListFrozen,
    Unfreeze,
    UnfreezeResult,
)
from multimail.core.errors import Problem
from multimail.core.lifecycle import HELD
from multimail.core.model import Mailbox, Mode, RecipientKind
from multimail.core.times import to_datetime
from multimail.ports.freezes import FrozenRow
from multimail.ports.records import Event, StoredMessage
from multimail.ports.store import Tx
from multimail.services import access, convert, cursors, facts, record
from multimail.services.context import Call
from multimail.services.decision_views import name_of

WAITING = sorted(HELD | {"scheduled", "queued", "sending"})
_ALL: Final = "all"


def freeze(tx: Tx, call: Call, request: Freeze) -> FreezeResult:
    """Stop what would leave, mail that was let go before too. Otherwise freezing again changes nothing."""
    return _set(tx, call, request, frozen=True)


def unfreeze(tx: Tx, call: Call, request: Unfreeze) -> UnfreezeResult:
    """Let approved mail leave again, or one mail of it."""
    if request.message_id is not None:
        return _release(tx, call, request, request.message_id)
    ended = _set(tx, call, request, frozen=False)
    return UnfreezeResult(**dict(ended))


def _set(tx: Tx, call: Call, request: Freeze, *, frozen: bool) -> FreezeResult:
    at = call.now if frozen else None
    mailbox_id = None
    if request.mailbox is None:
        access.everything(call.principal)
        before = tx.settings.get("frozen_at")
        tx.settings.set("frozen_at", before or at if frozen else None)
    else:
        box = access.mailbox(tx, call.principal, request.mailbox)
        mailbox_id, before = box.id, box.frozen_at
        tx.mailboxes.save(replace(box, frozen_at=(before or at) if frozen else None))
    if frozen:
        tx.freezes.cover_again(mailbox_id)
    reason = _note(tx, call, mailbox_id, request.reason, frozen=frozen, begins=before is None)
    kind = "freeze.started" if frozen else "freeze.ended"
    tx.events.add(Event(kind, call.now, mailbox_id=mailbox_id, principal_id=call.principal.id))
    return FreezeResult(
        frozen=frozen,
        mailbox=mailbox_id,
        everything=tx.settings.get("frozen_at") is not None,
        waiting=len(tx.messages.of_mailbox(mailbox_id, WAITING)),
        reason=reason,
    )


def _note(
    tx: Tx, call: Call, mailbox_id: str | None, given: str, *, frozen: bool, begins: bool
) -> str | None:
    """Keep why it is frozen, as said last, and who began; forget both with the freeze."""
    why, who = (f"freeze_{what}:{mailbox_id or _ALL}" for what in ("reason", "by"))
    reason: str | None = (given or tx.settings.get(why)) if frozen else None
    tx.settings.set(why, reason)
    if begins or not frozen:
        tx.settings.set(who, call.principal.id if frozen else None)
    return reason


def _release(tx: Tx, call: Call, request: Unfreeze, message_id: str) -> UnfreezeResult:
    message = access.message(tx, call.principal, message_id)
    access.belongs(tx, call.principal, message.mailbox_id, request.mailbox)
    box = access.mailbox(tx, call.principal, message.mailbox_id)
    if not tx.freezes.released(message.id):
        _check(tx, box, message)
        tx.freezes.release(message)
        record.decision(tx, call, message, "thaw", note=request.reason)
        tx.events.add(record.event(call, "message.thawed", message, digest=message.digest))
    return UnfreezeResult(
        frozen=facts.is_frozen(tx, box),
        mailbox=box.id,
        everything=tx.settings.get("frozen_at") is not None,
        waiting=len(tx.messages.of_mailbox(box.id, WAITING)),
        reason=request.reason or None,
        message_id=message.id,
        status=message.status,
    )


def _check(tx: Tx, box: Mailbox, message: StoredMessage) -> None:
    """Only what nothing but the freeze stops can be let go out of it."""
    if message.status in HELD:
        raise _no_release(message, "it waits for a decision, not only for the end of the freeze.")
    if not facts.is_frozen(tx, box):
        raise _no_release(message, "its mailbox is not frozen.")
    if not tx.freezes.is_behind(message.id):
        raise _no_release(message, f"it is {message.status.replace('_', ' ')}: the freeze does not stop it.")
    if facts.mode_now(box, message).effective is Mode.READ_ONLY:
        raise Problem(
            "read_only",
            f"{box.address} is read_only: nothing leaves it.",
            advice="An operator can change it.",
        )


def _no_release(message: StoredMessage, why: str) -> Problem:
    return Problem("conflict", f"{message.id} cannot be released: {why}", field="message_id")


def list_frozen(tx: Tx, call: Call, request: ListFrozen) -> FrozenList:
    """The freezes that are on, and the mail they stop."""
    ids = access.mailbox_ids(tx, call.principal, request.mailbox)
    boxes = {box.id: box for box in tx.mailboxes.all(ids)}
    frozen = [box.id for box in boxes.values() if facts.is_frozen(tx, box)]
    last = cursors.last_id(request, "msg")
    after = message.seq if last and (message := tx.messages.get(last)) else 0
    found = tx.freezes.behind(frozen, after, request.limit + 1)
    page = found[: request.limit]
    return FrozenList(
        freezes=list(_freezes(tx, boxes.values())),
        frozen=[_view(tx, boxes[one.message.mailbox_id], one) for one in page],
        count=len(page),
        total=tx.freezes.count(frozen),
        cursor=cursors.after(request, page[-1].message.id) if len(found) > request.limit else None,
    )


def _freezes(tx: Tx, boxes: Iterable[Mailbox]) -> Iterable[FreezeView]:
    everything = tx.settings.get("frozen_at")
    if everything is not None:
        yield FreezeView(since=to_datetime(everything), **_why(tx, _ALL))
    for box in boxes:
        if box.frozen_at is not None:
            since = to_datetime(box.frozen_at)
            yield FreezeView(mailbox_id=box.id, mailbox=box.address, since=since, **_why(tx, box.id))


def _why(tx: Tx, what: str) -> dict[str, str | None]:
    reason, by = (tx.settings.get(f"freeze_{name}:{what}") for name in ("reason", "by"))
    return {"reason": convert.shown(reason) if reason else None, "by": name_of(tx, by) if by else None}


def _view(tx: Tx, box: Mailbox, row: FrozenRow) -> FrozenMail:
    message = row.message
    people = tx.messages.recipients(message.seq)
    return FrozenMail(
        message_id=message.id,
        mailbox_id=box.id,
        mailbox=box.address,
        status=message.status,
        subject=convert.shown(message.subject),
        to=[one.address for one in people if one.kind is RecipientKind.TO and not one.automatic],
        recipients_count=len(people),
        submitted_by=name_of(tx, message.principal_id) if message.principal_id else "",
        approved_by=name_of(tx, message.approved_by) if message.approved_by else None,
        released=row.released,
        created_at=to_datetime(message.created_at),
        scheduled_at=convert.moment(message.scheduled_at),
    )
