"""Many mails from one text: filled in strictly, each under the rules of a single mail, decided on in one go."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.errors import Problem
from multimail.core.times import HOUR
from tests.support.batching import TEXT, batch, decide, guests
from tests.support.desk import BOX, Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio


async def test_each_recipient_gets_a_mail_of_its_own(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="autonomous")

    sent = await batch(desk, tags=["spring"], metadata={"event": "booking"}, headers={"X-Campaign": "1"})
    while await desk.step(sink):
        pass

    assert (sent.accepted, sent.failed, sent.statuses) == (3, 0, {"queued": 3})
    assert [(row.index, row.to, row.status) for row in sent.results] == [
        (number, f"p{number}@example.org", "queued") for number in range(3)
    ]
    subjects = {mail.recipients: f"Subject: Booking of Guest {mail.recipients[0][1]}" for mail in sink.mails}
    assert sorted(subjects) == [(f"p{number}@example.org",) for number in range(3)]
    assert all(subjects[mail.recipients].encode() in mail.raw for mail in sink.mails)
    read = await desk.call("agent", "read_email", message_id=sent.results[2].message_id)
    assert (read.body, read.tags, read.metadata) == (
        "Dear Guest 2, your room is 2.", ["spring"], {"event": "booking"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"values": {"name": "Ann"}}, "invalid", "recipients.1.values.room"),
        ({"values": {"name": "A\r\nBcc: e@x.net", "room": "1"}}, "header_injection", "recipients.1.values.name"),
        ({"to": "nobody"}, "invalid_address", "recipients.1.to"),
        ({"to": "a@example.org, b@example.org"}, "invalid_address", "recipients.1.to"),
        ({"values": {"name": "x" * 1_000, "room": "1"}}, "too_large", "recipients.1.values"),
    ],
)  # fmt: skip
async def test_a_mistake_names_its_recipient_and_nothing_is_sent(
    desk: Desk, change: dict[str, Any], code: str, field: str
) -> None:
    people = guests(3)
    people[1] |= change

    problem = await desk.refused("agent", "send_batch", mailbox=BOX, recipients=people, **TEXT)

    assert (problem.code, problem.field) == (code, field)
    assert (await desk.call("agent", "list_pending")).count == 0


@pytest.mark.parametrize(
    "text", [{}, {"subject": " "}, {"template": "receipt", "body": "x"}, {"template": "none"}]
)
async def test_a_batch_has_one_text(desk: Desk, text: dict[str, str]) -> None:
    await desk.call("operator", "create_template", name="receipt", subject="a", body="b")

    problem = await desk.refused("agent", "send_batch", mailbox=BOX, recipients=guests(1), **text)

    assert problem.field in {"body", "template"}


async def test_values_are_text_and_a_slot_that_is_left_holds_that_mail_alone(desk: Desk) -> None:
    await desk.set(trusted=["*"])
    people = guests(3)
    people[1]["values"]["name"] = "{{room}}"

    sent = await batch(desk, recipients=people)

    assert [row.status for row in sent.results] == ["queued", "pending_approval", "queued"]
    assert "placeholder" in sent.rules


PEOPLE = (
    "ann@example.org", "friend@example.org", "eve@example.net", "out@example.org", "gone@example.org",
    "Ann <ANN@example.org>", "late@example.org", "last@example.org", "over@example.org",
)  # fmt: skip


@pytest.mark.parametrize("mode", ["read_only", "gated_all", "gated_send", "monitored", "autonomous"])
@pytest.mark.parametrize(
    "asked",
    [{}, {"oversight_mode": "gated_send"}, {"message_class": "transactional"}],
    ids=["", "mode", "class"],
)
async def test_no_more_leaves_than_by_as_many_single_mails(
    desk: Desk, mode: str, asked: dict[str, Any]
) -> None:
    await desk.call("operator", "tag_email", email="out@example.org", tags=["unsubscribed"])
    await desk.call("operator", "tag_email", email="gone@example.org", tags=["suppressed"])
    rules: dict[str, Any] = {
        "default_mode": mode, "oversight_address": "boss@example.org",
        "trusted": ["friend@example.org", "ann@example.org"], "allowed": ["@example.org"], "cap_per_hour": 5,
    }  # fmt: skip
    for address in ("one@localhost", "many@localhost"):
        await desk.call("operator", "create_mailbox", address=address, **rules)
    values = {"name": "{{name}}", "room": "1"}

    single = []
    for place, to in enumerate(PEOPLE):
        body = "Dear {{name}}" if place == 6 else "Dear Ann"
        given: dict[str, Any] = {
            "mailbox": "one@localhost",
            "to": [to],
            "subject": f"No. {place}",
            "body": body,
        }
        try:
            single.append((await desk.call("agent", "send_email", **given, **asked)).status)
        except Problem as problem:
            single.append(problem.code)
    people = [
        {"to": to, "values": {"n": place, "name": values["name"] if place == 6 else "Ann"}}
        for place, to in enumerate(PEOPLE)
    ]
    text = {"subject": "No. {{n}}", "body": "Dear {{name}}"}
    try:
        sent = await desk.call(
            "other", "send_batch", mailbox="many@localhost", recipients=people, **text, **asked
        )
        many = [row.code or row.status for row in sent.results]
    except Problem as problem:
        many = [problem.code] * len(PEOPLE)

    assert many == single


async def test_if_not_one_is_accepted_the_refusal_is_the_answer(desk: Desk) -> None:
    await desk.set(default_mode="read_only")

    problem = await desk.refused("agent", "send_batch", mailbox=BOX, recipients=guests(2), **TEXT)

    assert problem.code == "read_only"
    assert [one for one in await desk.events() if one.kind.startswith("message.")] == []


async def test_caps_count_each_mail(desk: Desk) -> None:
    await desk.set(default_mode="autonomous", cap_per_hour=2)

    sent = await batch(desk)

    assert [row.code or row.status for row in sent.results] == ["queued", "queued", "cap_reached"]
    assert (sent.accepted, sent.failed) == (2, 1)


async def test_a_batch_is_one_open_draft(desk: Desk) -> None:
    desk.limit(open_drafts=2)
    await batch(desk, 5)
    await batch(desk, 5, subject="Another of {{name}}")

    third = await desk.refused(
        "agent", "send_batch", mailbox=BOX, recipients=guests(2), subject="x", body="y"
    )
    single = await desk.refused("agent", "send_email", to=["ann@example.org"], body="x")

    assert {third.code, single.code} == {"too_many_open_drafts"}
    assert (await desk.call("agent", "list_pending", limit=50)).count == 10


async def test_the_same_batch_again_is_the_same_answer(desk: Desk) -> None:
    first = await batch(desk)

    again = await batch(desk)
    wider = await batch(desk, 4)

    assert (again.batch_id, again.digest, again.repeated) == (first.batch_id, first.digest, True)
    assert [row.message_id for row in again.results] == [row.message_id for row in first.results]
    assert [row.repeated for row in wider.results] == [True, True, True, None]
    assert wider.batch_id not in {first.batch_id, None}
    assert (await desk.call("agent", "get_batch", batch_id=wider.batch_id)).count == 1


async def test_two_mails_to_one_person_differ_or_are_told_apart(desk: Desk) -> None:
    person = guests(1)[0]

    sent = await batch(desk, recipients=[person, person, person | {"idempotency_key": "2"}])

    ids = [row.message_id for row in sent.results]
    assert (ids[0] == ids[1], ids[0] == ids[2]) == (True, False)
    assert [row.repeated for row in sent.results] == [None, True, None]


async def test_an_idempotency_key_gives_the_first_answer(desk: Desk) -> None:
    first, again = [await batch(desk, idempotency_key="k") for _ in range(2)]
    other = await batch(desk, idempotency_key="k2")

    assert again.repeated
    assert [row.message_id for row in again.results] == [row.message_id for row in first.results]
    assert {row.message_id for row in other.results} & {row.message_id for row in first.results} == set()


async def test_lists_and_timers_know_the_batch(desk: Desk) -> None:
    sent = await batch(desk, scheduled_at=desk.at(HOUR))

    listed = (await desk.call("reviewer", "list_pending")).pending
    await decide(desk, sent)
    looked = await desk.call("agent", "get_batch", id=sent.batch_id)

    assert {one.batch_id for one in listed} == {sent.batch_id}
    assert looked.statuses == {"scheduled": 3}


async def test_a_long_batch_comes_in_pages(desk: Desk) -> None:
    sent = await batch(desk, 5)
    first = await desk.call("agent", "get_batch", batch_id=sent.batch_id, limit=3)
    second = await desk.call("agent", "get_batch", batch_id=sent.batch_id, limit=3, cursor=first.cursor)

    assert [one.message_id for page in (first, second) for one in page.mails] == [
        row.message_id for row in sent.results
    ]
    assert (first.digest, second.cursor, second.count) == (second.digest, None, 5)


async def test_a_foreign_batch_and_one_that_is_not_there_are_the_same(desk: Desk) -> None:
    await desk.call("operator", "create_mailbox", address="other@localhost")
    sent = await batch(desk)
    key = await desk.call(
        "operator", "create_key", name="far", role="reviewer", mailboxes=["other@localhost"]
    )  # fmt: skip
    random = f"batch_{'0' * 14}"

    calls: tuple[tuple[str, dict[str, Any]], ...] = (
        ("get_batch", {}), ("decide_emails", {"digest": sent.digest, "decision": "approve"}),
    )  # fmt: skip
    for operation, given in calls:
        there = await desk.refused(key.key_id, operation, batch_id=sent.batch_id, **given)
        nowhere = await desk.refused(key.key_id, operation, batch_id=random, **given)
        assert there.code == nowhere.code == "not_found"
        assert there.message.replace(sent.batch_id, random) == nowhere.message


async def test_who_gets_nothing_of_a_batch_is_told_with_the_reason(desk: Desk) -> None:
    await desk.call("operator", "suppress_address", address="ann@example.org", reason="complaint")
    people = [{"to": "ann@example.org"}, {"to": "bob@example.org"}]
    made = await desk.call(
        "agent", "send_batch", mailbox=desk.box, subject="Hi", body="Text.", recipients=people
    )

    assert [(one.status, one.suppressed, one.message) for one in made.results] == [
        ("suppressed", True, "ann@example.org gets nothing: reported mail of this account as spam."),
        ("pending_approval", None, None),
    ]
