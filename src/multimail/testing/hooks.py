"""Webhooks of the server under test: really posted, unless a fault loses or delays them; all of them are kept.

Hosts whose names end in `.test` exist nowhere (RFC 6761): what is for them is kept and answered 200, so a test that
only wants to know what was told needs no receiver.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from multimail.core.times import Micros
from multimail.ports.webhooks import Answer, HookSender, Post
from multimail.testing.moments import shown
from multimail.testing.switches import Switch, Switchboard

if TYPE_CHECKING:
    from multimail.testing.stepped import SteppedClock


@dataclass(frozen=True, slots=True)
class Posted:
    """One try to tell a receiver something, and what came of it: no `status` is no answer."""

    url: str
    event: str
    payload: dict[str, Any]
    posted_at: Micros
    status: int | None

    @property
    def at(self) -> datetime:
        """When it got there, by the server's clock, in UTC."""
        return shown(self.posted_at)


class Hooks:
    """See `ports.webhooks.HookSender`; `through` is the one that posts over the network."""

    def __init__(self, through: HookSender, board: Switchboard, clock: SteppedClock) -> None:
        self.posts: list[Posted] = []
        self._through = through
        self._board = board
        self._clock = clock

    async def post(self, post: Post) -> Answer:
        payload: dict[str, Any] = json.loads(post.body)
        mailbox = str(payload.get("mailbox") or "")
        meets = partial(_meets, url=post.url, mailbox=mailbox)
        delay = self._board.take("hook_delayed", meets)
        if delay is not None:
            await self._clock.sleep(delay.seconds)
        answer = await self._answer(post, is_lost=self._board.take("hook_lost", meets) is not None)
        self.posts.append(Posted(post.url, post.event, payload, self._clock.now(), answer.status))
        return answer

    async def _answer(self, post: Post, *, is_lost: bool) -> Answer:
        if is_lost:
            return Answer(None, 0, "the connection was lost")
        if (urlsplit(post.url).hostname or "").endswith(".test"):
            return Answer(200, 0)
        return await self._through.post(post)


def _meets(switch: Switch, url: str, mailbox: str) -> bool:
    return (not switch.url or fnmatchcase(url, switch.url)) and switch.meets(mailbox)
