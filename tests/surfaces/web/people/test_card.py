"""The card of a contact: who says what, what happened, and what is changed by hand."""

from __future__ import annotations

import pytest

from tests.support.desk import Desk
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio


async def made(desk: Desk) -> str:
    """A contact whose plan an operator said and an agent changed."""
    known = {"email": "ann@x.example", "name": "Ann <b>"}
    await desk.call("operator", "manage_contacts", action="add", metadata={"plan": "pro", "n": 1}, **known)
    found = await desk.call(
        "agent", "manage_contacts", action="update", email="ann@x.example", metadata={"plan": "free"}
    )
    contact_id: str = found.contacts[0].contact_id
    return f"/people/{contact_id}"


async def test_it_says_who_said_what_and_what_counts(desk: Desk, operator: Guest) -> None:
    page = text(await operator.get(await made(desk)))

    assert "Ann <b>" in page
    assert "plan free pro, said an operator: that is what counts as evidence an agent" in page
    assert "n 1 an operator" in page
    assert "Nothing yet" in page


async def test_what_happened_stays_when_the_mailbox_is_deleted(desk: Desk, operator: Guest) -> None:
    await desk.receive()
    found = (await desk.call("operator", "search_contacts", limit=1)).contacts[0]
    await desk.call("operator", "delete_mailbox", mailbox=desk.box)

    page = text(await operator.get(f"/people/{found.contact_id}"))

    assert "wrote · the mailbox is deleted" in page


@pytest.mark.parametrize(
    ("path", "form", "words"),
    [
        ("name", {"name": "Ann Smith"}, "Ann Smith"),
        ("data", {"key": "city", "value": "Ulm"}, "city Ulm an operator"),
        ("data", {"key": "seats", "value": "[1, 2]"}, "seats 1, 2 an operator"),
        ("tags", {"tags": "vip, new=1"}, "new=1 vip"),
    ],
)
async def test_a_change_by_hand_is_shown(
    desk: Desk, operator: Guest, path: str, form: dict[str, str], words: str
) -> None:
    at = await made(desk)
    await operator.get(at)

    done = await operator.post(f"{at}/{path}", **form)

    assert done.status_code == 303
    assert words in text(await operator.get(done.headers["location"]))


async def test_a_field_and_a_tag_are_taken_away(desk: Desk, operator: Guest) -> None:
    at = await made(desk)
    await operator.get(at)
    await operator.post(f"{at}/tags", tags="vip")

    await operator.post(f"{at}/tags", remove="vip")
    await operator.post(f"{at}/data", key="n", value="")

    found = (await desk.call("operator", "search_contacts", email="ann@x.example")).contacts[0]
    assert (found.tags, found.metadata) == ([], {"plan": "free"})


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("name", {"name": "x" * 300}, 422), ("data", {"key": "", "value": "kept"}, 422), ("tags", {"tags": " "}, 422),
        ("data", {"key": "deep", "value": "[" * 30 + "]" * 30}, 422),
    ],
)  # fmt: skip
async def test_what_is_wrong_stands_beside_its_field_and_changes_nothing(
    desk: Desk, operator: Guest, path: str, form: dict[str, str], status: int
) -> None:
    at = await made(desk)
    await operator.get(at)

    page = await operator.post(f"{at}/{path}", **form)

    assert page.status_code == status
    assert 'class="beside"' in page.text
    assert (await desk.call("operator", "search_contacts", email="ann@x.example")).contacts[0].metadata == {
        "plan": "free", "n": 1,
    }  # fmt: skip


async def test_deleting_is_asked_for_once_more(desk: Desk, operator: Guest) -> None:
    at = await made(desk)
    asked = await operator.get(f"{at}/delete")
    done = await operator.post(f"{at}/delete")

    assert "ann@x.example" in asked.text
    assert (done.status_code, done.headers["location"]) == (303, "/people?done=deleted")
    assert (await operator.get(at)).status_code == 404


async def test_nobody_is_not_found(operator: Guest) -> None:
    assert (await operator.get("/people/contact_00000000000000")).status_code == 404


async def test_who_may_not_write_sees_no_forms(at: House, desk: Desk) -> None:
    path = await made(desk)
    async with at.signed_in("reviewer") as guest:
        page = await guest.get(path)

    assert page.status_code == 200
    assert f"{path}/data" not in page.text


async def test_what_bars_mail_and_what_they_agreed_to_stand_at_its_top(desk: Desk, operator: Guest) -> None:
    at = await made(desk)
    clear = text(await operator.get(at))
    await desk.call("operator", "suppress_address", address="ann@x.example", topic="offers")
    await desk.call("operator", "record_consent", email="ann@x.example", topic="news", region="EU")
    await desk.call("agent", "record_consent", email="ann@x.example", topic="offers")

    barred = text(await operator.get(at))

    assert "Suppression not suppressed" in clear
    assert "Consent nothing on record" in clear
    assert "Suppression an operator suppressed this address" in barred
    assert "offers: does not count news, EU" in barred


@pytest.mark.parametrize("path", ["/delete", "/consent/withdraw"])
async def test_who_may_not_change_a_contact_is_not_asked_about_it(at: House, desk: Desk, path: str) -> None:
    contact = await made(desk)
    async with at.signed_in("reviewer") as guest:
        assert (await guest.get(f"{contact}{path}")).status_code == 403
