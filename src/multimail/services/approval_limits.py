"""Keys of programs with an approval limit: how a limit is set and shown, and what is outside of one.

Outside its limit a program decides nothing: the mail is handed on to a person, whatever was asked for.
"""

from __future__ import annotations

from typing import Final

from multimail.contract.administration import CreateKey
from multimail.contract.approvals import ApprovalLimitView
from multimail.contract.reviews import DecideEmail
from multimail.core.addresses import validate_pattern
from multimail.core.errors import Problem
from multimail.core.model import ApprovalLimit, PrincipalKind, Role
from multimail.core.policy import limits
from multimail.core.policy.limits import Breach
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import access, editing, facts
from multimail.services.context import Call
from multimail.services.drafting import with_oversight_copy

HANDED_ON: Final = "escalated"
"""How a decision is recorded that a limit made one for a person. `escalate` is one that somebody chose."""


def of_key(tx: Tx, call: Call, request: CreateKey) -> ApprovalLimit | None:
    """The limit that a new key is given, checked; only a program that decides at all can have one."""
    given = request.approval_limit
    if given is None:
        return None
    decides = request.role is Role.REVIEWER or (request.role is Role.AGENT and request.self_approving)
    if not decides or request.kind not in {None, PrincipalKind.PROGRAM}:
        raise Problem(
            "invalid_setting", "Only a program's key that decides can have an approval limit.",
            field="approval_limit", advice="Use kind program with role reviewer, or role agent with self_approving.",
        )  # fmt: skip
    if given.domains is None and given.max_recipients is None and given.mailboxes is None:
        raise Problem(
            "invalid_setting", "The approval limit limits nothing.", field="approval_limit",
            advice="Give domains, max_recipients or mailboxes.",
        )  # fmt: skip
    return ApprovalLimit(
        domains=None if given.domains is None else domains(given.domains, "approval_limit.domains"),
        max_recipients=given.max_recipients,
        mailboxes=None
        if given.mailboxes is None
        else tuple(dict.fromkeys(access.mailbox(tx, call.principal, name).id for name in given.mailboxes)),
    )


def domains(given: list[str], field: str) -> tuple[str, ...]:
    """Canonical entries for whole domains; nothing else may stand in such a list."""
    found = dict.fromkeys(validate_pattern(one, field=field) for one in given)
    wrong = next((one for one in found if not one.startswith("@")), None)
    if wrong is not None:
        raise Problem(
            "invalid_setting", f"{wrong[:80]!a} is not a domain.", field=field, advice="Write it like example.org."
        )  # fmt: skip
    return tuple(found)


def view(limit: ApprovalLimit | None) -> ApprovalLimitView | None:
    """A limit as operators see it."""
    if limit is None:
        return None
    return ApprovalLimitView(
        domains=None if limit.domains is None else [one.removeprefix("@") for one in limit.domains],
        max_recipients=limit.max_recipients,
        mailboxes=None if limit.mailboxes is None else list(limit.mailboxes),
    )


def breaches(
    tx: Tx, call: Call, message: StoredMessage, verb: str, request: DecideEmail
) -> tuple[Breach, ...]:
    """What about an outgoing mail is outside the limit of the key that decides on it; nothing for most keys.

    To hand a mail on is always allowed, to take an approval back, and to withdraw what one submitted oneself.
    """
    limit = call.principal.approval_limit
    own = message.principal_id == call.principal.id
    if limit is None or verb in {"escalate", "undo"} or (verb == "cancel" and own):
        return ()
    handed_on = any(one.decision in {"escalate", HANDED_ON} for one in tx.decisions.of(message.id))
    return limits.breaches(limit, message.mailbox_id, _recipients(tx, message, request), handed_on=handed_on)


def _recipients(tx: Tx, message: StoredMessage, request: DecideEmail) -> list[str]:
    """Everybody who would get it. A revised text is rendered anew, and copied under the mailbox's rules of now."""
    people = {one.address for one in tx.messages.recipients(message.seq)}
    box = tx.mailboxes.get(message.mailbox_id)
    if box is not None and (request.revised_body is not None or request.revised_subject is not None):
        draft = editing.prepared(tx, message).draft
        complete = with_oversight_copy(box, draft, facts.mode_now(box, message).effective)
        people |= {one.address for one in complete.recipients}
    return sorted(people)


def without_text(request: DecideEmail) -> DecideEmail:
    """The decision as it is recorded when it is handed on: a text that was proposed is not taken over."""
    return request.model_copy(update={"revised_body": None, "revised_subject": None})


def check_arriving(call: Call) -> None:
    """A limit is about mail that leaves: whom arriving mail is from, nobody vouches for."""
    if call.principal.approval_limit is not None:
        raise Problem(
            "forbidden", "This key's approval limit is about mail that leaves; a person decides on mail that came in.",
            field="message_id", advice="It waits on the review page.",
        )  # fmt: skip
