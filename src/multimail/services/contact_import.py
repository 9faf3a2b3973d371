"""Importing contacts: rows become contacts in slices of one transaction each, so that nobody waits for the writer.

Doing it again changes nothing, so an import that was broken off is simply begun again, or at a line. What an import
says counts as evidence, so only who administers the account may have one; it never makes mail leave.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from multimail.contract.contact_files import OTHERS, SKIPS, ContactsImported, SkippedRow
from multimail.contract.streams import BY_NAME
from multimail.core.errors import Problem
from multimail.core.provenance import NAME, Said, Source, metadata_field
from multimail.ports.reading import Contact
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services import access, contact_data, contact_fields, contact_readers, dispatch, streaming
from multimail.services.address_keys import address_key
from multimail.services.contact_rows import Row, Skip
from multimail.services.context import Call, Caller, Services
from multimail.services.tagging import MOST as MOST_TAGS
from multimail.services.tagging import permitted

STREAM: Final = "import_contacts"
SLICE: Final = 500
_BYTES: Final = 4_000_000
_SHOWN: Final = 100
_ERASURE: Final = "erasure"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be imported how. `tell` hears after every slice how far it is."""

    form: str
    others: str = OTHERS[0]
    dry_run: bool = False
    start: int = 0
    tell: Callable[[ContactsImported], None] = lambda so_far: None


@dataclass(slots=True)
class _Tally:
    """How far an import is."""

    dry_run: bool
    done: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    shown: list[Skip] = field(default_factory=list)
    lines: int = 0

    def add(self, outcomes: Sequence[str | Skip]) -> None:
        skips = [one for one in outcomes if isinstance(one, Skip)]
        self.done.update(one for one in outcomes if isinstance(one, str))
        self.codes.update(one.code for one in skips)
        self.shown += skips[: _SHOWN - len(self.shown)]

    def view(self) -> ContactsImported:
        return ContactsImported(
            created=self.done["created"],
            updated=self.done["updated"],
            unchanged=self.done["unchanged"],
            skipped=self.codes.total(),
            skipped_by_code=dict(sorted(self.codes.items())),
            first_skipped=[
                SkippedRow(line=one.line, code=one.code, reason=SKIPS[one.code]) for one in self.shown
            ],
            lines=self.lines,
            dry_run=self.dry_run,
            complete="unclosed_quote" not in self.codes,
        )


async def run(
    services: Services, caller: Caller, source: AsyncIterator[bytes], asked: Asked
) -> ContactsImported:
    """Read the source to its end. What was written when a problem is raised stays, and is found again unchanged."""
    stream = BY_NAME[STREAM]
    streaming.permit(services, caller, stream, of_all=True)
    tally = _Tally(asked.dry_run)
    try:
        if asked.others not in OTHERS:
            raise Problem("invalid", "There is no such choice.", field="others", advice=" or ".join(OTHERS))
        async for slice_ in _slices(contact_readers.rows(source, asked.form, asked.others), asked.start):
            tally.add(await _taken(services, caller, slice_, asked))
            tally.lines = slice_[-1].line
            asked.tell(tally.view())
    except Problem as problem:
        raise streaming.refused(services, caller, stream, problem) from None
    streaming.succeeded(services, caller, stream)
    return tally.view()


async def _slices(items: AsyncIterator[Row | Skip], start: int) -> AsyncIterator[list[Row | Skip]]:
    waiting: list[Row | Skip] = []
    size = 0
    async for one in items:
        if one.line < start:
            continue
        waiting.append(one)
        size += len(str(one.metadata)) if isinstance(one, Row) else 0
        if len(waiting) >= SLICE or size > _BYTES:
            yield waiting
            waiting, size = [], 0
    if waiting:
        yield waiting


async def _taken(
    services: Services, caller: Caller, slice_: list[Row | Skip], asked: Asked
) -> list[str | Skip]:
    work = partial(_whole, services=services, caller=caller, slice_=slice_, dry_run=asked.dry_run)
    return await (services.store.read(work) if asked.dry_run else services.store.write(work))


def _whole(
    tx: Tx, services: Services, caller: Caller, slice_: list[Row | Skip], *, dry_run: bool
) -> list[str | Skip]:
    """Each slice asks again whether the caller may: a key that ends ends the import."""
    call = dispatch.authorised(tx, services, caller, BY_NAME[STREAM])
    access.everything(call.principal)
    erasures = tx.suppressions.any()
    made = [
        one if isinstance(one, Skip) else _one(tx, call, one, erasures=erasures, dry_run=dry_run)
        for one in slice_
    ]
    if not dry_run:
        counts = Counter(one if isinstance(one, str) else "skipped" for one in made)
        tx.events.add(Event("contacts.imported", call.now, principal_id=call.principal.id, data=dict(counts)))
    return made


def _one(tx: Tx, call: Call, row: Row, *, erasures: bool, dry_run: bool) -> str | Skip:
    """Make or update a contact, or say what would become of it."""
    found = tx.contacts.by_address(row.address)
    before = None if found is None or _is_forgotten(found) else found
    if before is None and erasures and _was_erased(tx, row.address):
        return Skip(row.line, "erased")
    merged = {**(before.metadata if before else {}), **row.metadata}
    metadata = {key: value for key, value in merged.items() if value is not None}
    if fault := contact_data.fault_of(metadata):
        return Skip(row.line, fault)
    there = {tag.tag: tag.value for tag in tx.tags.of("contact", found.id)} if found and row.tags else {}
    tags = {
        name: value
        for name, value in row.tags.items()
        if name not in there or (value and value != there[name])
    }
    if len(there | tags) > MOST_TAGS:
        return Skip(row.line, "invalid_tag")
    name = row.name or (before.name if before else "")
    changed = before is None or name != before.name or metadata != before.metadata or bool(tags)
    if not dry_run:
        _write(tx, call, row, found, Contact("", row.address, "", name, metadata), tags)
    return "created" if before is None else "updated" if changed else "unchanged"


def _write(
    tx: Tx, call: Call, row: Row, before: Contact | None, wanted: Contact, tags: dict[str, str]
) -> None:
    after = wanted._replace(id=before.id if before else call.new_id("contact"))
    if before is None:
        tx.contacts.add(after, call.now)
    elif (before.name, before.metadata, before.hidden) != (after.name, after.metadata, False):
        tx.contacts.save(after, call.now)
    given = [*([NAME] if row.name else []), *map(metadata_field, row.metadata)]
    contact_fields.note(tx, before, after, Said(Source.IMPORT, call.principal.id, call.now), given)
    if tags:
        tx.tags.add("contact", after.id, permitted(call.principal, tags), call.principal.id, call.now)


def _is_forgotten(contact: Contact) -> bool:
    """Deleted, and kept for a tag that stops mail: to everybody it is not there."""
    return contact.hidden and not contact.name and not contact.metadata and not contact.interaction_count


def _was_erased(tx: Tx, address: str) -> bool:
    records = tx.suppressions.unlifted(address_key(tx, address))
    return any(one.reason == _ERASURE for one in records)
