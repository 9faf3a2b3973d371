"""`multimail doctor`: what is right and wrong with this installation, found out by trying and changing nothing."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import multimail
from multimail import config
from multimail.adapters.store.integrity import faults
from multimail.commands import install, lock, ports
from multimail.commands.terminal import say, us
from multimail.config import Settings
from multimail.core.errors import Problem
from multimail.surfaces.cli.render import one_line
from multimail.wiring import folder
from multimail.wiring.way_out import transport

_ENOUGH_BYTES: Final = 500 * 1024 * 1024
_PATIENCE: Final = 5.0


class Level(StrEnum):
    """How bad it is. Only faults make the exit code 1."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, and what to do about it."""

    about: str
    level: Level
    what: str
    advice: str = ""


def examine(settings: Settings) -> list[Finding]:
    """All findings, in the order a reader needs them."""
    return [finding for look in LOOKS for finding in look(settings)]


def report(findings: list[Finding], *, as_json: bool) -> int:
    """Print them; the exit code."""
    if as_json:
        say(
            json.dumps(
                {"version": multimail.__version__, "findings": [asdict(one) for one in findings]}, indent=2
            )
        )
    else:
        for one in findings:
            say(f"{one.level:<8} {one.about:<14} {one_line(one.what)}")
            if one.advice and one.level is not Level.OK:
                say(f"{'':<24}{one_line(one.advice)}")
    return 1 if any(one.level is Level.FAULT for one in findings) else 0


def _environment(settings: Settings) -> Iterator[Finding]:
    for name, near in config.misspelt().items():
        hint = f"Did you mean {near}?" if near else "No setting has a name like it."
        yield Finding("environment", Level.WARNING, f"{name} is no setting.", hint)


def _data(settings: Settings) -> Iterator[Finding]:
    place = settings.folder
    if not place.exists():
        yield Finding("data folder", Level.NOTE, f"{place} does not exist yet.", "serve and mcp make it.")
        return
    lax = [path for path in (place, *place.iterdir()) if folder.is_open_to_others(path)]
    if not os.access(place, os.W_OK):
        yield Finding(
            "data folder", Level.FAULT, f"{place} cannot be written.", "Make it yours again, with chown."
        )
    if lax:
        names = ", ".join(path.name for path in lax[:5])
        yield Finding("data folder", Level.FAULT, f"Others may look into {names}.", f"chmod -R go= {place}")
    else:
        yield Finding("data folder", Level.OK, f"{place}, closed to others")
    free = shutil.disk_usage(place).free
    if free < _ENOUGH_BYTES:
        yield Finding(
            "disk", Level.WARNING, f"{free // 2**20} MiB are free.", "Mail is refused when the disk is full."
        )


def _database(settings: Settings) -> Iterator[Finding]:
    path = settings.folder / folder.DATABASE
    if not path.exists():
        return
    found = faults(path)
    if found:
        advice = "Keep a copy of the data folder, then restore your last good one."
        yield Finding("database", Level.FAULT, "; ".join(found), advice)
    else:
        yield Finding("database", Level.OK, f"whole, {path.stat().st_size / 2**20:.1f} MiB")


def _resident(settings: Settings) -> Iterator[Finding]:
    resident = lock.find(settings.folder)
    if resident is None:
        yield from _nobody(settings)
        return
    version = resident.version
    if version != multimail.__version__:
        what = f"Process {resident.pid} is version {version}; this is {multimail.__version__}."
        yield Finding(
            "resident", Level.WARNING, what, f"{us()} stop ends it; the next start is this version."
        )
    else:
        yield Finding("resident", Level.OK, f"process {resident.pid}, started by a {resident.started_by}")
    yield _http(resident.http_port)
    yield _smtp(resident.smtp_port)


