"""The form of an approval rule: its fields with a sentence each, its arguments, and a rule as a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from multimail.contract.approvals import ApprovalRuleView
from multimail.surfaces.web.settings.fields import Choice, Field, Section, entries, filled, given, number

LABELS: Final = {
    "name": "Name",
    "mailbox": "Mailbox",
    "recipient_domains": "Every recipient is at one of these domains",
    "reply_to_known_sender": "It answers somebody who wrote here before, and nobody else",
    "accept_unauthenticated": "… also where nothing proves who wrote",
    "template": "It is filled in from this template",
    "principal": "It is written with this key",
    "max_recipients": "Most recipients",
    "message_class": "What the mailbox's mail is",
}
EMPTY: Final = dict.fromkeys(LABELS, "")
_ANY: Final = Choice("", "Any")
_CLASSES: Final = (_ANY, Choice("transactional", "transactional"), Choice("commercial", "commercial"))


def section(boxes: Mapping[str, str], templates: Mapping[str, str], keys: Mapping[str, str]) -> Section:
    """The fields; mailboxes, templates and keys are given as names by id."""

    def choices(named: Mapping[str, str]) -> tuple[Choice, ...]:
        return (_ANY, *(Choice(one, name) for one, name in named.items()))

    return Section("rule", "New rule", (
        Field("name", LABELS["name"], "What reasons and the record call it.", longest=100, required=True),
        Field("mailbox", LABELS["mailbox"], "Whose mail it is about.", "select", choices(boxes)),
        Field("recipient_domains", LABELS["recipient_domains"], "One on each line. Copies count.", "area", rows=2,
              example="example.org"),
        Field("reply_to_known_sender", LABELS["reply_to_known_sender"], "", "check"),
        Field("accept_unauthenticated", LABELS["accept_unauthenticated"],
              "An address alone can be forged: somebody else may have written in that name.", "check"),
        Field("template", LABELS["template"], "With short plain values and nothing added.", "select",
              choices(templates)),
        Field("principal", LABELS["principal"], "", "select", choices(keys)),
        Field("max_recipients", LABELS["max_recipients"], "Copies count. Empty: any number.", "number"),
        Field("message_class", LABELS["message_class"], "As an operator said in the mailbox's settings.", "select",
              _CLASSES),
    ), "All conditions that are given have to hold. A rule counts in gated_send only, and releases nothing that "
       "waits already.")  # fmt: skip


def arguments(form: Mapping[str, str]) -> dict[str, Any]:
    """What `create_approval_rule` is asked for."""
    filled(form, "name")
    found = given(
        name=form["name"].strip(),
        mailbox=form["mailbox"],
        template=form["template"],
        principal=form["principal"],
        message_class=form["message_class"],
        max_recipients=number(form["max_recipients"], "max_recipients"),
    )
    if domains := entries(form["recipient_domains"]):
        found["recipient_domains"] = domains
    ticked = ("reply_to_known_sender", "accept_unauthenticated")
    return found | {name: True for name in ticked if form[name]}


def sentence(rule: Mapping[str, Any], named: Mapping[str, str]) -> str:
    """What a rule lets go, in plain words; `named` gives the names of ids."""
    parts = [
        f"Mail of {_name(rule.get('mailbox_id') or rule.get('mailbox'), named)}"
        if rule.get("mailbox_id") or rule.get("mailbox")
        else "Mail of any mailbox"
    ]
    parts += _conditions(rule, named)
    return f"{' '.join(parts)} goes without a person."


def _conditions(rule: Mapping[str, Any], named: Mapping[str, str]) -> list[str]:
    found = []
    if rule.get("recipient_domains"):
        found.append(f"to {_or(rule['recipient_domains'])} only")
    if rule.get("reply_to_known_sender"):
        forged = ", even if only the address says so," if rule.get("accept_unauthenticated") else ""
        found.append(f"that answers somebody who wrote before{forged}")
    template = rule.get("template_id") or rule.get("template")
    found += [f"filled in from {_name(template, named)}"] if template else []
    found += [f"written with {_name(rule['principal'], named)}"] if rule.get("principal") else []
    found += [f"with at most {rule['max_recipients']} recipients"] if rule.get("max_recipients") else []
    found += [f"of the class {rule['message_class']}"] if rule.get("message_class") else []
    return found


def told(rule: ApprovalRuleView, named: Mapping[str, str]) -> str:
    """A stored rule as a sentence."""
    return sentence(rule.model_dump(), named)


def _name(one: Any, named: Mapping[str, str]) -> str:
    return named.get(str(one), str(one))


def _or(several: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(several[:-1]), several[-1]]))
