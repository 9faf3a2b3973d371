"""Posting webhooks over HTTP to the very address that was looked at, and to no other.

A name is resolved once; every address it has must be one that may be called; the connection goes to that address,
with the name in `Host` and in the TLS handshake, so that a name which leads elsewhere a moment later leads nowhere.
Redirects are not followed, proxies and cookies are not used, and little of an answer is read.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Final

import httpx2

from multimail.adapters.hooks.signing import headers
from multimail.core.errors import Problem
from multimail.core.reach import Reach, Target, read_url, refusal
from multimail.core.times import SECOND, Micros, from_datetime
from multimail.ports.webhooks import Answer, Post

TIMEOUT: Final = 60.0
"""Seconds for a whole post: a receiver may ask a model before it answers."""
_CONNECT: Final = 10.0
_READ: Final = 65_536
"""Bytes of an answer that are taken; the rest is not waited for."""
_SHOWN: Final = 200
_POLITE: Final = 2.0
Resolve = Callable[[str, int], Awaitable[list[str]]]


class Refused(Exception):
    """The receiver is not where this server may call."""


@dataclass
class Sender:
    """See `ports.webhooks.HookSender`. Each post has a connection of its own: one that was verified for a name must
    not carry what is meant for another at the same address."""

    reach: Reach
    timeout: float = TIMEOUT
    resolve: Resolve = field(default_factory=lambda: resolved)
    tls: ssl.SSLContext | None = None

    async def post(self, post: Post) -> Answer:
        """Post once, within the time limit."""
        started = time.monotonic()
        try:
            async with asyncio.timeout(self.timeout):
                status, detail, wait = await self._post(post)
        except TimeoutError:
            status, detail, wait = None, f"no answer within {self.timeout:g} seconds", 0
        except Problem as problem:
            status, detail, wait = None, problem.message, 0
        except (Refused, httpx2.HTTPError, httpx2.InvalidURL, OSError, UnicodeError) as error:
            status, detail, wait = None, _words(error), 0
        took = round((time.monotonic() - started) * SECOND)
        return Answer(status, took, detail[:_SHOWN], wait)

    async def _post(self, post: Post) -> tuple[int, str, Micros]:
        target = read_url(post.url)
        addresses = await self._addresses(target)
        transport = httpx2.AsyncHTTPTransport(verify=self._trust, trust_env=False, retries=0)
        async with httpx2.AsyncClient(
            transport=transport,
            timeout=httpx2.Timeout(self.timeout, connect=_CONNECT),
            follow_redirects=False,
            trust_env=False,
        ) as client:
            for address in addresses[:-1]:
                try:
                    return await _exchange(client, post, target, address)
                except (httpx2.ConnectError, httpx2.ConnectTimeout):
                    # Nothing was said yet: the name's next address is as good.
                    continue
            return await _exchange(client, post, target, addresses[-1])

    async def _addresses(self, target: Target) -> list[str]:
        own = target.address
        found = [own] if own else await self.resolve(target.host, target.port)
        if not found:
            raise Refused(f"{target.host} has no address")
        for address in found:
            if reason := refusal(address, target.scheme, self.reach):
                raise Refused(f"{target.host} is not called: {reason}")
        return found

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return self.tls or ssl.create_default_context()


async def resolved(host: str, port: int) -> list[str]:
    """The addresses of a name, each once, in the system's order.

    In a thread of its own: a name that nobody answers for must hold up neither another name nor the end.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def settle(found: list[str], fault: Exception | None) -> None:
        if answer.done():
            return
        if fault is None:
            answer.set_result(found)
        else:
            answer.set_exception(fault)

    def look_up() -> None:
        fault: Exception | None = None
        found: list[str] = []
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found = list(dict.fromkeys(str(one[4][0]) for one in infos))
        except (OSError, UnicodeError) as error:
            fault = error
        with suppress(RuntimeError):
            # The loop is closed when nobody waits any more.
            loop.call_soon_threadsafe(settle, found, fault)

    threading.Thread(target=look_up, name=f"look up {host}", daemon=True).start()
    return await answer


async def _exchange(
    client: httpx2.AsyncClient, post: Post, target: Target, address: str
) -> tuple[int, str, Micros]:
    host = f"[{address}]" if ":" in address else address
    request = client.build_request(
        "POST",
        f"{target.scheme}://{host}:{target.port}{target.path}",
        content=post.body,
        headers={"Host": target.authority, **headers(post)},
        extensions={"sni_hostname": target.host},
    )
    response = await client.send(request, stream=True)
    try:
        if response.is_success:
            # It was taken, however long its answer goes on; read a little, so that a receiver is not cut off.
            with suppress(TimeoutError, httpx2.HTTPError):
                async with asyncio.timeout(_POLITE):
                    await _beginning(response)
            return response.status_code, "", 0
        body = await _beginning(response)
    finally:
        await response.aclose()
    return (
        response.status_code,
        _told(response, body),
        _retry_after(response.headers.get("Retry-After", ""), post.at),
    )


async def _beginning(response: httpx2.Response) -> bytes:
    taken = bytearray()
    async for piece in response.aiter_raw():
        taken += piece
        if len(taken) >= _READ:
            break
    return bytes(taken[:_READ])


def _told(response: httpx2.Response, body: bytes) -> str:
    if 300 <= response.status_code < 400:
        return "redirects are not followed"
    return " ".join(body.decode("utf-8", "replace").split())


def _retry_after(given: str, now: Micros) -> Micros:
    """Seconds or a date (RFC 9110 section 10.2.3), as a length of time; 0 for what is neither."""
    text = given.strip()
    if text.isascii() and text.isdecimal():
        return int(text[:9]) * SECOND
    try:
        moment = parsedate_to_datetime(text)
        at = from_datetime(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        # No date, or one in a year that no calendar has.
        return 0
    return max(at - now, 0)


def _words(error: Exception) -> str:
    """What went wrong, in the library's words where it has some."""
    return str(error) or type(error).__name__
