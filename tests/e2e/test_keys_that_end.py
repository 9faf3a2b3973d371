"""A key that is revoked or expires, over real doors: the next call is refused, open streams and waits end with it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx2
import pytest

import multimail
from multimail.contract.operation import MCP, REST
from multimail.contract.registry import OPERATIONS
from tests.support.office import Office, bearer, office

LONG: Final = 300.0
"""Seconds that every wait would take if its key did not end: longer than a test may take."""
ACCEPT: Final = {"Accept": "application/json, text/event-stream"}
STREAMS: Final = ("/v1/events", "/sse", "/mcp")
WAITS: Final = [row.name for row in OPERATIONS if row.waits and REST in row.surfaces]
TOOLS: Final = [row.name for row in OPERATIONS if row.waits and MCP in row.surfaces]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(tmp_path_factory.mktemp("ends")) as found:
        yield found


def test_all_that_is_open_ends_with_its_key(made: Office) -> None:
    key = made.call("create_key", name="revoked", role="agent")
    with Doors(made, key["key"]) as doors:
        made.call("revoke_key", key_id=key["key_id"])
        doors.all_end()


def test_all_that_is_open_ends_when_its_key_expires(made: Office) -> None:
    end = datetime.now(UTC) + timedelta(seconds=8)
    key = made.call("create_key", name="expires", role="agent", expires_at=end.isoformat())
    with Doors(made, key["key"]) as doors:
        doors.all_end()


class Doors:
    """Every wait over HTTP and MCP, and every stream, of one key; each in a thread until it ends."""

    def __init__(self, made: Office, key: str) -> None:
        self._made, self._key = made, key
        self._open = threading.Semaphore(0)
        self._pool = ThreadPoolExecutor(len(WAITS) + len(TOOLS) + len(STREAMS) + 1)

    def __enter__(self) -> Doors:
        held = self._made.call("send_email", key=self._key, to="bob@out.test", subject="Hi", body="Hello")
        self._about: dict[str, dict[str, Any]] = {
            "wait_for_decision": {"message_id": held["message_id"]},
            "list_events": {"after": "now"},
        }
        self._http = httpx2.Client(base_url=self._made.url, headers=bearer(self._key), timeout=60)
        self._session = self._opened()
        self._ends = [self._pool.submit(self._wait, name) for name in WAITS]
        self._ends += [self._pool.submit(self._tool, name) for name in TOOLS]
        self._ends += [self._pool.submit(self._stream, path) for path in STREAMS]
        self._ends.append(self._pool.submit(self._follow))
        for _ in STREAMS:
            assert self._open.acquire(timeout=30)
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()
        self._pool.shutdown()

    def all_end(self) -> None:
        """Each is refused or closed, and whatever comes next is refused."""
        assert [end.result(60) for end in self._ends] == ["unauthenticated"] * len(self._ends)
        for path in (*STREAMS, "/v1/check_inbox", "/v1/openapi.json"):
            assert self._http.get(path, headers=ACCEPT).status_code == 401
        with (
            multimail.Client(self._key, self._made.url) as client,
            pytest.raises(multimail.errors.Unauthenticated),
        ):
            client.check_inbox()

    def _wait(self, name: str) -> str:
        given = {"timeout_seconds": LONG, **self._about.get(name, {})}
        answer = self._http.post(f"/v1/{name}", json=given)
        assert "www-authenticate" in answer.headers
        return str(answer.json()["code"])

    def _follow(self) -> str:
        with multimail.Client(self._key, self._made.url) as client:
            try:
                return str(next(client.events(after="now")))
            except multimail.errors.MultimailError as error:
                return error.code

    def _opened(self) -> dict[str, str]:
        about = {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "x", "version": "1"},
        }
        answer = self._rpc("initialize", about, {})
        return {"mcp-session-id": answer.headers["mcp-session-id"], "mcp-protocol-version": "2025-11-25"}

    def _rpc(self, method: str, params: dict[str, Any], session: dict[str, str]) -> httpx2.Response:
        body = {"jsonrpc": "2.0", "id": str(params), "method": method, "params": params}
        return self._http.post("/mcp", json=body, headers=ACCEPT | session)

    def _tool(self, name: str) -> str:
        given = {"timeout_seconds": LONG, **self._about.get(name, {})}
        answer = self._rpc("tools/call", {"name": name, "arguments": given}, self._session)
        line = next(one for one in answer.text.splitlines() if '"result"' in one)
        return str(json.loads(line.removeprefix("data: "))["result"]["content"][0]["text"]).partition(":")[0]

    def _stream(self, path: str) -> str:
        session = self._session if path == "/mcp" else {}
        with self._http.stream("GET", path, headers=ACCEPT | session) as answer:
            assert answer.status_code == 200
            self._open.release()
            for _ in answer.iter_raw():
                pass
        return "unauthenticated"
