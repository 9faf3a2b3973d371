"""Of a person who was erased nothing is left but the proof: in no row, blob, index, page, log or backup."""

from __future__ import annotations

import base64
from email.header import Header
from functools import partial
from typing import Any, Final

import pytest

from multimail.services import contact_index, erasing
from tests.support import remains
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

JANE: Final = "jane.quuxley@acme.example"
NAME: Final = "Janine Zaphodia Quuxley"
PHONE: Final = "+49 (30) 765-4321"
PERSON: Final = remains.Person((JANE, NAME, PHONE), ("quuxley", "zaphodia", "janine"))
FILE: Final = {"filename": f"{NAME}.txt", "content_base64": base64.b64encode(f"For {JANE}".encode()).decode()}


async def everywhere(desk: Desk) -> None:
    """Mail from, to and about the person, and every other place that keeps what people write."""
    coded = Header(NAME, "utf-8").encode()
    first = await desk.receive(
        f"Ring me: {PHONE}. {NAME}", From=f"{coded} <{JANE.upper()}>", Subject=f"Ask {NAME}"
    )
    await desk.call("agent", "read_email", message_id=first)
    reply = await desk.call("agent", "reply_email", message_id=first, body=f"Dear {NAME}", tags=["vip"])
    await desk.call("reviewer", "list_pending")
    await desk.decide(reply.message_id, note=f"{NAME} is right", revised_body=f"Dear {NAME}, yes.")
    both = await desk.send(to=[JANE, "bob@example.org"], body=f"To {NAME} and Bob", attachments=[FILE])
    await desk.decide(both.message_id)
    await desk.step()
    await desk.send(to=[JANE], subject=f"For {NAME}", body="Waits.", idempotency_key=f"welcome {JANE}")
    await about(desk)


async def about(desk: Desk) -> None:
    await desk.receive(f"{NAME} <{JANE}> called.", From="bob@example.org", Message_ID="<1@bob.example.org>")
    encoded = base64.encodebytes(f"Ask {JANE}".encode()).decode()
    await desk.receive(
        encoded, From="bob@example.org", Message_ID="<2@bob.example.org>", Content_Transfer_Encoding="base64"
    )
    await desk.receive(
        "Hello", From="bob@example.org", Cc=f"{NAME} <{JANE}>", Message_ID="<3@bob.example.org>"
    )
    upsert: dict[str, Any] = {
        "action": "upsert",
        "email": JANE,
        "name": NAME,
        "metadata": {"phone": PHONE, "city": "Bonn"},
    }
    await desk.call("operator", "manage_contacts", **upsert)
    await desk.call(
        "operator", "manage_contacts", action="upsert", email="ceo@acme.example", metadata={"pa": JANE}
    )
    await desk.call("operator", "tag_email", email="ceo@acme.example", tags={"assistant": NAME})
    await desk.call("operator", "tag_email", email=JANE, tags={"suppressed": NAME})
    await contact_index.step(desk.services)
    await desk.call("operator", "manage_contacts", action="update", email=JANE, name=f"{NAME} Jr.")
    await desk.set(trusted=[JANE, "bob@example.org"], signature=f"Ask {NAME}", metadata={"owner": JANE})
    await desk.call("operator", "create_template", name="Hello", subject="Hi", body=f"Yours, {NAME}")
    batch = await desk.call(
        "agent", "send_batch", mailbox=desk.box, subject="B", body="{{name}} of us",
        recipients=[{"to": JANE, "values": {"name": NAME}}, {"to": "bob@example.org", "values": {"name": "Bob"}}],
        idempotency_key="many",
    )  # fmt: skip
    assert len(batch.results) == 2


async def erase(desk: Desk, address: str = JANE) -> Any:
    return await desk.call("operator", "erase_person", email=address, confirm_email=address)


async def test_a_person_who_was_everywhere_is_nowhere(desk: Desk) -> None:
    await everywhere(desk)
    before = remains.find(desk.path.parent, PERSON)

    answer = await erase(desk)

    assert before.keys() >= {"row", "search", "log"}
    assert any("contact_letters" in place for place in before["search"])
    assert {place.split(": ")[1] for place in before["row"]} >= {
        "letters_of_contacts_left.text",
        "messages.sender", "messages.subject", "revisions.raw", "revisions.body", "revisions.envelope",
        "recipients.address", "people.address", "contacts.name", "contacts.metadata",
        "deliveries.address", "threads.subject", "tags.value",
        "thread_participants.address", "idempotency.answer", "idempotency.key", "decisions.note", "mailboxes.trusted",
        "attachments.filename", "templates.body", "batch_mails.slots",
    }  # fmt: skip
    assert remains.find(desk.path.parent, PERSON) == {}
    assert (answer.state, answer.mails_removed, answer.mails_redacted) == ("erased", 4, 5)


def _revisions(tx: Any, message_id: str) -> Any:
    return tx.revisions.all(message_id)


async def test_what_others_wrote_is_kept_without_the_person(desk: Desk) -> None:
    await everywhere(desk)
    await erase(desk)

    kept = [one for one in await desk.inbound() if one.sender == "bob@example.org"]
    texts = [(await desk.read(partial(_revisions, message_id=one.id)))[-1].body for one in kept]
    assert [text.strip() for text in texts] == ["[erased] <[erased]> called.", "Ask [erased]", "Hello"]
    box = await desk.call("operator", "get_mailbox", mailbox=desk.box)
    assert (box.trusted, box.signature) == (["bob@example.org"], "Ask [erased]")
    assert await erasing.step(desk.services) == 0


async def complied(desk: Desk) -> None:
    """What consent, suppression, pace and sequences keep about somebody."""
    await desk.call(
        "operator", "manage_contacts", action="upsert", email=JANE, name=NAME, metadata={"region": "EU"}
    )
    note = f"{NAME} rang from {PHONE}"
    await desk.call("operator", "record_consent", email=JANE, topic="news", region="EU", source=note)
    await desk.call("operator", "withdraw_consent", email=JANE, topic="news", source=note)
    await desk.call(
        "operator", "set_preferences", email=JANE, topics={"events": False}, channels={"sms": False}
    )
    await desk.call("operator", "suppress_address", address=JANE, note=note)
    await desk.call("operator", "unsuppress_address", address=JANE, note=note)
    made = await desk.call(
        "operator",
        "create_sequence",
        name=f"For {NAME}",
        mailbox=desk.box,
        steps=[{"subject": NAME, "body": JANE}],
    )
    await desk.call("operator", "enroll_contacts", sequence_id=made.sequence_id, emails=[JANE])
    await desk.call("operator", "claim_sequence_steps", sequence_id=made.sequence_id)


def _keyed(tx: Any, table: str, key: str) -> int:
    return int(tx.value(f"SELECT count(*) FROM {table} WHERE address_key = :key", key=key))


async def test_consent_suppressions_and_sequences_forget_the_person(desk: Desk) -> None:
    await complied(desk)
    before = {place.split(": ")[1] for place in remains.find(desk.path.parent, PERSON)["row"]}
    key = (await erase(desk)).proof

    assert before >= {
        "contacts.address", "consents.source", "suppressions.address", "suppressions.lifted_why", "sequences.name",
        "sequences.plan",
    }  # fmt: skip
    assert remains.find(desk.path.parent, PERSON) == {}
    kept = ("consents", "channels", "enrollments", "pace_handed", "suppressions")
    left = {name: await desk.read(partial(_keyed, table=name, key=key)) for name in kept}
    assert {name for name, count in left.items() if count} == {"suppressions"}
    assert (await desk.send(to=[JANE])).status == "suppressed"
