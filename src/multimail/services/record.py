"""Writing down what happened to outgoing mail: events, tags that a send brings, answers that are superseded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from multimail.core.addresses import normalise
from multimail.core.policy.evaluate import Verdict
from multimail.core.tags import split, written
from multimail.ports.figures import Admission
from multimail.ports.records import Event, NewMessage, StoredDecision, StoredMessage
from multimail.ports.store import Tx
from multimail.services import reputation_counts
from multimail.services.context import Call
from multimail.services.outbound import Judged

_OUTCOMES: Final = {"pending_approval": "held", "suppressed": "left_out"}


def event(call: Call, kind: str, message: NewMessage | StoredMessage, **data: Any) -> Event:
    """An event about a message by the caller. `data` holds ids and codes only."""
    return Event(
        kind=kind,
        at=call.now,
        mailbox_id=message.mailbox_id,
        message_id=message.id,
        thread_id=message.thread_id,
        principal_id=call.principal.id,
        data=data,
    )


def admitted(tx: Tx, call: Call, message: NewMessage, judged: Judged) -> None:
    """The draft came in, with the rules that applied; and who was left out. What the policy knew is kept."""
    verdict = judged.verdict
    tags = tuple(one.tags for one in judged.facts.recipients)
    reply = judged.facts.approval.reply
    known_sender = reply.known if reply is not None else None
    outcome = _OUTCOMES.get(message.status, "left")
    rules = tuple(verdict.rules)
    tx.figures.admit(Admission(message.id, outcome, rules, tags if any(tags) else None, known_sender))
    approved_by_rule(tx, call, message, verdict)
    tx.events.add(
        event(call, f"message.{message.status}", message, rules=verdict.rules, digest=message.digest)
    )
    if verdict.suppressed and message.status != "suppressed":
        reasons = sorted({reason for _, reason in verdict.suppressed})
        tx.events.add(
            event(call, "message.suppressed", message, count=len(verdict.suppressed), reasons=reasons)
        )


def approved_by_rule(tx: Tx, call: Call, message: NewMessage | StoredMessage, verdict: Verdict) -> None:
    """Each mail that a rule of an operator lets go is counted and in the log, with the rule."""
    if verdict.approved_by is not None and message.status != "suppressed":
        tx.approval_rules.hit(verdict.approved_by, call.now)
        data = {"rule": verdict.approved_by, "digest": message.digest}
        tx.events.add(event(call, "oversight.rule_approved", message, **data))


def edited(tx: Tx, call: Call, message: StoredMessage, verdict: Verdict) -> None:
    """A new revision, and where it led."""
    data: Mapping[str, Any] = {"revision": message.revision, "digest": message.digest, "rules": verdict.rules}
    tx.events.add(event(call, "message.edited", message, **data))
    approved_by_rule(tx, call, message, verdict)
    tx.events.add(event(call, f"message.{message.status}", message, rules=verdict.rules))


def send_tags(tx: Tx, call: Call, message: NewMessage, judged: Judged) -> list[str]:
    """Tags given on a send mark the mail, its thread and the recipients' contacts; the thread's mark the mail,
    which has the tags that are returned.

    Contacts get theirs now, so that the next look at them sees it, and lose them if the mail never leaves.
    """
    given = dict(map(split, judged.draft.tags))
    thread = tx.tags.of("thread", message.thread_id) if judged.draft.answers else []
    own = {one.tag: one.value for one in thread} | given
    reputation_counts.join(tx, message.id, judged.draft.tags)
    if own:
        tx.tags.add("message", message.id, own, call.principal.id, call.now)
    if given and message.status != "suppressed":
        _tag_others(tx, call, message, judged, given)
    return [written(name, own[name]) for name in sorted(own)]


def tag_again(tx: Tx, call: Call, message: StoredMessage, judged: Judged) -> None:
    """The mail goes to others now: so do the tags that it brings, and to nobody if it goes to nobody."""
    given = dict(map(split, judged.draft.tags))
    if given:
        withdraw_tags(tx, call, message)
    if given and message.status != "suppressed":
        _tag_others(tx, call, message, judged, given)


def _tag_others(
    tx: Tx, call: Call, message: NewMessage | StoredMessage, judged: Judged, given: Mapping[str, str]
) -> None:
    added = tx.tags.add("thread", message.thread_id, given, call.principal.id, call.now, origin=message.id)
    _tagged(tx, call, message, ("thread", message.thread_id), added=added)
    suppressed = dict(judged.verdict.suppressed)
    for one in judged.draft.recipients:
        if one.automatic or one.address in suppressed:
            continue
        contact = tx.contacts.ensure(call.new_id("contact"), normalise(one.address), one.name, call.now)
        added = tx.tags.add("contact", contact.id, given, call.principal.id, call.now, origin=message.id)
        _tagged(tx, call, message, ("contact", contact.id), added=added)


def withdraw_tags(tx: Tx, call: Call, message: StoredMessage) -> None:
    """What only this mail brought goes, because it does not leave, or not to them."""
    gone: dict[tuple[str, str], list[str]] = {}
    for kind, target, tag in tx.tags.withdraw(message.id):
        gone.setdefault((kind, target), []).append(tag)
    for what, removed in gone.items():
        _tagged(tx, call, message, what, removed=removed)


def _tagged(
    tx: Tx,
    call: Call,
    message: NewMessage | StoredMessage,
    target: tuple[str, str],
    *,
    added: Sequence[str] = (),
    removed: Sequence[str] = (),
) -> None:
    """Tags of a thread or contact changed with a mail."""
    if not added and not removed:
        return
    kind, target_id = target
    about: dict[str, Any] = {"contact_id": target_id}
    if kind == "thread":
        about = {"mailbox_id": message.mailbox_id, "thread_id": target_id}
    data = {"added": list(added), "removed": list(removed), "by": message.id}
    tx.events.add(Event("tags.changed", call.now, principal_id=call.principal.id, data=data, **about))


def decision(
    tx: Tx, call: Call, message: StoredMessage, verb: str, *, note: str = "", diff: str = ""
) -> StoredDecision:
    """Write down who decided what about which revision, and how the answer came."""
    asserted = call.caller.asserted
    made = StoredDecision(
        id=call.new_id("dec"),
        message_id=message.id,
        revision=message.revision,
        digest=message.digest or "",
        principal_id=call.principal.id,
        decision=verb,
        note=note,
        via="host-asserted" if asserted else call.caller.surface,
        host=asserted.host if asserted else call.caller.host,
        diff=diff,
        at=call.now,
    )
    tx.decisions.add(made)
    return made


def supersede(tx: Tx, call: Call, old: StoredMessage, by: str) -> None:
    """A newer answer took the place of a held one."""
    gone = tx.messages.move(old, "superseded", call.now, superseded_by=by, expires_at=None)
    never_leaves(tx, call, gone, "message.superseded", by=by)


def never_leaves(tx: Tx, call: Call, message: StoredMessage, kind: str, **data: Any) -> None:
    """End a mail that will not leave: its deliveries are cancelled, the tags it brought are taken back."""
    tx.deliveries.cancel(message.id, call.now)
    withdraw_tags(tx, call, message)
    tx.events.add(event(call, kind, message, **data))
