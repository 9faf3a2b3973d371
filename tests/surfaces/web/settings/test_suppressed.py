"""Who gets no mail: barred with a reason, found again, and let go with another reason by an operator only."""

from __future__ import annotations

import re
from typing import Any

import pytest

from multimail.surfaces.web.settings import suppressed
from tests.support.desk import Desk
from tests.support.filled import again, beside, filled, send
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio
AT = "/settings/suppressed"


async def contact(desk: Desk, email: str = "ann@example.org") -> Any:
    return (await desk.call("operator", "search_contacts", email=email)).contacts[0]


async def test_an_address_is_barred_with_a_reason(desk: Desk, operator: Guest) -> None:
    gone_to = await send(operator, AT, email="Ann@example.org", reason="asked, by telephone")
    page = text(await operator.get(gone_to))

    assert "Barred." in page
    assert "ann@example.org asked, by telephone" in page
    assert list(await desk.contact_tags()) == ["suppressed"]
    assert (await desk.send()).status == "suppressed"


async def test_the_two_lists_are_apart(desk: Desk, operator: Guest) -> None:
    await send(operator, AT, email="ann@example.org", kind="unsubscribed")

    assert "Nobody" in text(await operator.get(AT))
    assert "ann@example.org" in text(await operator.get(f"{AT}?kind=unsubscribed"))
    assert filled((await operator.get(f"{AT}?kind=unsubscribed")).text, AT)["kind"] == "unsubscribed"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "ann"}, "email"),
        ({"reason": "x" * 257}, "reason"),
        ({"kind": "x"}, "kind"),
    ],
)
async def test_a_fault_stands_beside_its_field_and_all_is_kept(
    desk: Desk, operator: Guest, wrong: dict[str, str], field: str
) -> None:
    written = {"email": "ann@example.org", "reason": "Kept", "kind": "unsubscribed"} | wrong
    page = await send(operator, AT, **written)

    assert beside(page, field)
    kept = filled(page, AT)
    assert {name: kept.get(name, value) for name, value in written.items()} == written
    assert await desk.contact_tags() == ()


async def test_it_is_lifted_with_a_reason_that_is_kept(desk: Desk, operator: Guest) -> None:
    await desk.call("operator", "tag_email", email="ann@example.org", tags={"suppressed": "bounced, twice"})
    at = f"{AT}/{(await contact(desk)).contact_id}/lift"
    assert "They are suppressed: bounced, twice." in text(await operator.get(f"{at}?kind=suppressed"))
    page = await send(operator, f"{at}?kind=suppressed", at)
    assert beside(page, "reason")
    assert list(await desk.contact_tags()) == ["suppressed"]

    await again(operator, page, at, reason="new address book, Monday")
    assert (await contact(desk)).tags == ["mail_again=new address book, Monday"]
    await send(operator, AT, email="ann@example.org", reason="again")
    assert (await contact(desk)).tags == ["suppressed=again"]
    assert (await operator.get(f"{at}?kind=unsubscribed")).status_code == 404


async def test_only_a_reserved_tag_is_lifted_here(desk: Desk, operator: Guest) -> None:
    await desk.call("operator", "tag_email", email="ann@example.org", tags=["vip"])
    at = f"{AT}/{(await contact(desk)).contact_id}/lift"

    assert (await operator.post(at, kind="vip", reason="why")).status_code == 404
    assert (await contact(desk)).tags == ["vip"]


async def test_a_long_list_goes_on_and_is_searched(
    desk: Desk, operator: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suppressed, "_PAGE", 2)
    for name in ("ann", "bob", "cleo"):
        await desk.call("operator", "tag_email", email=f"{name}@example.org", tags=["suppressed"])
    first = await operator.get(AT)
    more = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert more is not None
    second = text(await operator.get(more[1].replace("&amp;", "&")))

    assert ("bob@" in text(first), "cleo@" in text(first), "cleo@" in second) == (True, False, True)
    found = text(await operator.get(f"{AT}?q=bob"))
    assert ("bob@" in found, "ann@" in found) == (True, False)
    assert "Nobody on this list is called so." in text(await operator.get(f"{AT}?q=zoe"))


async def test_a_reviewer_may_look_and_not_lift(desk: Desk, at: House, reviewer: Guest) -> None:
    await desk.call("operator", "tag_email", email="ann@example.org", tags=["suppressed"])
    page = await reviewer.get(AT)
    lift = f"{AT}/{(await contact(desk)).contact_id}/lift"

    assert "lift?kind" not in page.text
    assert (await reviewer.post(lift, kind="suppressed", reason="why")).status_code == 403
    assert list(await desk.contact_tags()) == ["suppressed"]
