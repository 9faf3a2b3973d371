"""Answers for people: harmless on a terminal, and no line of a mail looks like a line of ours."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from multimail.contract.administration import KeyList, KeyView, MailboxList, MailboxView
from multimail.contract.consent import RuleTable
from multimail.contract.contacts import ContactList, ContactView
from multimail.contract.reading import (
    AttachmentRow,
    HiddenPart,
    MessageList,
    MessageRow,
    MessageView,
    ThreadView,
)
from multimail.contract.reviews import (
    DecisionView,
    HistoryRow,
    HistoryView,
    Outcome,
    PendingItem,
    PendingList,
    RevisionRow,
)
from multimail.contract.sending import RecipientResult, SendResult
from multimail.contract.suppression import SuppressionMatrix, SuppressionRow
from multimail.surfaces.cli import render

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EVIL = "\x1b[2J\u202eapprove"


def row(**more: Any) -> dict[str, Any]:
    known = {
        "message_id": "msg_1", "thread_id": "thread_1", "mailbox_id": "mbx_1", "direction": "inbound",
        "status": "unread", "sender": "ann@example.com", "to": ["agent@localhost"], "subject": "Hello",
        "preview": "", "tags": [], "received_at": NOON, "has_attachments": False, "has_replies": False,
    }  # fmt: skip
    return {**known, **more}


def item(**more: Any) -> PendingItem:
    known = {
        "message_id": "msg_1", "thread_id": "thread_1", "mailbox_id": "mbx_1", "mailbox": "agent@localhost",
        "direction": "outbound", "status": "pending_approval", "sender": "agent@localhost", "to": ["ann@example.com"],
        "subject": "Re: Hello", "body": "Hi Ann", "digest": "d1", "revision": 1, "reasons": ["The mode is gated_send."],
        "rules": ["gated_send"], "oversight_mode": "gated_send", "created_at": NOON, "submitted_by": "agent",
        "tags": [], "metadata": {},
    }  # fmt: skip
    return PendingItem(**{**known, **more})


def test_no_text_of_a_mail_acts_on_the_terminal() -> None:
    view = MessageView(**row(subject=EVIL, sender_name=EVIL, tags=[EVIL], body=EVIL, to=[EVIL]))

    shown = render.rendered(view)

    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert shown.count("⟨U+202E⟩") == 5


def test_every_line_of_a_body_is_marked_so_that_none_looks_like_ours() -> None:
    view = MessageView(**row(body="first\nFrom     boss@example.com\r\nlast"))

    lines = render.rendered(view).splitlines()

    assert [line for line in lines if "boss" in line] == ["  │ From     boss@example.com"]


def test_a_subject_of_several_lines_is_one() -> None:
    (line,) = render.rendered(
        MessageList(messages=[MessageRow(**row(subject="a\nmsg_2  sent"))], count=1)
    ).splitlines()

    assert line.endswith("a msg_2 sent")


def test_a_list_shows_whom_mail_is_from_or_to_and_where_it_goes_on() -> None:
    rows = [
        MessageRow(**row(tags=["vip"])),
        MessageRow(**row(direction="outbound", status="sent", subject="")),
    ]

    shown = render.rendered(MessageList(messages=rows, count=2, cursor="c1"))

    assert shown.splitlines() == [
        "msg_1  2026-03-02 12:00:00  unread  ann@example.com     Hello  [vip]",
        "msg_1  2026-03-02 12:00:00  sent    to agent@localhost  (no subject)",
        "There is more: --cursor c1",
    ]


def test_empty_answers_say_so() -> None:
    assert render.rendered(MessageList(messages=[], count=0)) == "No mail."
    assert render.rendered(PendingList(pending=[], count=0)) == "Nothing waits."
    assert render.rendered(ContactList(contacts=[], count=0)) == "No contact."


def test_what_a_reader_must_know_about_a_mail_stands_above_it() -> None:
    attached = AttachmentRow(
        position=1, filename="a.pdf", content_type="application/pdf", size=2048, sha256="0"
    )
    view = MessageView(
        **row(new_sender=True, reply_to="eve@evil.example", reply_to_changed=True, hidden_text={"comments": 2}),
        body="x", body_cut=1234, attachments=[attached],
    )  # fmt: skip

    shown = render.rendered(view)

    assert "this sender is new to the thread" in shown
    assert "eve@evil.example  (elsewhere than the sender)" in shown
    assert "hidden in the original: 2 comments" in shown
    assert "1,234 bytes more" in shown
    assert "Attached 1: a.pdf (application/pdf, 2,048 bytes)" in shown


def test_a_hidden_text_is_shown_as_hidden_below_the_mail() -> None:
    part = HiddenPart(reason="display_none", text=f"obey\n{EVIL}")

    lines = render.rendered(MessageView(**row(), body="x", hidden=[part])).splitlines()

    assert lines[-1] == "Hidden (display none): obey ␛[2J⟨U+202E⟩approve"


def test_a_thread_is_its_mails_in_order() -> None:
    mails = [MessageView(**row(message_id=f"msg_{n}"), body=f"text {n}") for n in (1, 2)]
    view = ThreadView(
        thread_id="thread_1", mailbox_id="mbx_1", subject="Hello", messages=mails, participants=[], message_count=2,
        last_activity=NOON, has_unanswered_inbound=False, tags=[],
    )  # fmt: skip

    shown = render.rendered(view)

    assert shown.index("text 1") < shown.index("text 2")
    assert shown.startswith("Hello  (2 mails, thread_1)")


def test_what_waits_is_shown_with_all_that_a_decision_is_about() -> None:
    shown = render.rendered(
        PendingList(
            pending=[
                item(bcc=["boss@example.com"], automatic=["bcc: copy@example.com"], placeholders=["{{name}}"],
                     scheduled_at=NOON, expires_at=NOON),
                item(message_id="msg_2"),
            ],
            count=2,
        )
    )  # fmt: skip

    for part in (
        "boss@example.com",
        "copy@example.com",
        "gated_send",
        "d1",
        "{{name}}",
        "Leaves",
        "Expires",
        "  │ Hi Ann",
    ):
        assert part in shown


def test_history_shows_revisions_decisions_attempts_and_events() -> None:
    revisions = [
        RevisionRow(revision=1, digest="d1", author="agent", created_at=NOON, subject="Hi", body="draft"),
        RevisionRow(
            revision=2,
            digest="d2",
            author="Ann",
            created_at=NOON,
            subject="Hi",
            body="x",
            diff="-draft\n+better",
        ),
    ]
    decision = DecisionView(
        message_id="msg_1", status="queued", decision="approve", note="ok", decided_by="Ann", decided_at=NOON,
        digest="d2", revision=2,
    )  # fmt: skip
    view = HistoryView(
        message_id="msg_1", status="sent", oversight_mode="gated_send", rules=["gated_send"], reasons=["Why."],
        checked=[], revisions=revisions, decisions=[decision],
        recipients=[RecipientResult(address="ann@example.com", kind="to", status="sent")],
        events=[HistoryRow(at=NOON, event="message.sent", by="server", detail={"codes": [250]})],
    )  # fmt: skip

    shown = render.rendered(view)

    for part in (
        "  │ draft",
        "  │ +better",
        "approve by Ann, 2026-03-02 12:00:00: ok",
        "codes=250",
        "ann@example.com",
    ):
        assert part in shown


def test_mailboxes_contacts_and_keys_are_tables() -> None:
    box = MailboxView(
        mailbox_id="mbx_1", address="a@b.example", display_name="A", oversight_mode="gated_send", ceiling="autonomous",
        frozen=True, deliver="live", unread=2, pending=0, created_at=NOON,
    )  # fmt: skip
    contact = ContactView(
        contact_id="contact_1", email="ann@example.com", name="Ann", tags=["vip"], metadata={"plan": "pro"},
        created_at=NOON,
    )  # fmt: skip
    key = KeyView(
        key_id="key_1", name="Ann", kind="person", role="reviewer", scopes=[], self_approving=False, elicitation=True,
        prefix="mm_abcd", created_at=NOON, revoked_at=NOON,
    )  # fmt: skip

    assert render.rendered(MailboxList(mailboxes=[box], count=1)) == (
        "mbx_1  a@b.example  gated_send (up to autonomous)  frozen, 2 unread"
    )
    assert (
        render.rendered(ContactList(contacts=[contact], count=1))
        == "contact_1  ann@example.com  Ann  vip, plan=pro"
    )
    assert render.rendered(KeyList(keys=[key], count=1)) == "key_1  mm_abcd…  reviewer  person  Ann  revoked"


def test_tables_of_rules_are_tables() -> None:
    rules = RuleTable(rows=[], count=1, table="| region | goes |\n| --- | --- |\n| US-CA | yes |")
    bars = {"commercial": True, "system": False}
    matrix = SuppressionMatrix(rows=[SuppressionRow(reason="manual", why="asked", bars=bars)])

    assert render.rendered(rules) == "region  goes\nUS-CA   yes"
    assert render.rendered(matrix).splitlines() == [
        "Which mail is left out:",
        "reason  commercial  system  why",
        "manual  yes         no      asked",
    ]


def test_any_other_answer_is_shown_field_by_field() -> None:
    view = SendResult(
        message_id="msg_1", thread_id="thread_1", status="pending_approval", oversight_mode="gated_send",
        reasons=["One.", "Two."], to=["a@x.example", "b@x.example"], subject="Hi", metadata={"plan": "pro", "n": 1},
        repeated=True,
    )  # fmt: skip

    lines = [" ".join(line.split()) for line in render.rendered(view).splitlines()]

    assert "reasons One. Two." in lines
    assert "to a@x.example, b@x.example" in lines
    assert "metadata plan=pro, n=1" in lines
    assert "repeated yes" in lines


def test_an_answer_within_an_answer_has_lines_of_its_own() -> None:
    decision = DecisionView(
        message_id="msg_1", status="queued", decision="approve", decided_by="Ann", decided_at=NOON, digest="d1",
        revision=2, diff="-old\n+new",
    )  # fmt: skip

    outcome = Outcome(message_id="msg_1", status="queued", decided=True, decision=decision)
    shown = render.rendered(outcome).splitlines()

    start = shown.index("decision")
    assert shown[start + 3] == "  decision    approve"
    assert shown[-3:] == ["  diff", "  │ -old", "  │ +new"]


def test_json_is_the_canonical_answer_and_escapes_what_could_act() -> None:
    view = MessageView(**row(subject=EVIL), body="x")

    text = render.json_text(view)

    assert text.isascii()
    assert "\x1b" not in text
    assert json.loads(text) == view.model_dump(mode="json", exclude_none=True)
