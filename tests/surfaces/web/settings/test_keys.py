"""Keys: made on a page, shown once on its answer, taken away after a question."""

from __future__ import annotations

import re
from typing import Any

import pytest

from multimail.core.times import HOUR
from tests.support.desk import BOX, Desk
from tests.support.filled import again, beside, filled, send
from tests.support.guest import Guest, text

pytestmark = pytest.mark.anyio
AT = "/settings/keys"
KEY = re.compile(r"mm_[\w-]{40,}")


async def keys(desk: Desk) -> dict[str, Any]:
    return {one.name: one for one in (await desk.call("operator", "list_keys", include_revoked=True)).keys}


async def test_a_key_is_shown_once_and_never_again(desk: Desk, operator: Guest) -> None:
    opened = (await operator.get(AT)).text
    answer = await again(operator, opened, AT, name="Ann", role="reviewer")
    shown = KEY.findall(answer)

    assert len(set(shown)) == 1
    assert 'data-copy="the-secret"' in answer
    reloaded = await again(operator, opened, AT, name="Ann", role="reviewer")
    assert "This form was sent before." in reloaded
    for page in (reloaded, (await operator.get(AT)).text):
        assert KEY.findall(page) == []
    assert list(await keys(desk)).count("Ann") == 1
    made = await operator.post("/sign-in", secret=shown[0])
    assert made.status_code == 303


async def test_the_answer_is_kept_by_no_cache(operator: Guest) -> None:
    fields = filled((await operator.get(AT)).text, AT)

    assert (await operator.post(AT, **fields | {"name": "Ann"})).headers["cache-control"] == "no-store"


async def test_a_form_that_made_a_key_makes_another_when_sent_with_other_words(
    desk: Desk, operator: Guest
) -> None:
    opened = (await operator.get(AT)).text
    await again(operator, opened, AT, name="Ann")
    page = await again(operator, opened, AT, name="Bob")

    assert "This form made a key already." in page
    assert filled(page, AT)["name"] == "Bob"
    assert len(KEY.findall(await again(operator, page, AT))) == 1
    assert {"Ann", "Bob"} <= (await keys(desk)).keys()


async def test_every_setting_of_a_key_arrives(desk: Desk, operator: Guest) -> None:
    box = (await desk.call("operator", "get_mailbox", mailbox=BOX)).mailbox_id
    wanted = {
        "name": "Checker", "role": "reviewer", "kind": "program", "where": "some", f"box_{box}": "1",
        "cap_per_hour": "5", "cap_per_day": "20", "expires_at": "2027-03-01 18:00", "limit_domains": "example.org",
        "limit_recipients": "3", "limit_mailboxes": BOX,
    }  # fmt: skip
    await send(operator, AT, elicitation=None, **wanted)
    made = (await keys(desk))["Checker"]

    assert (made.role, made.kind, made.mailboxes, made.elicitation) == ("reviewer", "program", [box], False)
    assert (made.cap_per_hour, made.cap_per_day) == (5, 20)
    assert made.expires_at.isoformat() == "2027-03-01T18:00:00+00:00"
    limit = made.approval_limit
    assert (limit.domains, limit.max_recipients, limit.mailboxes) == (["example.org"], 3, [box])
    page = text(await operator.get(AT))
    assert "decides to example.org up to 3 recipients from agent@localhost" in page


FAULTS = [
    ({"name": " "}, "name"),
    ({"role": "king"}, "role"),
    ({"kind": "thing"}, "kind"),
    ({"where": "some"}, "where"),
    ({"expires_at": "soon"}, "expires_at"),
    ({"expires_at": "2001-01-01"}, "expires_at"),
    ({"cap_per_hour": "few"}, "cap_per_hour"),
    ({"cap_per_day": "-1"}, "cap_per_day"),
    ({"limit_domains": "a@b.org", "role": "reviewer", "kind": "program"}, "limit_domains"),
    ({"limit_recipients": "x"}, "limit_recipients"),
    ({"limit_mailboxes": "nobody@b.org", "role": "reviewer", "kind": "program"}, "limit_mailboxes"),
    ({"limit_domains": "b.org", "role": "viewer"}, "limit_domains"),
    ({"self_approving": "1", "role": "viewer", "sure": "1"}, "self_approving"),
]


async def test_a_fault_stands_beside_its_field_and_all_is_kept(desk: Desk, operator: Guest) -> None:
    for wrong, field in FAULTS:
        page = await send(operator, AT, **{"name": "Ann", "cap_per_day": "4", **wrong})

        assert beside(page, field), wrong
        kept = filled(page, AT)
        assert all(kept.get(name, value) == value for name, value in wrong.items())
        assert kept["cap_per_day"] == wrong.get("cap_per_day", "4")
    assert "Ann" not in await keys(desk)


@pytest.mark.parametrize(
    ("grave", "told"),
    [
        ({"role": "operator"}, "It may change every setting"),
        ({"self_approving": "1"}, "nobody else to look at it"),
    ],
)
async def test_a_key_that_can_do_much_is_asked_once_more(
    desk: Desk, operator: Guest, grave: dict[str, str], told: str
) -> None:
    asked = await send(operator, AT, name="Ann", **grave)
    assert told in asked
    assert "Ann" not in await keys(desk)

    back = await again(operator, asked, AT, back="1")
    assert {"name": "Ann", **grave}.items() <= filled(back, AT).items()
    assert len(set(KEY.findall(await again(operator, asked, AT, sure="1")))) == 1
    assert "Ann" in await keys(desk)


async def test_a_key_is_taken_away_after_a_question(desk: Desk, operator: Guest) -> None:
    at = f"{AT}/{desk.who['second']}/revoke"
    assert "Revoke the key “second”" in text(await operator.get(at))
    assert (await keys(desk))["second"].revoked_at is None
    assert await send(operator, at) == AT

    assert "Revoke the key second" not in (await operator.get(AT)).text
    page = text(await operator.get(f"{AT}?revoked"))
    assert "revoked just now" in page.partition("second person")[2]


async def test_the_last_operators_key_stays_and_is_said_to_be_ones_own(desk: Desk, operator: Guest) -> None:
    at = f"{AT}/{desk.who['operator']}/revoke"
    assert "This is your own key" in text(await operator.get(at))

    assert "It is the last operator" in await send(operator, at)
    assert (await operator.get(AT)).status_code == 200


async def test_a_key_that_is_over_says_so_and_names_are_harmless(desk: Desk, operator: Guest) -> None:
    await desk.call("operator", "create_key", name="<i>\u202eeve", expires_at=desk.at(HOUR))
    desk.later(2 * HOUR)
    page = await operator.get(AT)

    assert "&lt;i&gt;⟨U+202E⟩eve" in page.text
    assert "over an hour ago" in text(page) or "over 1 hour ago" in text(page)


async def test_a_key_that_is_not_there(operator: Guest) -> None:
    assert (await operator.get(f"{AT}/key_00000000000000/revoke")).status_code == 404
