"""Reviewing at the terminal: the whole mail is shown, and the decision is about exactly that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, cast

import click
import pytest

from multimail.contract.reading import MessageView
from multimail.contract.reviews import DecisionView, PendingItem, PendingList
from multimail.contract.shapes import View
from multimail.core.errors import Problem
from multimail.surfaces.cli import review
from multimail.surfaces.cli.session import Session

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def item(message_id: str = "msg_1", **more: Any) -> PendingItem:
    known = {
        "message_id": message_id, "thread_id": "thread_1", "mailbox_id": "mbx_1", "mailbox": "agent@localhost",
        "direction": "outbound", "status": "pending_approval", "sender": "agent@localhost", "to": ["ann@example.com"],
        "subject": "Re: Hello", "body": "Hi Ann,\nit costs 20.", "digest": f"digest of {message_id}", "revision": 1,
        "reasons": ["The mode is gated_send."], "rules": ["gated_send"], "oversight_mode": "gated_send",
        "created_at": NOON, "submitted_by": "agent", "tags": [], "metadata": {},
    }  # fmt: skip
    return PendingItem(**{**known, **more})


class Desk:
    """What waits, and the decisions that reach the door; `refusals` come first."""

    def __init__(self, *waiting: PendingItem, refusals: tuple[Problem, ...] = ()) -> None:
        self.waiting = list(waiting)
        self.refusals = list(refusals)
        self.decided: list[dict[str, Any]] = []

    def call(self, name: str, arguments: dict[str, Any]) -> View:
        if name == "list_pending":
            wanted = arguments.get("message_id")
            found = [one for one in self.waiting if wanted in {None, one.message_id}]
            return PendingList(pending=found, count=len(found))
        self.decided.append(arguments)
        if self.refusals:
            raise self.refusals.pop(0)
        self.waiting = [one for one in self.waiting if one.message_id != arguments["message_id"]]
        return DecisionView(
            message_id=arguments["message_id"], status="queued", decision=arguments["decision"], decided_by="me",
            decided_at=NOON, digest="", revision=1,
        )  # fmt: skip


Typing = Callable[..., None]


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Typing:
    """The person's answers in order: to prompts a text, to confirmations yes or no."""

    def answers(*lines: object) -> None:
        waiting: Iterator[object] = iter(lines)
        monkeypatch.setattr(click, "prompt", lambda *args, **rest: next(waiting))
        monkeypatch.setattr(click, "confirm", lambda *args, **rest: next(waiting))

    return answers


def reviewed(desk: Desk) -> int:
    return review.review(cast("Session", desk))


def test_all_that_a_decision_is_about_is_shown(capsys: pytest.CaptureFixture[str], typing: Typing) -> None:
    original = MessageView(
        message_id="msg_0", thread_id="thread_1", mailbox_id="mbx_1", direction="inbound", status="read",
        sender="ann@example.com", to=["agent@localhost"], subject="Hello", preview="", tags=[], received_at=NOON,
        has_attachments=False, has_replies=False, body="What does it cost?",
    )  # fmt: skip
    typing("q")

    reviewed(Desk(item(bcc=["boss@example.com"], original=original)))

    shown = capsys.readouterr().out
    for part in (
        "What does it cost?",
        "ann@example.com",
        "boss@example.com",
        "it costs 20.",
        "digest of msg_1",
        "gated_send",
    ):
        assert part in shown


def test_an_approval_names_the_digest_that_was_shown(typing: Typing) -> None:
    desk = Desk(item())
    typing("a")

    assert reviewed(desk) == 1
    assert desk.decided == [{"message_id": "msg_1", "digest": "digest of msg_1", "decision": "approve"}]


def test_a_rejection_and_a_wish_for_changes_carry_their_notes(typing: Typing) -> None:
    desk = Desk(item("msg_1"), item("msg_2"))
    typing("r", "wrong price", "c", "be kinder")

    assert reviewed(desk) == 2
    assert [(one["decision"], one["note"]) for one in desk.decided] == [
        ("reject", "wrong price"),
        ("request_changes", "be kinder"),
    ]


def test_what_is_skipped_is_not_asked_again_and_quitting_ends_it(typing: Typing) -> None:
    desk = Desk(item("msg_1"), item("msg_2"), item("msg_3"))
    typing("what?", "s", "q")

    assert reviewed(desk) == 0
    assert desk.decided == []


def test_scheduled_mail_that_was_approved_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert reviewed(Desk(item(status="scheduled"))) == 0
    assert capsys.readouterr().out == "Nothing waits.\n"


def test_inbound_mail_that_waits_is_shown_as_such(capsys: pytest.CaptureFixture[str], typing: Typing) -> None:
    typing("q")

    reviewed(Desk(item(direction="inbound", status="pending_inbound_approval")))

    assert "This mail came in and waits" in capsys.readouterr().out


def test_ones_own_text_is_shown_as_a_difference_before_it_counts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, typing: Typing
) -> None:
    desk = Desk(item())
    monkeypatch.setattr(click, "edit", lambda text, **rest: text.replace("costs 20", "is free"))
    typing("e", True)

    assert reviewed(desk) == 1
    assert "-it costs 20." in capsys.readouterr().out
    assert desk.decided[0]["revised_body"] == "Hi Ann,\nit is free."
    assert "revised_subject" not in desk.decided[0]


@pytest.mark.parametrize("edited", [None, "Subject: Re: Hello\n\nSomething else"])
def test_an_edit_that_is_given_up_decides_nothing(
    monkeypatch: pytest.MonkeyPatch, typing: Typing, edited: str | None
) -> None:
    desk = Desk(item())
    monkeypatch.setattr(click, "edit", lambda text, **rest: edited)
    typing("e", False)

    assert reviewed(desk) == 0
    assert desk.decided == []


def test_an_edit_that_changes_nothing_is_an_approval(monkeypatch: pytest.MonkeyPatch, typing: Typing) -> None:
    desk = Desk(item())
    monkeypatch.setattr(click, "edit", lambda text, **rest: text)
    typing("e")

    assert reviewed(desk) == 1
    assert desk.decided == [{"message_id": "msg_1", "digest": "digest of msg_1", "decision": "approve"}]


def test_a_mail_that_cannot_be_shown_whole_cannot_be_approved_here(
    capsys: pytest.CaptureFixture[str], typing: Typing
) -> None:
    desk = Desk(item(body_cut=10))
    typing("a")

    assert reviewed(desk) == 0
    assert desk.decided == []
    assert "cannot be approved here" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "field"), [("late", "late_ok"), ("placeholders_unresolved", "confirm_placeholders")]
)
def test_what_a_person_may_insist_on_is_asked(typing: Typing, code: str, field: str) -> None:
    desk = Desk(item(), refusals=(Problem(code),))
    typing("a", True)

    assert reviewed(desk) == 1
    assert [one.get(field) for one in desk.decided] == [None, True]


def test_a_person_need_not_insist(typing: Typing) -> None:
    desk = Desk(item(), refusals=(Problem("late"),))
    typing("a", False)

    assert reviewed(desk) == 0
    assert len(desk.decided) == 1


@pytest.mark.parametrize("code", ["changed", "self_approval", "conflict"])
def test_another_refusal_is_told_and_the_rest_goes_on(
    capsys: pytest.CaptureFixture[str], typing: Typing, code: str
) -> None:
    desk = Desk(item("msg_1"), item("msg_2"), refusals=(Problem(code, advice="Look \x1bagain."),))
    typing("a", "a")

    assert reviewed(desk) == 1
    shown = capsys.readouterr().out
    assert f"{code}:" in shown
    assert "\x1b" not in shown
