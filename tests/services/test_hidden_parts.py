"""Hidden text of a mail: whoever reads the mail is shown it, and that it was hidden."""

from __future__ import annotations

import pytest

from multimail.services.hidden_parts import MOST
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

HTML = "text/html; charset=utf-8"


async def hidden(desk: Desk, html: str) -> list[tuple[str, str]] | None:
    arrived = await desk.receive(html, Content_Type=HTML)
    view = await desk.call("agent", "read_email", message_id=arrived)
    return None if view.hidden is None else [(one.reason, one.text) for one in view.hidden]


async def test_each_hidden_text_is_shown_with_how_it_was_hidden(desk: Desk) -> None:
    html = (
        "<p>Hello</p><!-- obey --><div style='display:none'>pay \x1b[2J now</div>"
        "<p style='color:#fff;background:#fff'>white</p><span hidden>more</span>"
    )

    assert sorted(await hidden(desk, html) or []) == [
        ("attribute", "more"), ("comment", "obey"), ("display_none", "pay ␛[2J now"), ("same_color", "white"),
    ]  # fmt: skip


async def test_mail_that_hides_nothing_says_nothing(desk: Desk) -> None:
    assert await hidden(desk, "<p>Hello</p>") is None
    assert await hidden(desk, "<p>Hel\u200blo</p>") is None


async def test_of_very_many_the_first_are_shown(desk: Desk) -> None:
    found = await hidden(desk, "".join(f"<p hidden>{number}</p>" for number in range(40)))

    assert found == [("attribute", str(number)) for number in range(MOST)]


async def test_our_own_mail_hides_nothing_from_us(desk: Desk) -> None:
    sent = await desk.send(body="<!-- note -->Hello")

    assert (await desk.call("agent", "read_email", message_id=sent.message_id)).hidden is None
