"""The resident as a whole: ports, links, and which way mail goes out."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path
from smtplib import SMTP, SMTPRecipientsRefused
from typing import Any

import pytest

from multimail import config
from multimail.config import Settings
from multimail.core.errors import Problem
from multimail.core.reach import Reach
from multimail.services import dispatch
from multimail.services.context import Caller
from multimail.services.first_start import BUILT_IN_AGENT, READY_MAILBOX
from multimail.wiring import system
from multimail.wiring.system import reach, running

pytestmark = pytest.mark.anyio

UNASKED = """
import asyncio, pathlib, sys
from multimail import config
from multimail.wiring.system import running
async def main():
    async with running(config.load(data=pathlib.Path(sys.argv[1]), smtp_port=0, http_port=0), free_ports=False):
        print(*{name.partition(".")[0] for name in sys.modules})
asyncio.run(main())
"""
ON_DEMAND = {
    "mcp",
    "mcp_types",
    "httpx2",
    "aiosmtplib",
    "webauthn",
    "markdown_it",
    "vobject",
    "flufl",
    "standardwebhooks",
}


def settings(tmp_path: Path, **more: Any) -> Settings:
    return config.load(**{"data": tmp_path / "data", "smtp_port": 0, "http_port": 0, **more})


def send(port: int, to: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ann@example.com", to, "Hello"
    mail.set_content("Anybody there?")
    with SMTP("127.0.0.1", port, timeout=10) as client:
        client.send_message(mail)


async def test_mail_that_smtp_took_is_found_at_once(tmp_path: Path) -> None:
    async with running(settings(tmp_path), free_ports=False) as place:
        await asyncio.to_thread(send, place.smtp_port, READY_MAILBOX)

        view = await dispatch.call(
            place.services, Caller(BUILT_IN_AGENT, "cli"), "check_inbox", {"query": "Hello"}
        )

    assert view.model_dump()["count"] == 1


def test_a_resident_loads_nothing_for_what_nobody_asked_of_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", UNASKED, str(tmp_path / "data")],
        check=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    loaded = set(done.stdout.split())
    assert "multimail" in loaded
    assert not loaded & ON_DEMAND


async def test_mail_for_nobody_is_kept_without_a_relay_and_refused_with_one(tmp_path: Path) -> None:
    async with running(settings(tmp_path), free_ports=False) as place:
        await asyncio.to_thread(send, place.smtp_port, "nobody@example.org")

    async with running(settings(tmp_path, relay="smtp+insecure://127.0.0.1:9"), free_ports=False) as place:
        with pytest.raises(SMTPRecipientsRefused, match=r"5\.1\.1"):
            await asyncio.to_thread(send, place.smtp_port, "nobody2@example.org")


async def test_services_know_where_the_server_is(tmp_path: Path) -> None:
    async with running(settings(tmp_path), free_ports=False) as place:
        known = place.services.store.instant(lambda tx: tx.settings.get("server"))

        assert known == {
            "base_url": f"http://127.0.0.1:{place.http_port}",
            "links": f"http://127.0.0.1:{place.http_port}/u/",
            "transport": "capture",
            "smtp_port": place.smtp_port,
            "http_port": place.http_port,
            "webhooks": {"loopback": True, "private": False},
        }


@pytest.mark.parametrize(
    ("host", "public_url", "links"),
    [
        ("127.0.0.1", "https://mail.example.org/", "https://mail.example.org/u/"),
        ("0.0.0.0", "https://mail.example.org", "https://mail.example.org/u/"),
        ("0.0.0.0", "", ""),
    ],
)
async def test_links_in_mail_lead_to_where_everybody_gets_or_there_are_none(
    tmp_path: Path, host: str, public_url: str, links: str
) -> None:
    given = settings(tmp_path, http_host=host, public_url=public_url)
    async with running(given, free_ports=True) as place:
        known = place.services.store.instant(lambda tx: tx.settings.get("server"))

        assert known["links"] == links


@pytest.mark.parametrize(
    ("host", "private", "expected"),
    [
        ("127.0.0.1", False, Reach(loopback=True)),
        ("localhost", False, Reach(loopback=True)),
        ("::1", True, Reach(loopback=True, private=True)),
        ("0.0.0.0", False, Reach()),
    ],
)
def test_webhooks_point_to_this_machine_only_while_the_server_is_reached_from_nowhere_else(
    tmp_path: Path, host: str, private: bool, expected: Reach
) -> None:
    assert reach(settings(tmp_path, http_host=host, webhook_private_networks=private)) == expected


@pytest.mark.parametrize("name", ["smtp_port", "http_port"])
async def test_a_busy_port_is_an_error_unless_any_other_will_do(tmp_path: Path, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = settings(tmp_path, **{name: taken.getsockname()[1]})
        with pytest.raises(Problem) as caught:
            async with running(busy, free_ports=False):
                pytest.fail("it runs")
        async with running(busy, free_ports=True) as place:
            assert getattr(place, name) != getattr(busy, name)

    assert (caught.value.code, caught.value.field) == ("port_busy", name)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"public_url": "https://mail.example.com/"}, "https://mail.example.com"),
        ({"http_host": "0.0.0.0"}, "http://127.0.0.1:80"),
        ({"http_host": "::1"}, "http://[::1]:80"),
        ({}, "http://127.0.0.1:80"),
    ],
)
def test_links_begin_where_people_reach_the_server(
    tmp_path: Path, given: dict[str, str], expected: str
) -> None:
    assert system.base_url(settings(tmp_path, **given), 80) == expected
