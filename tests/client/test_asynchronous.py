"""The client to be awaited does what the other one does."""

from __future__ import annotations

import asyncio
import inspect
import json
from typing import Any

import httpx2
import pytest

from multimail import AsyncClient, Client, errors
from multimail.client.asynchronous import AsyncClient as Defined
from tests.support.office import Office

pytestmark = pytest.mark.anyio


class Wire:
    """A transport that answers by script and keeps what was asked."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx2.Request] = []
        self.pauses: list[float] = []

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> AsyncClient:
        async def paused(_: AsyncClient, seconds: float) -> None:
            self.pauses.append(seconds)

        monkeypatch.setattr(Defined, "_sleep", paused)
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(self))
        return AsyncClient("mm_key", "http://mail.example", http_client=http, **settings)


def ok(**answer: Any) -> httpx2.Response:
    return httpx2.Response(200, json=answer)


def test_both_clients_have_the_same_methods_with_the_same_arguments() -> None:
    def surface(kind: type) -> dict[str, Any]:
        return {
            name: list(inspect.signature(value).parameters.values())
            for name, value in inspect.getmembers(kind, inspect.isfunction)
            if not name.startswith("_") and name not in {"close", "aclose", "pages", "iterate"}
        }

    assert surface(AsyncClient) == surface(Client)
    assert AsyncClient.close is AsyncClient.aclose


async def test_a_send_is_repeated_with_the_same_key_and_a_decision_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wire = Wire(httpx2.ReadError("broken"), ok(message_id="msg_1"), httpx2.ReadError("broken"))
    client = wire.client(monkeypatch)

    await client.send_email(to="ann@x.example", body="Hello")
    with pytest.raises(errors.ConnectionFailed):
        await client.decide_email("msg_1", "approve")

    assert [request.content for request in wire.asked[:1]] == [wire.asked[1].content]
    assert len(wire.asked) == 3
    assert len(wire.pauses) == 1


async def test_pages_rows_and_events_are_iterated(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [ok(messages=[{"message_id": "1"}], cursor="more"), ok(messages=[{"message_id": "2"}])]
    events = [ok(events=[{"id": "1"}], cursor="1"), ok(events=[{"id": "2"}], cursor="2")]
    wire = Wire(*pages, *events)
    client = wire.client(monkeypatch)

    assert [row.message_id async for row in client.iterate(client.check_inbox, limit=1)] == ["1", "2"]
    following = client.events()
    assert [(await anext(following)).id for _ in range(2)] == ["1", "2"]
    assert json.loads(wire.asked[1].content) == {"limit": 1, "cursor": "more"}


async def test_a_closed_client_calls_nothing() -> None:
    async with AsyncClient("mm_key") as client:
        assert repr(client) == "AsyncClient(base_url='http://127.0.0.1:8025')"

    with pytest.raises(RuntimeError, match="closed"):
        await client.list_keys()


# --- with a server ---------------------------------------------------------------------------------


async def test_a_mail_is_held_decided_and_read_by_awaiting(firm: Office, box: str) -> None:
    async with AsyncClient(firm.key("agent", self_approving=True), firm.url, mailbox=box) as client:
        sent = await client.send_email(to="later@x.example", body="Hello", oversight_mode="gated_send")
        waiting = await client.list_pending()
        decided = await client.decide_email(message_id=waiting["messages"][0]["id"], decision="approve")
        mail = await client.read_email(sent["message_id"])

    assert [item.to for item in waiting.items] == ["later@x.example"]
    assert decided.decision == "approve"
    assert mail.body == "Hello"


async def test_contacts_are_kept_by_awaiting(firm: Office) -> None:
    async with AsyncClient(firm.key(), firm.url) as client:
        made = await client.contacts.upsert(
            "eva@async.example", name="Eva", metadata={"plan": "pro"}, tags=["vip"]
        )
        await client.contacts.update(made.id, metadata={"seen": True})
        got = await client.contacts.get(email="eva@async.example")
        found = await client.contacts.search(domain="async.example", filters={"metadata.plan": "pro"})
        log = await client.contacts.interactions("eva@async.example")
        gone = await client.contacts.delete(contact_id=made.id)
        with pytest.raises(errors.NotFound):
            await client.contacts.get(made.id)

    assert (got.metadata, got.tags) == ({"plan": "pro", "seen": True}, ["vip"])
    assert [one.id for one in found.items] == [made.id]
    assert (log, gone.deleted) == ([], True)


async def test_many_calls_at_once_and_one_that_is_given_up(firm: Office, box: str) -> None:
    async with AsyncClient(firm.key(), firm.url) as client:
        counts = await asyncio.gather(*(client.check_inbox(mailbox=box) for _ in range(20)))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.wait_for_email(mailbox=box, timeout_seconds=60), 0.2)
        after = await client.check_inbox(mailbox=box)

    assert {page.count for page in counts} == {0}
    assert after.count == 0
