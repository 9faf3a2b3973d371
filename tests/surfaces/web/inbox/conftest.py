"""An operator and a reviewer at the pages of the inbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from multimail.core.envelope import Envelope
from multimail.services.inbound import Inbound
from tests.support.desk import BOX, Desk, opened
from tests.support.guest import Guest, House, house

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path) as made:
        yield made


@pytest.fixture
def at(desk: Desk) -> House:
    return house(desk)


@pytest.fixture
async def operator(at: House) -> AsyncIterator[Guest]:
    async with at.signed_in("operator") as guest:
        yield guest


@pytest.fixture
async def reviewer(at: House) -> AsyncIterator[Guest]:
    async with at.signed_in("reviewer") as guest:
        yield guest


@pytest.fixture
async def rich(desk: Desk) -> str:
    """A mail with both texts, a link that lies, and files of several kinds."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Ann <ann@example.org>", BOX, "Everything"
    mail["Message-ID"] = "<rich@example.org>"
    mail.set_content("The plain side.\n")
    mail.add_alternative(
        '<p>The <b>fine</b> side <a href="http://evil.example/x">https://bank.example/</a>'
        '<img src="https://tracker.example/p.gif"></p>',
        subtype="html",
    )
    mail.add_attachment(PNG, maintype="image", subtype="png", filename="logo.png")
    mail.add_attachment("a,b\n1,2\u202e\n", subtype="csv", filename="lines.csv")
    mail.add_attachment(b"<script>alert(1)</script>", maintype="image", subtype="png", filename="fake.png")
    mail.add_attachment(b"<svg onload=alert(1)>", maintype="image", subtype="svg+xml", filename='a"b.svg')
    raw = mail.as_bytes().replace(b"\n", b"\r\n")
    await Inbound(desk.services).accept(
        Envelope("ann@example.org", (BOX,), raw, "127.0.0.1", "example.org", smtputf8=False)
    )
    return (await desk.inbound())[-1].id
