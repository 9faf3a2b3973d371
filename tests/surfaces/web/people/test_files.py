"""Contacts come in from a chosen file and go out as one, on pages."""

from __future__ import annotations

import httpx2
import pytest

from tests.support.desk import Desk
from tests.support.guest import HOME, Guest, House, text

pytestmark = pytest.mark.anyio

TABLE = b"email,name,Shoe size\nann@x.example,Ann,40\nnobody,,\n"


async def sent(
    guest: Guest, content: bytes = TABLE, name: str = "people.csv", **form: str
) -> httpx2.Response:
    await guest.get("/people/import")
    headers = {"Origin": HOME, "Sec-Fetch-Site": "same-origin"}
    return await guest.client.post(
        "/people/import", data=guest.fields | form, files={"file": (name, content)}, headers=headers
    )


async def test_a_file_is_tried_and_then_imported(desk: Desk, operator: Guest) -> None:
    would = await sent(operator, others="metadata", dry_run="1")
    none = await desk.read(lambda tx: tx.contacts.by_address("ann@x.example"))
    done = await sent(operator, others="metadata")
    found = await desk.read(lambda tx: tx.contacts.by_address("ann@x.example"))

    assert (would.status_code, done.status_code) == (200, 200)
    assert "What would happen" in text(would)
    assert none is None
    assert "3 the address is not usable" in text(done)
    assert found is not None
    assert found.metadata == {"Shoe size": "40"}


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (TABLE, "people.csv", "'Shoe size' is no field of a contact"),
        (TABLE, "people.xyz", "does not say what is in it"),
        (b"", "", "Choose a file."),
        (b"x" * 26 * 1024 * 1024, "people.csv", "The command multimail contacts import"),
    ],
)
async def test_what_is_wrong_with_a_file_stands_beside_it(
    operator: Guest, content: bytes, name: str, words: str
) -> None:
    page = await sent(operator, content, name, others="refuse")

    assert page.status_code in (413, 422)
    assert words in text(page)
    assert 'id="fault-file"' in page.text


async def test_the_file_of_a_search_is_a_download(desk: Desk, operator: Guest) -> None:
    await sent(operator, others="ignore")
    form = await operator.get("/people/export?domain=x.example")
    file = await operator.get("/people/export/file?format=jsonl&domain=x.example")
    wrong = await operator.get("/people/export/file?format=xls")

    assert "/people/export/file?format=jsonl&amp;domain=x.example" in form.text
    assert '"email":"ann@x.example"' in file.text
    assert file.headers["content-disposition"] == 'attachment; filename="contacts.jsonl"'
    assert wrong.status_code == 422


async def test_both_are_an_operators(at: House) -> None:
    async with at.signed_in("reviewer") as guest:
        for path in ("/people/import", "/people/export", "/people/export/file"):
            assert (await guest.get(path)).status_code == 403
