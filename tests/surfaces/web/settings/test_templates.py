"""Templates: made, shown with their slots, and taken away unless a rule names them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.desk import Desk
from tests.support.filled import again, beside, filled, send
from tests.support.guest import Guest, text

pytestmark = pytest.mark.anyio
AT = "/settings/rules"
NEW = f"{AT}/templates"
TEXT = {"text_name": "receipt", "subject": "Receipt {{number}}", "body": "Thank you,\n\n{{name}}."}


async def templates(desk: Desk) -> list[Any]:
    return list((await desk.call("operator", "list_templates")).templates)


async def test_a_text_arrives_as_it_was_written(desk: Desk, operator: Guest) -> None:
    assert await send(operator, AT, NEW, **TEXT) == f"{AT}#templates"
    made = (await templates(desk))[0]

    assert (made.name, made.subject, made.body) == tuple(TEXT.values())
    assert "Slots: number , name" in text(await operator.get(AT))


@pytest.mark.parametrize(
    ("wrong", "field", "control"),
    [
        ({"text_name": " "}, "text_name", "text_name"),
        ({"text_name": "taken"}, "text_name", "text_name"),
        ({"subject": "a\nb"}, "subject", "template-subject"),
        ({"subject": ""}, "subject", "template-subject"),
        ({"body": ""}, "body", "template-body"),
    ],
)
async def test_a_fault_stands_beside_its_field_and_all_is_kept(
    desk: Desk, operator: Guest, wrong: dict[str, str], field: str, control: str
) -> None:
    await desk.call("operator", "create_template", name="taken", subject="s", body="b")
    page = await send(operator, AT, NEW, **TEXT | wrong)

    assert beside(page, control)
    assert {name: filled(page, NEW)[name] for name in TEXT} == TEXT | wrong
    assert len(await templates(desk)) == 1


async def test_one_that_a_rule_names_stays_as_long_as_the_rule(desk: Desk, operator: Guest) -> None:
    made = await desk.call(
        "operator", "create_template", name="receipt", subject="Hello", body="<b>{{name}}</b>"
    )
    rule = await desk.call("operator", "create_approval_rule", name="receipts", template="receipt")
    at = f"{NEW}/{made.template_id}/delete"
    page = await send(operator, at)
    assert "The approval rule &#39;receipts&#39; names it." in page
    assert "&lt;b&gt;{{name}}&lt;/b&gt;" in page

    await desk.call("operator", "delete_approval_rule", rule_id=rule.rule_id)
    assert await again(operator, page, at) == f"{AT}#templates"
    assert await templates(desk) == []
    assert (await operator.get(at)).status_code == 404
