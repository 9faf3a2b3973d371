"""Results are objects and mappings at once, pages are their rows, and JSON is what the server said."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest

from multimail.client.answers import (
    ContactList,
    KeyList,
    MessageList,
    MessageRow,
    PendingList,
    SendResult,
    ThreadView,
)
from multimail.client.results import Result

ROW: dict[str, Any] = {
    "message_id": "msg_1", "id": "msg_1", "from": "ann@x.example", "subject": "Hello", "metadata": {"items": 3},
}  # fmt: skip
PAGE: dict[str, Any] = {"messages": [ROW], "count": 1, "emails": [ROW], "cursor": None}
CONTACT: dict[str, Any] = {
    "contact_id": "contact_1",
    "id": "contact_1",
    "email": "ann@x.example",
    "metadata": {},
}
CONTACTS: dict[str, Any] = {
    "contacts": [CONTACT], "count": 1, "items": [CONTACT], "results": [CONTACT], "cursor": None, "tags": [],
}  # fmt: skip


def test_a_field_is_a_key_and_an_attribute() -> None:
    result = SendResult({"message_id": "msg_1", "status": "queued"})

    assert (result["status"], result.status, result.get("status")) == ("queued",) * 3
    assert isinstance(result, dict)


def test_a_declared_field_that_was_left_out_is_none_and_not_there() -> None:
    result = SendResult({"message_id": "msg_1"})

    assert (result.scheduled_at, result["scheduled_at"]) == (None, None)
    assert "scheduled_at" not in result
    assert result.get("scheduled_at", "never") == "never"


def test_a_name_that_nobody_knows_raises_and_says_what_was_perhaps_meant() -> None:
    result = SendResult({"message_id": "msg_1"})

    with pytest.raises(AttributeError, match=r"SendResult has no 'mesage_id'; did you mean 'message_id'"):
        _ = result.mesage_id
    with pytest.raises(KeyError, match="mesage_id"):
        _ = result["mesage_id"]
    with pytest.raises(AttributeError):
        result.mesage_id = "msg_2"  # type: ignore[attr-defined]


def test_fields_of_a_newer_server_are_there() -> None:
    assert SendResult({"message_id": "msg_1", "mood": "calm"}).mood == "calm"


def test_a_word_of_python_is_an_attribute_with_an_underscore() -> None:
    assert MessageRow(ROW).from_ == "ann@x.example"


def test_parts_are_results_and_data_is_plain() -> None:
    row = MessageList(PAGE).messages[0]

    assert type(row) is MessageRow
    assert type(row.metadata) is dict


def test_the_items_of_a_page_are_its_rows_and_called_they_are_the_mappings() -> None:
    page = MessageList(PAGE)

    assert page.items == page["items"] == [ROW]
    assert page.items[0].subject == "Hello"
    assert dict(page.items()) == PAGE


def test_a_list_under_several_names_is_one_list() -> None:
    page = MessageList(PAGE)

    assert page.emails is page["emails"] is page.messages
    assert type(
        PendingList({"pending": [ROW], "messages": [ROW], "emails": [ROW]})["messages"][0]
    ).__name__ == ("PendingItem")


@pytest.mark.parametrize("answer", [PAGE, CONTACTS])
def test_what_json_makes_of_a_page_is_what_the_server_said(answer: dict[str, Any]) -> None:
    assert json.loads(json.dumps(MessageList(answer))) == answer
    assert json.loads(json.dumps(dict(ContactList(answer)))) == answer


def test_a_field_named_as_a_method_is_the_field() -> None:
    keys: Any = KeyList({"keys": [{"key_id": "key_1"}], "count": 1})

    assert keys.keys[0].key_id == "key_1"
    assert list(keys.keys()) == ["keys", "count"]
    assert {**keys} == {"keys": [{"key_id": "key_1"}], "count": 1}


def test_a_list_of_contacts_is_a_list() -> None:
    contacts = ContactList(CONTACTS)

    assert isinstance(contacts, list)
    assert (len(contacts), contacts[0], contacts[:1], list(contacts)) == (1, CONTACT, [CONTACT], [CONTACT])
    assert contacts[0].id == "contact_1"
    assert contacts == [CONTACT]
    assert CONTACT in contacts


def test_a_list_of_contacts_is_the_mapping_that_came() -> None:
    contacts: Any = ContactList(CONTACTS)

    assert contacts["contacts"] == contacts["items"] == contacts["results"] == contacts.items == [CONTACT]
    assert (contacts.count, contacts.cursor, contacts.get("cursor"), contacts.get("no")) == (
        1,
        None,
        None,
        None,
    )
    assert dict(contacts.items()) == {**contacts} == CONTACTS
    assert list(zip(contacts.keys(), contacts.values(), strict=True)) == list(CONTACTS.items())
    assert "contacts" in contacts
    assert "no" not in contacts
    with pytest.raises(KeyError):
        contacts["no"]
    with pytest.raises(AttributeError, match="did you mean 'contacts'"):
        _ = contacts.contact


def test_no_contacts_are_false() -> None:
    none = ContactList({"contacts": [], "count": 0})

    assert not none
    assert (none.contacts, none["items"], none.count, none.cursor, none.action) == ([], [], 0, None, None)


def test_a_waiting_mail_has_its_thread_as_one() -> None:
    item = PendingList({"pending": [{"thread": {"thread_id": "thread_1", "messages": [ROW]}}]}).pending[0]

    assert type(item.thread) is ThreadView
    assert item.thread.messages[0].subject == "Hello"


@pytest.mark.parametrize("result", [MessageList(PAGE), ContactList(CONTACTS), SendResult({"id": "1"})])
def test_a_result_can_be_copied_and_kept(result: Any) -> None:
    for again in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result), copy.copy(result)):
        assert type(again) is type(result)
        assert again == result
        assert dict(again.items()) == dict(result.items())


def test_a_result_reads_as_what_it_says_without_its_further_names() -> None:
    row = {"message_id": "msg_1", "id": "msg_1", "subject": "x" * 500}

    assert repr(MessageRow(row)) == f"MessageRow(message_id='msg_1', subject='{'x' * 47}...{'x' * 48}')"
    assert repr(Result({"a": 1})) == "Result(a=1)"
    assert repr(MessageList({"messages": [], "emails": []})) == "MessageList(messages=[])"


def test_an_editor_is_told_every_field() -> None:
    assert {"message_id", "scheduled_at", "mood", "get"} <= set(dir(SendResult({"mood": "calm"})))


def test_what_is_no_object_stays_what_it_is() -> None:
    page: Any = MessageList({"messages": ["msg_1", None], "count": "many"})

    assert (page.messages, page.items, page.count) == (["msg_1", None], ["msg_1", None], "many")
    assert PendingList({"pending": [{"thread": "gone"}]}).pending[0]["thread"] == "gone"
