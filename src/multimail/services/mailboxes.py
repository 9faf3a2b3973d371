"""Mailboxes and their rules: list, create, update, delete."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any, Final

from multimail.contract.administration import (
    CreateMailbox,
    DeleteMailbox,
    GetMailbox,
    ListMailboxes,
    LooseningView,
    MailboxDetails,
    MailboxList,
    MailboxResult,
    MailboxSettings,
    MailboxView,
    UpdateMailbox,
)
from multimail.core import gathering
from multimail.core.addresses import normalise, parse_address, validate_pattern
from multimail.core.errors import Problem
from multimail.core.lifecycle import CANCELLABLE
from multimail.core.message_class import check_metadata
from multimail.core.model import Caps, Mailbox, Mode, NoticeKind, NoticeRules, Principal, Retention, Scope
from multimail.core.policy.loosening import loosened
from multimail.core.policy.modes import freedom
from multimail.core.text import typed_line
from multimail.core.times import to_datetime
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services import access, editing, facts, reholding, retention
from multimail.services.context import Call

_PLAIN: Final = ("deliver", "two_person", "resend_unknown", "undo_seconds", "signature")
_ADDRESSES: Final = ("auto_cc", "auto_bcc")


def list_mailboxes(tx: Tx, call: Call, request: ListMailboxes) -> MailboxList:
    """The mailboxes of the key, oldest first."""
    boxes = tx.mailboxes.all(call.principal.mailboxes)
    views = [view(tx, call.principal, box) for box in boxes]
    return MailboxList(mailboxes=views, count=len(views))


def get_mailbox(tx: Tx, call: Call, request: GetMailbox) -> MailboxDetails:
    """One mailbox of the key."""
    return details(tx, call.principal, access.mailbox(tx, call.principal, request.mailbox))


def create_mailbox(tx: Tx, call: Call, request: CreateMailbox) -> MailboxResult:
    """A new mailbox, `gated_send` unless said otherwise; an address is never given twice."""
    access.everything(call.principal)
    address = normalise(parse_address(request.address, field="address").address)
    if tx.mailboxes.address_taken(address):
        raise Problem(
            "already_exists", f"{address} is, or was, a mailbox here.", field="address",
            advice="Addresses are never given again: choose another.",
        )  # fmt: skip
    box, changed = _settings(Mailbox(call.new_id("mbx"), address, created_at=call.now), request)
    tx.mailboxes.insert(box)
    tx.events.add(_event(call, "mailbox.created", box, settings=changed))
    return MailboxResult(mailbox=details(tx, call.principal, box), changed=changed)


def update_mailbox(tx: Tx, call: Call, request: UpdateMailbox) -> MailboxResult:
    """Change rules; what got tighter holds waiting mail again, what got looser releases nothing."""
    old = access.mailbox(tx, call.principal, request.mailbox)
    if request.expected_digest is not None and request.expected_digest != settings_digest(old):
        raise Problem(
            "changed", "The mailbox's settings changed since they were looked at.", field="expected_digest",
            advice="Look at them again with get_mailbox.",
        )  # fmt: skip
    box, changed = _settings(old, request)
    loosens = [LooseningView(**asdict(one)) for one in loosened(old, box)] or None
    if request.dry_run:
        would = details(tx, call.principal, box)
        return MailboxResult(mailbox=would, changed=changed, loosens=loosens, dry_run=True)
    held = 0
    if changed:
        tx.mailboxes.save(box)
        retention.apply(tx, call, box.id, box.retention.days, box.retention.messages)
        tx.events.add(_event(call, "mailbox.updated", box, settings=changed))
        held = reholding.rehold(tx, call, box)
        if box.metadata != old.metadata:
            # Whose clock counts, and what is transactional, may stand there.
            tx.pace.wake(call.now)
    shown = details(tx, call.principal, box)
    return MailboxResult(mailbox=shown, changed=changed, loosens=loosens, held_again=held)


def only_tries(request: UpdateMailbox) -> bool:
    """Whether a request changes nothing."""
    return request.dry_run


def settings_digest(box: Mailbox) -> str:
    """Of everything that an operator sets: another digest is another set of rules."""
    settings = asdict(replace(box, id="", frozen_at=None, created_at=0))
    text = json.dumps(settings, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def delete_mailbox(tx: Tx, call: Call, request: DeleteMailbox) -> MailboxResult:
    """Close a mailbox: what waits is cancelled, history stays, the address is never given again."""
    box = access.mailbox(tx, call.principal, request.mailbox)
    if box.catches_all:
        raise Problem(
            "conflict", "This mailbox keeps what is addressed to nobody; it cannot go.", field="mailbox"
        )
    for message in tx.messages.of_mailbox(box.id, sorted(CANCELLABLE)):
        if editing.withdrawable(tx, message):
            editing.cancel(tx, call, message)
    closed = details(tx, call.principal, box)
    tx.mailboxes.delete(box.id, call.now)
    tx.events.add(_event(call, "mailbox.deleted", box))
    return MailboxResult(mailbox=closed, changed=["deleted"], deleted=True)


def _event(call: Call, kind: str, box: Mailbox, **data: Any) -> Event:
    return Event(kind, call.now, mailbox_id=box.id, principal_id=call.principal.id, data=data)


def _settings(box: Mailbox, request: MailboxSettings) -> tuple[Mailbox, list[str]]:
    """The mailbox with what the request sets, and the names of what changed."""
    new: dict[str, Any] = {
        name: getattr(request, name) for name in _PLAIN if getattr(request, name) is not None
    }
    new |= _names_and_lists(request)
    new |= _modes(request)
    if request.metadata is not None:
        merged = box.metadata | request.metadata
        new["metadata"] = {key: value for key, value in merged.items() if value is not None}
        check_metadata(new["metadata"])
    new |= {
        "caps": _caps(box.caps, request),
        "retention": _retention(box.retention, request),
        "notices": _notices(box.notices, request),
    }
    changed = replace(box, **new)
    _check(changed)
    return changed, [name for name in sorted(new) if getattr(box, name) != new[name]]


def _names_and_lists(request: MailboxSettings) -> dict[str, Any]:
    new: dict[str, Any] = {}
    if request.display_name is not None:
        new["display_name"] = typed_line(request.display_name, "display_name")
    if request.oversight_address is not None:
        given = request.oversight_address.strip()
        new["oversight_address"] = (
            normalise(parse_address(given, field="oversight_address").address) if given else ""
        )
    new |= _lists(request, ("trusted", "allowed"), lambda text, name: validate_pattern(text, field=name))
    new |= _lists(request, _ADDRESSES, lambda text, name: normalise(parse_address(text, field=name).address))
    new |= {"allowed": None} if request.clear_allowed else {}
    return new | ({"undo_seconds": None} if request.clear_undo else {})


def _lists(
    request: MailboxSettings, names: Sequence[str], clean: Callable[[str, str], str]
) -> dict[str, Any]:
    found = {}
    for name in names:
        given = getattr(request, name)
        if given is not None:
            found[name] = tuple(dict.fromkeys(clean(one, name) for one in given))
    return found


def _modes(request: MailboxSettings) -> dict[str, Any]:
    """Setting the default alone moves the ceiling with it: more freedom per call is an explicit choice."""
    new: dict[str, Any] = {}
    if request.default_mode is not None:
        new["default_mode"] = new["ceiling"] = request.default_mode
    if request.ceiling is not None:
        new["ceiling"] = request.ceiling
    return new


def _caps(old: Caps, request: MailboxSettings) -> Caps:
    kept = Caps() if request.clear_caps else old
    return Caps(
        kept.per_hour if request.cap_per_hour is None else request.cap_per_hour,
        kept.per_day if request.cap_per_day is None else request.cap_per_day,
    )


def _retention(old: Retention, request: MailboxSettings) -> Retention:
    kept = Retention() if request.clear_retention else old
    return Retention(
        kept.days if request.retention_days is None else request.retention_days,
        kept.messages if request.retention_messages is None else request.retention_messages,
    )


def _notices(old: NoticeRules, request: MailboxSettings) -> NoticeRules:
    """Another kind of notices begins with its own time to gather."""
    kind = NoticeKind(request.notices) if request.notices else old.kind
    minutes = old.minutes if kind is old.kind else None
    return NoticeRules(
        kind,
        minutes if request.notice_minutes is None else request.notice_minutes,
        old.details if request.notice_details is None else request.notice_details,
    )


def _check(box: Mailbox) -> None:
    if freedom(box.default_mode) > freedom(box.ceiling):
        raise Problem(
            "invalid_setting", f"The default mode {box.default_mode} is freer than the ceiling {box.ceiling}.",
            field="ceiling",
        )  # fmt: skip
    if Mode.MONITORED in {box.default_mode, box.ceiling} and not box.oversight_address:
        raise Problem(
            "invalid_setting", "monitored needs an oversight address for its copies.", field="oversight_address",
            advice="Give oversight_address in the same call.",
        )  # fmt: skip


def view(tx: Tx, principal: Principal, box: Mailbox) -> MailboxView:
    """A mailbox; who is on which list is for people with oversight."""
    return MailboxView(**_shown(tx, principal, box))


def details(tx: Tx, principal: Principal, box: Mailbox) -> MailboxDetails:
    """As `view`, with what agents have no list of."""
    more: dict[str, Any] = {}
    if _oversees(principal):
        more = {
            "resend_unknown": box.resend_unknown,
            "retention_days": box.retention.days,
            "retention_messages": box.retention.messages,
            "notices": box.notices.kind.value,
            "notice_minutes": gathering.minutes(box.notices),
            "notice_details": box.notices.details,
            "messages": tx.purge.count(box.id),
            "settings_digest": settings_digest(box),
        }
    return MailboxDetails(**_shown(tx, principal, box), **more)


def _oversees(principal: Principal) -> bool:
    return bool(principal.scopes & {Scope.OVERSIGHT, Scope.ADMIN}) and not principal.is_agent


def _shown(tx: Tx, principal: Principal, box: Mailbox) -> dict[str, Any]:
    unread, pending = tx.mailboxes.unread_and_pending(box.id)
    rules: dict[str, Any] = {}
    if _oversees(principal):
        rules = {
            "oversight_address": box.oversight_address or None,
            "trusted": list(box.trusted),
            "allowed": list(box.allowed) if box.allowed is not None else None,
            "auto_cc": list(box.auto_cc),
            "auto_bcc": list(box.auto_bcc),
            "undo_seconds": box.undo_seconds,
            "two_person": box.two_person,
            "cap_per_hour": box.caps.per_hour,
            "cap_per_day": box.caps.per_day,
            "signature": box.signature or None,
            "metadata": box.metadata or None,
        }
    return {
        "mailbox_id": box.id,
        "address": box.address,
        "display_name": box.display_name,
        "oversight_mode": box.default_mode.value,
        "ceiling": box.ceiling.value,
        "frozen": facts.is_frozen(tx, box),
        "deliver": box.deliver,
        "unread": unread,
        "pending": pending,
        "created_at": to_datetime(box.created_at),
        **rules,
    }
