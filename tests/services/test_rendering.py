"""Rendering: what a person approves covers every byte that leaves and everything about where and when it goes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from multimail.core.model import Draft, Mailbox, MessageClass, Recipient, RecipientKind
from multimail.mime.compose import Attachment
from multimail.mime.parse import parse
from multimail.ports.records import StoredRevision
from multimail.services.rendering import Rendered, draft_of, render

NOW = 1_772_452_800_000_000
BOX = Mailbox("mbx_1", "desk@here.example", display_name="Desk", signature="-- \nThe desk")
ANN = Recipient("ann@example.org", RecipientKind.TO, "Ann Lee")
BOB = Recipient("bob@example.org", RecipientKind.CC)
EVE = Recipient("eve@example.org", RecipientKind.BCC, automatic=True)
FILE = Attachment("plan.txt", "text/plain", b"the plan")
DRAFT = Draft(
    operation="send_email", mailbox_id=BOX.id, sender=BOX.address, sender_name=BOX.display_name,
    recipients=(ANN, BOB, EVE), subject="Hello", body="See **you**.", thread_id="thread_1",
)  # fmt: skip

CHANGES: dict[str, dict[str, Any]] = {
    "sender": {"sender": "shop@here.example"},
    "sender's name": {"sender_name": "Shop"},
    "a recipient": {"recipients": (ANN, BOB)},
    "a hidden recipient": {"recipients": (ANN, BOB, replace(EVE, address="mal@example.org"))},
    "where a recipient stands": {"recipients": (ANN, replace(BOB, kind=RecipientKind.BCC), EVE)},
    "a recipient's name": {"recipients": (replace(ANN, name=""), BOB, EVE)},
    "subject": {"subject": "Hello!"},
    "text": {"body": "See **you**. "},
    "reply-to": {"reply_to": "desk@here.example"},
    "class": {"message_class": MessageClass.TRANSACTIONAL},
    "time": {"scheduled_at": NOW + 1},
    "thread": {"thread_id": "thread_2"},
    "parent": {"in_reply_to": "<1@example.org>"},
    "references": {"references": ("<1@example.org>",)},
    "header": {"headers": (("X-Case", "1"),)},
    "tags": {"tags": ("spring", "plan=pro")},
}


def rendered(draft: Draft = DRAFT, box: Mailbox = BOX, *files: Attachment) -> Rendered:
    return render(draft, box, files, "<msg_1@here.example>", NOW)


def test_the_same_draft_gives_the_same_bytes_and_the_same_digest() -> None:
    assert rendered() == rendered()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_changes_the_digest(change: dict[str, Any]) -> None:
    assert rendered(replace(DRAFT, **change)).digest != rendered().digest


def test_so_do_footer_files_moment_and_message_id() -> None:
    others = [
        rendered(DRAFT, replace(BOX, signature="")),
        rendered(DRAFT, BOX, FILE),
        render(DRAFT, BOX, (), "<msg_1@here.example>", NOW + 1_000_000),
        render(DRAFT, BOX, (), "<msg_2@here.example>", NOW),
    ]

    assert len({rendered().digest, *(one.digest for one in others)}) == 5


def test_the_bytes_hold_both_bodies_the_footer_and_a_way_to_unsubscribe_and_no_hidden_recipient() -> None:
    mail = parse(rendered().raw)
    headers = {name.lower(): value for name, value in mail.headers}

    assert "The desk" in mail.text
    assert b"<strong>you</strong>" in rendered().raw
    assert headers["list-unsubscribe"] == "<mailto:desk@here.example?subject=UNSUBSCRIBE>"
    assert b"eve@example.org" not in rendered().raw


def test_files_are_counted_from_one_and_known_by_their_digest() -> None:
    [meta] = rendered(DRAFT, BOX, FILE).attachments

    assert (meta.position, meta.filename, meta.content_type, meta.size) == (1, "plan.txt", "text/plain", 8)
    assert len(meta.sha256) == 64


@pytest.mark.parametrize("change", [{}, *CHANGES.values()], ids=["as it is", *CHANGES])
def test_a_draft_is_found_again_in_its_revision(change: dict[str, Any]) -> None:
    draft = replace(DRAFT, **change)
    one = rendered(draft)
    revision = StoredRevision("msg_1", 1, one.digest, "key_1", draft.subject, draft.body, one.envelope, NOW)
    template = Draft("send_email", BOX.id, "", "", (), "", "")

    assert draft_of(revision, template) == draft
