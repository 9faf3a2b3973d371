"""The plugin in a stranger's project: nothing but the distribution is installed, and a test file asks for fixtures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.stranger import install
from tests.support.stranger import pytest as run

TESTS = """
import asyncio
from datetime import timedelta

import pytest


def test_mail_leaves_when_it_is_due(multimail_server, multimail_mailbox, multimail_clock):
    box = multimail_mailbox("support@example.test", mode="autonomous")
    at = multimail_clock.now + timedelta(hours=2)
    client = multimail_server.client()
    client.send_email(mailbox=box, to="ann@example.org", subject="Hi", body="Hello", scheduled_at=at.isoformat())
    assert multimail_server.sent == []
    multimail_clock.advance(hours=2)
    assert [mail.subject for mail in multimail_server.sent] == ["Hi"]


@pytest.mark.multimail(at="2026-03-02T09:00:00Z", flow=True)
def test_each_test_has_a_server_of_its_own(multimail_server):
    assert multimail_server.sent == []
    assert multimail_server.clock.now.year == 2026


@pytest.mark.parametrize("number", range(4))
def test_many_at_once(multimail_server, number):
    box = multimail_server.mailbox("a@example.test")
    multimail_server.receive(subject=str(number), body="x")
    rows = multimail_server.call("check_inbox", mailbox=box)["messages"]
    assert [row["subject"] for row in rows] == [str(number)]


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.mark.anyio
async def test_the_plugin_of_anyio_runs_it(multimail_async_server):
    mail = multimail_async_server
    box = await mail.mailbox("a@example.test", mode="autonomous")
    async with await mail.client() as client:
        await client.send_email(mailbox=box, to="ann@example.org", subject="Hi", body="Hello")
    assert [one.subject for one in await mail.wait_for()] == ["Hi"]
    await asyncio.sleep(0)


@pytest.mark.by_hand
async def test_another_plugin_runs_it(multimail_async_server):
    await multimail_async_server.mailbox("a@example.test")
    asyncio.get_running_loop()
"""
CONFTEST = """
import asyncio, inspect, pytest


def pytest_configure(config):
    config.addinivalue_line("markers", "by_hand: as pytest-asyncio does it")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    if pyfuncitem.get_closest_marker("by_hand"):
        names = inspect.signature(pyfuncitem.obj).parameters
        asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
        return True
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(tmp_path_factory.mktemp("installed"))


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_a_strangers_tests_run_with_nothing_but_the_plugin(
    installed: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    (tmp_path / "test_agent.py").write_text(TESTS)
    (tmp_path / "conftest.py").write_text(CONFTEST)

    said = run(installed, tmp_path, *options)

    assert " 8 passed" in said, said


def test_the_fixtures_are_listed_and_the_marker_is_explained(installed: Path, tmp_path: Path) -> None:
    assert "multimail_server" in run(installed, tmp_path, "--fixtures")
    assert "@pytest.mark.multimail(at=None, flow=False" in run(installed, tmp_path, "--markers")


def test_whoever_does_not_use_it_can_say_so(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "test_else.py").write_text("def test_nothing(): pass\n")

    assert "1 passed" in run(installed, tmp_path, "-p", "no:multimail")
