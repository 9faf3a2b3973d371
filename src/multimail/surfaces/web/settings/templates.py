"""Templates: texts with slots that callers fill in and rules can name. They never change; a new one takes over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multimail.contract.batches import TemplateList, TemplateView
from multimail.core.errors import Problem
from multimail.surfaces.web import forms
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings import asking, rules
from multimail.surfaces.web.settings.fields import filled
from multimail.surfaces.web.settings.rule_fields import EMPTY
from multimail.surfaces.web.settings.rules import TEMPLATE_LABELS
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

_AT: Final = f"{rules.AT}/templates"


async def create(visit: Visit) -> Response:
    """A new text."""
    texts = {name: visit.form.get(name, "") for name in TEMPLATE_LABELS}
    try:
        filled(texts, *TEMPLATE_LABELS)
        wanted = {"name": texts["text_name"].strip(), "subject": texts["subject"], "body": texts["body"]}
        await visit.call("create_template", wanted)
    except Problem as problem:
        beside = {"name": "text_name"}.get(problem.field, problem.field)
        told = Problem(problem.code, problem.message, field=beside, advice=problem.advice)
        return await rules.page(visit, EMPTY, told, texts)
    return go(f"{rules.AT}#templates")


async def deleting(visit: Visit) -> Response:
    """The text once more, and what its end means."""
    return await _deleting(visit, None)


async def delete(visit: Visit) -> Response:
    """Nothing is written from it any more."""
    try:
        await visit.call("delete_template", {"template_id": visit.request.path_params["template_id"]})
    except Problem as problem:
        return await _deleting(visit, problem)
    return go(f"{rules.AT}#templates")


async def _deleting(visit: Visit, problem: Problem | None) -> Response:
    return await asking.page(
        visit,
        "template_delete",
        problem,
        ({}, {}),
        template=await _template(visit),
    )


async def _template(visit: Visit) -> TemplateView:
    listed = await visit.call("list_templates", {})
    assert isinstance(listed, TemplateList)
    wanted = visit.request.path_params["template_id"]
    found = next((one for one in listed.templates if one.template_id == wanted), None)
    if found is None:
        raise Problem("not_found")
    return found


_ONE: Final = f"{_AT}/{{template_id}}/delete"
PAGES: Final = (
    PageRoute(_AT, create, "POST", forms.LONG),
    PageRoute(_ONE, deleting),
    PageRoute(_ONE, delete, "POST"),
)
