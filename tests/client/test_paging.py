"""A list goes on while there is a cursor, and ends where a server repeats itself."""

from __future__ import annotations

from multimail.client.paging import PAGE, first, following


def test_a_page_has_a_size_where_the_caller_names_none() -> None:
    assert first({"query": "x"}) == {"query": "x", "limit": PAGE}
    assert first({"limit": 5})["limit"] == 5


def test_a_list_ends_without_a_cursor_and_with_one_that_came_before() -> None:
    seen: set[str] = set()

    assert [following(cursor, seen) for cursor in ("a", "b", None, "", "a")] == ["a", "b", None, None, None]
