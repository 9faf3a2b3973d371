"""Importing contacts: once or twice, by whom, and what is passed over changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from multimail.contract.contact_files import ContactsImported
from multimail.core.errors import Problem
from multimail.core.provenance import Source
from multimail.ports.reading import Contact
from multimail.services import contact_fields, contact_import
from multimail.services.context import Caller
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

ANN = "ann@x.example"
TABLE = f"""email,name,tags,metadata
{ANN},Ann Smith,"vip,plan=pro","{{""region"": ""EU"", ""n"": 1}}"
nobody,,,
bob@x.example,,unsubscribed,
"""


async def pieces(text: str) -> AsyncIterator[bytes]:
    yield text.encode()


async def take(desk: Desk, text: str = TABLE, who: str = "operator", **asked: Any) -> ContactsImported:
    wanted = contact_import.Asked(**{"form": "csv", **asked})
    return await contact_import.run(desk.services, Caller(desk.who[who], "cli"), pieces(text), wanted)


async def contact(desk: Desk, address: str = ANN) -> Contact | None:
    return await desk.read(lambda tx: tx.contacts.by_address(address))


async def tags(desk: Desk, address: str = ANN) -> list[str]:
    found: list[str] = (await desk.call("operator", "search_contacts", email=address)).contacts[0].tags
    return found


def counts(done: ContactsImported) -> tuple[int, int, int, int]:
    return done.created, done.updated, done.unchanged, done.skipped


async def test_rows_become_contacts_and_a_second_time_changes_nothing(desk: Desk) -> None:
    first, second = await take(desk), await take(desk)

    assert counts(first) == (2, 0, 0, 1)
    assert counts(second) == (0, 0, 2, 1)
    assert (first.lines, first.complete, first.skipped_by_code) == (4, True, {"invalid_address": 1})
    assert [(one.line, one.code) for one in first.first_skipped] == [(3, "invalid_address")]
    found = await contact(desk)
    assert found is not None
    assert (found.name, found.metadata) == ("Ann Smith", {"region": "EU", "n": 1})
    assert await tags(desk) == ["plan=pro", "vip"]
    assert await tags(desk, "bob@x.example") == ["unsubscribed"]


async def test_what_is_there_is_kept_merged_and_cleared_as_the_row_says(desk: Desk) -> None:
    await take(desk)
    done = await take(
        desk, f'email,name,tags,metadata\n{ANN},,"plan=free,new","{{""n"": null, ""x"": [1]}}"\n'
    )

    assert counts(done) == (0, 1, 0, 0)
    found = await contact(desk)
    assert found is not None
    assert (found.name, found.metadata) == ("Ann Smith", {"region": "EU", "x": [1]})
    assert await tags(desk) == ["new", "plan=free", "vip"]


async def test_what_an_import_says_is_evidence(desk: Desk) -> None:
    await desk.call(
        "agent", "manage_contacts", action="upsert", email=ANN, metadata={"region": "US", "own": 1}
    )
    await take(desk)

    fields = (await desk.read(lambda tx: contact_fields.known(tx, [ANN], ["region", "own"])))[ANN]

    assert (fields["region"].said.source, fields["region"].value) == (Source.IMPORT, "EU")
    assert fields["region"].evidence is not None
    assert (fields["own"].said.source, fields["own"].evidence) == (Source.AGENT, None)


async def test_a_dry_run_counts_the_same_and_writes_nothing(desk: Desk) -> None:
    before = await desk.read(lambda tx: tx.events.newest())
    would = await take(desk, dry_run=True)

    assert (counts(would), would.dry_run) == ((2, 0, 0, 1), True)
    assert await contact(desk) is None
    assert await desk.read(lambda tx: tx.events.newest()) == before
    assert counts(await take(desk)) == counts(would)


async def test_it_goes_on_at_a_line_and_says_how_far_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact_import, "SLICE", 1)
    told: list[int] = []

    done = await take(desk, start=3, tell=lambda so_far: told.append(so_far.lines))

    assert (counts(done), told) == ((1, 0, 0, 1), [3, 4])


async def test_every_slice_is_in_the_log_without_anybodys_name(desk: Desk) -> None:
    await take(desk)

    (event,) = [one for one in await desk.events() if one.kind == "contacts.imported"]
    assert event.data == {"created": 2, "skipped": 1}
    assert event.principal_id == desk.who["operator"]


async def test_data_that_would_become_too_much_is_passed_over_and_nothing_of_the_row_is_written(
    desk: Desk,
) -> None:
    await take(desk)
    big = "x" * 60_000
    await take(desk, f"email,metadata.big\n{ANN},{big}\n")

    done = await take(desk, f"email,name,metadata.more\n{ANN},Other,{big}\n")

    assert done.skipped_by_code == {"metadata_too_large": 1}
    found = await contact(desk)
    assert found is not None
    assert (found.name, "more" in found.metadata) == ("Ann Smith", False)


async def test_who_was_erased_does_not_come_back_by_an_import(desk: Desk) -> None:
    await take(desk)
    await desk.call("operator", "erase_person", email=ANN, confirm_email=ANN)
    await desk.step()

    done = await take(desk, f"email\n{ANN}\n")

    assert done.skipped_by_code == {"erased": 1}


async def test_it_is_an_operators_and_refusals_are_in_the_record(desk: Desk) -> None:
    with pytest.raises(Problem) as caught:
        await take(desk, who="agent")
    with pytest.raises(Problem) as wrong:
        await take(desk, "name\nAnn\n")
    with pytest.raises(Problem) as others:
        await take(desk, others="maybe")

    assert (caught.value.code, wrong.value.code, others.value.field) == ("forbidden", "invalid", "others")
    assert await contact(desk) is None
    await desk.reopen()
    calls = await desk.read(lambda tx: tx.events.calls(None, 10))
    assert {(one.operation, one.outcome) for one in calls if one.operation == "import_contacts"} == {
        ("import_contacts", "forbidden"), ("import_contacts", "invalid"),
    }  # fmt: skip


async def test_nobody_gets_mail_by_it(desk: Desk) -> None:
    before = await desk.sql("SELECT count(*) FROM messages")
    await take(desk)

    assert await desk.sql("SELECT count(*) FROM messages") == before
