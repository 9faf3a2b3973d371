"""Operators say who is told what; a secret is shown once, and a change holds from its moment on."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier

from multimail.core.times import HOUR
from multimail.services.webhooks import MOST
from tests.support.desk import BOX, SERVER, Desk
from tests.support.hooks import deliveries, notifier, subscribe, webhook
from tests.support.receiver import Receiver, Reply

pytestmark = pytest.mark.anyio
URL = "https://example.com/hooks"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


async def change(desk: Desk, hook: Any, **changes: Any) -> Any:
    return await desk.call("operator", "update_webhook", webhook_id=hook.webhook_id, **changes)


async def test_a_webhook_is_made_with_canonical_names_and_a_secret_of_32_bytes(desk: Desk) -> None:
    made = await subscribe(
        desk, URL, "approval.required", "inbound", mailbox=BOX, tags=["vip=1"], description="CRM"
    )

    assert made.webhook_id.startswith("wh_")
    assert made.events == ["oversight.pending", "message.received"]
    assert (made.mailbox, made.tags, made.audience, made.state) == (BOX, ["vip=1"], "agent", "active")
    scheme, _, encoded = made.secret.partition("_")
    assert (scheme, len(base64.b64decode(encoded, validate=True))) == ("whsec", 32)


async def test_its_secret_is_shown_once(desk: Desk) -> None:
    made = await subscribe(desk, URL)

    listed = await desk.call("operator", "list_webhooks")

    assert listed.count == 1
    assert made.secret not in listed.model_dump_json()
    assert made.secret not in str([one.data for one in await desk.events()])


@pytest.mark.parametrize("who", ["agent", "reviewer", "owner", "viewer"])
async def test_only_operators_have_to_do_with_webhooks(desk: Desk, who: str) -> None:
    assert (await desk.refused(who, "create_webhook", url=URL)).code == "forbidden"
    assert (await desk.refused(who, "list_webhooks")).code == "forbidden"
    assert (await desk.refused(who, "list_webhook_deliveries")).code == "forbidden"


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"url": "ftp://example.com"}, "invalid", "url"),
        ({"url": "https://u:p@example.com/"}, "invalid", "url"),
        ({"url": "https://169.254.169.254/"}, "invalid", "url"),
        ({"url": URL, "events": ["message.recieved"]}, "invalid", "events"),
        ({"url": URL, "mailbox": "nobody@example.org"}, "unknown_mailbox", "mailbox"),
        ({"url": URL, "tags": ["a{b"]}, "invalid", "tags"),
        ({"url": URL, "description": "a\nb"}, "header_injection", "description"),
        ({"url": URL, "audience": "everybody"}, "invalid", "audience"),
        ({"url": URL, "secret": "mine"}, "unknown_field", "secret"),
    ],
)
async def test_a_wrong_webhook_is_refused(desk: Desk, wrong: dict[str, Any], code: str, field: str) -> None:
    problem = await desk.refused("operator", "create_webhook", **wrong)

    assert (problem.code, problem.field) == (code, field)
    assert (await desk.call("operator", "list_webhooks")).count == 0


async def test_a_server_that_others_reach_posts_nothing_to_itself(desk: Desk) -> None:
    closed = SERVER | {"webhooks": {"loopback": False, "private": False}}
    await desk.write(lambda tx: tx.settings.set("server", closed))

    problem = await desk.refused("operator", "create_webhook", url="http://127.0.0.1:9/")

    assert (problem.code, problem.field) == ("invalid", "url")


async def test_there_is_a_most(desk: Desk) -> None:
    for _ in range(MOST):
        await subscribe(desk, URL)

    assert (await desk.refused("operator", "create_webhook", url=URL)).code == "conflict"


async def test_a_change_says_what_changed_and_the_same_again_changes_nothing(desk: Desk) -> None:
    made = await subscribe(desk, URL, mailbox=BOX)
    desk.later(HOUR)

    view = await change(
        desk, made, events=["bounce"], mailbox="", tags=["x"], audience="reviewer", description="d"
    )
    again = await change(desk, made, events=["bounce"])

    assert (view.events, view.mailbox, view.tags, view.audience) == (
        ["message.bounced"],
        None,
        ["x"],
        "reviewer",
    )
    assert again == view
    settings = [one.data["settings"] for one in await desk.events() if one.kind == "webhook.updated"]
    assert settings == [["audience", "description", "events", "mailbox_id", "tags"]]


async def test_a_change_of_events_holds_for_what_happens_from_then_on(desk: Desk, receiver: Receiver) -> None:
    made = await subscribe(desk, receiver, "message.received")
    posts = notifier(desk)
    await posts.step()
    await desk.receive()
    await desk.send()
    await change(desk, made, events=["oversight.pending"], url=receiver.url + "/new")
    await desk.receive()
    await desk.send(subject="Second")
    await posts.step()

    assert receiver.events == ["message.received", "oversight.pending"]
    assert receiver.posted[1].body["subject"] == "Second"
    assert {one.path for one in receiver.posted} == {"/hooks/new"}


async def test_a_paused_webhook_is_told_later_what_happened_meanwhile(desk: Desk, receiver: Receiver) -> None:
    made = await subscribe(desk, receiver, "message.received")
    posts = notifier(desk)
    await change(desk, made, state="paused")
    await desk.receive("meanwhile")
    await posts.step()
    before = list(receiver.posted)
    await change(desk, made, state="active")
    await posts.step()

    assert before == []
    assert [one.body["body_text"] for one in receiver.posted] == ["meanwhile"]


async def test_a_deleted_webhook_is_told_nothing_more(desk: Desk, receiver: Receiver) -> None:
    receiver.usual = Reply(500)
    made = await subscribe(desk, receiver, "message.received")
    posts = notifier(desk)
    await desk.receive()
    await posts.step()
    gone = await desk.call("operator", "delete_webhook", webhook_id=made.webhook_id)
    await desk.receive()
    desk.later(HOUR)
    await posts.step()

    assert len(receiver.posted) == 1
    assert await deliveries(desk) == []
    assert gone.deleted
    assert (await desk.refused("operator", "delete_webhook", webhook_id=made.webhook_id)).code == "not_found"
    assert (await desk.call("operator", "list_webhooks")).count == 0
    assert await desk.sql("UPDATE webhooks SET secret = '' WHERE secret <> '' OR old_secret IS NOT NULL") == 0


async def test_while_secrets_overlap_either_verifies_and_then_the_new_one_alone(
    desk: Desk, receiver: Receiver
) -> None:
    made = await subscribe(desk, receiver, "message.received")
    new = await desk.call("operator", "rotate_webhook_secret", webhook_id=made.webhook_id, overlap_hours=2)
    posts = notifier(desk)
    for wait in (0, 3 * HOUR):
        desk.later(wait)
        await desk.receive()
        await posts.step()

    during, after = (set(one.headers["webhook-signature"].split()) for one in receiver.posted)
    assert (len(during), len(after)) == (2, 1)
    signed = [_signature(secret, receiver.posted[0]) for secret in (new.secret, made.secret)]
    assert during == set(signed)
    assert after == {_signature(new.secret, receiver.posted[1])}
    assert new.secret != made.secret
    assert (await webhook(desk, made.webhook_id)).previous_secret_until is not None


def _signature(secret: str, posted: Any) -> str:
    moment = datetime.fromtimestamp(int(posted.headers["webhook-timestamp"]), UTC)
    return Verifier(secret).sign(posted.headers["webhook-id"], moment, posted.raw.decode())


async def test_without_an_overlap_the_old_secret_is_over_at_once(desk: Desk, receiver: Receiver) -> None:
    made = await subscribe(desk, receiver, "message.received")
    await desk.call("operator", "rotate_webhook_secret", webhook_id=made.webhook_id, overlap_hours=0)
    await desk.receive()
    await notifier(desk).step()

    assert len(receiver.posted[0].headers["webhook-signature"].split()) == 1
    assert (await deliveries(desk))[0].status == "delivered"


@pytest.mark.parametrize(
    "operation", ["update_webhook", "delete_webhook", "rotate_webhook_secret", "test_webhook"]
)
async def test_a_webhook_that_is_not_there_is_not_found(desk: Desk, operation: str) -> None:
    problem = await desk.refused("operator", operation, webhook_id="wh_00000000000000")

    assert (problem.code, problem.field) == ("not_found", "webhook_id")


@pytest.mark.parametrize("hours", [-1, 721, float("nan"), float("inf"), "soon"])
async def test_an_overlap_is_a_number_of_hours(desk: Desk, hours: Any) -> None:
    made = await subscribe(desk, URL)

    problem = await desk.refused(
        "operator", "rotate_webhook_secret", webhook_id=made.webhook_id, overlap_hours=hours
    )

    assert (problem.code, problem.field) == ("invalid", "overlap_hours")


async def test_a_webhook_that_would_be_told_nothing_is_a_mistake(desk: Desk) -> None:
    made = await subscribe(desk, URL)

    for operation, more in (
        ("create_webhook", {"url": URL}),
        ("update_webhook", {"webhook_id": made.webhook_id}),
    ):
        problem = await desk.refused("operator", operation, events=[], **more)
        assert (problem.code, problem.field) == ("invalid", "events")
    assert (await webhook(desk, made.webhook_id)).events == ["*"]
