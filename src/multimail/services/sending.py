"""The operations `send_email`, `reply_email`, `forward_email`: from the request to admission and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from multimail.contract.sending import ForwardEmail, ReplyEmail, SendEmail, Sending, SendResult
from multimail.core.addresses import Address, domain_of, normalise
from multimail.core.errors import Problem
from multimail.core.model import Draft, Mailbox
from multimail.core.text import typed_line
from multimail.core.threading import message_ids, references_for_reply
from multimail.mime.answers import Original, forward_subject, forwarded_block, reply_subject
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import access, admission, drafting, pacing, sent_views, templates
from multimail.services.context import Call
from multimail.services.drafting import Prepared
from multimail.services.sent_views import Sent


def send_email(tx: Tx, call: Call, request: SendEmail) -> SendResult:
    """A new mail in a new thread."""
    return _answered(tx, call, send(tx, call, request))


def send(tx: Tx, call: Call, request: SendEmail, batch_id: str | None = None) -> Sent:
    """Take a new mail in, by itself or as one of a batch."""
    box = access.mailbox(tx, call.principal, request.mailbox)
    people = drafting.recipients(call, box, request.to, request.cc, request.bcc)
    text, filled = templates.text_of(tx, request)
    subject = typed_line(text.subject, "subject")
    draft = drafting.draft(call, box, "send_email", request, subject, people)
    if filled is not None or batch_id is not None:
        draft = replace(draft, body=text.body or draft.body, template=filled, batch_id=batch_id)
    if not subject.strip():
        _says_something(draft, request)
    prepared = Prepared(draft, drafting.files(tx, call, request.attachments))
    return admission.admit(tx, call, box, prepared, request.idempotency_key)


@dataclass(frozen=True, slots=True)
class _Answer:
    """Whom a reply goes to, and what there is to warn about."""

    to: tuple[str, ...]
    cc: tuple[str, ...]
    warnings: tuple[str, ...]


def reply_email(tx: Tx, call: Call, request: ReplyEmail) -> SendResult:
    """An answer in the thread of a mail: to its sender, or on one's own mail to its recipients."""
    parent = _parent(tx, call, request)
    box = _sending_mailbox(tx, call, parent, request.mailbox)
    answer = _answer(tx, box, parent, reply_all=request.reply_all)
    people = drafting.recipients(call, box, answer.to, (*answer.cc, *request.cc), request.bcc)
    draft = drafting.draft(call, box, "reply_email", request, reply_subject(parent.subject), people)
    _says_something(draft, request)
    prepared = Prepared(_threaded(draft, parent), drafting.files(tx, call, request.attachments))
    sent = admission.admit(tx, call, box, prepared, request.idempotency_key)
    return _answered(tx, call, sent, answer.warnings)


def forward_email(tx: Tx, call: Call, request: ForwardEmail) -> SendResult:
    """A stored mail, quoted below one's own text, to others; a new thread."""
    parent = access.message(tx, call.principal, request.message_id)
    box = _sending_mailbox(tx, call, parent, request.mailbox)
    revision = tx.revisions.get(parent.id, parent.revision)
    people = drafting.recipients(call, box, request.to, request.cc, request.bcc)
    draft = drafting.draft(call, box, "forward_email", request, forward_subject(parent.subject), people)
    original = Original(
        author=Address(parent.sender, parent.sender_name),
        at=parent.created_at,
        subject=parent.subject,
        body=revision.body if revision else "",
        to=tuple(Address(one.address, one.name) for one in tx.messages.recipients(parent.seq) if one.visible),
    )
    draft = replace(draft, body=f"{draft.body}\n\n{forwarded_block(original)}".lstrip())
    files = drafting.files(tx, call, request.attachments)
    raw = tx.revisions.raw(parent.id, parent.revision) if request.include_attachments else None
    prepared = Prepared(draft, (*files, *(drafting.all_files(raw) if raw is not None else ())))
    return _answered(tx, call, admission.admit(tx, call, box, prepared, request.idempotency_key))


def _answered(tx: Tx, call: Call, sent: Sent, warnings: Sequence[str] = ()) -> SendResult:
    """The answer, with what the mail will wait for."""
    return sent_views.send_result(tx, sent, [*warnings, *pacing.foreseen(tx, call, sent.message)])


def _says_something(draft: Draft, request: Sending) -> None:
    """An empty mail is a slip, and a person should not have to find that out."""
    if not draft.body.strip() and not request.attachments:
        raise Problem("invalid", "The mail is empty.", field="body", advice="Give the text in body.")


def _parent(tx: Tx, call: Call, request: ReplyEmail) -> StoredMessage:
    if (request.message_id is None) == (request.thread_id is None):
        raise Problem(
            "invalid", "Name the mail to answer: message_id or thread_id, one of them.", field="message_id",
            advice="check_inbox lists both ids.",
        )  # fmt: skip
    if request.message_id is not None:
        return access.message(tx, call.principal, request.message_id)
    return _newest(tx, call, request.thread_id or "")


def _newest(tx: Tx, call: Call, thread_id: str) -> StoredMessage:
    """What a reply to a thread answers: its newest arrival from somebody known there, else one's own last mail."""
    thread = tx.threads.get(thread_id)
    found = tx.messages.newest_of_thread(thread.id, "inbound") if thread else None
    if thread and found is None:
        found = tx.messages.newest_of_thread(thread.id)
    if found is None or not access.sees(call.principal, found):
        raise Problem(
            "not_found", "There is no such thread that this key may see.", field="thread_id",
            advice="check_inbox lists messages with their threads.",
        )  # fmt: skip
    return found


def _sending_mailbox(tx: Tx, call: Call, parent: StoredMessage, named: str | None) -> Mailbox:
    box = access.mailbox(tx, call.principal, named or parent.mailbox_id)
    if box.id != parent.mailbox_id:
        raise Problem(
            "contradiction", "The mail belongs to another mailbox than the one named.", field="mailbox",
            advice="Leave mailbox out: it follows from the mail.",
        )  # fmt: skip
    return box


def _answer(tx: Tx, box: Mailbox, parent: StoredMessage, *, reply_all: bool) -> _Answer:
    people = [one for one in tx.messages.recipients(parent.seq) if one.visible and not one.automatic]
    if parent.direction == "outbound":
        to = tuple(one.address for one in people if one.kind == "to")
        return _Answer(to, tuple(one.address for one in people if one.kind == "cc") if reply_all else (), ())
    target = parent.reply_to or parent.sender
    if not target:
        raise Problem("conflict", f"{parent.id} names no sender that could be answered.", field="message_id")
    mine = {normalise(box.address), normalise(target)}
    others = tuple(one.address for one in people if normalise(one.address) not in mine) if reply_all else ()
    warnings = []
    if parent.reply_to and domain_of(parent.reply_to) != domain_of(parent.sender):
        warnings.append(f"The answer goes to {parent.reply_to}, not to the sender {parent.sender}.")
    if parent.new_sender:
        warnings.append(f"{parent.sender} did not take part in this thread before.")
    return _Answer((target,), others, tuple(warnings))


def _threaded(draft: Draft, parent: StoredMessage) -> Draft:
    references = references_for_reply(
        parent.header_id, parent.header_refs.split(), message_ids(parent.in_reply_to)
    )
    return replace(
        draft,
        thread_id=parent.thread_id,
        answers=parent.id,
        in_reply_to=parent.header_id,
        references=references,
    )
