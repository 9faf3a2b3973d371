"""Everything about one person, and nothing about anybody else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

ANN = "ann@example.org"


async def much_happens(desk: Desk) -> None:
    """Ann writes, is written to, agrees, and gets other things said about her."""
    await desk.set(default_mode="autonomous")
    arrived = await desk.receive("How are you?\x07", Subject="From Ann")
    await desk.call("agent", "reply_email", message_id=arrived, body="Very well.", topic="chat")
    await desk.send(to=["bob@example.net"], subject="To Bob alone")
    await desk.send(
        to=["bob@example.net", "ANN@example.org"], subject="To both", tags=["vip"], metadata={"x": 1}
    )
    await desk.step()
    await desk.call(
        "operator", "manage_contacts", action="upsert", email=ANN, name="Ann", metadata={"plan": "pro"}
    )
    await desk.call("operator", "record_consent", email=ANN, topic="newsletter", source="form")
    await desk.call("operator", "suppress_address", address=ANN)
    await desk.call("operator", "unsuppress_address", address=ANN, note="She asked for it.")
    await desk.call("agent", "set_preferences", email=ANN, topics={"offers": False}, channels={"sms": False})
    await desk.reopen()


async def export(desk: Desk, **more: Any) -> Any:
    return await desk.call("operator", "export_person", **{"email": ANN, **more})


async def test_it_holds_data_provenance_consent_and_every_mail_whole(desk: Desk) -> None:
    await much_happens(desk)

    found = await export(desk)

    assert (found.contact["name"], found.contact["metadata"], found.contact["tags"]) == (
        "Ann",
        {"plan": "pro"},
        ["vip"],
    )
    assert {one["field"]: one["source"] for one in found.provenance}["metadata.plan"] == "operator"
    assert [one["kind"] for one in found.interactions]
    assert {one["basis"] for one in found.consents} == {"consent", "withdrawal"}
    assert [(one["channel"], one["wanted"]) for one in found.channels] == [("sms", False)]
    assert [(one["reason"], one.get("topic"), "lifted_at" in one) for one in found.suppressions] == [
        ("manual", None, True),
        ("unsubscribe", "offers", False),
    ]
    assert (found.unsubscribe_requests, found.sequences) == ([], [])
    assert [one.subject for one in found.messages] == ["From Ann", "Re: From Ann", "To both"]
    arrived, answer, both = found.messages
    assert ["Subject", "From Ann"] in arrived.headers
    assert (arrived.text.strip(), answer.topic, answer.direction) == ("How are you?\x07", "chat", "outbound")
    assert (both.tags, both.metadata, [one["status"] for one in both.deliveries]) == (
        ["vip"],
        {"x": 1},
        ["captured"],
    )


async def test_it_says_who_did_what_and_when(desk: Desk) -> None:
    await much_happens(desk)

    found = await export(desk)

    assert {"message.received", "consent.recorded", "contact.preferences", "tags.changed"} <= {
        one["kind"] for one in found.events
    }
    assert {one["operation"] for one in found.calls} >= {
        "record_consent", "reply_email", "manage_contacts", "suppress_address", "unsuppress_address",
    }  # fmt: skip
    await desk.reopen()
    looked = [one["operation"] for one in (await export(desk)).calls]
    assert looked.count("export_person") == 1
    assert "To Bob alone" not in found.model_dump_json()


async def test_what_an_agent_wrote_over_is_there_too_and_when_a_tag_was_given(desk: Desk) -> None:
    for who, plan in (("operator", "pro"), ("agent", "free")):
        await desk.call(
            who, "manage_contacts", action="upsert", email=ANN, metadata={"plan": plan}, tags=["vip"]
        )

    found = await export(desk)

    (plan_line,) = [one for one in found.provenance if one["field"] == "metadata.plan"]
    assert (plan_line["value"], plan_line["evidence"], plan_line["evidence_source"]) == (
        "free",
        "pro",
        "operator",
    )
    assert list(found.contact["tag_times"]) == ["vip"]


async def test_mails_are_paged_and_the_rest_is_on_the_first_page(desk: Desk) -> None:
    await much_happens(desk)

    first = await export(desk, limit=2)
    rest = await export(desk, limit=2, cursor=first.cursor)

    assert [len(one.messages) for one in (first, rest)] == [2, 1]
    assert (first.messages_total, rest.cursor, rest.contact, rest.events) == (3, None, None, None)


async def test_a_stranger_has_an_export_that_says_so(desk: Desk) -> None:
    found = await export(desk, email="stranger@example.org")

    assert (found.contact, found.messages, found.messages_total, found.consents) == (None, [], 0, [])


async def test_it_is_for_operators_of_the_whole_account(desk: Desk) -> None:
    key = await desk.call("operator", "create_key", name="one", role="operator", mailboxes=[desk.box])

    assert (await desk.refused(key.key_id, "export_person", email=ANN)).code == "forbidden"
    assert (await desk.refused("agent", "export_person", email=ANN)).code == "forbidden"