def _nobody(settings: Settings) -> Iterator[Finding]:
    if lock.is_held(settings.folder):
        yield Finding(
            "resident",
            Level.WARNING,
            "A process holds the data folder and does not say where it is.",
            "Wait.",
        )
        return
    advice = f"{us()} serve starts one; a host's door does so by itself."
    yield Finding("resident", Level.NOTE, "None runs: nothing is sent or received now.", advice)
    for port, setting in ((settings.http_port, "http_port"), (settings.smtp_port, "smtp_port")):
        who = ports.holder(port) if port else ""
        if who:
            advice = f"Stop it, or set {config.variable(setting)}."
            yield Finding("ports", Level.FAULT, f"{port} is in use by {who}.", advice)
        else:
            yield Finding("ports", Level.OK, f"{port} is free" if port else "a free port will be taken")


def _http(port: int) -> Finding:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=_PATIENCE) as answer:
            answer.read()
    except (OSError, urllib.error.URLError) as error:
        return Finding(
            "http", Level.FAULT, f"Port {port} does not answer: {error}.", "Look into the resident's log."
        )
    return Finding("http", Level.OK, f"port {port} answers")


def _smtp(port: int) -> Finding:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE) as connection:
            greeting = connection.recv(512)
            connection.sendall(b"QUIT\r\n")
    except OSError as error:
        return Finding(
            "smtp", Level.FAULT, f"Port {port} does not answer: {error}.", "Look into the resident's log."
        )
    if not greeting.startswith(b"220"):
        return Finding(
            "smtp", Level.FAULT, f"Port {port} does not speak SMTP.", "Look into the resident's log."
        )
    return Finding("smtp", Level.OK, f"port {port} answers")


def _relay(settings: Settings) -> Iterator[Finding]:
    try:
        way_out = transport(settings)
    except Problem as problem:
        yield Finding("relay", Level.FAULT, problem.message, problem.advice)
        return
    if way_out.name == "capture":
        yield Finding("relay", Level.OK, "none: mail to others is kept here")
        return

    async def probe() -> str:
        try:
            return await way_out.probe()
        finally:
            await way_out.close()

    trouble = asyncio.run(probe())
    if trouble:
        yield Finding(
            "relay", Level.FAULT, trouble, "Mail waits and is tried again until the relay takes it."
        )
    else:
        yield Finding("relay", Level.OK, "takes our connection, encrypted and signed in as configured")


def _hosts(settings: Settings) -> Iterator[Finding]:
    for host, name in install.HOSTS.items():
        path = install.path_of(host)
        if not path.exists():
            continue
        try:
            found = install.read(path).get(install.SERVERS, {}).get(install.SERVER)
        except Problem as problem:
            yield Finding(host, Level.FAULT, problem.message)
            continue
        yield _host(host, name, found, settings)


def _host(host: str, name: str, found: object, settings: Settings) -> Finding:
    again = f"{us()} install {host} writes it anew."
    if not isinstance(found, dict):
        return Finding(
            host, Level.NOTE, f"{name} has no entry for MultiMail.", f"{us()} install {host} makes one."
        )
    command = str(found.get("command", ""))
    if not (Path(command).is_absolute() and os.access(command, os.X_OK)):
        return Finding(
            host, Level.FAULT, f"{name} would start {command or 'nothing'}, which is not there.", again
        )
    there = (found.get("env") or {}).get("MULTIMAIL_DATA") or config.default_data()
    if Path(there).expanduser().resolve() != settings.folder:
        return Finding(host, Level.WARNING, f"{name} opens another data folder: {there}.", again)
    return Finding(host, Level.OK, f"{name} starts {command}")


def _boundary(settings: Settings) -> Iterator[Finding]:
    yield Finding(
        "boundary",
        Level.WARNING,
        "An agent that has a shell as your own user can read and change the data folder.",
        "Run such an agent as another user or in a container, and give it a key over HTTP.",
    )


LOOKS: Final[tuple[Callable[[Settings], Iterator[Finding]], ...]] = (
    _environment, _data, _database, _resident, _relay, _hosts, _boundary,
)  # fmt: skip
