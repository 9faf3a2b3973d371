"""The resident: everything that runs on an account, from bound ports to the last commit."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from multimail.config import Settings
from multimail.core.errors import Problem
from multimail.core.reach import Reach
from multimail.services.context import Services
from multimail.services.inbound import Inbound
from multimail.surfaces.http import openapi, rest
from multimail.surfaces.http.endpoint import Api
from multimail.surfaces.http.guard import Names, names
from multimail.surfaces.http.rates import Rates
from multimail.surfaces.smtp.crew import POSSIBLE, Crew, CrewSettings
from multimail.surfaces.smtp.receiver import ReceiverSettings
from multimail.surfaces.smtp.server import SmtpServer
from multimail.surfaces.web import pages
from multimail.wiring.account import opened
from multimail.wiring.app import application
from multimail.wiring.doors import LateDoors
from multimail.wiring.folder import seal_key
from multimail.wiring.listening import HttpServer, bind
from multimail.wiring.plugs import Plugs
from multimail.wiring.way_out import Posting, transport
from multimail.wiring.work import Work

if TYPE_CHECKING:
    import socket

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from multimail.ports.passkeys import Authenticator
    from multimail.ports.transport import Transport

_GRACE: Final = 1.0
"""Seconds that requests and mails under way may hold up the end; with the rest the process ends within three."""
_HAND_OVER_GRACE: Final = 5.0
"""Seconds for the relay to answer for what it was given: without its answer nobody knows whether it has the mail."""
_REPORT_CUTS: Final = ("uvicorn.error", "mcp.shared.jsonrpc_dispatcher", "mcp.server.streamable_http")
"""Loggers that tell of requests which are cut off at the end; that is what the end is, and no news."""
_RECEIVING: Final = (sys.executable, "-P", "-m", "multimail.commands.receiving")
"""How a process is started that receives mail beside this one."""


@dataclass(frozen=True, slots=True)
class Running:
    """A resident that answers on its ports."""

    services: Services
    transport: Transport
    smtp_port: int
    http_port: int
    base_url: str


@asynccontextmanager
async def running(
    settings: Settings, *, free_ports: bool, plugs: Plugs | None = None
) -> AsyncIterator[Running]:
    """Everything runs when this is entered; when it is left, everything is written and closed.

    `free_ports` takes other ports where the settings' own are busy, instead of raising `port_busy`. Whoever
    calls holds the resident's lock: there is one of these for each account.
    """
    async with AsyncExitStack() as stack:
        ending = stack.enter_context(_silent_end())
        plugs = plugs or Plugs()
        way_out = plugs.transport or transport(settings)
        stack.push_async_callback(way_out.close)
        services = await stack.enter_async_context(opened(settings, plugs))
        listener = listening(settings, free_ports=free_ports)
        stack.callback(listener.close)
        http_port = int(listener.getsockname()[1])
        place = Running(services, way_out, settings.smtp_port, http_port, base_url(settings, http_port))
        # Known before the first mail: with a relay, mail for nobody here is refused.
        await _publish(place, settings)
        mcp = LateDoors(services, settings.ask_seconds, (seal_key(settings.folder),))
        await stack.enter_async_context(mcp)
        api = Api(services, place.base_url, Rates(settings.rate_per_minute))
        allowed = names(http_port, settings.public_url)
        http = HttpServer(_application(api, allowed, mcp), listener, _GRACE)
        smtp = await receiving(services, settings, free_ports=free_ports)
        place = replace(place, smtp_port=smtp.port)
        await _publish(place, settings)
        work = (plugs.work or Work)(services, way_out, plugs.hooks or Posting(reach(settings)))
        await work.start()
        await http.start()
        try:
            yield place
        finally:
            ending.set()
            api.ending.set()
            # Together: neither waits for the other's grace.
            await asyncio.gather(http.stop(), smtp.stop(_GRACE / 2), work.stop(_HAND_OVER_GRACE))


def _application(api: Api, allowed: Names, mcp: BaseRoute) -> ASGIApp:
    """Every route there is, with who gets to them."""
    describe = partial(openapi.document, api.base_url)
    routes = [mcp, *rest.routes(api), *pages.routes(api.services, describe, _authenticator, api.ending)]
    return application(api.services, allowed, routes, pages.is_page, api.base_url)


def _authenticator() -> Authenticator:
    from multimail.adapters.passkeys import WebAuthn  # noqa: PLC0415 - 70 ms that few servers ever need

    return WebAuthn()


@contextmanager
def _silent_end() -> Iterator[threading.Event]:
    """From the moment the event is set, what is cut off is not reported."""
    ending = threading.Event()

    def is_news(record: logging.LogRecord) -> bool:
        return not ending.is_set()

    loggers = [logging.getLogger(name) for name in _REPORT_CUTS]
    for logger in loggers:
        logger.addFilter(is_news)
    try:
        yield ending
    finally:
        for logger in loggers:
            logger.removeFilter(is_news)


def reach(settings: Settings) -> Reach:
    """Where webhooks may point: to this machine only while nobody else reaches this server."""
    host = settings.http_host
    here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    return Reach(loopback=here, private=settings.webhook_private_networks)


def base_url(settings: Settings, http_port: int) -> str:
    """What links to this server begin with, without a slash at the end."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = settings.http_host
    if host in {"0.0.0.0", "::", "localhost"}:  # noqa: S104 - seen from here, everywhere is this machine
        host = "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{http_port}"


def listening(settings: Settings, *, free_ports: bool) -> socket.socket:
    """The HTTP socket, bound."""
    try:
        return bind(settings.http_host, settings.http_port)
    except Problem as problem:
        if not free_ports or problem.code != "port_busy":
            raise
        return bind(settings.http_host, 0)


async def receiving(services: Services, settings: Settings, *, free_ports: bool) -> SmtpServer:
    """The SMTP receiver, listening. Credentials that mean nothing are taken on loopback only."""
    known = ReceiverSettings(
        host=settings.smtp_host,
        port=settings.smtp_port,
        hostname=settings.hostname,
        size_limit=settings.max_message_bytes,
        recipients_limit=settings.max_recipients,
        any_auth=ipaddress.ip_address(settings.smtp_host).is_loopback,
    )
    intake = Inbound(services)
    crew = Crew(intake, CrewSettings(settings.smtp_processes if POSSIBLE else 0, _RECEIVING), known)
    server = SmtpServer(intake, known, crew)
    try:
        await server.start()
    except Problem as problem:
        if not free_ports or problem.code != "port_busy":
            raise
        server = SmtpServer(intake, replace(known, port=0), crew)
        await server.start()
    return server


async def _publish(place: Running, settings: Settings) -> None:
    """Tell the services where this server is, for the links in their answers and in mail, and where it posts to."""
    hooks = reach(settings)
    # A mail is read elsewhere: a link in it leads to where everybody gets, or to this machine for trying it out.
    public = bool(settings.public_url) or hooks.loopback
    known = {
        "base_url": place.base_url,
        "links": f"{place.base_url}/u/" if public else "",
        "transport": place.transport.name,
        "smtp_port": place.smtp_port,
        "http_port": place.http_port,
        "webhooks": {"loopback": hooks.loopback, "private": hooks.private},
    }
    await place.services.store.write(lambda tx: tx.settings.set("server", known))
