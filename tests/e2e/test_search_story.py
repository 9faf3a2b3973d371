"""Searching as an agent does it: words of any script, in mail that came, was held, was edited."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.desk import Desk, opened
from tests.support.letters import came, letter

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path) as desk:
        yield desk


async def found(desk: Desk, query: str) -> list[str]:
    return [row.message_id for row in (await desk.call("agent", "check_inbox", query=query)).messages]


def written(text: str) -> bytes:
    return letter(text, Content_Type="text/plain; charset=utf-8")


@pytest.mark.parametrize(
    ("text", "words", "others"),
    [
        ("来週の会議は東京で行います。", ("会議", "東京", "来週の会議"), ("京都", "議会")),
        ("회의는 월요일에 있습니다", ("회의", "월요일"), ("회사",)),
        ("การประชุมวันจันทร์", ("ประชุม",), ("กาแฟ",)),
    ],
)
async def test_words_of_scripts_without_spaces_are_found_in_arrived_mail(
    desk: Desk, text: str, words: tuple[str, ...], others: tuple[str, ...]
) -> None:
    mail = await came(desk, written(text))
    await came(desk, written("Something else"))

    assert {word: await found(desk, word) for word in words} == {word: [mail.id] for word in words}
    assert [await found(desk, word) for word in others] == [[] for _ in others]


async def test_an_edited_draft_is_found_by_its_new_words_only(desk: Desk) -> None:
    draft = await desk.send(subject="予約", body="部屋は東京です")
    await desk.call("agent", "edit_pending", message_id=draft.message_id, body="部屋は京都です")

    assert await found(desk, "京都") == await found(desk, "subject:予約") == [draft.message_id]
    assert await found(desk, "東京") == []
