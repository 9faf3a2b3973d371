"""Many mails from one text: `send_batch`, `get_batch`. Each mail is one `send_email`, with the same rules and caps.

What cannot be understood refuses the whole call; what the rules refuse is that recipient's alone.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Final

from multimail.contract.batches import (
    BatchMailRow,
    BatchResult,
    BatchRow,
    BatchView,
    GetBatch,
    SendBatch,
)
from multimail.contract.fields import MAX_BODY, MAX_SUBJECT
from multimail.contract.sending import SendEmail
from multimail.core.addresses import parse_address
from multimail.core.digest import batch_digest
from multimail.core.errors import Problem
from multimail.core.model import Principal
from multimail.core.times import to_datetime
from multimail.ports.approvals import BatchMail, StoredBatch
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import access, cursors, sending, sent_views, templates
from multimail.services.attempts import attempted, refusal
from multimail.services.context import Call
from multimail.services.convert import shown
from multimail.services.decision_views import name_of
from multimail.services.sent_views import Sent
from multimail.services.templates import Text

_SHARED: Final = (
    "oversight_mode",
    "tags",
    "metadata",
    "headers",
    "reply_to",
    "message_class",
    "scheduled_at",
    "topic",
    "region",
    "send_in_recipient_timezone",
)


def send_batch(tx: Tx, call: Call, request: SendBatch) -> BatchResult:
    """A mail for each recipient, filled in here. If not one is accepted, the first refusal is the answer."""
    box = access.mailbox(tx, call.principal, request.mailbox)
    text = _text(tx, request)
    letters = [_letter(request, box.id, text, place) for place in range(len(request.recipients))]
    batch_id = call.new_id("batch")
    ends = [attempted(tx, partial(sending.send, tx, call, one, batch_id)) for one in letters]
    accepted = [end for end in ends if not isinstance(end, Problem)]
    if not accepted:
        raise next(end for end in ends if isinstance(end, Problem))
    mails = [
        BatchMail(end.message.id, one.to, one.values)
        for one, end in zip(request.recipients, ends, strict=True)
        if not isinstance(end, Problem) and not end.repeated
    ]
    batch = StoredBatch(
        batch_id, call.principal.id, box.id, text.subject, text.body, text.template_id, call.now
    )  # fmt: skip
    if mails:
        tx.batches.insert(batch, mails)
    return _result(tx, request, ends, batch if mails else _earlier(tx, accepted))


def _text(tx: Tx, request: SendBatch) -> Text:
    if request.template is None:
        if not request.subject.strip() and not request.body.strip():
            raise Problem("invalid", "The mail is empty.", field="body", advice="Give subject and body.")
        return Text(request.subject, request.body)
    if request.subject or request.body:
        raise Problem(
            "contradiction", "The text is the template's.", field="template", advice="Leave subject and body out."
        )  # fmt: skip
    stored = templates.usable(tx, request.template)
    return Text(stored.subject, stored.body, stored.id)


def _letter(request: SendBatch, mailbox_id: str, text: Text, place: int) -> SendEmail:
    """The call of `send_email` for one recipient; every mistake in it names the recipient by its place."""
    one, field = request.recipients[place], f"recipients.{place}"
    parse_address(one.to, field=f"{field}.to")
    filled = text.filled(one.values, f"{field}.values")
    if len(filled.subject) > MAX_SUBJECT or len(filled.body) > MAX_BODY:
        raise Problem("too_large", "Filled in, the text is too long.", field=f"{field}.values")
    keys = [key for key in (request.idempotency_key, one.idempotency_key) if key]
    shared = {name: getattr(request, name) for name in _SHARED}
    own = (
        {"template": text.template_id, "values": one.values}
        if text.template_id
        else {"subject": filled.subject, "body": filled.body}
    )
    return SendEmail.model_construct(
        mailbox=mailbox_id, to=[one.to], idempotency_key=":".join(keys) or None, **shared, **own
    )


def _earlier(tx: Tx, sent: list[Sent]) -> StoredBatch | None:
    """Where every mail is there already: the batch that they are of, if it is one."""
    ids = {one.message.batch_id for one in sent}
    only = ids.pop() if len(ids) == 1 else None
    return tx.batches.get(only) if only is not None else None


def _result(tx: Tx, request: SendBatch, ends: list[Sent | Problem], batch: StoredBatch | None) -> BatchResult:
    rows = [_row(tx, place, request, end) for place, end in enumerate(ends)]
    sent = [end for end in ends if not isinstance(end, Problem)]
    hits = [tuple(hit) for one in sent for hit in one.message.verdict.get("hits", ())]
    return BatchResult(
        batch_id=batch.id if batch else None,
        digest=digest(tx, batch, tx.batches.messages(batch.id)) if batch else None,
        results=rows,
        accepted=len(sent),
        failed=len(ends) - len(sent),
        statuses=dict(Counter(one.message.status for one in sent)),
        rules=list(dict.fromkeys(rule for rule, _ in hits)),
        reasons=list(dict.fromkeys(reason for _, reason in hits))[:10],
        repeated=all(one.repeated for one in sent) or None,
    )


def _row(tx: Tx, place: int, request: SendBatch, end: Sent | Problem) -> BatchRow:
    to = shown(request.recipients[place].to)
    if isinstance(end, Problem):
        return BatchRow(index=place, to=to, **refusal(end))
    return BatchRow(
        index=place,
        to=to,
        message_id=end.message.id,
        status=end.message.status,
        digest=end.message.digest,
        suppressed=bool(end.suppressed) or None,
        message=" ".join(sent_views.left_out(tx, end)) or None,
        repeated=end.repeated or None,
    )


def digest(tx: Tx, batch: StoredBatch, messages: list[StoredMessage]) -> str:
    """What a decision on a whole batch is about: its text and every mail as it is now."""
    return batch_digest(batch.subject, batch.body, [(one.id, one.digest or "") for one in messages])


def visible(tx: Tx, principal: Principal, batch_id: str) -> StoredBatch:
    """The batch, or `not_found` in the same words for what is foreign and what is not there."""
    found = tx.batches.get(batch_id)
    if found is None or not principal.may_use(found.mailbox_id):
        raise Problem(
            "not_found", f"There is no batch {batch_id[:40]!r} that this key may see.", field="batch_id",
            advice="send_batch and list_pending name them.",
        )  # fmt: skip
    return found


def get_batch(tx: Tx, call: Call, request: GetBatch) -> BatchView:
    """A batch with its text and digest, and a page of its mails with what was filled in."""
    batch = visible(tx, call.principal, request.batch_id)
    messages = tx.batches.messages(batch.id)
    filled = tx.batches.mails(batch.id)
    after = cursors.last_id(request, "msg")
    start = next((place for place, one in enumerate(messages, 1) if one.id == after), 0)
    page = messages[start : start + request.limit]
    more = start + len(page) < len(messages)
    return BatchView(
        batch_id=batch.id,
        mailbox_id=batch.mailbox_id,
        subject=shown(batch.subject),
        body=shown(batch.body),
        template_id=batch.template_id,
        submitted_by=name_of(tx, batch.principal_id),
        created_at=to_datetime(batch.created_at),
        digest=digest(tx, batch, messages),
        statuses=dict(Counter(one.status for one in messages)),
        mails=[_mail(one, filled[one.id]) for one in page],
        count=len(messages),
        cursor=cursors.after(request, page[-1].id) if more else None,
    )


def _mail(message: StoredMessage, filled: BatchMail) -> BatchMailRow:
    return BatchMailRow(
        message_id=message.id,
        to=shown(filled.address),
        values={shown(name): shown(value) for name, value in filled.values.items()},
        status=message.status,
        digest=message.digest or "",
        revision=message.revision,
    )
