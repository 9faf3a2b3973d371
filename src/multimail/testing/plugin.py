"""The pytest plugin: a server for each test that asks for one, and nothing at all for every other test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from multimail.testing.asynchronous import AsyncServer
    from multimail.testing.clock import Clock
    from multimail.testing.serving import Mailbox, Server

_MARKER = "multimail(at=None, flow=False, **settings): how the server of this test begins, as multimail.testing.server"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture
def multimail_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A MultiMail server of this test's own, on a clock that stands still."""
    from multimail.testing.serving import server  # noqa: PLC0415 - loaded by the first test that needs it

    marker = request.node.get_closest_marker("multimail")
    chosen: dict[str, Any] = dict(marker.kwargs) if marker is not None else {}
    with server(**chosen) as mail:
        yield mail


@pytest.fixture
def multimail_mailbox(multimail_server: Server) -> Callable[..., Mailbox]:
    """Makes mailboxes on this test's server: `multimail_mailbox("support@example.test", mode="autonomous")`."""
    return multimail_server.mailbox


@pytest.fixture
def multimail_clock(multimail_server: Server) -> Clock:
    """The clock of this test's server."""
    return multimail_server.clock


@pytest.fixture
def multimail_async_server(multimail_server: Server) -> AsyncServer:
    """This test's server for an asynchronous test, whichever plugin runs it."""
    from multimail.testing.asynchronous import AsyncServer  # noqa: PLC0415 - as above

    return AsyncServer(multimail_server)
