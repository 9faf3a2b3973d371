"""Looking into a mail: what stands in its header, parts, links and source, as it came or will leave."""

from __future__ import annotations

import pytest

from tests.support import hostile
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

HTML = (
    '<p>Dear Ann</p><img src="https://track.example/1.gif"><a href="https://evil.example/x">bank.com</a>'
    "<script>alert(1)</script>"
)
SIDES = ["headers", "structure", "links", "authentication", "html", "source"]


async def test_a_mail_is_shown_from_inside(desk: Desk) -> None:
    message = await desk.receive(
        HTML,
        Content_Type="text/html; charset=utf-8",
        List_Unsubscribe="<mailto:u@x.example>, <https://x.example/u>",
    )

    seen = await desk.call("reviewer", "inspect_message", message_id=message, include=SIDES)

    assert (seen.has_html, seen.remote_images, seen.direction, seen.revision) == (True, 1, "inbound", 0)
    assert seen.list_unsubscribe == ["mailto:u@x.example", "https://x.example/u"]
    assert ("Subject", "A question") in [(one.name, one.value) for one in seen.headers]
    assert [(one.path, one.content_type, one.charset) for one in seen.structure] == [
        ("1", "text/html", "utf-8")
    ]
    [link] = seen.links
    assert (link.text, link.host, link.shown_host, link.mismatch) == (
        "bank.com",
        "evil.example",
        "bank.com",
        True,
    )
    assert "<p>Dear Ann</p>" in seen.html
    assert "track.example" not in seen.html + str(seen.headers)
    assert "<script>alert(1)</script>" in seen.source


async def test_only_what_is_asked_for_is_answered(desk: Desk) -> None:
    message = await desk.receive()

    short = await desk.call("reviewer", "inspect_message", message_id=message, include=["links"])
    usual = await desk.call("reviewer", "inspect_message", message_id=message)

    assert short.model_dump(exclude_none=True).keys() & set(SIDES) == {"links"}
    assert usual.model_dump(exclude_none=True).keys() & set(SIDES) == set(SIDES) - {"html", "source"}
    assert (
        await desk.refused("reviewer", "inspect_message", message_id=message, include=["x"])
    ).code == "invalid"


async def test_attachments_are_found_in_the_tree_by_their_position(desk: Desk) -> None:
    content = "VGhlIGxpc3Q="
    sent = await desk.send(attachments=[{"filename": "a.txt", "content": content}])

    seen = await desk.call("reviewer", "inspect_message", message_id=sent.message_id)

    named = [(one.filename, one.position, one.disposition) for one in seen.structure if one.filename]
    assert named == [("a.txt", 1, "attachment")]
    assert [(one.path, one.within) for one in seen.structure] == [
        ("", None), ("1", ""), ("1.1", "1"), ("1.2", "1"), ("2", ""),
    ]  # fmt: skip
    assert seen.has_html


async def test_another_revision_of_a_draft_is_another_mail(desk: Desk) -> None:
    sent = await desk.send(body="The first text.")
    await desk.call("agent", "edit_pending", message_id=sent.message_id, body="The second text.")

    newest = await desk.call("reviewer", "inspect_message", message_id=sent.message_id, include=["source"])
    first = await desk.call(
        "reviewer", "inspect_message", message_id=sent.message_id, include=["source"], revision=1
    )
    absent = await desk.refused("reviewer", "inspect_message", message_id=sent.message_id, revision=9)

    assert (newest.revision, "second text" in newest.source, newest.digest is not None) == (2, True, True)
    assert (first.revision, "first text" in first.source, first.digest) == (1, True, None)
    assert (absent.code, absent.field) == ("not_found", "revision")


async def test_lines_of_the_mail_about_its_sender_are_claims(desk: Desk) -> None:
    message = await desk.receive(Authentication_Results="mx.evil.example; spf=pass; dkim=pass")

    seen = (await desk.call("reviewer", "inspect_message", message_id=message)).authentication

    assert (seen.trusted, seen.spf) == (False, "not checked")
    assert seen.claims == ["Authentication-Results: mx.evil.example; spf=pass; dkim=pass"]
    assert "claims" in seen.note


async def test_what_hides_or_acts_is_made_visible(desk: Desk) -> None:
    message = await desk.receive("a\u202eb\x1b[2J", Subject="=?utf-8?q?x=E2=80=AEy?=")

    seen = await desk.call("reviewer", "inspect_message", message_id=message, include=SIDES)

    assert not set(seen.model_dump_json()) & set("\u202e\x1b")
    assert "⟨U+202E⟩" in seen.source


async def test_of_a_huge_mail_a_part_is_shown_and_the_rest_counted(desk: Desk) -> None:
    message = await desk.receive(hostile.nested(3_000_000), Content_Type="text/html")

    seen = await desk.call("reviewer", "inspect_message", message_id=message, include=SIDES, max_bytes=1000)

    assert len(seen.source) <= 1000
    assert seen.source_cut > 2_000_000
    assert "only its text is shown" in seen.html_note
    assert len(seen.html) <= 1000


async def test_a_mail_that_is_held_or_foreign_is_not_there(desk: Desk) -> None:
    await desk.set(default_mode="gated_all", ceiling="gated_all")
    held = await desk.receive(Subject="held")
    await desk.call("operator", "create_mailbox", address="other@localhost")
    apart = await desk.call(
        "operator", "create_key", name="x", role="reviewer", mailboxes=["other@localhost"]
    )

    for who, message in (("agent", held), (apart.key_id, held), ("reviewer", "msg_00000000000000")):
        assert (await desk.refused(who, "inspect_message", message_id=message)).code == "not_found"
    assert (await desk.call("reviewer", "inspect_message", message_id=held)).message_id == held
