"""`multimail contacts`: files of contacts in and out, however many, with how far it is on standard error.

The word alone is the operation that searches contacts; followed by import or export it is one of these.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, BinaryIO, Final

import click

from multimail.commands import identity
from multimail.commands.given import settings_of
from multimail.commands.mounting import operation_command
from multimail.commands.terminal import say
from multimail.config import Settings
from multimail.contract.contact_files import FORMATS, OTHERS, SUFFIXES, ContactsImported
from multimail.core.errors import Problem
from multimail.core.model import Scope
from multimail.services import contact_export, contact_import
from multimail.services.context import Caller
from multimail.surfaces.cli.session import SURFACE

NAME: Final = "contacts"
_PIECE: Final = 256 * 1024
_FORMAT = click.option("--format", "form", type=click.Choice(FORMATS), help="By the file's name if left out.")


class Contacts(click.Command):
    """Searches contacts, unless the first word is one of ours."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if args and args[0] in files.commands:
            return files.make_context(info_name, args, parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


def command() -> click.Command:
    """The command `contacts`, as a whole."""
    search = operation_command(NAME)
    assert search is not None
    return Contacts(
        NAME, callback=search.callback, params=search.params, help=search.help, short_help=search.short_help,
        epilog=f"`{NAME} import FILE` and `{NAME} export [FILE]` read and write CSV, vCards and JSON lines.",
    )  # fmt: skip


@click.group("contacts")
def files() -> None:
    """Files of contacts."""


@files.command("import")
@click.argument("file", type=click.File("rb"))
@_FORMAT
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--start", type=click.IntRange(0), default=0, help="Begin at this line.")
@click.option(
    "--others", type=click.Choice(OTHERS), default=OTHERS[0], show_default=True,
    help="What becomes of columns that are no field of a contact.",
)  # fmt: skip
@click.pass_context
def import_(
    context: click.Context, file: BinaryIO, form: str | None, others: str, start: int, *, dry_run: bool
) -> None:
    """Make or update a contact of each row of a file; - reads standard input."""
    asked = contact_import.Asked(form or _form_of(file.name), others, dry_run, start, _tell)
    done = _imported(settings_of(context), file, asked)
    click.echo("", err=True)
    for one in done.first_skipped:
        click.echo(f"line {one.line}: {one.code}: {one.reason}", err=True)
    if done.skipped > len(done.first_skipped):
        click.echo(f"… and {done.skipped - len(done.first_skipped):,} more", err=True)
    would = "Would be: " if dry_run else ""
    say(
        f"{would}{done.created:,} made, {done.updated:,} changed, {done.unchanged:,} as they were,"
        f" {done.skipped:,} passed over."
    )
    if not done.complete:
        raise Problem("invalid", "A quote that is never closed hid the rest of the file.", field="file")


def _imported(settings: Settings, file: BinaryIO, asked: contact_import.Asked) -> ContactsImported:
    with identity.session(settings, Scope.ADMIN) as session:
        caller = Caller(session.principal_id, SURFACE)
        return session.runner.run(contact_import.run(session.services, caller, _pieces(file), asked))


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _tell(so_far: ContactsImported) -> None:
    made = f"{so_far.created:,} made, {so_far.updated:,} changed, {so_far.skipped:,} passed over"
    end = "\r" if sys.stderr.isatty() else "\n"
    print(f"line {so_far.lines:,}: {made}", end=end, file=sys.stderr, flush=True)


@files.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@_FORMAT
@click.option("--query", default="", help="Part of an address or name.")
@click.option("--domain", help="Addresses at this domain.")
@click.option("--tag", "tags", multiple=True, help="Must carry all of these.")
@click.option("--exclude-tag", "exclude_tags", multiple=True, help="Must carry none of these.")
@click.pass_context
def export(
    context: click.Context, /, file: Path | None, form: str | None, query: str, **filters: Any
) -> None:
    """Write contacts into a new file, or to standard output."""
    asked = {
        name: list(value) if isinstance(value, tuple) else value for name, value in filters.items() if value
    }
    asked |= {"query": query} if query else {}
    chosen = form or (_form_of(file.name) if file else "csv")
    with identity.session(settings_of(context), Scope.ADMIN) as session:
        caller = Caller(session.principal_id, SURFACE)
        exporting = contact_export.export(session.services, caller, asked, chosen)
        with _new(file) if file else nullcontext(sys.stdout.buffer) as target:
            session.runner.run(_written(target, exporting))


def _new(file: Path) -> BinaryIO:
    try:
        return file.open("xb")
    except FileExistsError:
        raise Problem("already_exists", f"{file} is there already.", field="file") from None


async def _written(target: BinaryIO, exporting: Awaitable[AsyncIterator[bytes]]) -> None:
    size = 0
    async for piece in await exporting:
        size += target.write(piece)
        print(f"{size:,} bytes", end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)
    target.flush()


def _form_of(name: str) -> str:
    suffix = Path(name).suffix.lower().removeprefix(".")
    found = {suffix: form for form, suffix in SUFFIXES.items()} | {
        "ndjson": "jsonl",
        "vcard": "vcard",
        "txt": "csv",
    }
    if suffix not in found:
        raise Problem(
            "invalid", "The file's name does not say what is in it.", field="format",
            advice=f"Give --format {' or '.join(FORMATS)}.",
        )  # fmt: skip
    return found[suffix]
