"""Lists of requests: each is read for itself, and a fault says in which."""

from __future__ import annotations

import pytest

from multimail.contract.bulk import CancelMessages, DecideEmails
from multimail.core.errors import Problem


def test_entries_know_the_same_names_as_the_operation_for_one() -> None:
    given = {"decisions": [{"email_id": "msg_1", "action": "approve", "rejection_note": "fine"}]}

    [one] = DecideEmails.parse(given).decisions or []

    assert (one.message_id, one.decision, one.note) == ("msg_1", "approve", "fine")


@pytest.mark.parametrize("bad", ["{", '{"message_id": ', 7, None, []])
def test_what_is_no_object_is_refused_by_its_place(bad: object) -> None:
    with pytest.raises(Problem) as caught:
        DecideEmails.parse({"decisions": [{"message_id": "msg_1", "decision": "approve"}, bad]})

    assert (caught.value.code, caught.value.field) == ("invalid", "decisions.1")


def test_what_is_no_list_is_refused() -> None:
    wrong: tuple[object, ...] = ({}, 7, "x")
    for bad in wrong:
        with pytest.raises(Problem):
            DecideEmails.parse({"decisions": bad})


def test_ids_come_as_a_list_or_with_commas() -> None:
    assert CancelMessages.parse({"ids": "msg_1, msg_2"}).message_ids == ["msg_1", "msg_2"]
    assert CancelMessages.parse({"email_ids": ["msg_1"]}).message_ids == ["msg_1"]
