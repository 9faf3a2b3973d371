"""Rows as values: a new message is what the store will read back, and a key is valid until it is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from multimail.core.model import (
    ROLE_SCOPES,
    AttachmentMeta,
    Principal,
    PrincipalKind,
    Recipient,
    RecipientKind,
    Role,
)
from multimail.ports.intake import Thread
from multimail.ports.records import NewMessage, StoredPrincipal
from tests.support.mailroom import NOON, Mailroom

KEY = StoredPrincipal(
    Principal("key_1", PrincipalKind.AGENT, "one", Role.AGENT, ROLE_SCOPES[Role.AGENT]), "mm_abcd", NOON
)


@pytest.mark.parametrize("files", [(), (AttachmentMeta(1, "a.txt", "text/plain", 1, "a" * 64),)])
def test_a_new_message_is_what_the_store_reads_back(
    tmp_path: Path, files: tuple[AttachmentMeta, ...]
) -> None:
    room = Mailroom(tmp_path)
    box = room.mailbox()
    room.tx.threads.insert(Thread("thread_1", box.id, "Hi", "Hi", NOON, NOON))
    new = NewMessage(
        "msg_1", box.id, "thread_1", "outbound", "queued", box.address, "Hi", "<1@here.example>", NOON,
        recipients=(Recipient("ann@example.org", RecipientKind.TO),), attachments=files, sender_name="Desk",
        reply_to="r", preview="p", in_reply_to="<0@x>", header_refs="<0@x>", message_class="commercial",
        mode="autonomous", requested_mode="autonomous", operation="send_email", principal_id="key_1", answers="msg_0",
        new_sender=True, size=7, metadata={"a": 1}, problems=("odd",), hidden_text={"bidi": 1},
        authentication={"spf": "pass"}, verdict={"hits": []}, scheduled_at=1, undo_until=2, expires_at=3,
        content_hash="h", search_body="Hi", revision=1, digest="d", released_digest="d", delivery="stored",
    )  # fmt: skip

    seq = room.tx.messages.insert(new)

    assert room.tx.messages.get("msg_1") == new.stored(seq)


def test_a_key_without_an_end_is_valid_until_it_is_revoked() -> None:
    assert KEY.valid_at(NOON * 2)
    assert not replace(KEY, revoked_at=NOON).valid_at(NOON)


def test_a_key_with_an_end_is_valid_before_it() -> None:
    ends = replace(KEY, expires_at=NOON + 1)

    assert (ends.valid_at(NOON), ends.valid_at(NOON + 1)) == (True, False)
