"""The operation `list_pending`: what waits, with all a person needs to decide, within one byte budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from multimail.contract.reading import MessageView
from multimail.contract.reviews import ListPending, PendingItem, PendingList
from multimail.core.addresses import normalise
from multimail.core.errors import Problem
from multimail.core.lifecycle import HELD
from multimail.core.model import Mailbox, Principal, RecipientKind, Scope
from multimail.core.placeholders import find_placeholders
from multimail.core.tags import read_tags
from multimail.core.times import SECOND, to_datetime
from multimail.ports.reading import Opened
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import access, convert, sent_views
from multimail.services.context import Call
from multimail.services.decision_views import name_of

WAITING: Final = (*sorted(HELD), "scheduled")
_ALIASES: Final = {"pending": "pending_approval", "pending_send_approval": "pending_approval"}
_THREAD_SHOWN: Final = 10


@dataclass(slots=True)
class Budget:
    """Bytes left for bodies; what did not fit is counted."""

    left: int
    cut: int = 0
    _least: int = field(default=200)

    def take(self, text: str) -> convert.Body:
        """As much of a body as fits; a little of each is always shown."""
        body = convert.body(text, max(self.left, self._least))
        self.left -= len(body.text.encode("utf-8", "replace"))
        self.cut += body.cut
        return body


def list_pending(tx: Tx, call: Call, request: ListPending) -> PendingList:
    """What waits for a person or for its time, oldest first; what an overseer sees is remembered as served."""
    found = _waiting(tx, call, request)
    page = found[: request.limit]
    budget = Budget(request.max_bytes)
    items = [_item(tx, call, one, budget) for one in tx.inbox.open(page)]
    if Scope.OVERSIGHT in call.principal.scopes:
        served = [(one.id, one.revision, one.digest or "") for one in page]
        call.after.append(lambda writing: _remember(writing, call, served))
    cursor = f"p{page[-1].seq}" if len(found) > request.limit else None
    return PendingList(pending=items, count=len(items), cursor=cursor, cut=budget.cut or None)


def _remember(tx: Tx, call: Call, served: Sequence[tuple[str, int, str]]) -> None:
    for message_id, number, digest in served:
        tx.revisions.serve(call.principal.id, message_id, number, digest, call.now)


def _waiting(tx: Tx, call: Call, request: ListPending) -> list[StoredMessage]:
    wanted = read_tags(request.tags)
    if request.message_id is not None:
        one = access.message(tx, call.principal, request.message_id)
        return [one] if one.status in _statuses(call.principal, request) and tagged(tx, one, wanted) else []
    mailboxes = _mailboxes(tx, call.principal, request.mailbox)
    statuses = _statuses(call.principal, request)
    found: list[StoredMessage] = []
    after = _after(request.cursor)
    while len(found) <= request.limit:
        batch = tx.messages.pending(mailboxes, statuses, after, request.limit + 1)
        found += [one for one in batch if access.sees(call.principal, one) and tagged(tx, one, wanted)]
        if len(batch) <= request.limit:
            break
        after = batch[-1].seq
    return found


def _statuses(principal: Principal, request: ListPending) -> tuple[str, ...]:
    known = WAITING if principal.is_agent else (*WAITING, "pending_inbound_approval")
    if request.status is None:
        return known
    status = _ALIASES.get(request.status, request.status)
    if status not in (*WAITING, "pending_inbound_approval", "queued"):
        raise Problem(
            "invalid", f"Nothing waits in the state {request.status[:40]!r}.", field="status",
            advice=f"One of {', '.join(known)}.",
        )  # fmt: skip
    return (status,)


def _mailboxes(tx: Tx, principal: Principal, name: str | None) -> tuple[str, ...] | None:
    """The named mailbox, or those that the named oversight address watches over."""
    if name is None:
        return principal.mailboxes
    watched = tx.mailboxes.by_oversight(normalise(name)) if "@" in name else []
    usable = tuple(box.id for box in watched if principal.may_use(box.id))
    own = tx.mailboxes.by_address(normalise(name)) if "@" in name else None
    if usable and own is None:
        return usable
    return (access.mailbox(tx, principal, name).id, *usable)


def _after(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not cursor.startswith("p") or not cursor[1:].isdecimal() or len(cursor) > 20:
        raise Problem("invalid_cursor", "The cursor does not belong to this list.", field="cursor")
    return int(cursor[1:])


def tagged(tx: Tx, message: StoredMessage, wanted: Mapping[str, str]) -> bool:
    """Whether it or its thread carries all of these tags, with these values where any are given."""
    if not wanted:
        return True
    tags = (*tx.tags.of("thread", message.thread_id), *tx.tags.of("message", message.id))
    has = {one.tag: one.value for one in tags}
    return all(name in has and value in {"", has[name]} for name, value in wanted.items())


def _item(tx: Tx, call: Call, opened: Opened, budget: Budget) -> PendingItem:
    message = opened.message
    box = tx.mailboxes.get(message.mailbox_id)
    body = budget.take(opened.body)
    return PendingItem(
        message_id=message.id,
        thread_id=message.thread_id,
        mailbox_id=message.mailbox_id,
        mailbox=box.address if box else "",
        direction=message.direction,
        status=message.status,
        sender=convert.shown(message.sender),
        to=_named(opened, RecipientKind.TO),
        cc=_named(opened, RecipientKind.CC),
        bcc=_named(opened, RecipientKind.BCC),
        automatic=_automatic(opened, box) or None,
        subject=convert.shown(message.subject),
        body=body.text,
        body_cut=body.cut or None,
        digest=message.digest or "",
        revision=message.revision,
        reasons=[reason for _, reason in message.verdict.get("hits", ())],
        rules=[rule for rule, _ in message.verdict.get("hits", ())],
        requested_mode=message.requested_mode,
        oversight_mode=message.mode or (box.default_mode.value if box else ""),
        scheduled_at=convert.moment(message.scheduled_at),
        expires_at=convert.moment(message.expires_at),
        created_at=to_datetime(message.created_at),
        submitted_by=name_of(tx, message.principal_id) if message.principal_id else "",
        tags=list(opened.tags),
        metadata=message.metadata,
        attachments=[convert.attachment_row(one) for one in opened.attachments],
        placeholders=[one.text for one in find_placeholders(f"{message.subject}\n{opened.body}")] or None,
        review_url=sent_views.review_url(tx, message.id),
        original=_original(tx, call, message, budget),
        thread=_thread(tx, call, message, budget) or None,
        late_seconds=_late(call, message),
        batch_id=message.batch_id,
    )


def _named(opened: Opened, kind: RecipientKind) -> list[str]:
    return [one.address for one in opened.recipients if one.kind is kind and not one.automatic]


def _late(call: Call, message: StoredMessage) -> int | None:
    """Seconds since its send time, if that has come."""
    late = call.now - message.scheduled_at if message.scheduled_at is not None else 0
    return late // SECOND if late > 0 else None


def _automatic(opened: Opened, box: Mailbox | None) -> list[str]:
    return [
        f"{one.kind.value}: {one.address}" for one in opened.recipients if one.automatic and box is not None
    ]


def _original(tx: Tx, call: Call, message: StoredMessage, budget: Budget) -> MessageView | None:
    original = tx.messages.get(message.answers) if message.answers else None
    if original is None or not access.sees(call.principal, original):
        return None
    opened = tx.inbox.open([original])[0]
    return convert.message_view(opened, budget.take(opened.body))


def _thread(tx: Tx, call: Call, message: StoredMessage, budget: Budget) -> list[MessageView]:
    """The conversation before this mail without the original, the newest few, oldest first."""
    earlier = tx.inbox.thread(message.thread_id, not call.principal.is_agent, 0, 200)
    others = [one for one in earlier if one.id not in (message.id, message.answers) and one.seq < message.seq]
    return [
        convert.message_view(one, budget.take(one.body)) for one in tx.inbox.open(others[-_THREAD_SHOWN:])
    ]
