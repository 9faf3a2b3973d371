"""Approval rules: what goes without a person although gated_send would hold it. A new one is asked once more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from multimail.contract.administration import KeyList, MailboxList
from multimail.contract.approvals import ApprovalRuleList, ApprovalRuleView
from multimail.contract.batches import TemplateList, TemplateView
from multimail.core.errors import Problem
from multimail.core.policy.modes import ORDER
from multimail.services import mode_table
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings import asking, rule_fields
from multimail.surfaces.web.settings.asking import Change, Question
from multimail.surfaces.web.settings.fields import Section, kept
from multimail.surfaces.web.settings.rule_fields import EMPTY, LABELS
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

AT: Final = "/settings/rules"


@dataclass(frozen=True, slots=True)
class Known:
    """What a rule can name, by id, and the rules and templates themselves."""

    rules: list[ApprovalRuleView]
    templates: list[TemplateView]
    boxes: dict[str, str]
    keys: dict[str, str]

    @property
    def names(self) -> dict[str, str]:
        """The name of every id."""
        texts = {one.template_id: f"the template {one.name}" for one in self.templates}
        return self.boxes | {one: f"the key {name}" for one, name in self.keys.items()} | texts


async def show(visit: Visit) -> Response:
    """The rules and templates there are, the form of a new rule, and what each mode does with each operation."""
    return await page(visit, EMPTY, None)


async def create(visit: Visit) -> Response:
    """A new rule, once the person has read what it lets go."""
    known = await _known(visit)
    texts = kept(visit.form, [_section(known)])
    if asking.wants_back(visit):
        return await page(visit, texts, None)
    try:
        wanted = rule_fields.arguments(texts)
        if not asking.is_sure(visit):
            change = Change(wanted["name"], rule_fields.sentence(wanted, known.names))
            lead = "No rule was made yet. What it would let go:"
            return await asking.ask(
                visit, Question("Mail that nobody looks at", lead, (change,), "Make the rule")
            )
        await visit.call("create_approval_rule", wanted)
    except Problem as problem:
        return await page(visit, texts, problem)
    return go(f"{AT}#rules")


async def deleting(visit: Visit) -> Response:
    """What a rule let go so far, and what its end means."""
    known = await _known(visit)
    rule = next((one for one in known.rules if one.rule_id == visit.request.path_params["rule_id"]), None)
    if rule is None:
        raise Problem("not_found")
    return await asking.page(visit, "rule_delete", rule=rule, sentence=rule_fields.told(rule, known.names))


async def delete(visit: Visit) -> Response:
    """Take it away; what only it let go and has not left waits for a person again."""
    done = await visit.call("delete_approval_rule", {"rule_id": visit.request.path_params["rule_id"]})
    assert isinstance(done, ApprovalRuleView)
    return go(f"{AT}?held={done.held_again or 0}")


async def page(
    visit: Visit,
    texts: Mapping[str, str],
    problem: Problem | None,
    template: Mapping[str, str] | None = None,
) -> Response:
    """The room, with the fault of one of its two forms: of the template's where that is given."""
    known = await _known(visit)
    labels = LABELS if template is None else TEMPLATE_LABELS
    held = visit.request.query_params.get("held", "")
    return await asking.page(
        visit,
        "rules",
        problem,
        (labels, {}),
        rules=[(one, rule_fields.told(one, known.names)) for one in known.rules],
        templates=known.templates,
        section=_section(known),
        form=texts,
        template=template or dict.fromkeys(TEMPLATE_LABELS, ""),
        at_template=template is not None,
        held=held if held.isdecimal() else "",
        modes=ORDER,
        table_rows=_table(),
        meaning_of=mode_table.MEANING,
    )


TEMPLATE_LABELS: Final = {"text_name": "Name", "subject": "Subject", "body": "Text"}


def _section(known: Known) -> Section:
    names = {one.template_id: one.name for one in known.templates}
    return rule_fields.section(known.boxes, names, known.keys)


async def _known(visit: Visit) -> Known:
    rules = await visit.call("list_approval_rules", {})
    templates = await visit.call("list_templates", {})
    boxes = await visit.call("list_mailboxes", {})
    assert isinstance(rules, ApprovalRuleList)
    assert isinstance(templates, TemplateList)
    assert isinstance(boxes, MailboxList)
    places = {one.mailbox_id: one.address for one in boxes.mailboxes}
    return Known(rules.approval_rules, templates.templates, places, await _keys(visit))


async def _keys(visit: Visit) -> dict[str, str]:
    """Keys by id; none for who is limited to some mailboxes and may not list them."""
    if visit.visitor.principal.mailboxes is not None:
        return {}
    listed = await visit.call("list_keys", {})
    assert isinstance(listed, KeyList)
    return {one.key_id: one.name for one in listed.keys}


@cache
def _table() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Operations that can make mail leave, or mail that arrives: the situation, and what becomes of it in each mode."""
    found = []
    for row in mode_table.rows():
        cells = tuple(row.cells()[mode] for mode in ORDER)
        if set(cells) != {mode_table.NOTHING}:
            found.append((row.operation, row.situation, cells))
    return tuple(found)


_ONE: Final = f"{AT}/{{rule_id}}/delete"
PAGES: Final = (
    PageRoute(AT, show),
    PageRoute(AT, create, "POST"),
    PageRoute(_ONE, deleting),
    PageRoute(_ONE, delete, "POST"),
)
