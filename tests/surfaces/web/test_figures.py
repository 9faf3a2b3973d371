"""The pages of figures and of other rules: numbers, advice with its evidence, and forms that lose nothing."""

from __future__ import annotations

import pytest

from multimail.core.times import SECOND
from tests.support.desk import BOX, Desk
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio


async def decided(desk: Desk, count: int) -> None:
    for number in range(count):
        held = (await desk.send(subject=f"Mail {number}")).message_id
        await desk.call("reviewer", "review_email", message_id=held)
        desk.later(12 * SECOND)
        await desk.decide(held)


async def test_the_figures_of_a_mailbox_with_advice_and_its_evidence(desk: Desk, reviewer: Guest) -> None:
    await desk.receive()
    await decided(desk, 21)
    await desk.send(subject="Waits")

    page = await reviewer.get("/figures")

    shown = text(page)
    assert "Waiting now 1" in shown
    assert "Median look 12 s 21 looks are known" in shown
    assert "21 of 21 approved unedited in 14 days, 21 of them to known recipients." in shown
    assert "To trust: ann@example.org" in shown
    assert "also_trusted=ann%40example.org" in page.text
    assert "Quieter mailboxes" in shown


async def test_with_nothing_decided_it_says_what_will_be_here(reviewer: Guest) -> None:
    shown = text(await reviewer.get(f"/figures?mailbox={BOX}&days=30"))

    assert "0 decisions in 30 days: too few to advise on, 20 are needed." in shown
    assert "Nothing to count yet" in text(await reviewer.get("/figures"))


@pytest.mark.parametrize(("query", "beside"), [("days=0", "days"), ("mailbox=nobody@localhost", "mailbox")])
async def test_what_is_wrong_is_said_beside_its_field(reviewer: Guest, query: str, beside: str) -> None:
    page = await reviewer.get(f"/figures?{query}")

    assert page.status_code in {404, 422}
    assert f'id="fault-{beside}"' in page.text


async def test_other_rules_are_tried_and_the_differences_listed(desk: Desk, reviewer: Guest) -> None:
    await decided(desk, 2)
    await desk.decide((await desk.send(subject="Bad")).message_id, "reject")
    box = (await desk.call("reviewer", "list_mailboxes")).mailboxes[0]

    page = await reviewer.get(f"/figures/simulate?mailbox={box.mailbox_id}&also_trusted=@example.org&days=7")

    shown = text(page)
    assert "3 mails of agent@localhost, 7 days" in shown
    assert "1 mail that people changed or stopped would have left as written." in shown
    assert "Reviewers' time about 36 s less" in shown
    assert "Mail that was refused left nothing behind" in shown
    assert "Change the rules" not in shown


async def test_an_operator_is_led_to_the_settings_of_the_mailbox(desk: Desk, at: House) -> None:
    await desk.send()
    async with at.signed_in("operator") as operator:
        page = await operator.get(f"/figures/simulate?mailbox={BOX}&default_mode=autonomous")

    assert "/settings/mailboxes/mbx_" in page.text
    assert "No rule would have stopped it." in text(page)


@pytest.mark.parametrize(
    ("query", "beside"),
    [
        ("also_trusted=no+address", "also_trusted"),
        ("default_mode=autonomous&ceiling=gated_all", "ceiling"),
        ("oversight_address=nobody", "oversight_address"),
        ("days=many", "days"),
    ],
)
async def test_a_rule_that_cannot_be_tried_is_named_beside_its_field_and_all_is_kept(
    reviewer: Guest, query: str, beside: str
) -> None:
    page = await reviewer.get(f"/figures/simulate?mailbox={BOX}&{query}")

    assert page.status_code == 422
    assert f'id="fault-{beside}"' in page.text
    value = query.partition("=")[2].partition("&")[0].replace("+", " ")
    assert f'value="{value}"' in page.text or beside == "days"


async def test_without_a_choice_there_is_the_form_alone(reviewer: Guest) -> None:
    page = await reviewer.get("/figures/simulate")

    assert page.status_code == 200
    assert "What this cannot know" not in text(page)


async def test_who_oversees_nothing_sees_no_figures(desk: Desk, at: House) -> None:
    desk.who["looker"] = (await at.key(name="looker", role="viewer", kind="person")).key_id
    async with at.signed_in("looker") as viewer:
        assert [(await viewer.get(path)).status_code for path in ("/figures", f"/figures/simulate?mailbox={BOX}")] == [
            403, 403,
        ]  # fmt: skip
