"""Posting over real HTTP on loopback: what counts as taken, what is never done, and where nothing is posted to."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from multimail.adapters.hooks.sender import Sender, resolved
from multimail.core.reach import Reach
from multimail.core.times import HOUR, SECOND
from multimail.ports.webhooks import Answer, Post
from tests.adapters.transport.mailing import certificate
from tests.support.receiver import Receiver, Reply

pytestmark = pytest.mark.anyio

NOW = 1_767_225_600 * SECOND
"""2026-01-01, midnight."""
HERE = Reach(loopback=True)
BODY = b'{"event":"message.sent"}'


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


def post_to(url: str) -> Post:
    return Post(url, BODY, "message.sent", "evt_00000000000001", "whd_1", ("whsec_c2VjcmV0",), NOW)


def named(**names: list[str]) -> Any:
    """A resolver that knows these names, without their `.test`, and counts how often it is asked."""

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return names[host.removesuffix(".test")]

    asked: list[str] = []
    resolve.asked = asked  # type: ignore[attr-defined]
    return resolve


async def answered(receiver: Receiver, reply: Reply, **settings: Any) -> Answer:
    receiver.usual = reply
    return await Sender(HERE, **settings).post(post_to(receiver.url))


async def test_the_bytes_arrive_as_they_are(receiver: Receiver) -> None:
    answer = await answered(receiver, Reply(204, b""))

    (posted,) = receiver.posted
    assert answer.accepted
    assert (posted.raw, posted.path) == (BODY, "/hooks")
    assert posted.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert posted.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize("status", [400, 401, 410, 429, 500, 503])
async def test_any_other_answer_is_a_failure_that_is_told(receiver: Receiver, status: int) -> None:
    answer = await answered(receiver, Reply(status, b"no \n thanks"))

    assert (answer.accepted, answer.status, answer.detail) == (False, status, "no thanks")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_failures_and_not_followed(receiver: Receiver, status: int) -> None:
    elsewhere = ("Location", f"http://127.0.0.1:{receiver.port}/elsewhere")

    answer = await answered(receiver, Reply(status, headers=[elsewhere]))

    assert (answer.status, answer.detail) == (status, "redirects are not followed")
    assert [one.path for one in receiver.posted] == ["/hooks"]


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", 120 * SECOND),
        ("Thu, 01 Jan 2026 01:00:00 GMT", HOUR),
        ("Thu, 01 Jan 2026 01:00:00 -0000", HOUR),
        ("Wed, 31 Dec 2025 01:00:00 GMT", 0),
        ("soon", 0),
        ("-5", 0),
        ("Fri, 01 Jan 99999999999 00:00:00 GMT", 0),
    ],
)
async def test_patience_that_is_asked_for_is_told(receiver: Receiver, header: str, wait: int) -> None:
    answer = await answered(receiver, Reply(503, headers=[("Retry-After", header)]))

    assert answer.retry_after == wait


async def test_who_never_answers_is_given_up_in_time(receiver: Receiver) -> None:
    receiver.hangs.set()

    answer = await answered(receiver, Reply(), timeout=0.1)

    assert (answer.status, answer.detail) == (None, "no answer within 0.1 seconds")
    assert answer.took >= 0.1 * SECOND


async def test_a_connection_that_breaks_off_is_a_failure(receiver: Receiver) -> None:
    answer = await answered(receiver, Reply(None))

    assert answer.status is None
    assert answer.detail


async def test_nobody_there_is_a_failure() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        answer = await Sender(HERE).post(post_to(f"http://127.0.0.1:{free.getsockname()[1]}/"))

    assert answer.status is None
    assert answer.detail


async def test_of_a_long_answer_only_the_beginning_is_taken(receiver: Receiver) -> None:
    answer = await answered(receiver, Reply(500, b"x" * 5_000_000))

    assert answer.detail == "x" * 200


async def test_proxies_of_the_environment_are_not_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert (await answered(receiver, Reply())).accepted


@pytest.mark.parametrize(
    ("addresses", "reach"),
    [
        (["127.0.0.1"], Reach()),
        (["::1"], Reach()),
        (["10.0.0.1"], HERE),
        (["100.64.0.1"], HERE),
        (["169.254.169.254"], Reach(loopback=True, private=True)),
        (["::ffff:10.0.0.1"], HERE),
        (["fe80::1"], HERE),
        (["224.0.0.1"], HERE),
        (["93.184.215.14", "192.168.1.1"], HERE),
        (["93.184.215.14"], HERE),
        ([], HERE),
    ],
)
async def test_a_name_that_leads_where_nothing_is_posted_to_is_not_connected_to(
    addresses: list[str], reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last but one is public, and asked for without encryption."""
    connected: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda *args: connected.append(args))

    answer = await Sender(reach, resolve=named(hooks=addresses)).post(post_to("http://hooks.test/"))

    assert answer.status is None
    assert answer.detail.startswith("hooks.test ")
    assert connected == []


async def test_a_url_that_went_bad_in_the_file_is_a_failure() -> None:
    answer = await Sender(HERE).post(post_to("nonsense"))

    assert answer.status is None
    assert "cannot be called" in answer.detail


async def test_a_name_is_looked_up_once_and_asked_for_by_name_at_that_address(receiver: Receiver) -> None:
    resolve = named(hooks=["127.0.0.1"])
    sender = Sender(HERE, resolve=resolve)

    answer = await sender.post(post_to(f"http://hooks.test:{receiver.port}/a?b=c"))

    assert answer.accepted
    assert resolve.asked == ["hooks.test"]
    assert receiver.posted[0].headers["host"] == f"hooks.test:{receiver.port}"
    assert receiver.posted[0].path == "/a?b=c"


async def test_a_names_next_address_is_tried_where_the_first_does_not_answer(receiver: Receiver) -> None:
    sender = Sender(HERE, resolve=named(hooks=["127.0.0.2", "127.0.0.1"]))

    assert (await sender.post(post_to(f"http://hooks.test:{receiver.port}/"))).accepted


async def test_the_certificate_has_to_be_the_names_own(tmp_path: Path) -> None:
    server, client = certificate(tmp_path, "hooks.test")
    sender = Sender(HERE, resolve=named(hooks=["127.0.0.1"], other=["127.0.0.1"]), tls=client)

    with Receiver(tls=server) as receiver:
        good = await sender.post(post_to(f"https://hooks.test:{receiver.port}/"))
        bad = await sender.post(post_to(f"https://other.test:{receiver.port}/"))

    assert good.accepted
    assert bad.status is None
    assert "certificate" in bad.detail.lower()
    assert len(receiver.posted) == 1


async def test_a_name_that_there_is_not_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: object, **more: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    answer = await Sender(HERE).post(post_to("https://nowhere.test/"))

    assert (answer.status, "not known" in answer.detail) == (None, True)


async def test_names_that_nobody_answers_for_hold_up_no_other(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, look_up = threading.Event(), socket.getaddrinfo

    def hang(host: str, *args: Any, **more: Any) -> Any:
        if host != "slow.test":
            return look_up(host, *args, **more)
        go_on.wait(20)
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    sender = Sender(HERE)
    hanging = [asyncio.create_task(sender.post(post_to("https://slow.test/"))) for _ in range(40)]
    await asyncio.sleep(0)

    assert (await sender.post(post_to(receiver.url))).accepted
    assert await resolved("localhost", 80)
    assert not any(one.done() for one in hanging)
    go_on.set()
    assert {(await one).status for one in hanging} == {None}


async def test_names_are_looked_up_as_the_system_does() -> None:
    assert set(await resolved("localhost", 80)) <= {"127.0.0.1", "::1"}
