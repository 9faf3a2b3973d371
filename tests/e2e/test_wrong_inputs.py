"""Wrong inputs over real doors: each is refused with code, field and advice, changes nothing, and leaves all alive."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from tests.support.account import account
from tests.support.doors import answer, door
from tests.support.program import LIMIT_S, Serving, resident_of, serving

pytestmark = pytest.mark.anyio

DESK = "desk@here.test"
NOBODY = "msg_00000000000000"
MAIL: dict[str, Any] = {"mailbox": DESK, "to": ["ann@out.test"], "subject": "Hi", "body": "Hello"}
FILE = "eHh4" * 20_000_000


def file(**given: Any) -> dict[str, Any]:
    return {"attachments": [{"filename": "a.txt", "content_base64": "YQ=="} | given]}


SENDING: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"to": ["ann@"]}, "invalid_address", "to"),
    ({"to": ["ann@out.test\r\nBcc: eve@out.test"]}, "invalid_address", "to"),
    ({"cc": "ann"}, "invalid_address", "cc"),
    ({"to": [f"u{number}@out.test" for number in range(10_000)]}, "too_many_recipients", "to"),
    ({"mailbox": "nobody@here.test"}, "unknown_mailbox", "mailbox"),
    ({"from": "other@here.test"}, "contradiction", "mailbox"),
    ({"subject": "Hi\r\nBcc: eve@out.test"}, "header_injection", "subject"),
    ({"subject": "Hi\x1b[2J"}, "header_injection", "subject"),
    ({"headers": {"X-A": "a\nBcc: eve@out.test"}}, "header_injection", "headers.X-A"),
    ({"reply_to": "a@out.test\nBcc: eve@out.test"}, "invalid_address", "reply_to"),
    (file(filename="a\r\nb"), "header_injection", "attachments.0.filename"),
    (file(content_base64="***"), "invalid", "attachments.0.content_base64"),
    (file(size=3), "unknown_field", "attachments.0.size"),
    (file(name="b.txt"), "contradiction", "attachments.0.filename"),
    (file(content_base64=FILE), "too_large", "attachments"),
    ({"body": "x" * 262_145}, "invalid", "body"),
    ({"markdown": "Hullo"}, "contradiction", "body"),
    ({"scheduled_at": "tomorrow"}, "invalid_time", "scheduled_at"),
    ({"send_at": "2030-02-30T09:00:00Z"}, "invalid_time", "scheduled_at"),
    ({"scheduled_at": "9999-12-31T23:59:59-01:00"}, "invalid_time", "scheduled_at"),
    ({"scheduled_at": "2030-01-01", "send_at": "2030-01-02"}, "contradiction", "scheduled_at"),
    ({"schedule_at": "2030-01-01"}, "unknown_field", "schedule_at"),
    ({"metadata": {"a": "x" * 40_000}}, "too_large", "metadata"),
    ({"metadata": {"a": [[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}}, "invalid", "metadata"),
    ({"tags": [5]}, "invalid", "tags.0"),
    ({"oversight_mode": "free"}, "invalid", "oversight_mode"),
    ({"to": None}, "invalid", "to"),
    ({"subject": "", "body": " "}, "invalid", "body"),
)
OTHERS: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("check_inbox", {"limit": 0}, "invalid", "limit"),
    ("check_inbox", {"limit": 10_001}, "invalid", "limit"),
    ("check_inbox", {"cursor": "garbage"}, "invalid_cursor", "cursor"),
    ("check_inbox", {"since_id": NOBODY[:-1] + "1"}, "not_found", "since_id"),
    ("check_inbox", {"thread_id": "thread_0"}, "not_found", "thread_id"),
    ("check_inbox", {"filter": {"unraed": True}}, "unknown_field", "filter.unraed"),
    ("check_inbox", {"query": "(invoice"}, "invalid_query", "query"),
    ("wait_for_email", {"timeout_seconds": 1e9}, "invalid", "timeout_seconds"),
    ("read_email", {"message_id": NOBODY}, "not_found", "message_id"),
    ("read_email", {"message_id": "a", "email_id": "b"}, "contradiction", "message_id"),
    ("get_thread", {"thread_id": "' OR 1=1"}, "not_found", "thread_id"),
    ("reply_email", {"body": "Yes."}, "invalid", "message_id"),
    ("mark_email", {"message_id": NOBODY, "mark": "blue"}, "invalid", "mark"),
    ("tag_email", {"email": "ann", "tags": ["vip"]}, "invalid_address", "email"),
    ("manage_contacts", {"action": "upsert", "email": "a@b.test", "name": "a\nb"}, "header_injection", "name"),
    ("manage_contacts", {"filters": {"last_contacted_before": "x"}}, "invalid_time", "filters.last_contacted_before"),
    ("search_contacts", {"mailbox": "nobody@here.test"}, "unknown_mailbox", "mailbox"),
    ("decide_email", {"message_id": NOBODY, "decision": "approve"}, "forbidden", ""),
    ("update_mailbox", {"mailbox": DESK, "default_mode": "autonomous"}, "forbidden", ""),
    ("send_mail", {}, "unknown_operation", "name"),
)  # fmt: skip


@dataclass
class House:
    data: Path
    server: Serving
    keys: dict[str, str]

    def rows(self) -> dict[str, int]:
        """How many rows each table has, but for the record of calls."""
        with closing(sqlite3.connect(f"file:{next(self.data.glob('*.db'))}?mode=ro", uri=True)) as file:
            tables = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {
                name: file.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
                for name in tables
                if name != "calls" and not name.startswith(("search", "contact_letters"))
            }

    def connected(self, way: str) -> AbstractAsyncContextManager[Client]:
        return door(self.data, MULTIMAIL_KEY=self.keys["agent"]) if way == "stdio" else self.over_http()

    @asynccontextmanager
    async def over_http(self) -> Any:
        headers = {"Authorization": f"Bearer {self.keys['agent']}"}
        url = f"{resident_of(self.data).base_url}/mcp"
        async with (
            httpx2.AsyncClient(headers=headers, timeout=LIMIT_S) as http,
            Client(streamable_http_client(url, http_client=http)) as client,
        ):
            yield client


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    data = tmp_path_factory.mktemp("wrong") / "data"
    keys = account(data, {DESK: {}}, "agent")
    with serving(data) as server:
        server.until("Ctrl-C")
        yield House(data, server, keys)


@pytest.mark.parametrize("way", ["stdio", "http"])
async def test_what_is_wrong_is_refused_with_reasons_and_changes_nothing(house: House, way: str) -> None:
    calls = [("send_email", MAIL | given, code, field) for given, code, field in SENDING]
    told = {}
    async with house.connected(way) as client:
        answer(await client.call_tool("list_mailboxes", {}))
        before = house.rows()
        for tool, arguments, code, field in (*calls, *OTHERS):
            result = await client.call_tool(tool, arguments)
            lines = str(getattr(result.content[0], "text", "")).splitlines()
            named = next((line[7:] for line in lines if line.startswith("field: ")), "")
            told[tool, code, field] = (result.is_error, lines[0].partition(":")[0], named)
        assert house.rows() == before
        answer(await client.call_tool("list_mailboxes", {}))

    assert told == {key: (True, *key[1:]) for key in told}
    assert house.server.process.poll() is None
