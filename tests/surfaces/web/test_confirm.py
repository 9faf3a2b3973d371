"""Before a session lets its first mail go, the person proves once more who they are, and loses nothing by it."""

from __future__ import annotations

import html
import json
import re

import pytest

from tests.support.authenticator import Authenticator
from tests.support.desk import Desk
from tests.support.guest import HOME, Guest, House, text

pytestmark = pytest.mark.anyio
OPTIONS = re.compile(r'data-passkey-(?:get|create)="([^"]*)"')


async def at_a_draft(desk: Desk, guest: Guest) -> str:
    held = await desk.send()
    await guest.get(f"/review/{held.message_id}")
    return str(held.message_id)


async def test_the_first_approval_asks_and_the_form_waits_whole(desk: Desk, at: House) -> None:
    made = await at.key(name="rita")
    desk.who["rita"] = made.key_id
    async with at.signed_in("rita", confirmed=False) as guest:
        draft = await at_a_draft(desk, guest)
        asked = await guest.decide(draft, "approve", note="Fine <by> me\nand more")

        assert asked.status_code == 200
        assert "Is it you?" in text(asked)
        assert "Fine &lt;by&gt; me\nand more</textarea>" in asked.text
        assert await desk.status(draft) == "pending_approval"

        answer = await guest.decide(draft, "approve", note="Fine", confirm_secret=made.key)
        assert answer.status_code == 303
        assert await desk.status(draft) == "queued"

        second = await at_a_draft(desk, guest)
        assert (await guest.decide(second, "approve")).status_code == 303


async def test_a_wrong_answer_keeps_the_form_and_names_the_field(desk: Desk, at: House) -> None:
    other = await at.key(name="somebody else")
    async with at.signed_in(confirmed=False) as guest:
        draft = await at_a_draft(desk, guest)
        for wrong in ("", "mm_wrong", other.key, "a passphrase of nobody"):
            answer = await guest.decide(draft, "approve", note="kept", confirm_secret=wrong)

            assert answer.status_code == 401
            assert "kept</textarea>" in answer.text
            assert 'aria-describedby="fault-confirm_secret"' in answer.text
            assert not wrong or wrong not in answer.text
        assert await desk.status(draft) == "pending_approval"


async def test_a_mail_of_ones_own_and_lifting_a_bar_ask_too(desk: Desk, at: House) -> None:
    await desk.set(default_mode="autonomous", ceiling="autonomous")
    await desk.call("operator", "tag_email", email="ann@example.org", tags={"suppressed": "asked"})
    [barred] = (await desk.call("operator", "search_contacts", email="ann@example.org")).contacts
    async with at.signed_in("operator", confirmed=False) as guest:
        mail = await guest.post(
            "/compose", box=desk.box, to="bob@example.org", subject="Hi", body="Kept <here>"
        )
        lifted = await guest.post("/people/suppressed/lift", address=barred.email, note="They asked for it.")

        assert "Is it you?" in text(mail)
        assert "Kept &lt;here&gt;</textarea>" in mail.text
        assert "Is it you?" in text(lifted)
    assert list(await desk.contact_tags()) == ["suppressed"]
    assert await desk.read(lambda tx: tx.messages.of_mailbox(None, ("queued", "scheduled"))) == []


async def test_refusing_asks_nothing(desk: Desk, at: House) -> None:
    async with at.signed_in(confirmed=False) as guest:
        draft = await at_a_draft(desk, guest)

        assert (await guest.decide(draft, "reject", note="No.")).status_code == 303
        assert await desk.status(draft) == "rejected"


async def test_a_passkey_is_made_and_confirms_a_later_session(desk: Desk, at: House) -> None:
    here = HOME.replace("127.0.0.1", "localhost")
    device = Authenticator(here)
    origin = {"Origin": here, "Host": "localhost:8025"}

    def asked(page: str) -> str:
        found = OPTIONS.search(page)
        assert found, page
        return html.unescape(found.group(1))

    async with at.signed_in() as guest:
        page = await guest.post("/account/passkeys/begin", origin, name="My phone")
        made = device.create(asked(page.text))
        assert (
            await guest.post("/account/passkeys/add", origin, name="My phone", passkey=made)
        ).status_code == 303
    async with at.signed_in(confirmed=False) as guest:
        draft = await at_a_draft(desk, guest)
        page = await guest.post(f"/review/{draft}/decide", origin, decision="approve")
        answer = device.get(asked(page.text))
        sent = await guest.post(f"/review/{draft}/decide", origin, decision="approve", confirm_passkey=answer)

        assert sent.status_code == 303
        assert await desk.status(draft) == "queued"


async def test_a_made_up_passkey_confirms_nothing(desk: Desk, at: House) -> None:
    origin = {"Origin": HOME.replace("127.0.0.1", "localhost"), "Host": "localhost:8025"}
    async with at.signed_in(confirmed=False) as guest:
        draft = await at_a_draft(desk, guest)
        for given in ("{", "[]", json.dumps({"id": "x"}), "x" * 70_000):
            where = f"/review/{draft}/decide"
            answer = await guest.post(where, origin, decision="approve", confirm_passkey=given)
            assert answer.status_code == 401
        assert await desk.status(draft) == "pending_approval"
