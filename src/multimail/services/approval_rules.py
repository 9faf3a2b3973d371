"""Rules by which an operator lets mail go without a person: create, list, delete.

A new rule releases nothing that waits; one that is taken away holds again what it let go and no person decided on.
"""

from __future__ import annotations

from typing import Final

from multimail.contract.approvals import (
    ApprovalRuleList,
    ApprovalRuleView,
    CreateApprovalRule,
    DeleteApprovalRule,
    ListApprovalRules,
)
from multimail.core.errors import Problem
from multimail.core.model import MessageClass, Principal
from multimail.core.policy.facts import ApprovalRule
from multimail.core.text import typed_line
from multimail.core.times import to_datetime
from multimail.ports.approvals import StoredApprovalRule
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services import access, approval_limits, reholding, templates
from multimail.services.context import Call
from multimail.services.convert import moment
from multimail.services.decision_views import name_of

MOST: Final = 100
"""Rules at once: each is asked about every mail of its mailboxes."""


def create_approval_rule(tx: Tx, call: Call, request: CreateApprovalRule) -> ApprovalRuleView:
    """A new rule for mail from now on. It rests on something that an operator set, not on the mode alone."""
    mailbox_id = _mailbox_id(tx, call, request.mailbox)
    anchors = (
        request.recipient_domains,
        request.reply_to_known_sender or None,
        request.principal,
        request.template,
    )
    if all(one is None for one in anchors):
        raise Problem(
            "invalid_setting", "The rule would let everything go: that is what modes are for.",
            field="recipient_domains", advice="Give recipient_domains, reply_to_known_sender, template or principal.",
        )  # fmt: skip
    name = typed_line(request.name.strip(), "name")
    others = tx.approval_rules.all()
    if name in {one.rule.name for one in others}:
        raise Problem("already_exists", f"There is a rule {name!r} already.", field="name")
    if len(others) >= MOST:
        raise Problem("conflict", f"There are {MOST} rules already.", advice="Delete one that is not needed.")
    rule = ApprovalRule(
        id=call.new_id("rule"),
        name=name,
        mailbox_id=mailbox_id,
        recipient_domains=_domains(request),
        reply_to_known_sender=request.reply_to_known_sender,
        accept_unauthenticated=request.accept_unauthenticated,
        max_recipients=request.max_recipients,
        message_class=MessageClass(request.message_class) if request.message_class else None,
        principal_id=_principal(tx, request.principal, mailbox_id),
        template_id=templates.usable(tx, request.template).id if request.template is not None else None,
    )
    stored = StoredApprovalRule(rule, call.principal.id, call.now)
    tx.approval_rules.insert(stored)
    tx.events.add(_event(call, "rule.created", rule))
    return view(tx, stored)


def _mailbox_id(tx: Tx, call: Call, name: str | None) -> str | None:
    if name is None:
        access.everything(call.principal)
        return None
    return access.mailbox(tx, call.principal, name).id


def _domains(request: CreateApprovalRule) -> tuple[str, ...] | None:
    if request.recipient_domains is None:
        return None
    return approval_limits.domains(request.recipient_domains, "recipient_domains")


def _principal(tx: Tx, key_id: str | None, mailbox_id: str | None) -> str | None:
    """A key that the rule can be about: one that may not use the rule's mailbox is as good as none."""
    found = tx.principals.get(key_id) if key_id is not None else None
    is_usable = found is not None and found.revoked_at is None and _is_for(found.principal, mailbox_id)
    if key_id is not None and not is_usable:
        raise Problem(
            "not_found",
            f"There is no key {key_id[:40]!r} that the rule could be about.",
            field="principal",
            advice="list_keys names them.",
        )
    return key_id


def _is_for(principal: Principal, mailbox_id: str | None) -> bool:
    return mailbox_id is None or principal.may_use(mailbox_id)


def _event(call: Call, kind: str, rule: ApprovalRule) -> Event:
    data = {"rule": rule.id}
    return Event(kind, call.now, mailbox_id=rule.mailbox_id, principal_id=call.principal.id, data=data)


def list_approval_rules(tx: Tx, call: Call, request: ListApprovalRules) -> ApprovalRuleList:
    """The rules that hold, oldest first, each with how often it let a mail go."""
    found = [one for one in tx.approval_rules.all() if _may_see(call, one.rule)]
    return ApprovalRuleList(approval_rules=[view(tx, one) for one in found], count=len(found))


def _may_see(call: Call, rule: ApprovalRule) -> bool:
    return call.principal.mailboxes is None or (
        rule.mailbox_id is not None and call.principal.may_use(rule.mailbox_id)
    )


def delete_approval_rule(tx: Tx, call: Call, request: DeleteApprovalRule) -> ApprovalRuleView:
    """Take a rule away; mail that only this rule let go, and that is still here, waits for a person."""
    found = tx.approval_rules.get(request.rule_id)
    if found is None or not _may_see(call, found.rule):
        raise Problem(
            "not_found", f"There is no approval rule {request.rule_id[:40]!r}.", field="rule_id",
            advice="list_approval_rules names them.",
        )  # fmt: skip
    held = 0
    if found.deleted_at is None:
        tx.approval_rules.delete(found.rule.id, call.now)
        tx.events.add(_event(call, "rule.deleted", found.rule))
        held = reholding.rehold_approved(tx, call, found.rule.id, found.rule.mailbox_id)
    again = tx.approval_rules.get(found.rule.id)
    assert again is not None
    return view(tx, again).model_copy(update={"held_again": held, "deleted": True})


def view(tx: Tx, stored: StoredApprovalRule) -> ApprovalRuleView:
    """A rule as operators see it."""
    rule = stored.rule
    domains = rule.recipient_domains
    return ApprovalRuleView(
        rule_id=rule.id,
        name=rule.name,
        mailbox_id=rule.mailbox_id,
        recipient_domains=None if domains is None else [one.removeprefix("@") for one in domains],
        reply_to_known_sender=rule.reply_to_known_sender or None,
        accept_unauthenticated=rule.accept_unauthenticated or None,
        max_recipients=rule.max_recipients,
        message_class=rule.message_class.value if rule.message_class else None,
        principal=rule.principal_id,
        template_id=rule.template_id,
        created_by=name_of(tx, stored.created_by),
        created_at=to_datetime(stored.created_at),
        hits=stored.hits,
        last_hit_at=moment(stored.last_hit_at),
    )
