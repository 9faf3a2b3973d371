"""Attachments: a handle always, the content when it is small, one meaning for a name."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from multimail.core.errors import Problem
from multimail.core.model import AttachmentMeta, Principal
from multimail.mime import parse
from multimail.ports.records import StoredMessage
from tests.support.mailroom import Letter, Mailroom

FILES = (
    ("notes.txt", "text/plain", "Grüße\u202e".encode()),
    ("photo.png", "image/png", b"\x89PNG" * 100),
    ("photo.png", "image/png", b"other"),
    ("latin.csv", "text/csv", b"\xff\xfe\xfa"),
)


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


@pytest.fixture
def agent(room: Mailroom) -> Principal:
    return room.principal()


@pytest.fixture
def mail(room: Mailroom) -> StoredMessage:
    made = EmailMessage()
    made.set_content("Files are with it.")
    for name, kind, content in FILES:
        main, _, sub = kind.partition("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    raw = made.as_bytes()
    files = tuple(
        AttachmentMeta(
            one.position + 1,
            one.filename,
            one.content_type,
            len(one.content),
            sha256(one.content).hexdigest(),
        )
        for one in parse.parse(raw).attachments
    )
    return room.receive(room.mailbox(), Letter(files=files, raw=raw))


def refused(room: Mailroom, who: Principal, **arguments: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        room.do(who, "download_attachment", **arguments)
    return caught.value


@pytest.mark.parametrize("number", range(len(FILES)))
def test_each_position_is_its_own_content(
    room: Mailroom, agent: Principal, mail: StoredMessage, number: int
) -> None:
    name, kind, content = FILES[number]

    view = room.do(agent, "download_attachment", message_id=mail.id, position=number + 1)

    assert (view.filename, view.content_type, view.size) == (name, kind, len(content))
    assert base64.b64decode(view.content_base64) == content
    assert view.sha256 == sha256(content).hexdigest()


def test_text_is_given_as_text_made_harmless(room: Mailroom, agent: Principal, mail: StoredMessage) -> None:
    texts = [
        room.do(agent, "download_attachment", message_id=mail.id, position=position).text
        for position in range(1, 5)
    ]

    assert texts == ["Grüße⟨U+202E⟩", None, None, None]


def test_what_is_larger_than_asked_for_is_a_handle_with_a_note(
    room: Mailroom, agent: Principal, mail: StoredMessage
) -> None:
    view = room.do(agent, "download_attachment", message_id=mail.id, filename="notes.txt", max_bytes=9)

    assert (view.content_base64, view.text, view.size) == (None, None, 10)
    assert "max_bytes" in view.note
    assert room.do(agent, "download_attachment", message_id=mail.id, position=1, max_bytes=10).note is None


def test_a_name_that_several_have_asks_for_the_position(
    room: Mailroom, agent: Principal, mail: StoredMessage
) -> None:
    problem = refused(room, agent, message_id=mail.id, filename="photo.png")

    assert (problem.code, problem.field) == ("invalid", "filename")
    assert "2, 3" in problem.advice
    assert (
        room.do(agent, "download_attachment", message_id=mail.id, filename="photo.png", position=3).size == 5
    )
    assert refused(room, agent, message_id=mail.id).code == "invalid"


def test_a_file_that_is_not_there_is_not_found_and_the_others_are_named(
    room: Mailroom, agent: Principal, mail: StoredMessage
) -> None:
    bare = room.receive(room.mailbox("other"), Letter())
    gone = room.receive(room.mailbox("third"), Letter(files=(AttachmentMeta(1, "a", "a/b", 1, ""),)))

    assert "2 photo.png" in refused(room, agent, message_id=mail.id, position=9).advice
    assert refused(room, agent, message_id=mail.id, filename="x").field == "filename"
    assert "no attachments" in refused(room, agent, message_id=bare.id).advice
    assert "erased" in refused(room, agent, message_id=gone.id).message
    assert refused(room, agent, message_id="msg_x", position=1).code == "not_found"
