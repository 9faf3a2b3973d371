"""Where in the inbox somebody is, carried along in addresses."""

from __future__ import annotations

from multimail.surfaces.web.inbox import where
from multimail.surfaces.web.inbox.where import Where


def test_an_address_brings_back_where_it_was_made() -> None:
    at = Where("mbx_1", "sent", 'from:"Ann & Bob"', "next")

    assert at.here == "/inbox?mailbox=mbx_1&folder=sent&q=from%3A%22Ann+%26+Bob%22&cursor=next"
    assert where.of({"mailbox": "mbx_1", "folder": "sent", "q": ' from:"Ann & Bob"', "cursor": "next"}) == at


def test_the_inbox_itself_has_the_shortest_address() -> None:
    assert Where().here == "/inbox"
    assert Where().to("/mail/msg_1", show="text") == "/mail/msg_1?show=text"


def test_another_list_begins_at_its_beginning() -> None:
    assert Where("", "sent", "x", "next").other(folder="spam") == "/inbox?folder=spam&q=x"


def test_a_search_looks_everywhere_but_among_what_was_thrown_away() -> None:
    assert [Where(folder=one).searched for one in ("inbox", "sent", "spam", "deleted")] == [
        "all", "all", "spam", "deleted",
    ]  # fmt: skip


def test_a_folder_that_there_is_not_is_the_inbox() -> None:
    assert where.of({"folder": "../etc"}) == Where()


def test_ids_are_taken_from_what_was_ticked_once_each_and_nothing_else() -> None:
    words = "thread_00000000000001 msg_00000000000001 thread_00000000000001 x thread_00000000000002"

    assert where.ids(words, "thread") == ["thread_00000000000001", "thread_00000000000002"]
