"""Requests of reading: the names under which their fields arrive, and which of them are not advertised."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.contract.reading import CheckInbox, GetThread, MarkEmail, ReadEmail, TagEmail, is_hidden
from multimail.contract.shapes import Request
from multimail.core.errors import Problem


@pytest.mark.parametrize(
    ("model", "given", "field", "value"),
    [
        (CheckInbox, {"from": "agent@localhost"}, "mailbox", "agent@localhost"),
        (CheckInbox, {"filters": {"tags": ["a"]}}, "filter", {"tags": ["a"]}),
        (CheckInbox, {"tag": "vip"}, "tags", ["vip"]),
        (CheckInbox, {"from_contains": "ann"}, "sender", "ann"),
        (ReadEmail, {"id": "msg_1"}, "message_id", "msg_1"),
        (ReadEmail, {"email_id": "msg_1"}, "message_id", "msg_1"),
        (GetThread, {"id": "thread_1"}, "thread_id", "thread_1"),
        (MarkEmail, {"id": "msg_1", "as": "read"}, "mark", "read"),
        (TagEmail, {"email": "ann@example.org", "key": "vip"}, "tags", ["vip"]),
        (TagEmail, {"address": "ann@example.org", "tags": {"vip": None}}, "tags", {"vip": None}),
    ],
)
def test_fields_are_understood_under_their_other_names(
    model: type[Request], given: dict[str, Any], field: str, value: Any
) -> None:
    assert getattr(model.parse(given), field) == value


def test_what_is_hidden_is_understood_and_not_advertised() -> None:
    hidden = {name for name, field in CheckInbox.model_fields.items() if is_hidden(field)}

    assert hidden == {"sender", "subject_contains", "has_attachments", "unread", "thread_id"}
    assert CheckInbox.parse({"unread": True}).unread is True


@pytest.mark.parametrize(
    ("model", "given", "field"),
    [
        (CheckInbox, {"limit": 0}, "limit"), (CheckInbox, {"limit": 10_001}, "limit"),
        (CheckInbox, {"direction": "sideways"}, "direction"), (CheckInbox, {"query": "x" * 1001}, "query"),
        (ReadEmail, {}, "message_id"), (ReadEmail, {"id": "m", "max_bytes": 255}, "max_bytes"),
        (MarkEmail, {"id": "m", "mark": "lost"}, "mark"),
    ],
)  # fmt: skip
def test_what_is_out_of_bounds_is_refused(model: type[Request], given: dict[str, Any], field: str) -> None:
    with pytest.raises(Problem) as caught:
        model.parse(given)

    assert (caught.value.code, caught.value.field) == ("invalid", field)
