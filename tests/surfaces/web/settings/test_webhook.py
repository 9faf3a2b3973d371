"""One webhook: its log with tries, posting again, pausing, another secret, and its end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.desk import Desk
from tests.support.filled import again, beside, filled, send
from tests.support.guest import Guest, text
from tests.support.hooks import deliveries, webhook

pytestmark = pytest.mark.anyio
SECRET = "whsec_"


@pytest.fixture
async def hook(desk: Desk) -> Any:
    return await desk.call(
        "operator", "create_webhook", url="https://example.com/hooks", events=["message.received"]
    )


@pytest.fixture
def place(hook: Any) -> str:
    return f"/settings/webhooks/{hook.webhook_id}"


async def given_up(desk: Desk, hook: Any) -> None:
    """Two deliveries that nobody took."""
    for _ in range(2):
        await desk.call("operator", "test_webhook", webhook_id=hook.webhook_id)
    await desk.sql("UPDATE webhook_deliveries SET status = 'failed', done_at = created_at")
    await desk.sql("UPDATE webhooks SET failed = 2")


async def test_a_trial_event_appears_in_the_log(desk: Desk, operator: Guest, place: str) -> None:
    assert "Nothing here" in text(await operator.get(place))
    gone_to = await send(operator, place, f"{place}/test")
    page = text(await operator.get(gone_to))

    assert "A trial event is on its way." in page
    assert "webhook.test" in page
    assert "on the way" in page


async def test_the_log_is_narrowed_by_state(desk: Desk, operator: Guest, place: str) -> None:
    await send(operator, place, f"{place}/test")

    assert "webhook.test" in text(await operator.get(f"{place}?status=pending"))
    assert "No delivery is in this state." in text(await operator.get(f"{place}?status=failed"))
    assert "webhook.test" in text(await operator.get(f"{place}?status=nonsense"))


async def test_one_delivery_or_all_that_were_given_up_are_posted_again(
    desk: Desk, operator: Guest, hook: Any, place: str
) -> None:
    await given_up(desk, hook)
    listed = await deliveries(desk)
    shown = (await operator.get(place)).text
    assert shown.count(">Post again</button>") == len(listed) == 2
    one = listed[0].delivery_id
    gone_to = await again(operator, shown, f"{place}/replay", delivery_id=one)
    assert "1 delivery is posted again." in text(await operator.get(gone_to))
    assert [row.delivery_id for row in await deliveries(desk, status="pending")] == [one]


async def test_a_time_that_is_none_stands_beside_its_field(
    desk: Desk, operator: Guest, hook: Any, place: str
) -> None:
    await given_up(desk, hook)
    page = await send(operator, place, f"{place}/replay", delivery_id="", since="last week")

    assert beside(page, "since")
    assert 'name="since" type="text" value="last week"' in page
    gone_to = await again(operator, page, f"{place}/replay", delivery_id="", since="")
    assert gone_to == f"{place}?replayed=2"
    assert await deliveries(desk, status="failed") == []


async def test_it_is_paused_and_goes_on(desk: Desk, operator: Guest, hook: Any, place: str) -> None:
    await send(operator, place, f"{place}/switch", state="paused")
    assert (await webhook(desk, hook.webhook_id)).state == "paused"
    page = (await operator.get(place)).text
    assert f'action="{place}/test"' not in page
    await again(operator, page, f"{place}/switch", state="active")

    assert (await webhook(desk, hook.webhook_id)).state == "active"
    assert "Input should be" in await again(operator, page, f"{place}/switch", state="asleep")


async def test_settings_change_and_faults_keep_what_was_written(
    desk: Desk, operator: Guest, hook: Any, place: str
) -> None:
    page = await send(operator, place, events="message.eaten", description="Kept", tags="vip")
    assert beside(page, "events")
    assert (filled(page, place)["events"], filled(page, place)["description"]) == ("message.eaten", "Kept")
    assert (await webhook(desk, hook.webhook_id)).tags == []

    gone_to = await again(operator, page, place, events="contact.*")
    found = await webhook(desk, hook.webhook_id)
    assert (found.events, found.tags, found.description) == (["contact.*"], ["vip"], "Kept")
    assert "Saved." in text(await operator.get(gone_to))
    await send(operator, place, tags="")
    assert (await webhook(desk, hook.webhook_id)).tags == []


async def test_what_it_is_told_is_widened_only_after_a_second_look(
    desk: Desk, operator: Guest, hook: Any, place: str
) -> None:
    asked = await send(operator, place, audience="reviewer")
    assert (await webhook(desk, hook.webhook_id)).audience == "agent"
    assert filled(await again(operator, asked, place, back="1"), place)["audience"] == "reviewer"
    await again(operator, asked, place, sure="1")

    assert (await webhook(desk, hook.webhook_id)).audience == "reviewer"
    assert (await send(operator, place, description="Kept")).endswith("done=saved")


async def test_another_secret_is_shown_once(desk: Desk, operator: Guest, hook: Any, place: str) -> None:
    opened = (await operator.get(place)).text
    page = await again(operator, opened, f"{place}/rotate", overlap_hours="1.5")
    stored = await desk.read(lambda tx: tx.webhooks.get(hook.webhook_id))

    assert stored is not None
    assert stored.secret in page
    assert stored.secret != hook.secret
    reloaded = await again(operator, opened, f"{place}/rotate", overlap_hours="1.5")
    for shown in (reloaded, (await operator.get(place)).text):
        assert SECRET not in shown
    after = await desk.read(lambda tx: tx.webhooks.get(hook.webhook_id))
    assert after is not None
    assert after.secret == stored.secret


@pytest.mark.parametrize("hours", ["soon", "-1", "721"])
async def test_hours_that_cannot_be_stand_beside_their_field(operator: Guest, place: str, hours: str) -> None:
    page = await send(operator, place, f"{place}/rotate", overlap_hours=hours)

    assert beside(page, "overlap_hours")
    assert filled(page, f"{place}/rotate")["overlap_hours"] == hours


async def test_it_is_deleted_after_a_question(desk: Desk, operator: Guest, place: str) -> None:
    assert "Nothing more is posted there" in text(await operator.get(f"{place}/delete"))
    assert await send(operator, f"{place}/delete") == "/settings/webhooks"

    assert (await operator.get(place)).status_code == 404


async def test_what_a_receiver_answered_is_shown_harmless(
    desk: Desk, operator: Guest, hook: Any, place: str
) -> None:
    hostile = "<script>\x1b[31m\u202e"
    await desk.sql("UPDATE webhooks SET last_failure = :text, last_failed_at = created_at", text=hostile)
    page = (await operator.get(place)).text

    assert "&lt;script&gt;" in page
    assert "\x1b" not in page
    assert "\u202e" not in page
