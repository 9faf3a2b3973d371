"""Templates of operators: create, list, delete, and mails that are filled in from one.

A template never changes, so that what a rule lets go is the text that the operator saw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from multimail.contract.batches import (
    CreateTemplate,
    DeleteTemplate,
    ListTemplates,
    TemplateList,
    TemplateView,
)
from multimail.contract.sending import SendEmail
from multimail.core import templates
from multimail.core.errors import Problem
from multimail.core.model import Filled
from multimail.core.text import typed_line
from multimail.core.times import to_datetime
from multimail.ports.approvals import StoredTemplate
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services import access
from multimail.services.context import Call

MOST: Final = 1_000


def create_template(tx: Tx, call: Call, request: CreateTemplate) -> TemplateView:
    """A new text that callers may fill in."""
    access.everything(call.principal)
    name = typed_line(request.name.strip(), "name")
    subject = typed_line(request.subject, "subject")
    if tx.templates.named(name) is not None:
        raise Problem("already_exists", f"There is a template {name!r} already.", field="name")
    if len(tx.templates.all()) >= MOST:
        raise Problem("conflict", f"There are {MOST:,} templates already.", advice="Delete one first.")
    made = StoredTemplate(
        call.new_id("tpl"), name, subject, request.body, call.principal.id, call.now
    )  # fmt: skip
    tx.templates.insert(made)
    tx.events.add(_event(call, "template.created", made))
    return _view(made)


def list_templates(tx: Tx, call: Call, request: ListTemplates) -> TemplateList:
    """Those that can be used, oldest first."""
    views = [_view(one) for one in tx.templates.all()]
    return TemplateList(templates=views, count=len(views))


def delete_template(tx: Tx, call: Call, request: DeleteTemplate) -> TemplateView:
    """Nothing is written from it any more; what was, stays. One that a rule names stays as long as the rule."""
    access.everything(call.principal)
    found = tx.templates.get(request.template_id)
    if found is None:
        raise _unknown(request.template_id, "template_id")
    using = [one.rule.name for one in tx.approval_rules.all() if one.rule.template_id == found.id]
    if using:
        raise Problem(
            "conflict", f"The approval rule {using[0]!r} names it.", field="template_id",
            advice="Delete the rule first.",
        )  # fmt: skip
    if found.deleted_at is None:
        tx.templates.delete(found.id, call.now)
        tx.events.add(_event(call, "template.deleted", found))
    return _view(found).model_copy(update={"deleted": True})


def usable(tx: Tx, named: str, field: str = "template") -> StoredTemplate:
    """A template by id or name that is not deleted."""
    found = tx.templates.get(named) or tx.templates.named(named)
    if found is None or found.deleted_at is not None:
        raise _unknown(named, field)
    return found


def _unknown(named: str, field: str) -> Problem:
    advice = "list_templates names them."
    return Problem("not_found", f"There is no template {named[:40]!r}.", field=field, advice=advice)


def _event(call: Call, kind: str, template: StoredTemplate) -> Event:
    return Event(kind, call.now, principal_id=call.principal.id, data={"template": template.id})


def _view(stored: StoredTemplate) -> TemplateView:
    return TemplateView(
        template_id=stored.id,
        name=stored.name,
        subject=stored.subject,
        body=stored.body,
        slots=list(templates.slots(stored.subject, stored.body)),
        created_at=to_datetime(stored.created_at),
    )


@dataclass(frozen=True, slots=True)
class Text:
    """Subject and body, with slots or filled in, and the template they are from."""

    subject: str
    body: str
    template_id: str | None = None

    def filled(self, values: Mapping[str, str], field: str = "values") -> Text:
        """With all slots filled, strictly: one without a value is named, and so is a value that ends a line of the
        subject."""
        for name in templates.slots(self.subject, self.body):
            if name not in values:
                raise Problem(
                    "invalid", f"There is no value for {{{{{name}}}}}.", field=f"{field}.{name}",
                    advice="Give a text for each slot of subject and body.",
                )  # fmt: skip
        for name in templates.slots(self.subject):
            typed_line(values[name], f"{field}.{name}")
        body = templates.fill(self.body, values)
        return Text(templates.fill(self.subject, values), body, self.template_id)


def text_of(tx: Tx, request: SendEmail) -> tuple[Text, Filled | None]:
    """The text of a mail: the caller's own, or a template's with the caller's values."""
    if request.template is None:
        if request.values is not None:
            raise Problem(
                "invalid", "Values fill in a template.", field="values", advice="Name the template as well."
            )
        return Text(request.subject, request.body), None
    if request.subject or request.body or request.html:
        raise Problem(
            "contradiction", "The text is the template's.", field="template", advice="Leave subject and body out."
        )  # fmt: skip
    stored = usable(tx, request.template)
    values = request.values or {}
    text = Text(stored.subject, stored.body, stored.id).filled(values)
    used = (values[name] for name in templates.slots(stored.subject, stored.body))
    more = request.attachments or request.headers or request.reply_to or request.priority
    plain = not more and all(map(templates.is_plain, used))
    alone = plain and all(templates.stays_plain(one, values) for one in (stored.subject, stored.body))
    return text, Filled(stored.id, plain=alone)
