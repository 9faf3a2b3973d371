"""The command line as a whole: which commands there are, what all of them take, how they fail.

A command imports what it needs when it is run, so that none waits for what only another one uses.
"""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path
from typing import Any, Final

import click

import multimail
from multimail.commands.given import settings_of
from multimail.commands.terminal import fail
from multimail.core.errors import Problem

_CONTACTS: Final = "contacts"
_KEYS: Final = "keys"


class Program(click.Group):
    """Commands of our own, then the operations. Problems become a sentence and an exit code, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Problem as problem:
            fail(problem, as_json=bool((ctx.obj or {}).get("json")))
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception:  # noqa: BLE001 - whatever it is, it has its exit code
            traceback.print_exc()
            fail(Problem("internal", "An unexpected fault; above is where it happened."))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        if cmd_name == _CONTACTS:
            from multimail.commands import contacts

            return contacts.command()
        if cmd_name == _KEYS:
            from multimail.commands import keys

            return keys.keys
        from multimail.commands import mounting

        return mounting.operation_command(cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), _KEYS, *_operations()]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The server's commands and the mailbox's, apart."""
        names = [*super().list_commands(ctx), _KEYS]
        commands = ((name, self.get_command(ctx, name)) for name in names)
        server = [(name, one.get_short_help_str(80)) for name, one in commands if one and not one.hidden]
        for title, rows in (("The server", server), ("The mailbox", list(_operations().items()))):
            with formatter.section(title):
                formatter.write_dl(rows)


def _operations() -> dict[str, str]:
    """Operations as commands of the program itself, with their titles; those on keys have a group of their own."""
    from multimail.commands.keys import OPERATIONS
    from multimail.surfaces.cli.names import by_name, command_name

    return {command_name(row): row.title for row in by_name().values() if row.name not in OPERATIONS.values()}


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(multimail.__version__, message="%(version)s")
@click.option("--data", type=click.Path(path_type=Path), help="The data folder (MULTIMAIL_DATA).")
@click.option("--key-file", type=click.Path(path_type=Path), help="A file with the key to act with.")
@click.pass_context
def program(context: click.Context, data: Path | None, key_file: Path | None) -> None:
    """The mail server an AI agent can be trusted with."""
    context.obj = {"data": data, "key_file": key_file}


@program.command()
@click.pass_context
def serve(context: click.Context) -> None:
    """Run the server: SMTP, MCP and pages, until it is stopped."""
    from multimail.commands import serve as command

    command.serve(settings_of(context))


@program.command(hidden=True)
@click.pass_context
def resident(context: click.Context) -> None:
    """Run as doors start it: on free ports, without a terminal."""
    from multimail.commands import hosting, residents

    async def greet(place: object) -> None:
        """Nobody looks."""

    try:
        hosting.host(settings_of(context), hosting.DOOR, greet)
    except Problem as problem:
        if problem.code != "already_exists":
            raise
        sys.exit(residents.HELD_BY_ANOTHER)


@program.command()
@click.pass_context
def stop(context: click.Context) -> None:
    """Stop the server that runs on the data folder, whoever started it."""
    from multimail.commands import residents
    from multimail.commands.terminal import say

    say("Stopped." if residents.stop(settings_of(context).folder) else "Nothing runs.")


@program.command()
@click.pass_context
def mcp(context: click.Context) -> None:
    """Serve an MCP client on standard input and output, as its host starts it."""
    from multimail.commands import door

    options = ((name, context.obj[name]) for name in ("data", "key_file"))
    arguments = [f"--{name.replace('_', '-')}={value}" for name, value in options if value is not None]
    sys.exit(door.main(arguments))


@program.command("sign-in")
@click.pass_context
def sign_in(context: click.Context) -> None:
    """Show a link that signs your browser in, once and within five minutes."""
    from multimail.commands import sign_in as command

    command.show(settings_of(context))


