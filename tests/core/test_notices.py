"""Events have one name outside; the other names lead to it."""

from __future__ import annotations

import pytest

from multimail.core.errors import Problem
from multimail.core.events import KINDS
from multimail.core.notices import (
    ALIASES,
    EVERYTHING,
    NOTICES,
    STATUS_CHANGED,
    TEST,
    event_id,
    matches,
    name_of,
    patterns,
    seq_of,
    status_after,
    type_of,
)

PRODUCT = (
    "message.received", "message.sent", "message.delivered", "message.bounced", "message.complained",
    "oversight.pending", "oversight.approved", "oversight.rejected",
)  # fmt: skip


@pytest.mark.parametrize(
    "name", [*PRODUCT, "message.opened", "message.scheduled", "message.cancelled", "message.failed"]
)
def test_these_names_are_canonical(name: str) -> None:
    assert patterns([name]) == (name,)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("approval.required", "oversight.pending"),
        ("email.received", "message.received"),
        ("inbound", "message.received"),
        ("delivery", "message.delivered"),
        ("bounce", "message.bounced"),
        ("complaint", "message.complained"),
        ("open", "message.opened"),
        (" Message.Sent ", "message.sent"),
    ],
)
def test_other_names_mean_the_canonical_one(given: str, name: str) -> None:
    assert patterns([given, name]) == (name,)


def test_every_alias_leads_to_a_name_and_is_none_itself() -> None:
    assert [alias for alias, name in ALIASES.items() if name not in {*NOTICES, EVERYTHING}] == []
    assert ALIASES.keys() & NOTICES.keys() == set()


def test_a_trial_has_a_name_that_nobody_subscribes_to() -> None:
    assert name_of("webhook.tested") is None
    assert TEST not in NOTICES


def test_a_held_mail_is_pending_and_its_type_says_approval_required() -> None:
    assert name_of("message.pending_approval") == "oversight.pending"
    assert type_of("oversight.pending") == "approval.required"
    assert type_of("message.sent") == "message.sent"


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.startswith(("key.", "session.", "webhook.d"))]
)
def test_keys_and_sessions_are_nobodys_business(kind: str) -> None:
    assert name_of(kind) is None


@pytest.mark.parametrize(
    ("pattern", "name", "covered"),
    [
        ("*", "contact.created", True),
        ("contact.*", "contact.created", True),
        ("contact.*", "message.sent", False),
        ("message.sent", "message.sent", True),
        ("message.sent", "message.sent_on", False),
        (STATUS_CHANGED, "message.queued", True),
        (STATUS_CHANGED, "oversight.pending", True),
        (STATUS_CHANGED, "message.marked", True),
        (STATUS_CHANGED, "message.edited", False),
        (STATUS_CHANGED, "tags.changed", False),
    ],
)
def test_patterns_cover_names(pattern: str, name: str, covered: bool) -> None:
    assert matches(patterns([pattern]), name) is covered


@pytest.mark.parametrize(
    ("given", "advice"),
    [("message.recieved", "message.received"), ("nothing", "*"), ("key.*", "*"), ("mess*", "*")],
)
def test_what_nothing_is_called_is_refused_with_advice(given: str, advice: str) -> None:
    with pytest.raises(Problem) as caught:
        patterns(["message.sent", given])

    assert (caught.value.code, caught.value.field) == ("invalid", "events")
    assert advice in caught.value.advice


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("oversight.pending", {}, "pending_approval"),
        ("oversight.rejected", {}, "rejected"),
        ("oversight.approved", {}, None),
        ("message.queued", {}, "queued"),
        ("message.released", {}, "queued"),
        ("message.marked", {"old": "unread", "new": "archived"}, "archived"),
        ("message.marked", {}, None),
        ("message.edited", {}, None),
        (TEST, {}, None),
    ],
)
def test_a_name_says_which_state_the_mail_came_into(
    name: str, data: dict[str, str], status: str | None
) -> None:
    assert status_after(name, data) == status


def test_an_events_id_names_its_place_in_the_log() -> None:
    assert event_id(42) == "evt_00000000000042"
    assert seq_of(event_id(42)) == 42


@pytest.mark.parametrize(
    "text", ["", "42", "00000000000042", "evt_42", "evt_0000000000004x", "evt_٠٠٠٠٠٠٠٠٠٠٠٠٠٠"]
)
def test_other_texts_are_no_events_id(text: str) -> None:
    assert seq_of(text) is None
