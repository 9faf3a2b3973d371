"""The relay is asked for SMTPUTF8 where the mail needs it: for its header as well as for its envelope (RFC 6531)."""

from __future__ import annotations

import pytest

from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("reply_to", "asked"), [("jörg@example.org", True), ("joerg@example.org", False)])
async def test_an_address_in_the_header_alone_needs_it(desk: Desk, reply_to: str, *, asked: bool) -> None:
    held = await desk.send(reply_to=reply_to)
    await desk.decide(held.message_id)
    with Sink() as sink:
        await desk.step(sink)
        said = [str(one) for one in sink.commands if "MAIL FROM" in str(one).upper()]

    assert len(sink.mails) == 1
    assert [("SMTPUTF8" in one.upper()) for one in said] == [asked]
