"""Who acts at the command line: whoever holds the key that was given, or else the built-in agent.

What an agent may not do needs a key or passphrase, which is asked for where a person can answer unseen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click

from multimail.commands import garbage
from multimail.commands.terminal import can_ask
from multimail.config import Settings
from multimail.core.errors import Problem
from multimail.core.model import ROLE_SCOPES, Role, Scope
from multimail.services import passphrases
from multimail.services.context import Services
from multimail.services.credentials import principal_of_key
from multimail.services.first_start import BUILT_IN_AGENT
from multimail.surfaces.cli.session import Session
from multimail.wiring.account import opened

_TRIES: Final = 3


@contextmanager
def session(settings: Settings, scope: Scope) -> Iterator[Session]:
    """The account, opened by somebody who may try what needs the scope."""
    garbage.look_seldom()
    with asyncio.Runner() as runner:
        account = opened(settings)
        services = runner.run(account.__aenter__())
        try:
            yield Session(runner, services, principal(services, settings.key_text(), scope))
        finally:
            runner.run(account.__aexit__(None, None, None))


def principal(services: Services, key: str, scope: Scope) -> str:
    """The id of who acts. Raises `unauthenticated` where a person would have to be asked and cannot be."""
    if key:
        return principal_of_key(services, key)
    if scope in ROLE_SCOPES[Role.AGENT]:
        return BUILT_IN_AGENT
    return ask(services)


def ask(services: Services) -> str:
    """The id of the person who proves to be somebody by a key or passphrase typed unseen."""
    if not can_ask():
        raise Problem(
            "unauthenticated",
            "This needs the key of a reviewer or operator.",
            advice="Give it by --key-file or MULTIMAIL_KEY_FILE, or run the command in a terminal to be asked.",
        )
    for _ in range(_TRIES):
        typed = click.prompt("Your key or passphrase", hide_input=True, err=True)
        found = recognised(services, typed.strip())
        if found is not None:
            return found
        click.echo("That is neither a valid key nor a passphrase.", err=True)
    raise Problem("unauthenticated", "No valid key or passphrase was given.")


def recognised(services: Services, typed: str) -> str | None:
    """Whose key or passphrase it is, if anybody's."""
    try:
        return principal_of_key(services, typed)
    except Problem:
        now = services.clock.now()
        holders = services.store.instant(lambda tx: passphrases.holders(tx, now))
    return next((who for who, stored in holders if passphrases.matches(typed, stored)), None)