@program.command()
@click.pass_context
def review(context: click.Context) -> None:
    """Decide on what waits, in the terminal, with your key or passphrase."""
    from multimail.commands import identity, residents, terminal
    from multimail.core.model import Scope
    from multimail.surfaces.cli.review import review as review_with

    if not (terminal.can_ask() and terminal.is_shown()):
        raise Problem(
            "confirmation_required",
            "A review needs a person at a terminal.",
            advice="Programs decide with decide and a key of their own.",
        )
    settings = settings_of(context)
    with identity.session(settings, Scope.OVERSIGHT) as session:
        decided = review_with(session)
    if decided and settings.start_resident:
        residents.ensure(settings.folder)


@program.command()
def demo() -> None:
    """Play a whole conversation over SMTP on an account of its own: a mail comes, a reply is held, you see it leave."""
    from multimail.commands import demo as command

    command.play()


@program.command()
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@click.pass_context
def doctor(context: click.Context, *, as_json: bool) -> None:
    """Say what is right and wrong with this installation; exit code 1 on faults."""
    from multimail.commands import doctor as command

    sys.exit(command.report(command.examine(settings_of(context)), as_json=as_json))


@program.command()
@click.argument("host", type=click.Choice(["claude-desktop", "claude-code"]))
@click.option("--print", "only_print", is_flag=True, help="Show the entry and change nothing.")
@click.option(
    "--config", "path", type=click.Path(path_type=Path), help="The host's file, if it is elsewhere."
)
@click.pass_context
def install(context: click.Context, host: str, path: Path | None, *, only_print: bool) -> None:
    """Put MultiMail into a host's configuration; other servers there are not touched."""
    from multimail.commands import install as command
    from multimail.commands.terminal import say

    entry = command.entry(settings_of(context))
    if only_print:
        say(json.dumps({command.SERVERS: {command.SERVER: entry}}, indent=2))
        return
    written = command.write(path or command.path_of(host), entry)
    if not written.changed:
        say(f"Nothing to do: {written.path} has this entry.")
        return
    say(f"Written: {written.path}")
    if written.backup is not None:
        say(f"As it was before: {written.backup}")
    say(f"Start {command.HOSTS[host]} again; it then has your mailbox.")


@program.command()
def failpoints() -> None:
    """List the places where a crash can be tried: MULTIMAIL_FAILPOINT=NAME:COUNT."""
    from multimail.commands.terminal import say
    from multimail.core.failpoints import FAILPOINTS

    for name, meaning in FAILPOINTS.items():
        say(f"{name:<24} {meaning}")


@program.command()
def modes() -> None:
    """Print what becomes of mail, by operation and oversight mode."""
    from multimail.commands.terminal import say
    from multimail.services import mode_table

    say(mode_table.text().rstrip("\n"))


@program.command()
@click.option("--save", type=click.Path(path_type=Path), help="A folder to save the mails to, as they came.")
@click.pass_context
def aside(context: click.Context, save: Path | None) -> None:
    """List mail that came in and could not be filed; it is kept for a person."""
    from multimail.commands import aside as command

    command.show(settings_of(context), save)


@program.command()
@click.option("--to", type=click.Path(path_type=Path), help="The folder (backups in the data folder).")
@click.option("--keep", type=click.IntRange(min=1), default=7, show_default=True, help="Backups kept there.")
@click.pass_context
def backup(context: click.Context, to: Path | None, keep: int) -> None:
    """Copy the account while it is in use; the oldest copies are removed."""
    from multimail.commands import backup as command

    command.make(settings_of(context), to, keep)


@program.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--erasures", multiple=True, type=click.Path(path_type=Path), help="A list of erasures kept elsewhere."
)
@click.option("--discard", is_flag=True, help="Keep no copy of what is in the data folder now.")
@click.pass_context
def restore(context: click.Context, file: Path, erasures: tuple[Path, ...], *, discard: bool) -> None:
    """Put a backup in place of the account, without whoever was erased since; the server must not run."""
    from multimail.commands import backup as command

    command.restore(settings_of(context), command.Restoring(file, erasures, discard))
