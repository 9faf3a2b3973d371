"""Webhooks of the kit: kept, answered for hosts that do not exist, and posted for those that do."""

from __future__ import annotations

import json

import pytest

from multimail.core.times import SECOND
from multimail.ports.webhooks import Answer, Post
from multimail.testing.hooks import Hooks
from multimail.testing.stepped import SteppedClock
from multimail.testing.switches import Switch, Switchboard

pytestmark = pytest.mark.anyio


class Network:
    def __init__(self) -> None:
        self.posts: list[Post] = []

    async def post(self, post: Post) -> Answer:
        self.posts.append(post)
        return Answer(503, 5)


def post(url: str) -> Post:
    return Post(url, json.dumps({"mailbox": "a@here.test"}).encode(), "message.sent", "evt", "dlv", ("s",), 0)


@pytest.mark.parametrize(
    ("url", "status", "posted"), [("https://hooks.outside.test/x", 200, 0), ("http://127.0.0.1:9/x", 503, 1)]
)
async def test_names_that_exist_nowhere_are_answered_here(url: str, status: int, posted: int) -> None:
    network = Network()
    hooks = Hooks(network, Switchboard(lambda: None), SteppedClock(SECOND, lambda: None))

    answer = await hooks.post(post(url))

    assert (answer.status, len(network.posts)) == (status, posted)
    assert [(one.url, one.event, one.status, one.at.second) for one in hooks.posts] == [
        (url, "message.sent", status, 1)
    ]


async def test_what_is_lost_never_gets_there() -> None:
    network, board = Network(), Switchboard(lambda: None)
    hooks = Hooks(network, board, SteppedClock(SECOND, lambda: None))
    board.add(Switch("hook_lost", mailbox="a@here.test", url="http://127.*"))

    answer = await hooks.post(post("http://127.0.0.1:9/x"))

    assert (answer.status, answer.accepted, network.posts) == (None, False, [])
