"""Other rules run over stored mail: the policy itself is asked, with the facts as they were when the mail came in."""

from __future__ import annotations

import random
from typing import Any, Final

import pytest

from multimail.core.errors import Problem
from multimail.core.times import DAY, HOUR, SECOND
from tests.support.desk import BOX, LAWFUL, Desk

pytestmark = pytest.mark.anyio

PEOPLE: Final = ("ann@example.org", "bob@example.org", "carl@example.com", "dora@other.test", "eve@gone.test")
RULES: Final[tuple[dict[str, Any], ...]] = (
    {"default_mode": "gated_all"},
    {"default_mode": "gated_send", "trusted": ["*@example.org"]},
    {"default_mode": "gated_send", "ceiling": "autonomous", "trusted": ["ann@example.org"]},
    {"default_mode": "monitored", "oversight_address": "boss@example.net", "auto_bcc": ["log@example.net"]},
    {"default_mode": "autonomous", "allowed": ["*@example.org", "*@example.com", "eve@gone.test"]},
    {"default_mode": "gated_send", "metadata": {"message_class": "commercial", **LAWFUL}, "deliver": "hold"},
)


async def simulated(desk: Desk, **rules: Any) -> Any:
    return await desk.call("reviewer", "simulate_oversight", mailbox=BOX, **rules)


def mail(chance: random.Random) -> dict[str, Any]:
    """Any mail that an agent may write."""
    some: dict[str, Any] = {
        "to": chance.sample(PEOPLE, chance.randint(1, 3)),
        "subject": f"Mail {chance.random()}",
        "body": chance.choice(["Dear {{name}}", "See you on Monday.", "Hello, [Name]"]),
    }
    some |= {"bcc": [chance.choice(PEOPLE)]} if chance.random() < 0.2 else {}
    some |= {"message_class": chance.choice(["transactional", "commercial"])} if chance.random() < 0.4 else {}
    modes = ["gated_all", "gated_send", "monitored", "autonomous"]
    return some | ({"oversight_mode": chance.choice(modes)} if chance.random() < 0.4 else {})


async def happen(desk: Desk, chance: random.Random) -> None:
    """Something is written, answered, tagged or decided on. What the rules refuse is refused."""
    what = chance.random()
    try:
        if what < 0.6:
            await decide(desk, chance, (await desk.send(**mail(chance))).message_id)
        elif what < 0.8:
            sender = chance.choice(PEOPLE)
            inbound = await desk.receive(From=sender)
            answer = {"message_id": inbound, "body": f"Yes. {chance.random()}"}
            await decide(desk, chance, (await desk.call("agent", "reply_email", **answer)).message_id)
        else:
            given = {"email": chance.choice(PEOPLE), "action": chance.choice(["add", "add", "remove"])}
            await desk.call(
                "operator", "tag_email", tags=[chance.choice(["unsubscribed", "suppressed"])], **given
            )
    except Problem as problem:
        if problem.code not in {"recipient_not_allowed", "read_only", "not_found", "conflict"}:
            raise
    desk.later(chance.randint(0, 5) * HOUR)


async def decide(desk: Desk, chance: random.Random, message_id: str) -> None:
    if await desk.status(message_id) != "pending_approval":
        return
    verb = chance.choice(["approve", "reject", "request_changes", "edit", "leave"])
    if verb == "edit":
        await desk.decide(message_id, revised_body="By the reviewer.")
    elif verb == "approve":
        await desk.decide(message_id, confirm_placeholders=True)
    elif verb != "leave":
        await desk.decide(message_id, verb, note="why")
    await desk.step()


@pytest.mark.parametrize("rules", RULES, ids=lambda rules: str(rules["default_mode"]))
@pytest.mark.parametrize("seed", range(3))
async def test_the_rules_in_force_give_exactly_what_happened(
    desk: Desk, rules: dict[str, Any], seed: int
) -> None:
    """Whatever became of the mail, its recipients and its senders since."""
    chance = random.Random(f"{seed} {rules}")
    desk.limit(open_drafts=1000)
    address = LAWFUL["physical_address"]
    await desk.set(**{"metadata": {"physical_address": address}} | rules)
    given: dict[str, Any] = {"recipient_domains": ["example.com"], "name": "neighbours", "mailbox": BOX}
    await desk.call("operator", "create_approval_rule", **given)
    known: dict[str, Any] = {"name": "known senders", "mailbox": BOX, "reply_to_known_sender": True}
    await desk.call("operator", "create_approval_rule", **known, accept_unauthenticated=True)
    for _ in range(25):
        await happen(desk, chance)

    found = await simulated(desk, days=60)

    assert found.mails >= 5
    assert (found.differences, found.changed, found.would) == ([], 0, found.happened)
    assert await simulated(desk, days=60) == found


