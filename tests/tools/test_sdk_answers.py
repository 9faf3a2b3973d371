"""Result classes have every field of their view and every name that the server adds, each with its type."""

from __future__ import annotations

import pytest

from multimail.client import answers
from multimail.client.results import Listing, ListResult, Result
from multimail.contract.operation import REST
from multimail.contract.registry import OPERATIONS
from tools.sdk_answers import classes, rows_of, views

SOURCE = "\n\n".join(classes())


@pytest.mark.parametrize("row", [row for row in OPERATIONS if REST in row.surfaces], ids=lambda row: row.name)
def test_an_operation_is_answered_with_its_class(row: object) -> None:
    view = row.view  # type: ignore[attr-defined]
    kind = getattr(answers, view.__name__)

    assert issubclass(kind, Result | ListResult)
    assert set(view.model_fields) - {"from"} <= {*kind._fields, "cursor"}


def test_names_that_the_server_adds_have_the_type_of_what_they_repeat() -> None:
    pending = SOURCE.split("class PendingItem(Result):")[1].split("class ")[0]

    assert "    draft_body: str\n" in pending
    assert "    send_at: str | None\n" in pending
    assert "    to: str | list[str]\n" in pending
    assert "    to_list: list[str]\n" in pending
    assert "    thread: ThreadView\n" in pending


def test_a_page_is_known_by_its_one_list_and_its_count_or_cursor() -> None:
    found = {view.__name__: rows_of(view) for view in views() if rows_of(view)}

    assert found["MessageList"] == "messages"
    assert found["ThreadView"] == "messages"
    assert found["KeyList"] == "keys"
    assert not {"HistoryView", "WaitResult", "EventList", "SendResult"} & found.keys()
    assert all(issubclass(getattr(answers, name), Listing | ListResult) for name in found)


def test_a_part_stands_before_what_it_is_part_of() -> None:
    names = [view.__name__ for view in views()]

    assert names.index("MessageRow") < names.index("MessageView") < names.index("PendingItem")
    assert "Event" in names


def test_a_list_under_the_name_of_a_method_can_be_called() -> None:
    assert "    keys: Rows[KeyView]\n" in SOURCE
