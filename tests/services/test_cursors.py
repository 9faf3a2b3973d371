"""Cursors: they lead on in their own list and nowhere else."""

from __future__ import annotations

import base64

import pytest

from multimail.contract.contacts import SearchContacts
from multimail.contract.reading import CheckInbox
from multimail.core.errors import Problem
from multimail.services import cursors

ID = "msg_00000000000009"


def asked(cursor: str | None, **fields: object) -> CheckInbox:
    parsed = CheckInbox.parse({"cursor": cursor, **fields})
    assert isinstance(parsed, CheckInbox)
    return parsed


def test_a_cursor_gives_back_the_id_whatever_the_page_size() -> None:
    cursor = cursors.after(asked(None, filter="unread", limit=5), ID)

    assert cursors.last_id(asked(cursor, filter="unread", limit=50), "msg") == ID
    assert cursors.last_id(asked(None), "msg") == ""
    assert ID not in cursor


@pytest.mark.parametrize(
    "cursor",
    [
        cursors.after(CheckInbox(filter="read"), ID),
        cursors.after(SearchContacts(), ID),
        cursors.after(CheckInbox(filter="unread"), "contact_00000000000009"),
        cursors.after(CheckInbox(filter="unread"), "msg_1' OR 1=1"),
        base64.urlsafe_b64encode(ID.encode()).decode(),
        "x",
        "=" * 9,
        "ÄÖ",
        "AAAA" * 50,
    ],
)
def test_any_other_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Problem) as caught:
        cursors.last_id(asked(cursor, filter="unread"), "msg")

    assert (caught.value.code, caught.value.field) == ("invalid_cursor", "cursor")
