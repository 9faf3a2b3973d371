"""What a change lets go is told in words; what tightens is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from multimail.core.model import Caps, Mailbox, Mode, NoticeKind, NoticeRules, Retention
from multimail.core.policy.loosening import loosened

BOX = Mailbox(
    "mbx_00000000000000",
    "desk@example.org",
    oversight_address="boss@example.org",
    trusted=("@example.org",),
    allowed=("ann@example.net",),
    undo_seconds=60,
    deliver="capture",
    two_person=True,
    caps=Caps(10, 20),
    retention=Retention(30, 1000),
)
LOOSER: dict[str, dict[str, Any]] = {
    "default_mode": {"default_mode": Mode.AUTONOMOUS},
    "ceiling": {"ceiling": Mode.MONITORED},
    "two_person": {"two_person": False},
    "undo_seconds": {"undo_seconds": None},
    "trusted": {"trusted": ("@example.org", "@example.com")},
    "allowed": {"allowed": None},
    "message_class": {"metadata": {"message_class": "transactional"}},
    "topics": {"metadata": {"topics": {"receipts": "transactional"}}},
    "region": {"metadata": {"region": "US"}},
    "cap_per_hour": {"caps": Caps(None, 20)},
    "cap_per_day": {"caps": Caps(10, 21)},
    "oversight_address": {"oversight_address": "else@example.org"},
    "notices": {"notices": NoticeRules(NoticeKind.OFF)},
    "deliver": {"deliver": "live"},
    "resend_unknown": {"resend_unknown": True},
    "retention_days": {"retention": Retention(29, 1000)},
    "retention_messages": {"retention": Retention(30, 10)},
}


@pytest.mark.parametrize(("setting", "change"), LOOSER.items(), ids=list(LOOSER))
def test_what_loosens_is_named_and_the_way_back_is_not(setting: str, change: dict[str, Any]) -> None:
    looser = replace(BOX, **change)
    told = loosened(BOX, looser)

    assert [one.setting for one in told] == [setting]
    assert all(one.before != one.after and one.meaning.endswith(".") for one in told)
    back = [one.setting for one in loosened(looser, BOX)]
    assert back == (["oversight_address"] if setting == "oversight_address" else [])


def test_nothing_is_told_of_what_stays() -> None:
    assert loosened(BOX, replace(BOX, display_name="Desk", signature="Yours")) == ()


@pytest.mark.parametrize(
    ("trusted", "meaning"),
    [
        (("*",), "mail to anybody at all goes"),
        (("bob@example.com", "@example.org"), "mail to bob@example.com goes"),
        (("ann@example.org",), ""),
    ],
)
def test_a_wider_list_is_told_by_whom_it_lets_in(trusted: tuple[str, ...], meaning: str) -> None:
    told = [one.meaning for one in loosened(BOX, replace(BOX, trusted=trusted))]

    assert len(told) == bool(meaning)
    assert all(meaning in one for one in told)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, ("ann@example.net",), ""),
        (("*",), None, ""),
        ((), ("ann@example.net",), "These may be mailed as well: ann@example.net."),
        (("ann@example.net",), ("*",), "Anybody may be mailed."),
        (("@example.net",), ("ann@example.net",), ""),
    ],
)
def test_a_fence_loosens_where_it_lets_somebody_in(before: Any, after: Any, told: str) -> None:
    found = loosened(replace(BOX, allowed=before), replace(BOX, allowed=after))

    assert [one.meaning for one in found] == [told][: bool(told)]


def test_everybody_trusted_already_cannot_be_widened() -> None:
    assert loosened(replace(BOX, trusted=("*",)), replace(BOX, trusted=("*", "bob@example.com"))) == ()


def test_no_oversight_address_means_no_word_about_notices() -> None:
    told = loosened(BOX, replace(BOX, oversight_address="", notices=NoticeRules(NoticeKind.OFF)))

    assert [one.meaning for one in told] == ["Nobody gets copies or notices."]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"message_class": "commercial"}, {}, "Its mail needs nobody's consent any more."),
        (
            {"topics": {"news": "commercial"}},
            {"topics": {}},
            "Mail about news needs nobody's consent any more.",
        ),
        (
            {"topics": {"news": "commercial"}},
            {"topics": {"news": "transactional"}},
            "Mail about news reaches people",
        ),
        ({"topics": {}}, {"topics": {"news": "commercial"}}, ""),
        ({"topics": "odd"}, {"topics": ["odd"]}, ""),
        ({"region": "EU"}, {"region": "DE"}, ""),
        ({"region": "EU"}, {"region": "US-CA"}, "goes by the law of California."),
        ({"region": "EU"}, {"region": "CA"}, "goes by the law of Canada."),
        ({"region": "CA"}, {}, ""),
        ({"region": "US"}, {"region": "US-CA"}, ""),
        ({}, {"region": "EU"}, ""),
    ],
)
def test_what_mail_is_for_and_whose_law_holds_loosen_where_more_may_go(
    before: dict[str, Any], after: dict[str, Any], told: str
) -> None:
    found = loosened(replace(BOX, metadata=before), replace(BOX, metadata=after))

    assert len(found) == bool(told)
    assert all(told in one.meaning for one in found)
