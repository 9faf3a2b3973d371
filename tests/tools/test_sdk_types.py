"""The contract's annotations become types without pydantic: generous where one asks, exact where one is answered."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from multimail.contract.contacts import ContactView, SearchContacts
from multimail.contract.fields import Data, Limit, Moment
from multimail.contract.reading import CheckInbox, TagEmail
from multimail.contract.sending import AttachmentIn, SendEmail
from multimail.core.model import Mode
from tools.sdk_types import answered, argument, asked, requests_in, views_in

MODES = "Literal['read_only', 'gated_all', 'gated_send', 'monitored', 'autonomous']"


@pytest.mark.parametrize(
    ("annotation", "asks", "answers"),
    [
        (str, "str", "str"),
        (bool | None, "bool | None", "bool | None"),
        (Limit, "int", "int"),
        (Moment | None, "str | date | None", "str | None"),
        (Data, "Mapping[str, Any]", "dict[str, Any]"),
        (list[str], "Sequence[str]", "list[str]"),
        (tuple[str, ...], "Sequence[str]", ""),
        (dict[str, int], "Mapping[str, int]", "dict[str, int]"),
        (Mode | None, f"{MODES} | None", "str | None"),
        (Literal["a", "b"], "Literal['a', 'b']", "str"),
        (list[dict[str, Any]], "Sequence[Mapping[str, Any]]", "list[dict[str, Any]]"),
    ],
)
def test_an_annotation_has_its_two_types(annotation: Any, asks: str, answers: str) -> None:
    assert asked(annotation) == asks
    if answers:
        assert answered(annotation) == answers


def test_models_inside_are_named() -> None:
    assert answered(list[ContactView] | None) == "list[ContactView] | None"
    assert asked(list[AttachmentIn]) == "Sequence[arguments.AttachmentIn]"
    assert views_in(list[ContactView] | None) == [ContactView]
    assert requests_in(list[AttachmentIn]) == [AttachmentIn]


def test_one_text_stands_for_a_list_where_the_server_understands_that() -> None:
    assert argument(SendEmail, "to") == "str | Sequence[str]"
    assert argument(SearchContacts, "tags") == "str | Sequence[str] | Mapping[str, Any]"
    assert argument(TagEmail, "tags") == "str | Sequence[str] | Mapping[str, Any]"
    assert argument(SendEmail, "attachments") == "Sequence[arguments.AttachmentIn]"
    assert argument(CheckInbox, "filter") == "str | Mapping[str, Any]"