async def test_more_freedom_says_what_would_have_left_and_what_people_had_stopped(desk: Desk) -> None:
    sent = [(await desk.send(subject=f"Mail {number}")).message_id for number in range(4)]
    await desk.decide(sent[0])
    await desk.decide(sent[1], "reject")
    await desk.decide(sent[2], revised_body="Better.")

    found = await simulated(desk, default_mode="autonomous")

    assert (found.happened.held, found.would.held, found.would.left) == (4, 0, 4)
    assert (found.freed, found.freed_edited, found.freed_stopped) == (4, 1, 1)
    assert [one.decision for one in found.differences] == [None, "edited", "reject", "approve"]
    assert [one.message_id for one in found.differences] == sent[::-1]


async def test_less_freedom_says_what_would_have_waited_and_arriving_mail_too(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")
    await desk.send()
    await desk.receive()

    found = await simulated(desk, default_mode="gated_all")

    assert (found.happened.left, found.would.held, found.arriving_held) == (1, 1, 1)
    assert found.differences[0].rules == ["gated_all"]
    assert (await simulated(desk, default_mode="read_only")).would.refused == 1


async def test_lists_are_tried_and_nothing_is_changed_by_it(desk: Desk) -> None:
    await desk.send()
    before = await desk.call("operator", "list_mailboxes")

    trusted = await simulated(desk, trusted=["*@example.org"])
    fenced = await simulated(desk, allowed=["*@example.com"])

    assert (trusted.would.left, fenced.would.refused) == (1, 1)
    assert trusted.rules.trusted == ["@example.org"]
    assert fenced.differences[0].reasons[0].startswith("Not on the mailbox's allowed list")
    assert (await desk.call("operator", "list_mailboxes")) == before


async def test_the_time_of_reviewers_is_counted_in_looks(desk: Desk) -> None:
    for number in range(3):
        held = (await desk.send(subject=f"Mail {number}")).message_id
        await desk.call("reviewer", "review_email", message_id=held)
        desk.later(40 * SECOND)
        await desk.decide(held)

    freer = await simulated(desk, default_mode="autonomous")

    assert (freer.median_look_seconds, freer.minutes) == (40, -2.0)
    assert (await simulated(desk)).minutes == 0


async def test_monitored_is_tried_as_if_somebody_watched(desk: Desk) -> None:
    await desk.send()

    found = await simulated(desk, default_mode="monitored")

    assert found.would.left == 1
    assert any("oversight address" in one for one in found.assumed)


async def test_what_is_older_is_not_counted_and_no_mail_is_no_fault(desk: Desk) -> None:
    await desk.send()
    desk.later(3 * DAY)

    assert (await simulated(desk, days=2)).mails == 0
    assert (await simulated(desk, days=4)).mails == 1


async def test_mail_from_before_admissions_were_kept_is_judged_by_the_log_and_that_is_said(
    desk: Desk,
) -> None:
    await desk.send()
    await desk.sql("DELETE FROM admissions")

    found = await simulated(desk)

    assert (found.happened, found.changed) == (found.would, 0)
    assert any(one.startswith("Of 1 mails it is not known") for one in found.assumed)


@pytest.mark.parametrize(
    ("rules", "code", "field"),
    [
        ({"default_mode": "autonomous", "ceiling": "gated_all"}, "invalid_setting", "ceiling"),
        ({"trusted": ["no address"]}, "invalid_address", "trusted"),
        ({"oversight_address": "nobody"}, "invalid_address", "oversight_address"),
        ({"days": 0}, "invalid", "days"),
        ({"default_mode": "free"}, "invalid", "default_mode"),
    ],
)
async def test_rules_that_cannot_be_set_cannot_be_tried(
    desk: Desk, rules: dict[str, Any], code: str, field: str
) -> None:
    problem = await desk.refused("reviewer", "simulate_oversight", mailbox=BOX, **rules)

    assert (problem.code, problem.field) == (code, field)


async def test_only_people_who_oversee_the_mailbox_try_its_rules(desk: Desk) -> None:
    key = await desk.call(
        "operator", "create_key", name="x", role="reviewer", mailboxes=["capture@localhost"]
    )
    desk.who["x"] = key.key_id

    assert (await desk.refused("agent", "simulate_oversight", mailbox=BOX)).code == "forbidden"
    assert (await desk.refused("x", "simulate_oversight", mailbox=BOX)).code == "unknown_mailbox"
