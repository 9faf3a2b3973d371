"""Envelopes of mail that comes in."""

from __future__ import annotations

import pytest

from multimail.core.envelope import Envelope


@pytest.mark.parametrize(("sender", "expected"), [("", True), ("ann@example.org", False)])
def test_the_null_sender_marks_a_notification(sender: str, *, expected: bool) -> None:
    envelope = Envelope(sender, ("bob@example.com",), b"", "127.0.0.1", "peer", smtputf8=False)
    assert envelope.is_notification is expected
