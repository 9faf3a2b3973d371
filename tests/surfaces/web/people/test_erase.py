"""Erasing somebody on a page: what it means stands there, the address is written again, the record names nobody."""

from __future__ import annotations

import pytest

from tests.support.desk import Desk
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio

ANN = "ann@example.org"


async def contact(desk: Desk) -> str:
    await desk.receive(From=f"Ann Lee <{ANN}>")
    found = await desk.read(lambda tx: tx.contacts.by_address(ANN))
    assert found is not None
    return found.id


async def test_somebody_is_erased_once_the_address_is_written_again(desk: Desk, operator: Guest) -> None:
    at = f"/people/{await contact(desk)}/erase"

    asked = await operator.get(at)
    wrong = await operator.post(at, confirm_email="bob@example.org")
    there = await desk.read(lambda tx: tx.contacts.by_address(ANN))
    done = await operator.post(at, confirm_email=ANN)
    record = await operator.get(done.headers["location"])

    assert f"Erase {ANN}?" in text(asked)
    assert "They stay suppressed" in text(asked)
    assert (wrong.status_code, there is not None) == (422, True)
    assert "The two addresses are not the same" in text(wrong)
    assert "Erased: 1 mail deleted, 0 kept without the person." in text(record)
    assert ANN not in record.text
    assert (await operator.get(at)).status_code == 404


async def test_an_address_without_a_page_is_erased_and_looked_up_in_the_record(operator: Guest) -> None:
    empty = await operator.get("/people/erasures")
    missing = await operator.post("/people/erasures", email=ANN)
    await operator.post("/people/erasures", email=ANN, confirm_email=ANN)
    known = await operator.get("/people/erasures?email=ANN@example.org")
    other = await operator.get("/people/erasures?email=bob@example.org")
    odd = await operator.get("/people/erasures?email=nothing")

    assert "No erasures" in text(empty)
    assert missing.status_code == 422
    assert 'value="ann@example.org"' in missing.text
    assert "erased" in text(known)
    assert "This address was not erased here." in text(other)
    assert odd.status_code == 422


async def test_it_is_for_operators(at: House, desk: Desk) -> None:
    path = f"/people/{await contact(desk)}/erase"
    async with at.signed_in("reviewer") as guest:
        assert (await guest.get("/people/erasures")).status_code == 403
        assert (await guest.get(path)).status_code == 403
        assert (await guest.post(path, confirm_email=ANN)).status_code == 403
    assert await desk.read(lambda tx: tx.contacts.by_address(ANN)) is not None
