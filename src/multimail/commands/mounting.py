"""The operations as commands of this program: opened on the data folder, with a resident for what they set off.

Showing what a command takes needs its row only; what carries it out is imported once it runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from multimail.commands.given import settings_of
from multimail.contract.operation import Effect, Operation
from multimail.surfaces.cli.names import by_name
from multimail.surfaces.cli.operations import command

if TYPE_CHECKING:
    import click

    from multimail.surfaces.cli.session import Session


def operation_command(name: str, shown_as: str = "") -> click.Command | None:
    """The command of an operation, by its short or its own name."""
    row = by_name().get(name)
    return command(row, connect, shown_as or name) if row is not None else None


@contextmanager
def connect(context: click.Context, row: Operation) -> Iterator[Session]:
    """See `surfaces.cli.session.Connect`. What was sent needs a resident to leave, so that one is started."""
    from multimail.commands import identity, residents

    settings = settings_of(context)
    with identity.session(settings, row.scope) as session:
        yield session
    if row.effect is Effect.SEND and settings.start_resident:
        residents.ensure(settings.folder)
