"""The page about searching: its examples are understood, and it names all of the language and its bounds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from multimail.core import query
from tests.support.desk import NOON, Desk, opened

PAGE: Final = (Path(__file__).parents[2] / "docs" / "search.md").read_text("utf-8")
BLOCKS: Final = re.findall(r"```query\n(.*?)```", PAGE, re.DOTALL)
EXAMPLES: Final = [line for block in BLOCKS for line in block.splitlines()]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_understood(example: str) -> None:
    assert query.parse_query(example, NOON) != query.AllOf()


def test_every_key_state_and_alias_is_named() -> None:
    named = set(re.findall(r"`(\w+):?`", PAGE)) | set(re.findall(r"`(\w+):", PAGE))

    assert (query.KEYS - {query.TEXT}) | {
        "body",
        "label",
        "since",
        "until",
        "newer_than",
        "older_than",
    } <= named
    assert named >= query.STATES | query.HAVES


def test_the_bounds_are_those_of_the_language() -> None:
    assert (
        f"{query.MAX_LENGTH:,} characters, {query.MAX_TERMS} conditions and {query.MAX_DEPTH} levels" in PAGE
    )


@pytest.mark.anyio
async def test_what_it_says_about_side_by_side_or_and_not_is_so(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        await side_by_side(desk)


async def side_by_side(desk: Desk) -> None:
    ann = await desk.receive(Subject="ann", From="ann@example.org")
    await desk.receive(Subject="bob", From="bob@example.org")
    await desk.receive(Subject="read", From="ann@example.org")
    await desk.call("agent", "mark_email", message_id=(await desk.inbound())[-1].id, mark="read")

    async def found(text: str) -> set[str]:
        return {one.subject for one in (await desk.call("reviewer", "check_inbox", query=text)).messages}

    assert await found("from:ann OR to:ann is:unread") == {"ann"}
    assert await found("-is:read -from:bob") == {"ann"}
    assert await found("NOT (from:ann OR from:carl)") == {"bob"}
    assert await found(f"id:{ann}") == {"ann"}
