"""`multimail keys`: the keys of an account, and how its first operator gets one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from multimail.commands.given import settings_of
from multimail.commands.mounting import operation_command
from multimail.commands.terminal import can_ask, say
from multimail.core.errors import Problem
from multimail.core.model import PrincipalKind, Scope
from multimail.surfaces.cli import secrets

if TYPE_CHECKING:
    from multimail.config import Settings
    from multimail.services.context import Services
    from multimail.surfaces.cli.session import Session

OPERATIONS: Final = {"create": "create_key", "list": "list_keys", "revoke": "revoke_key"}
_NEW_PATH: Final = click.Path(path_type=Path)


class Keys(click.Group):
    """Commands of our own, and the operations on keys."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in OPERATIONS:
            return operation_command(OPERATIONS[cmd_name], cmd_name)
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *OPERATIONS])


@click.group(cls=Keys)
def keys() -> None:
    """Who may do what: create, list and revoke keys."""


@keys.command()
@click.option("--write-to", type=_NEW_PATH, help="Put the key into this new file, not on the terminal.")
@click.option("--lost", is_flag=True, help="Make all operators' keys worthless and take a new one.")
@click.pass_context
def first(context: click.Context, write_to: Path | None, *, lost: bool) -> None:
    """Take the operator's key of a new account, in a terminal."""
    from multimail.commands import identity

    settings = settings_of(context)
    if not can_ask():
        # A key in a file of the agent's own making would be the agent's: somebody has to sit there.
        raise Problem(
            "confirmation_required",
            "The first operator's key is given to a person at a terminal.",
            advice="Run this command yourself, in a terminal.",
        )
    with secrets.kept_in(write_to), identity.session(settings, Scope.READ) as session:
        if lost:
            _confirm_loss(settings)
        key = _made(session, lost=lost)
        if write_to is not None:
            secrets.write(write_to, key)
    say(
        f"The key is in {write_to}."
        if write_to
        else f"{key}\n\nKeep it where no agent reads. It is not shown again."
    )


def _confirm_loss(settings: Settings) -> None:
    name = settings.folder.name
    click.echo(
        f"All keys that administer {settings.folder} stop working, and so do their sign-ins.", err=True
    )
    if click.prompt(f"Type {name} to go on", err=True) != name:
        raise Problem("confirmation_required", "Nothing was changed.")


def _made(session: Session, *, lost: bool) -> str:
    from multimail.services import first_start

    services = session.services
    make = first_start.replace_operators if lost else first_start.first_operator
    now = services.clock.now()
    return session.runner.run(services.store.write(lambda tx: make(tx, services.ids, now)))[1]


@keys.command()
@click.pass_context
def passphrase(context: click.Context) -> None:
    """Set your passphrase: it signs you in and decides on the command line, as your key does."""
    from multimail.commands import identity
    from multimail.services import passphrases

    if not can_ask():
        raise Problem("confirmation_required", "A passphrase is typed by a person at a terminal.")
    with identity.session(settings_of(context), Scope.OVERSIGHT) as session:
        who = session.principal_id
        _refuse_programs(session.services, who)
        text = click.prompt("New passphrase", hide_input=True, confirmation_prompt=True, err=True)
        stored = passphrases.hashed(text, os.urandom(16))
        write = session.services.store.write(lambda tx: tx.principals.set_passphrase_hash(who, stored))
        session.runner.run(write)
    say("Set.")


def _refuse_programs(services: Services, principal_id: str) -> None:
    found = services.store.instant(lambda tx: tx.principals.get(principal_id))
    if found is None or found.principal.kind is not PrincipalKind.PERSON:
        raise Problem("forbidden", "Only a person's key can have a passphrase.", field="kind")
