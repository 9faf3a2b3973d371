"""The pages for people, with 100,000 mails and 1,000 waiting drafts: the server's time, and what is transferred.

A page may take three times what `/health` takes plus 20 ms; the baseline of each line is that sum, measured in turn
with the page. What is transferred counts the page without mail content, and all it refers to.
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

import httpx2

from benchmarks import mailbox, servers
from benchmarks.plan import Plan
from benchmarks.table import Pair, Row
from multimail.config import Settings
from multimail.services import cautions_backlog, dispatch
from multimail.services.context import Caller, Services
from multimail.services.first_start import READY_MAILBOX, operator_person
from multimail.services.signing_in import make_link
from multimail.wiring.account import opened

DRAFTS: Final = 1_000
_EACH: Final = 50
"""A key may have so many held mails."""
_HEALTHS: Final = 3
_MORE_MS: Final = 20.0
_MOST_KB: Final = 150.0
_CALLS: Final = 30
_REFERRED: Final = re.compile(r'(?:src|href)="(/static/[^"]+)"')


@dataclass(frozen=True, slots=True)
class Waiting:
    """An account with drafts: a link that signs its operator in, and a draft and mail to look at."""

    link: str
    draft: str
    mail: str
    thread: str


def measure(plan: Plan) -> list[Row]:
    """A line for the time of each page, and one for what the largest brings."""
    times: dict[str, list[Pair]] = {}
    sizes: list[Pair] = []
    for _ in range(plan.size.runs):
        with plan.accounts(plan.size.messages) as [folder]:
            waiting = asyncio.run(_prepare(Settings(data=folder)))
            with (
                servers.resident(folder) as place,
                httpx2.Client(base_url=place.base_url, timeout=60) as person,
            ):
                _sign_in(person, place.base_url, waiting.link)
                for name, path in _paths(waiting).items():
                    times.setdefault(name, []).append(_time(person, path))
                sizes.append(Pair(max(_kilobytes(person, path) for path in _lists(waiting)), _MOST_KB))
    rows = [
        Row(f"page {name}: 3 x /health + 20 ms", "ms", pairs, at_most=1.0) for name, pairs in times.items()
    ]
    return [*rows, Row("the largest page with all it refers to: 150 KB", "KB", sizes, at_most=1.0)]


def _paths(waiting: Waiting) -> dict[str, str]:
    return {
        "review": "/review",
        "review by likeness": "/review?group=similarity",
        "one draft": f"/review/{waiting.draft}",
        "inbox": "/inbox",
        "search": "/inbox?q=invoice+thursday+OR+coffee",
        "conversation": f"/inbox/{waiting.thread}",
        "one mail": f"/mail/{waiting.mail}",
        "history": f"/history/{waiting.draft}",
        "figures": "/figures",
        "freeze": "/freeze",
        "audit": "/audit",
        "settings": "/settings",
        "mailboxes": "/settings/mailboxes",
        "keys": "/settings/keys",
    }


def _lists(waiting: Waiting) -> list[str]:
    """Pages whose size is their own: the others hold mail."""
    paths = _paths(waiting)
    return [paths[name] for name in ("review", "inbox", "search", "figures", "audit", "settings", "keys")]


def _time(person: httpx2.Client, path: str) -> Pair:
    pages: list[float] = []
    healths: list[float] = []
    for _ in range(_CALLS):
        healths.append(_took(person, "/health"))
        pages.append(_took(person, path))
    return Pair(median(pages), _HEALTHS * median(healths) + _MORE_MS)


def _took(person: httpx2.Client, path: str) -> float:
    """Milliseconds; anything but the page itself makes the run worthless."""
    began = time.perf_counter()
    answer = person.get(path)
    took = (time.perf_counter() - began) * 1_000
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return took


def _kilobytes(person: httpx2.Client, path: str) -> float:
    page = person.get(path)
    parts = [person.get(one).content for one in sorted(set(_REFERRED.findall(page.text)))]
    return (len(page.content) + sum(map(len, parts))) / 1_000


def _sign_in(person: httpx2.Client, base_url: str, link: str) -> None:
    answer = person.post("/sign-in", data={"token": link}, headers={"Origin": base_url})
    if answer.status_code != 303:
        raise RuntimeError(f"signing in answered {answer.status_code}")


async def _prepare(settings: Settings) -> Waiting:
    """Drafts of many keys that wait, among them likenesses, as a busy morning has them."""
    async with opened(settings) as services:
        now = services.clock.now()
        operator = services.store.instant(lambda tx: operator_person(tx, now))
        assert operator is not None
        made = [await _drafts(services, operator, first) for first in range(0, DRAFTS, _EACH)]
        while await cautions_backlog.step(services):
            pass
        newest: Any = await _call(services, operator, "check_inbox", limit=1)
        token = await services.store.write(lambda tx: make_link(tx, services.ids, operator, now))
        row = newest.messages[0]
        return Waiting(token, made[-1], row.message_id, row.thread_id)


async def _drafts(services: Services, operator: str, first: int) -> str:
    key: Any = await _call(services, operator, "create_key", name=f"writer {first}", role="agent")
    sent: Any = None
    for number in range(first, first + _EACH):
        sent = await _call(
            services,
            key.key_id,
            "send_email",
            mailbox=READY_MAILBOX,
            to=[f"person{number}@example.org"],
            subject=f"Your booking {number}" if number % 2 else mailbox.body(number, 40),
            body=f"Dear person {number},\n\nyour desk is ready." if number % 2 else mailbox.body(number, 600),
            tags=[f"tag{number % 7}"],
        )
    return str(sent.message_id)


async def _call(services: Services, who: str, operation: str, **arguments: Any) -> Any:
    return await dispatch.call(services, Caller(who, "cli"), operation, arguments)
