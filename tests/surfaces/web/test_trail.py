"""The way through the queue survives addresses and forms, and says no more than differs from the usual."""

from __future__ import annotations

import pytest

from multimail.surfaces.web.trail import Trail, mail_id


def test_the_usual_way_needs_no_words() -> None:
    assert Trail.read({}) == Trail() == Trail.read({"order": "", "cursor": "x"})
    assert Trail().to("/review") == "/review"
    assert Trail().whole


def test_it_comes_back_from_an_address_and_from_a_form() -> None:
    trail = Trail(order="oldest", mailbox="a+b@example.org", tag="vip:yes & more", group_key="ä=1")

    assert Trail.written(trail.query()) == trail
    assert not trail.whole
    assert trail.narrowed


def test_an_address_carries_what_else_is_asked_for() -> None:
    assert (
        Trail(order="oldest").to("/review/x", next="msg_1", after="") == "/review/x?order=oldest&next=msg_1"
    )
    assert Trail(order="oldest", tag="vip").but(tag="") == "/review?order=oldest"


def test_the_operation_is_asked_in_its_own_words() -> None:
    assert Trail().arguments() == {"status": "undecided", "order": "risk", "group": "none"}
    assert Trail(tag="vip", mailbox="a@b.c", group="tag", group_key="vip").arguments() == {
        "status": "undecided", "order": "risk", "group": "tag",
        "tags": ["vip"], "mailbox": "a@b.c", "group_key": "vip",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", "msg_1", "../sign-out", "msg_ck09ae37ez9hhx/decide", "MSG_ck09ae37ez9hhx"]
)
def test_what_is_no_id_is_nothing(text: str) -> None:
    assert mail_id(text) == ""
    assert mail_id("msg_ck09ae37ez9hhx") == "msg_ck09ae37ez9hhx"
