"""The capture answers for everyone and asks nobody."""

from __future__ import annotations

import pytest

from multimail.adapters.transport.capture import CaptureTransport
from multimail.ports.transport import Outcome, Transport
from tests.adapters.transport.mailing import Marks, work

pytestmark = pytest.mark.anyio


async def test_captured_mail_is_kept_here_without_a_mark() -> None:
    transport: Transport = CaptureTransport()
    marks = Marks()
    outcomes = await transport.deliver(work("bob@there.test", "cat@there.test"), marks)
    kept = "kept here, nothing left this machine"
    assert outcomes == (Outcome("d1", "sent", text=kept), Outcome("d2", "sent", text=kept))
    assert marks.asked == []


async def test_capture_can_always_take_mail() -> None:
    transport = CaptureTransport()
    assert (transport.name, await transport.probe()) == ("capture", "")
    await transport.close()
