"""The server's own mail: judged by the same policy as all mail, which holds none of it, and queued in a conversation of
its own. Who calls this answers for the recipient: an operator's address, or an author who is known to be himself.
"""

from __future__ import annotations

from dataclasses import replace

from multimail.core import gathering
from multimail.core.addresses import domain_of
from multimail.core.model import Draft, Mailbox, MessageClass
from multimail.core.policy.evaluate import evaluate
from multimail.core.policy.modes import effective
from multimail.ports.intake import Thread
from multimail.ports.records import NewMessage, StoredRevision
from multimail.ports.store import Tx
from multimail.services import facts, outbound, record
from multimail.services.context import Call
from multimail.services.outbound import Fate, Judged
from multimail.services.rendering import render


def judge(tx: Tx, call: Call, box: Mailbox, draft: Draft) -> Judged | None:
    """By the same policy as all mail, which holds no system mail; None when nothing leaves, or not to this address."""
    mode = effective(None, box.default_mode, box.ceiling)
    known = replace(
        facts.gather(tx, call, box, draft, mode), operator_class=MessageClass.SYSTEM, caps=(), open_drafts=0
    )
    verdict = evaluate(known)
    return None if verdict.refusing or verdict.suppressed else Judged(draft, mode, verdict, known)


def queue(tx: Tx, call: Call, box: Mailbox, judged: Judged) -> NewMessage:
    """A conversation of its own, which nothing joins by its subject."""
    message_id, subject = call.new_id("msg"), judged.draft.subject
    thread = Thread(call.new_id("thread"), box.id, subject, "", call.now, call.now)
    judged = replace(judged, draft=replace(judged.draft, thread_id=thread.id))
    identity = outbound.Identity(
        message_id, gathering.header_id(message_id, domain_of(box.address)), fingerprint=""
    )
    rendered = render(judged.draft, box, (), identity.header_id, call.now)
    end = Fate("queued")
    new = outbound.new_message(call, judged, end, rendered, identity)
    tx.threads.insert(thread)
    tx.messages.insert(new)
    revision = StoredRevision(
        message_id, 1, rendered.digest, call.principal.id, subject, judged.draft.body, rendered.envelope, call.now
    )  # fmt: skip
    tx.revisions.add(revision, rendered.raw)
    addresses = [one.address for one in judged.draft.recipients]
    tx.deliveries.add(outbound.deliveries(call, message_id, judged, end, addresses), call.now)
    tx.threads.know(thread, identity.header_id, message_id, ())
    tx.events.add(
        record.event(call, "message.queued", new, rules=judged.verdict.rules, digest=rendered.digest)
    )
    return new
