"""A crash at any verb: before the final dot there is no mail, after it there is one, and never two."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from multimail.core import failpoints
from tests.adapters.transport.mailing import RAW, Marks, relay, work
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio


class Crash(BaseException):
    """Not an Exception: like a signal, nothing may swallow it."""


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    failpoints.disarm()


def crash_at(name: str) -> None:
    def callback(hit: str) -> None:
        if hit == name:
            raise Crash(name)

    failpoints.arm(callback)


async def test_a_mail_passes_its_failpoints_in_this_order() -> None:
    passed: list[str] = []
    with Sink() as sink:
        async with relay(sink.url) as transport:
            failpoints.arm(passed.append)
            await transport.deliver(work("bob@there.test", "cat@there.test"), Marks())
    assert [name.removeprefix("smtp_out.") for name in passed] == [
        "before_connect", "before_ehlo", "before_mail", "before_rcpt", "before_rcpt", "before_data",
        "before_body", "before_dot", "after_dot", "after_reply", "before_quit",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["connect", "ehlo", "mail", "rcpt", "data", "body", "dot"])
async def test_a_crash_before_the_dot_leaves_no_mail(name: str) -> None:
    with Sink() as sink:
        async with relay(sink.url) as transport:
            crash_at(f"smtp_out.before_{name}")
            with pytest.raises(Crash):
                await transport.deliver(work(), Marks())
    assert sink.mails == []


async def test_the_whole_text_has_left_this_process_before_its_dot_may() -> None:
    raw = RAW + (b"z" * 900 + b"\r\n") * 20_000
    with Sink(Fault("BODY", delay=0.1)) as sink:
        async with relay(sink.url) as transport:
            crash_at("smtp_out.before_dot")
            with pytest.raises(Crash):
                await transport.deliver(work(raw=raw), Marks())
        await asyncio.to_thread(sink.wait_until_alone)
    assert (sink.commands[-1], sink.mails) == (f"(broken off after {len(raw)} bytes)", [])


@pytest.mark.parametrize("name", ["smtp_out.after_dot", "smtp_out.after_reply"])
async def test_a_crash_after_the_dot_leaves_one_mail(name: str) -> None:
    marks = Marks()
    with Sink() as sink:
        async with relay(sink.url) as transport:
            crash_at(name)
            with pytest.raises(Crash):
                await transport.deliver(work(), marks)
            sink.wait_for(1)
    assert (len(sink.mails), marks.asked) == (1, [("d1",)])
