"""A mail's HTML for its frame: rewritten, with its own pictures in it, for who may see the mail, and recorded."""

from __future__ import annotations

from base64 import b64encode

import pytest

from multimail.core.errors import Problem
from multimail.services import framing
from multimail.services.context import Caller
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

PICTURE = b64encode(b"\x89PNG").decode()
MAIL = f"""\
--r\r
Content-Type: text/html\r
\r
<p onclick="x()">Hello</p><img src="cid:logo@x"><img src="cid:none@x">\r
--r\r
Content-Type: image/png\r
Content-ID: <LOGO@x>\r
Content-Transfer-Encoding: base64\r
\r
{PICTURE}\r
--r\r
Content-Type: image/svg+xml\r
\r
<svg onload="x()"/>\r
--r--"""


async def related(desk: Desk) -> str:
    return await desk.receive(MAIL, Content_Type="multipart/related; boundary=r")


def caller(desk: Desk, who: str = "reviewer") -> Caller:
    return Caller(desk.who[who], "web")


async def test_the_html_holds_its_own_pictures_and_nothing_that_acts(desk: Desk) -> None:
    shown = await framing.framed(desk.services, caller(desk), await related(desk), None, images=False)

    assert f"data:image/png;base64,{PICTURE}" in shown.html
    assert "Hello" in shown.html
    assert "onclick" not in shown.html
    assert "cid:" not in shown.html


async def test_a_part_is_given_out_only_if_it_is_nothing_but_a_picture(desk: Desk) -> None:
    message = await related(desk)
    assert await framing.picture(desk.services, caller(desk), message, "2", None) == ("image/png", b"\x89PNG")

    for path in ("1", "3", "9", "../2", ""):
        with pytest.raises(Problem, match="no such picture"):
            await framing.picture(desk.services, caller(desk), message, path, None)


async def test_a_mail_without_html_says_so(desk: Desk) -> None:
    with pytest.raises(Problem, match="no HTML"):
        await framing.framed(desk.services, caller(desk), await desk.receive("Text."), None, images=False)


async def test_every_look_is_recorded_the_refused_ones_too(desk: Desk) -> None:
    message = await related(desk)
    await framing.framed(desk.services, caller(desk), message, None, images=False)
    with pytest.raises(Problem):
        await framing.framed(desk.services, caller(desk), "msg_00000000000000", None, images=False)
    await desk.reopen()
    calls = await desk.read(lambda tx: tx.events.calls(desk.who["reviewer"], 10))

    assert [(one.operation, one.outcome) for one in calls] == [
        ("inspect_message", "not_found"),
        ("inspect_message", "ok"),
    ]
