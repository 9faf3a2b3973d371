"""A mailbox's settings as text in a form, and back as the arguments of what was changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from multimail.contract.administration import MailboxDetails, UpdateMailbox
from multimail.core.errors import Problem
from multimail.surfaces.web.settings.mailbox_fields import LABELS, NAMES, arguments, differing, values

BOX = MailboxDetails(
    mailbox_id="mbx_00000000000000", address="desk@example.org", display_name="", oversight_mode="gated_send",
    ceiling="monitored", frozen=False, deliver="live", trusted=["@example.org"], allowed=None, auto_cc=[], auto_bcc=[],
    notices="digest", notice_minutes=60, created_at=datetime(2026, 3, 2, tzinfo=UTC),
)  # fmt: skip
WAS = values(BOX)


def test_every_field_has_a_label_and_a_text() -> None:
    assert set(NAMES) == set(LABELS) == set(WAS)


@pytest.mark.parametrize(
    ("allowed", "fence"), [(None, "off"), ([], "nobody"), (["*"], "all"), (["@a.org"], "these")]
)
def test_the_four_meanings_of_allowed_go_a_round(allowed: list[str] | None, fence: str) -> None:
    other = ["b@b.org"] if allowed is None else None
    text = values(BOX.model_copy(update={"allowed": allowed}))
    asked = UpdateMailbox.parse(
        {"mailbox": "x@y.org", **arguments(text, values(BOX.model_copy(update={"allowed": other})))}
    )

    assert text["fence"] == fence
    assert (asked.allowed, asked.clear_allowed) == (allowed, allowed is None)


def test_how_a_list_is_laid_out_is_no_change() -> None:
    assert differing(WAS | {"trusted": "\n @example.org ,\n"}, WAS) == []
    assert differing(WAS | {"allowed": "left@over.org"}, WAS) == []


def test_a_list_that_is_written_counts_or_is_asked_about() -> None:
    listed = WAS | {"fence": "these", "allowed": "@a.org"}
    with pytest.raises(Problem) as caught:
        arguments(WAS | {"allowed": "@a.org"}, WAS)

    assert caught.value.field == "allowed"
    assert arguments(listed | {"fence": "off"}, listed) == {"clear_allowed": True}
    assert arguments(WAS | {"allowed": " \n"}, WAS) == {}


def test_a_fence_that_there_is_not_is_no_open_gate() -> None:
    with pytest.raises(Problem) as caught:
        arguments(WAS | {"fence": "open"}, WAS | {"fence": "nobody"})

    assert caught.value.field == "fence"


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({"default_mode": "gated_all"}, {"default_mode": "gated_all", "ceiling": "monitored"}),
        ({"cap_per_hour": "5"}, {"clear_caps": True, "cap_per_hour": 5}),
        ({"retention_messages": "1 000"}, {"clear_retention": True, "retention_messages": 1000}),
        ({"undo_seconds": "0"}, {"undo_seconds": 0}),
        ({"message_class": "commercial"}, {"metadata": {"message_class": "commercial"}}),
        ({"physical_address": " 1 High Street "}, {"metadata": {"physical_address": "1 High Street"}}),
        ({"region": "eu"}, {"metadata": {"region": "EU"}}),
        ({"notices": "off"}, {"notices": "off"}),
        ({"two_person": "1"}, {"two_person": True}),
        ({"oversight_address": "a@b.org"}, {"oversight_address": "a@b.org"}),
    ],
)
def test_only_what_was_changed_is_asked_for(change: dict[str, str], asked: dict[str, Any]) -> None:
    assert arguments(WAS | change, WAS) == asked


def test_a_list_of_nobody_is_chosen_and_not_left_empty() -> None:
    with pytest.raises(Problem) as caught:
        arguments(WAS | {"fence": "these"}, WAS)

    assert caught.value.field == "allowed"
