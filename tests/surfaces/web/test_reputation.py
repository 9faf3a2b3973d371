"""The pages of reputation: what came back, what it brought about, and an operator's say in it."""

from __future__ import annotations

import pytest

from tests.services.test_breakers import own
from tests.support.desk import Desk
from tests.support.guest import Guest, House, text
from tests.support.sent import count

pytestmark = pytest.mark.anyio
TAG = "spring sale/2026=a&b"
AT = "/reputation/campaigns/spring%20sale%2F2026%3Da%26b"


async def box_of(desk: Desk) -> str:
    return (await own(desk)).name


async def happened(desk: Desk, variant: str = "", tag: str = TAG, **counts: int) -> None:
    box, now = await box_of(desk), desk.clock.now()
    await desk.write(lambda tx: count(tx, box, tag, now, variant, **counts))


async def test_before_anything_was_sent_the_pages_say_what_will_be_there(at: House) -> None:
    async with at.signed_in("operator") as operator:
        assert "Nothing was sent yet" in text(await operator.get("/reputation"))
        assert "No campaign yet" in text(await operator.get("/reputation/campaigns"))


async def test_a_stopped_mailbox_says_why_and_its_button_lets_it_go_on(desk: Desk, at: House) -> None:
    await happened(desk, sent=100, bounced=9)
    async with at.signed_in("operator") as operator:
        page = await operator.get("/reputation")

        shown = text(page)
        assert "agent@localhost stopped because too much bounced" in shown
        assert "Bounced 9 % 9 for good, 0 for a while" in shown
        assert "Nothing leaves until an operator resumes" in shown
        assert 'aria-label="Sent each day: 100 in 30 days' in page.text

        await operator.post("/reputation/resume", mailbox=await box_of(desk))
        after = text(await operator.get("/reputation?done=resumed"))
    assert "Sending goes on." in after
    assert "stopped" not in after


async def test_a_campaign_has_its_page_whatever_its_tag_holds(desk: Desk, at: House) -> None:
    await happened(desk, "A", sent=60, replied=12, unsubscribed=3)
    await happened(desk, "B", sent=60, bounced=7, replied=3)
    async with at.signed_in("operator") as operator:
        listed = await operator.get("/reputation/campaigns")
        page = await operator.get(AT)
        resumed = await operator.post("/reputation/resume", campaign=TAG)

    assert f'href="{AT}"' in listed.text
    shown = text(page)
    assert "Sent 120 Delivered 113" in shown
    assert "A 60 0 % 0 % 5 % 20 %" in shown
    assert "B 60 11.7 % 0 % 0 % 5 %" in shown
    assert resumed.headers["location"] == f"{AT}?done=resumed"


async def test_a_campaign_that_there_is_not_is_no_page(at: House) -> None:
    async with at.signed_in("operator") as operator:
        assert (await operator.get("/reputation/campaigns/none")).status_code == 404


async def test_rules_are_set_for_all_and_for_one(desk: Desk, at: House) -> None:
    box = await box_of(desk)
    async with at.signed_in("operator") as operator:
        await operator.post("/reputation/breakers", enabled="1", pause_bounces="4,5", minimum="1 000")
        await operator.post("/reputation/breakers", enabled="1", mailbox=box, pause_bounces="8")
        await operator.post("/reputation/breakers", enabled="1", campaign="to come", per_minute="3")
        pages = [
            (await operator.get(f"/reputation/breakers{query}")).text
            for query in ("", f"?mailbox={box}", "?campaign=to+come")
        ]

    assert all('name="minimum" type="text" value="1000"' in page for page in pages)
    found = [
        page.partition('name="pause_bounces" type="text" value="')[2].partition('"')[0] for page in pages
    ]
    assert found == ["4.5", "8", "4.5"]
    assert 'name="per_minute" type="text" value="3"' in pages[2]


@pytest.mark.parametrize(
    ("field", "value"),
    [("pause_bounces", "1"), ("warn_bounces", "much"), ("minimum", "few"), ("per_minute", "0")],
)
async def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    at: House, field: str, value: str
) -> None:
    async with at.signed_in("operator") as operator:
        page = await operator.post(
            "/reputation/breakers", **{"enabled": "1", "window_hours": "48", field: value}
        )

    assert page.status_code == 422
    assert f'id="fault-{field}"' in page.text
    assert f'name="{field}" type="text" value="{value}"' in page.text
    assert 'name="window_hours" type="text" value="48"' in page.text


async def test_a_warm_up_begins_and_ends_on_its_page(desk: Desk, at: House) -> None:
    box = await box_of(desk)
    async with at.signed_in("operator") as operator:
        await operator.post(
            "/reputation/warm-up", mailbox=box, enabled="1", first="20", target="2000", days="10"
        )
        begun = text(await operator.get(f"/reputation/breakers?mailbox={box}"))
        wrong = await operator.post("/reputation/warm-up", mailbox=box, enabled="1", first="20", target="2")
        none = await operator.post("/reputation/warm-up", mailbox=box, enabled="1", first="0")
        await operator.post("/reputation/warm-up", mailbox=box)
        ended = text(await operator.get(f"/reputation/breakers?mailbox={box}"))

    assert "Day 1 of 10: 0 of 20 sent today." in begun
    assert (wrong.status_code, 'id="fault-target"' in wrong.text) == (422, True)
    assert (none.status_code, 'id="fault-first"' in none.text) == (422, True)
    assert "Day 1" not in ended


async def test_who_only_looks_sees_rates_and_no_buttons(desk: Desk, reviewer: Guest) -> None:
    await happened(desk, sent=100, bounced=9)

    page = await reviewer.get("/reputation")

    assert "stopped" in text(page)
    assert "/reputation/resume" not in page.text
    assert (await reviewer.get("/reputation/breakers")).status_code == 403
    assert (await reviewer.post("/reputation/breakers", pause_bounces="90")).status_code == 403
