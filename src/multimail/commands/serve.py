"""`multimail serve`: the resident in the foreground, which tells the person who started it what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import multimail
from multimail.commands import hosting, residents, sign_in
from multimail.commands.terminal import is_shown, say, us
from multimail.config import Settings
from multimail.services import first_start

if TYPE_CHECKING:
    from multimail.wiring.system import Running


def serve(settings: Settings) -> None:
    """Serve until told to stop. A resident that a door started makes room; one of a person's does not."""
    residents.make_room(settings.folder)

    async def greet(place: Running) -> None:
        await _greet(settings, place)

    hosting.host(settings, hosting.PERSON, greet)


async def _greet(settings: Settings, place: Running) -> None:
    say(f"MultiMail {multimail.__version__} is running.\n")
    for name, value in _places(settings, place):
        say(f"  {name:<9}{value}")
    say()
    await _operator(place)
    say("Next:")
    for what, how in _next_steps(place):
        say(f"  {what:<26}{how}")
    say("\nCtrl-C stops it.")


def _places(settings: Settings, place: Running) -> list[tuple[str, str]]:
    return [
        ("Review", f"{place.base_url}/"),
        ("MCP", f"{place.base_url}/mcp (older clients: {place.base_url}/sse)"),
        ("REST", f"{place.base_url}/v1 (reference: {place.base_url}/docs)"),
        ("SMTP", f"{settings.smtp_host}:{place.smtp_port}"),
        ("Mailbox", first_start.READY_MAILBOX),
        ("Data", str(settings.folder)),
        ("Sending", _sending(place)),
    ]


def _sending(place: Running) -> str:
    if place.transport.name == "capture":
        return "off: mail to others is kept here, nothing leaves this machine (MULTIMAIL_RELAY turns it on)"
    return "on: mail that may leave goes to the relay"


async def _operator(place: Running) -> None:
    """A way in for the person at the terminal: the operator's key when there is none yet, and a link.

    Neither is shown where it would be kept. The link lets its holder look; approving asks for key, passphrase or
    passkey all the same.
    """
    services = place.services
    now = services.clock.now()
    if services.store.instant(lambda tx: first_start.has_operator(tx, now)):
        await _link(place)
        return
    if not is_shown():
        say(f"Nobody can approve mail yet. Take the operator's key, in a terminal: {us()} keys first\n")
        return
    who, key = await services.store.write(lambda tx: first_start.first_operator(tx, services.ids, now))
    link = await sign_in.link(services, place.base_url, who)
    say(
        "Your operator key. It approves mail and changes rules; it is shown this once, and never to an agent:"
    )
    say(f"\n  {key}\n")
    say(f"Or, within five minutes, open {link}\n")


async def _link(place: Running) -> None:
    services, now = place.services, place.services.clock.now()
    who = services.store.instant(lambda tx: first_start.operator_person(tx, now))
    if who is not None and is_shown():
        link = await sign_in.link(services, place.base_url, who)
        say(f"To sign in, once and within five minutes, open {link}\n")


def _next_steps(place: Running) -> list[tuple[str, str]]:
    program = us()
    return [
        ("connect Claude Desktop", f"{program} install claude-desktop"),
        ("connect Claude Code", f"{program} install claude-code"),
        ("see a whole conversation", f"{program} demo"),
        ("send a mail in", f"any SMTP client, to {first_start.READY_MAILBOX} on port {place.smtp_port}"),
        ("review in your browser", f"{program} sign-in"),
        ("review in the terminal", f"{program} review"),
        ("check this installation", f"{program} doctor"),
    ]
