"""What a reviewer's desk needs beside the operations: the mail as it will leave, what can be decided, the freeze.

Reads only. Who may see a mail is asked as for every operation; deciding itself is `decide_email` and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from multimail.contract.registry import operation
from multimail.contract.reviews import PendingItem
from multimail.core.lifecycle import CANCELLABLE, HELD
from multimail.core.model import Principal, Role
from multimail.mime.parse import parse
from multimail.ports.store import Tx
from multimail.services import access, convert, dispatch, undoing
from multimail.services.context import Caller, Services

_NOT_SHOWN: Final = frozenset({"mime-version", "content-type", "content-transfer-encoding", "date"})
"""How the mail is packed, and the one line that is written at hand-over."""
_HELD_OUT: Final = ("approve", "edit", "reject", "request_changes", "escalate", "cancel")
_HELD_IN: Final = ("approve", "reject")
_OWN: Final = ("cancel",)


@dataclass(frozen=True, slots=True)
class Leaving:
    """One revision as its recipients will get it: header lines and the plain text, made harmless to show."""

    headers: tuple[tuple[str, str], ...]
    text: str

    def header(self, name: str) -> str:
        """The value of the first line of this name, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


async def leaving(services: Services, caller: Caller, message_id: str, digest: str) -> Leaving | None:
    """The revision of this digest, read from the very bytes that will leave; None where there is none."""

    def look(tx: Tx) -> Leaving | None:
        call = dispatch.authorised(tx, services, caller, operation("list_pending"))
        message = access.message(tx, call.principal, message_id)
        if message.direction != "outbound":
            return None
        number = next((one.number for one in tx.revisions.all(message.id) if one.digest == digest), None)
        raw = tx.revisions.raw(message.id, number) if number is not None else None
        return _read(raw) if raw is not None else None

    return await services.store.read(look, search=True)


def _read(raw: bytes) -> Leaving:
    mail = parse(raw)
    lines = ((name, convert.shown(value)) for name, value in mail.headers if name.lower() not in _NOT_SHOWN)
    return Leaving(tuple(lines), convert.shown(mail.text))


def choices(principal: Principal, item: PendingItem) -> tuple[str, ...]:
    """What may be offered to this principal; `decide_email` has the last word."""
    if operation("decide_email").scope not in principal.scopes:
        return ()
    if item.direction == "inbound":
        return _HELD_IN
    if item.status not in HELD:
        return ()
    return _OWN if needs_somebody_else(principal, item) else _HELD_OUT


def needs_somebody_else(principal: Principal, item: PendingItem) -> bool:
    """Whether this principal submitted the mail and therefore does not decide on it."""
    own = item.submitted_by.endswith(f"({principal.id})")
    return own and principal.role is not Role.OWNER and not principal.self_approving


def may_withdraw(principal: Principal, status: str) -> bool:
    """Whether mail in this state can still be stopped by whoever decides, or sends (`cancel_message`)."""
    stops = may(principal, "decide_email") or may(principal, "cancel_message")
    return stops and status in CANCELLABLE - HELD


async def undo_until(services: Services, caller: Caller, message_id: str) -> datetime | None:
    """Up to when this caller can take back the approval of a mail, which then waits again; None where nobody can."""

    def look(tx: Tx) -> datetime | None:
        call = dispatch.authorised(tx, services, caller, operation("get_message_history"))
        message = access.message(tx, call.principal, message_id)
        decides = operation("decide_email").scope in call.principal.scopes
        return convert.moment(undoing.until(message, call.now)) if decides else None

    return await services.store.read(look)


def may(principal: Principal, name: str) -> bool:
    """Whether the principal holds the scope of an operation."""
    return operation(name).scope in principal.scopes


def everything_is_frozen(services: Services) -> bool:
    """Whether nothing at all may leave."""
    return services.store.instant(lambda tx: tx.settings.get("frozen_at") is not None)


def address(services: Services) -> str:
    """How browsers reach this server, as the resident published it; empty before it did."""
    server = services.store.instant(lambda tx: tx.settings.get("server")) or {}
    return str(server.get("base_url", ""))
