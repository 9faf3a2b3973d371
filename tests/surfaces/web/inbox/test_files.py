"""Files of mail in a browser: always downloads, and previews of what cannot act."""

from __future__ import annotations

import pytest

from tests.support.desk import Desk
from tests.support.guest import Guest, House, text
from tests.surfaces.web.inbox.conftest import PNG

pytestmark = pytest.mark.anyio


async def test_a_mail_is_downloaded_byte_for_byte(operator: Guest, rich: str) -> None:
    answer = await operator.get(f"/mail/{rich}/raw")

    assert answer.headers["content-type"] == "message/rfc822"
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{rich}.eml"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert b"Subject: Everything\r\n" in answer.content


async def test_an_attachment_is_never_opened_by_the_browser(operator: Guest, rich: str) -> None:
    answer = await operator.get(f"/mail/{rich}/attachments/4")

    assert answer.content == b"<svg onload=alert(1)>"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''a_")
    assert "\n" not in answer.headers["content-disposition"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_a_picture_is_shown_where_its_bytes_are_one(operator: Guest, rich: str) -> None:
    shown = await operator.get(f"/mail/{rich}/attachments/1?preview=1")
    refused = [await operator.get(f"/mail/{rich}/attachments/{one}?preview=1") for one in (2, 3, 4)]

    assert (shown.content, shown.headers["content-type"]) == (PNG, "image/png")
    assert "content-disposition" not in shown.headers
    assert "sandbox" in shown.headers["content-security-policy"]
    assert [one.status_code for one in refused] == [404, 404, 404]


async def test_text_is_shown_on_the_page_and_nothing_hides_in_it(operator: Guest, rich: str) -> None:
    page = await operator.get(f"/mail/{rich}?show=attachments")

    assert "a,b 1,2⟨U+202E⟩" in text(page)
    assert "<script>alert" not in page.text
    assert f'src="/mail/{rich}/attachments/1?preview=1"' in page.text


async def test_files_of_mail_that_one_may_not_see_are_not_there(desk: Desk, at: House, rich: str) -> None:
    made = await desk.call("operator", "create_mailbox", address="other@localhost")
    key = await at.key(role="reviewer", mailboxes=[made.mailbox.mailbox_id])
    desk.who["limited"] = key.key_id
    async with at.signed_in("limited") as limited:
        paths = ("", "/raw", "/attachments/1", "/attachments/1?preview=1")
        answers = [await limited.get(f"/mail/{rich}{path}") for path in paths]

    assert [one.status_code for one in answers] == [404] * 4
