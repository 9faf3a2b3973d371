"""Preferences: a no holds at once whoever writes it down, a yes takes an operator."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.desk import BOX, LAWFUL, Desk

pytestmark = pytest.mark.anyio

ANN = "ann@example.org"


async def prefer(desk: Desk, who: str = "agent", **more: Any) -> Any:
    return await desk.call(who, "set_preferences", **{"email": ANN, **more})


async def free(desk: Desk) -> None:
    await desk.set(default_mode="autonomous", metadata=LAWFUL)


async def test_a_topic_that_is_not_wanted_stops_whatever_class_is_claimed(desk: Desk) -> None:
    await free(desk)

    answer = await prefer(desk, topics={"Newsletter": False}, source="by telephone")

    assert [(one.topic, one.wanted) for one in answer.topics] == [("newsletter", False)]
    assert answer.changed == ["newsletter"]
    assert (await desk.send(topic="newsletter", message_class="commercial")).status == "suppressed"
    assert (await desk.send(topic="newsletter", subject="2")).status == "suppressed"
    assert (await desk.send(topic="events", message_class="commercial", subject="3")).status == "queued"
    assert (await prefer(desk, topics={"newsletter": False})).changed == []


async def test_a_yes_takes_an_operator_and_opens_again_what_a_no_closed(desk: Desk) -> None:
    await free(desk)
    await prefer(desk, topics={"newsletter": False})

    asked = await prefer(desk, topics={"newsletter": True, "events": True})
    assert asked.note == "A yes takes an operator, or the person's own word: left as they are: newsletter."
    assert (await desk.send(topic="newsletter")).status == "suppressed"
    yes = await prefer(desk, "operator", topics={"newsletter": True})

    assert (yes.changed, [(one.topic, one.wanted, one.why) for one in yes.topics]) == (
        ["newsletter"], [("newsletter", True, "recorded")],
    )  # fmt: skip
    assert (await desk.send(topic="newsletter", subject="2", message_class="commercial")).status == "queued"
    assert (await prefer(desk, "operator", topics={"newsletter": True})).changed == []


async def test_what_is_on_record_for_one_region_is_told_as_what_it_is(desk: Desk) -> None:
    await desk.call("operator", "record_consent", email=ANN, topic="newsletter", region="EU")
    await desk.call("agent", "record_consent", email=ANN, topic="offers")
    await desk.call("agent", "withdraw_consent", email=ANN, topic="events", region="EU")

    answer = await prefer(desk)

    assert [(one.topic, one.wanted, one.why) for one in answer.topics] == [
        ("events", False, "withdrawn"),
        ("newsletter", True, "recorded"),
        ("offers", True, "not asked"),
    ]


async def test_a_yes_of_an_operator_is_consent_in_the_eu(desk: Desk) -> None:
    await desk.set(default_mode="autonomous", metadata=LAWFUL | {"region": "EU"})

    await prefer(desk, "operator", topics={"newsletter": True})

    assert (await desk.send(topic="newsletter", message_class="commercial")).status == "queued"


async def test_no_mail_at_all_is_a_channel_that_is_not_wanted(desk: Desk) -> None:
    await free(desk)

    answer = await prefer(desk, channels={"email": False, "sms": True})

    assert [(one.channel, one.wanted) for one in answer.channels] == [("email", False), ("sms", True)]
    assert (await desk.send(message_class="commercial")).status == "suppressed"
    assert (await desk.send(subject="2")).status == "suppressed"
    back = await prefer(desk, channels={"email": True})
    assert ([one.wanted for one in back.channels], "email" in back.note) == ([False, True], True)
    assert (await prefer(desk, "operator", channels={"email": True})).changed == ["email"]
    assert (await desk.send(subject="3")).status == "queued"


async def test_an_agent_turns_no_persons_no_to_a_channel_into_a_yes(desk: Desk) -> None:
    await prefer(desk, "operator", channels={"sms": False})

    asked = await prefer(desk, channels={"sms": True, "phone": True})
    assert ([one.wanted for one in asked.channels], asked.changed) == ([True, False], ["phone"])
    assert asked.note.endswith(": sms.")
    assert (await prefer(desk, "operator", channels={"sms": True})).changed == ["sms"]


async def test_a_no_to_one_mailbox_leaves_the_others(desk: Desk) -> None:
    await free(desk)
    await desk.call("operator", "create_mailbox", address="other@localhost", default_mode="autonomous")

    await prefer(desk, topics={"news": False}, mailbox=BOX)

    assert (await desk.send(topic="news")).status == "suppressed"
    assert (await desk.call("agent", "send_email", mailbox="other@localhost", to=[ANN], subject="x", body="y",
                            topic="news")).status == "queued"  # fmt: skip


async def test_without_a_wish_it_answers_and_changes_nothing(desk: Desk) -> None:
    answer = await prefer(desk, email="stranger@example.org")

    assert (answer.topics, answer.channels, answer.changed, answer.contact_id) == ([], [], [], None)
    assert [one.kind for one in await desk.events() if one.kind.startswith("contact.")] == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"topics": {"a,b": False}}, "topics"),
        ({"topics": {" ": False}}, "topics"),
        ({"topics": {"a": "perhaps"}}, "topics.a"),
        ({"channels": {"E Mail": False}}, "channels"),
    ],
)
async def test_what_is_no_topic_or_channel_is_refused_and_nothing_is_changed(
    desk: Desk, wrong: dict[str, Any], field: str
) -> None:
    problem = await desk.refused("operator", "set_preferences", email=ANN, **wrong)

    assert (problem.code, problem.field) == ("invalid", field)
    assert (await prefer(desk)).contact_id is None


async def test_the_log_says_what_was_changed_without_an_address(desk: Desk) -> None:
    await prefer(desk, topics={"news": False}, channels={"sms": False})

    (told,) = [one for one in await desk.events() if one.kind == "contact.preferences"]
    assert told.data == {"changed": ["news", "sms"]}
