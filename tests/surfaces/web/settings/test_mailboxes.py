"""All mailboxes: the list, a new one, closing one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.desk import BOX, Desk
from tests.support.filled import again, beside, filled, send
from tests.support.guest import Guest, text

pytestmark = pytest.mark.anyio
AT = "/settings/mailboxes"


async def boxes(desk: Desk) -> dict[str, Any]:
    return {one.address: one for one in (await desk.call("operator", "list_mailboxes")).mailboxes}


async def test_each_mailbox_says_what_it_may_do_and_what_waits(desk: Desk, operator: Guest) -> None:
    await desk.set(ceiling="autonomous", display_name="<b>Desk</b>")
    await desk.send()
    page = text(await operator.get(AT))

    assert "agent@localhost <b>Desk</b> gated_send up to autonomous live 1 0" in page


async def test_a_new_mailbox_leads_to_its_settings(desk: Desk, operator: Guest) -> None:
    gone_to = await send(operator, AT, address="Desk@Example.org", display_name="Front desk")
    made = (await boxes(desk))["desk@example.org"]

    assert gone_to == f"{AT}/{made.mailbox_id}"
    assert (made.display_name, made.oversight_mode) == ("Front desk", "gated_send")


@pytest.mark.parametrize("address", ["", "nonsense", BOX, "a@b@"])
async def test_an_address_that_cannot_be_is_named_beside_it(
    desk: Desk, operator: Guest, address: str
) -> None:
    page = await send(operator, AT, address=address, display_name="Kept")

    assert beside(page, "address")
    assert (filled(page, AT)["address"], filled(page, AT)["display_name"]) == (address, "Kept")
    assert len(await boxes(desk)) == 2


async def test_a_name_with_a_line_break_is_named_beside_it(operator: Guest) -> None:
    assert "line break" in beside(
        await send(operator, AT, address="a@b.org", display_name="a\nb"), "display_name"
    )


async def test_closing_asks_for_the_address_and_says_what_is_lost(desk: Desk, operator: Guest) -> None:
    held = await desk.send()
    at = f"{AT}/{(await boxes(desk))[BOX].mailbox_id}/close"
    assert "1 waiting mail is cancelled." in text(await operator.get(at))
    page = await send(operator, at, confirm="agent@local")

    assert beside(page, "confirm") == "That is not its address. Type agent@localhost to close it."
    assert filled(page, at)["confirm"] == "agent@local"
    assert await desk.status(held.message_id) == "pending_approval"
    assert await again(operator, page, at, confirm=" Agent@localhost ") == AT
    assert (await desk.status(held.message_id), BOX in await boxes(desk)) == ("cancelled", False)


async def test_the_mailbox_that_keeps_all_else_cannot_go(desk: Desk, operator: Guest) -> None:
    at = f"{AT}/{(await boxes(desk))['capture@localhost'].mailbox_id}/close"

    assert "it cannot go" in await send(operator, at, confirm="capture@localhost")


async def test_a_reviewer_has_no_forms(reviewer: Guest) -> None:
    page = await reviewer.get(AT)

    assert f'action="{AT}"' not in page.text
    assert (await reviewer.post(AT, address="a@b.org")).status_code == 403
