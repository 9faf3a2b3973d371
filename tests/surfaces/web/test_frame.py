"""The frame around a mail's HTML: its own policy, its own pictures, and nothing for who may not see the mail."""

from __future__ import annotations

from base64 import b64encode

import pytest

from tests.support.guest import Guest, House

pytestmark = pytest.mark.anyio

PICTURE = b64encode(b"\x89PNG").decode()
RELATED = f"""\
--r\r
Content-Type: text/html\r
\r
<p>Hello</p><img src="cid:logo@x"><img src="https://track.example/1.gif">\r
--r\r
Content-Type: image/png\r
Content-ID: <logo@x>\r
Content-Transfer-Encoding: base64\r
\r
{PICTURE}\r
--r\r
Content-Type: text/html\r
Content-Disposition: attachment; filename=page.html\r
\r
<script>alert(1)</script>\r
--r--"""


async def mail(at: House) -> str:
    return await at.desk.receive(RELATED, Content_Type="multipart/related; boundary=r")


async def test_the_frame_has_a_policy_of_its_own(at: House, reviewer: Guest) -> None:
    answer = await reviewer.get(f"/mail/{await mail(at)}/frame")

    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].split("; ") == [
        "sandbox allow-popups allow-popups-to-escape-sandbox", "default-src 'none'", "style-src 'unsafe-inline'",
        "img-src data:", "form-action 'none'", "base-uri 'none'", "frame-ancestors 'self'",
    ]  # fmt: skip
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_pictures_of_the_mail_stand_in_the_frame_and_others_wait(at: House, reviewer: Guest) -> None:
    message = await mail(at)
    first = await reviewer.get(f"/mail/{message}/frame")
    asked = await reviewer.get(f"/mail/{message}/frame?images=1")

    assert f'src="data:image/png;base64,{PICTURE}"' in first.text
    assert "track.example" not in first.text
    assert 'src="https://track.example/1.gif"' in asked.text
    assert "img-src data: https: http:;" in asked.headers["content-security-policy"]


async def test_a_part_that_is_a_picture_is_handed_out_and_no_other(at: House, reviewer: Guest) -> None:
    message = await mail(at)

    picture = await reviewer.get(f"/mail/{message}/part/2")

    assert (picture.content, picture.headers["content-type"]) == (b"\x89PNG", "image/png")
    assert picture.headers["content-security-policy"].startswith("sandbox;")
    for path in ("1", "3", "4", "x", "2.1"):
        assert (await reviewer.get(f"/mail/{message}/part/{path}")).status_code == 404


async def test_a_draft_is_framed_as_each_of_its_revisions_would_leave(at: House, reviewer: Guest) -> None:
    sent = await at.desk.send(body="The **first** text.")
    await at.desk.call("agent", "edit_pending", message_id=sent.message_id, body="The **second** text.")
    frame = f"/mail/{sent.message_id}/frame"

    texts = [(await reviewer.get(frame + which)).text for which in ("", "?revision=1", "?revision=2")]

    assert ["<strong>first</strong>" in text for text in texts] == [False, True, False]
    assert ["<strong>second</strong>" in text for text in texts] == [True, False, True]


@pytest.mark.parametrize("which", ["?revision=9", "?revision=x", "?revision=-1", "?revision=99999999999"])
async def test_what_is_not_there_is_said_within_the_frame(at: House, reviewer: Guest, which: str) -> None:
    plain = await at.desk.receive("No HTML here.")
    for address in (f"/mail/{await mail(at)}/frame{which}", f"/mail/{plain}/frame"):
        answer = await reviewer.get(address)

        assert answer.status_code == 404
        assert "There is no HTML of this mail" in answer.text
        assert answer.headers["x-frame-options"] == "SAMEORIGIN"


async def test_a_mail_of_another_mailbox_is_not_framed(at: House) -> None:
    message = await mail(at)
    await at.desk.call("operator", "create_mailbox", address="other@localhost")
    at.desk.who["apart"] = (await at.key(mailboxes=["other@localhost"])).key_id

    async with at.signed_in("apart") as guest:
        answers = [await guest.get(f"/mail/{one}/frame") for one in (message, "msg_00000000000000")]
        part = await guest.get(f"/mail/{message}/part/2")

    assert [answer.status_code for answer in (*answers, part)] == [404, 404, 404]
    assert answers[0].text == answers[1].text
    async with at.guest() as stranger:
        assert (await stranger.get(f"/mail/{message}/frame")).headers["location"].startswith("/sign-in")


async def test_a_look_into_a_frame_is_written_down(at: House, reviewer: Guest) -> None:
    message = await mail(at)
    await reviewer.get(f"/mail/{message}/frame")
    await reviewer.get("/mail/msg_00000000000000/frame")
    await at.desk.reopen()

    calls = await at.desk.read(lambda tx: tx.events.calls(at.desk.who["reviewer"], 100))

    looks = {(one.operation, one.outcome, one.target) for one in calls if one.operation == "inspect_message"}
    assert looks == {
        ("inspect_message", "ok", message),
        ("inspect_message", "not_found", "msg_00000000000000"),
    }
