"""A mail from every side, a conversation, and that looking changes nothing."""

from __future__ import annotations

import pytest

from multimail.core.envelope import Envelope
from multimail.services.first_start import CAPTURE_MAILBOX
from multimail.services.inbound import Inbound
from tests.support.desk import Desk
from tests.support.guest import Guest, text

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("side", "words"),
    [
        ("html", "picture from elsewhere is not loaded"),
        ("text", "The plain side."),
        ("markdown", "What agents read."),
        ("source", "Content-Type: multipart/mixed"),
        ("headers", "Message-ID <rich@example.org>"),
        ("structure", "multipart/alternative"),
        ("links", "text says bank.example"),
        ("authentication", "SPF"),
        ("attachments", "logo.png"),
    ],
)
async def test_a_mail_has_many_sides(operator: Guest, rich: str, side: str, words: str) -> None:
    page = await operator.get(f"/mail/{rich}?show={side}")

    assert page.status_code == 200
    assert words in text(page)
    assert page.text.count('aria-current="page"') >= 1
    assert "tracker.example" not in page.text or side in {"source", "markdown", "links"}


async def test_html_is_shown_in_a_frame_that_may_nothing(operator: Guest, rich: str) -> None:
    page = await operator.get(f"/mail/{rich}")
    with_pictures = await operator.get(f"/mail/{rich}?show=html&images=1")

    assert f'src="/mail/{rich}/frame"' in page.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"' in page.text
    assert f'src="/mail/{rich}/frame?images=1"' in with_pictures.text
    assert "Hide them again" in text(with_pictures)


async def test_a_mail_without_html_or_files_has_no_such_sides(desk: Desk, operator: Guest) -> None:
    page = await operator.get(f"/mail/{await desk.receive()}?show=html")

    assert "How much is it?" in text(page)
    assert "show=html" not in page.text
    assert "show=attachments" not in page.text


async def test_looking_marks_nothing_as_read(desk: Desk, operator: Guest, rich: str) -> None:
    for path in (f"/mail/{rich}", f"/mail/{rich}/raw", f"/inbox/{(await desk.message(rich)).thread_id}"):
        assert (await operator.get(path)).status_code == 200

    assert await desk.status(rich) == "unread"
    assert "data-when-shown" not in (await operator.get(f"/mail/{rich}")).text


async def test_what_is_only_kept_here_is_read_once_it_was_seen(desk: Desk, operator: Guest) -> None:
    raw = b"From: app@example.org\r\nTo: x@elsewhere.example\r\nSubject: Kept\r\n\r\nHello\r\n"
    envelope = Envelope("app@example.org", (CAPTURE_MAILBOX,), raw, "127.0.0.1", "", smtputf8=False)
    await Inbound(desk.services).accept(envelope)
    mail = (await desk.inbound())[-1].id

    assert f'action="/mail/{mail}/mark" data-when-shown' in (await operator.get(f"/mail/{mail}")).text


async def test_a_conversation_shows_all_its_mails_and_opens_the_newest(desk: Desk, operator: Guest) -> None:
    first = await desk.receive("First words.", Message_ID="<1@example.org>")
    last = await desk.receive("Last words.", Subject="Re: A question", In_Reply_To="<1@example.org>")
    page = await operator.get(f"/inbox/{(await desk.message(first)).thread_id}")

    assert "2 mails, not answered yet" in text(page)
    assert "First words." in text(page)
    assert f'action="/mail/{last}/mark"' in page.text
    assert f'action="/mail/{first}/mark"' not in page.text


async def test_the_list_stands_beside_with_ways_to_the_neighbours(desk: Desk, operator: Guest) -> None:
    mails = [await desk.receive(Subject=f"mail {number}") for number in range(3)]
    page = await operator.get(f"/mail/{mails[1]}?q=mail&folder=all")

    assert f'href="/mail/{mails[2]}?folder=all&amp;q=mail" data-key="k"' in page.text
    assert f'href="/mail/{mails[0]}?folder=all&amp;q=mail" data-key="j"' in page.text
    assert 'aria-current="true"' in page.text


async def test_a_list_that_is_not_there_does_not_hide_the_mail(desk: Desk, operator: Guest) -> None:
    mail = await desk.receive()

    for query in ("q=from:", "cursor=x", "mailbox=nobody@localhost"):
        assert (await operator.get(f"/mail/{mail}?{query}")).status_code == 200


async def test_mail_that_waits_leads_to_the_desk(desk: Desk, operator: Guest) -> None:
    held = await desk.send()
    page = await operator.get(f"/mail/{held.message_id}")

    assert f'href="/review/{held.message_id}">Review it' in page.text
    assert "waits for a person" in text(page)
    assert "/compose?reply" not in page.text


@pytest.mark.parametrize("path", ["/mail/msg_00000000000000", "/inbox/thread_00000000000000", "/mail/x/raw"])
async def test_what_there_is_not_is_not_found(operator: Guest, path: str) -> None:
    assert (await operator.get(path)).status_code == 404


async def test_a_conversation_of_thrown_away_mail_only_is_not_found(desk: Desk, operator: Guest) -> None:
    mail = await desk.receive()
    await desk.call("operator", "mark_email", message_id=mail, mark="deleted")
    thread = (await desk.message(mail)).thread_id

    assert (await operator.get(f"/inbox/{thread}")).status_code == 404
    assert f'href="/mail/{mail}?folder=deleted"' in (await operator.get("/inbox?folder=deleted")).text
