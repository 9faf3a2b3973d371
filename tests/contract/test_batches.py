"""The recipients of a batch: each is read for itself, values are texts."""

from __future__ import annotations

import pytest

from multimail.contract.batches import SendBatch
from multimail.core.errors import Problem


def test_numbers_are_taken_as_they_are_written() -> None:
    given = {
        "recipients": [{"email": "ann@example.org", "variables": {"room": 12, "price": 1.5, "name": "Ann"}}]
    }

    [one] = SendBatch.parse(given).recipients

    assert (one.to, one.values) == ("ann@example.org", {"room": "12", "price": "1.5", "name": "Ann"})


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"values": {}}, "recipients.1.to"),
        ({"to": "ann@example.org", "cc": "x"}, "recipients.1.cc"),
        ({"to": "ann@example.org", "values": {"a": ["x"]}}, "recipients.1.values.a"),
        ({"to": "ann@example.org", "values": {"a": None}}, "recipients.1.values.a"),
        ("ann@example.org", "recipients.1"),
    ],
)
def test_a_mistake_names_the_recipient(bad: object, field: str) -> None:
    with pytest.raises(Problem) as caught:
        SendBatch.parse({"recipients": [{"to": "bob@example.org"}, bad]})

    assert caught.value.field == field


def test_a_batch_has_somebody_to_go_to_and_not_too_many() -> None:
    for count in (0, 1_001):
        with pytest.raises(Problem) as caught:
            SendBatch.parse({"recipients": [{"to": "ann@example.org"}] * count})
        assert (caught.value.code, caught.value.field) == ("invalid", "recipients")
