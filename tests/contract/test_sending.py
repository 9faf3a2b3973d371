"""Requests of sending: every name the neighbours use means the same, and no name hides a contradiction."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.contract.sending import (
    CancelMessage,
    EditPending,
    ForwardEmail,
    ReleaseMessage,
    ReplyEmail,
    SendEmail,
)
from multimail.contract.shapes import Request
from multimail.core.errors import Problem

MAIL = {"to": ["ann@example.org"], "body": "Hi"}


@pytest.mark.parametrize("name", ["from", "mailbox_id", "from_mailbox", "from_address", "from_", "mailbox"])
def test_the_sending_mailbox_goes_by_many_names(name: str) -> None:
    assert SendEmail.parse(MAIL | {name: "agent@localhost"}).mailbox == "agent@localhost"


@pytest.mark.parametrize("name", ["markdown", "text_body", "text", "body_text", "body_markdown", "body"])
@pytest.mark.parametrize("model", [SendEmail, ReplyEmail, ForwardEmail, EditPending])
def test_so_does_the_text(model: type[Request], name: str) -> None:
    needed: dict[str, Any] = {"to": ["ann@example.org"]} if model is not ReplyEmail else {}
    needed |= {"message_id": "msg_1"} if model is not SendEmail else {}

    assert model.parse(needed | {name: "Hi"}).model_dump()["body"] == "Hi"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"mode": "gated_all", "oversight_mode": "autonomous"}, "oversight_mode"),
        ({"class": "commercial", "consent_class": "transactional"}, "message_class"),
        ({"send_at": "2027-01-01", "scheduled_at": "2027-01-02"}, "scheduled_at"),
        ({"from": "a@localhost", "mailbox": "b@localhost"}, "mailbox"),
        ({"text": "Ho"}, "body"),
    ],
)
def test_two_names_that_differ_never_mean_the_freer_one(given: dict[str, str], field: str) -> None:
    with pytest.raises(Problem) as caught:
        SendEmail.parse(MAIL | given)

    assert (caught.value.code, caught.value.field) == ("contradiction", field)


@pytest.mark.parametrize("to", ["ann@example.org", '["ann@example.org"]', ["ann@example.org"]])
def test_recipients_come_as_a_list_or_as_text(to: Any) -> None:
    assert SendEmail.parse({"to": to}).to == ["ann@example.org"]


def test_files_come_as_json_text_as_well_and_under_their_neighbours_names() -> None:
    [file] = SendEmail.parse(MAIL | {"attachments": '[{"name": "a.txt", "content": "YQ=="}]'}).attachments

    assert (file.filename, file.content_base64) == ("a.txt", "YQ==")


def test_an_unknown_field_of_a_file_is_named() -> None:
    with pytest.raises(Problem) as caught:
        SendEmail.parse(MAIL | {"attachments": [{"file_name": "a.txt"}]})

    assert (caught.value.code, caught.value.field) == ("unknown_field", "attachments.0.file_name")
    assert "filename" in caught.value.advice


@pytest.mark.parametrize("model", [CancelMessage, ReleaseMessage])
def test_a_reason_may_be_called_a_note(model: type[Request]) -> None:
    texts = [model.parse({"id": "msg_1", name: "because"}).model_dump() for name in ("note", "reason")]

    assert texts[0] == texts[1]


def test_what_the_gate_does_first_is_understood_and_changes_nothing() -> None:
    assert SendEmail.parse(MAIL | {"gate_timing": "schedule_first"}).gate_timing == "schedule_first"
    assert SendEmail.parse(MAIL | {"ucan": "eyJh"}).ucan == "eyJh"


def test_a_class_is_transactional_or_commercial() -> None:
    with pytest.raises(Problem, match="transactional"):
        SendEmail.parse(MAIL | {"message_class": "system"})
