"""What is typed becomes the arguments of an operation: structure is added, nothing is judged."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import click
import pytest

from multimail.contract.operation import Operation
from multimail.contract.registry import BY_NAME, OPERATIONS
from multimail.core.errors import Problem
from multimail.surfaces.cli import options


def typed(name: str, *words: str) -> dict[str, Any]:
    """The arguments that a command line means."""
    row = BY_NAME[name]
    command = click.Command(name, params=options.parameters(row))
    with command.make_context(name, list(words)) as context:
        return options.arguments(row, context.params)


@pytest.mark.parametrize("row", OPERATIONS, ids=lambda row: row.name)
def test_every_field_and_alias_has_an_option_of_its_own(row: Operation) -> None:
    flags = [flag for one in options.parameters(row) if isinstance(one, click.Option) for flag in one.opts]
    spoken = {*row.request.model_fields, *(alias for one in row.request.ALIASES.values() for alias in one)}

    assert len(flags) == len(set(flags))
    assert {
        f"--{name.replace('_', '-').strip('-')}" for name in spoken if name in row.request.model_fields
    } <= set(flags)


@pytest.mark.parametrize("row", OPERATIONS, ids=lambda row: row.name)
def test_every_option_that_is_listed_has_help(row: Operation) -> None:
    listed = [one for one in options.parameters(row) if isinstance(one, click.Option) and not one.hidden]

    assert [one.name for one in listed if not one.help] == []


def test_what_is_not_typed_is_not_given() -> None:
    assert typed("check_inbox") == {}


def test_words_without_a_flag_are_the_search() -> None:
    assert typed("check_inbox", "from:ann@example.com", "is:unread") == {
        "query": "from:ann@example.com is:unread"
    }


def test_positional_fields_are_taken_in_their_order() -> None:
    assert typed("decide_email", "msg_1", "approve", "--note", "fine") == {
        "message_id": "msg_1",
        "decision": "approve",
        "note": "fine",
    }


def test_a_list_is_repeated_or_one_value_that_the_contract_reads() -> None:
    assert typed("send_email", "--to", "a@x.example", "--to", "b@x.example")["to"] == [
        "a@x.example",
        "b@x.example",
    ]
    assert typed("send_email", "--to", '["a@x.example"]')["to"] == '["a@x.example"]'


def test_an_object_is_pairs_or_json() -> None:
    pairs = typed("send_email", "--metadata", "plan=pro", "--metadata", "seats=12", "--metadata", "note=a=b")

    assert pairs["metadata"] == {"plan": "pro", "seats": 12, "note": "a=b"}
    assert typed("send_email", "--metadata", '{"a": [1]}')["metadata"] == {"a": [1]}


def test_a_filter_is_a_word_or_an_object() -> None:
    assert typed("check_inbox", "--filter", "unread") == {"filter": "unread"}
    assert typed("check_inbox", "--filter", '{"tags": ["a"]}') == {"filter": {"tags": ["a"]}}


def test_a_flag_says_yes_no_or_nothing() -> None:
    assert typed("reply_email", "--reply-all") == {"reply_all": True}
    assert typed("check_inbox", "--no-has-replies") == {"has_replies": False}


def test_aliases_are_understood_and_not_listed() -> None:
    assert typed("send_email", "--from", "agent@localhost", "--send-at", "2030-01-01") == {
        "from": "agent@localhost",
        "send_at": "2030-01-01",
    }


def test_a_file_is_attached_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"content")

    given = typed("send_email", "--attachments", str(tmp_path / "a.txt"))

    assert given["attachments"] == [
        {"filename": "a.txt", "content_base64": base64.b64encode(b"content").decode()}
    ]


def test_an_attachment_of_a_stored_mail_is_json() -> None:
    given = typed("send_email", "--attachments", '{"message_id": "msg_1", "position": 1}')

    assert given["attachments"] == [{"message_id": "msg_1", "position": 1}]


def test_a_hyphen_is_what_comes_on_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Dear Ann,\n"))

    assert typed("send_email", "--body", "-") == {"body": "Dear Ann,\n"}


@pytest.mark.parametrize(
    "words", [["--attachments", "/no/such/file"], ["--metadata", "plan"], ["--metadata", "{broken"]]
)
def test_what_has_no_structure_is_a_problem_with_its_place(words: list[str]) -> None:
    with pytest.raises(Problem) as caught:
        typed("send_email", *words)

    assert (caught.value.code, caught.value.field) == ("invalid", words[0].removeprefix("--"))


def test_a_field_given_twice_with_different_values_is_a_contradiction() -> None:
    with pytest.raises(Problem, match="contradiction"):
        typed("read_email", "msg_1", "--message-id", "msg_2")
