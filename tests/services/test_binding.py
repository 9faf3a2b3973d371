"""Bindings: which requests go through the group commit."""

from __future__ import annotations

from multimail.contract.reading import ReadEmail
from multimail.services.binding import Binding

MAIL = ReadEmail(message_id="msg_1")


def test_only_what_writes_changes_something_and_not_every_request_of_it() -> None:
    assert not Binding().changes(MAIL)
    assert Binding(writes=True).changes(MAIL)
    assert not Binding(writes=True, only_reads=lambda request: True).changes(MAIL)
