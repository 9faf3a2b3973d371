"""The settings of a mailbox: kept on a fault, asked once more where they loosen, never written over somebody else's."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.support.desk import BOX, Desk
from tests.support.filled import again, beside, filled, send
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio


async def box(desk: Desk) -> Any:
    return await desk.call("operator", "get_mailbox", mailbox=BOX)


@pytest.fixture
async def place(desk: Desk) -> str:
    return f"/settings/mailboxes/{(await box(desk)).mailbox_id}"


def shown(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


async def test_what_is_saved_unchanged_changes_nothing(desk: Desk, operator: Guest, place: str) -> None:
    await desk.set(
        trusted=["@example.org", "ann@example.net"], allowed=[], signature="Yours,\n\nthe desk", cap_per_day=5,
        retention_days=30, undo_seconds=20, two_person=True, oversight_address="boss@example.org",
        display_name="Hidden\u202eright", metadata={"message_class": "commercial"},
    )  # fmt: skip
    before = await box(desk)
    gone_to = await send(operator, place)

    assert gone_to == f"{place}?changed="
    assert "Nothing was different" in text(await operator.get(gone_to))
    assert await box(desk) == before


async def test_each_setting_goes_a_round(desk: Desk, operator: Guest, place: str) -> None:
    await desk.set(default_mode="autonomous", ceiling="autonomous", trusted=["*"], allowed=["*"])
    wanted = {
        "display_name": "Desk", "signature": "Yours", "default_mode": "gated_all", "ceiling": "gated_send",
        "undo_seconds": "15", "two_person": "1", "trusted": "@example.org, ann@example.net\nbob@example.net",
        "fence": "these", "allowed": "@example.org", "message_class": "commercial", "cap_per_hour": "1,000",
        "cap_per_day": "0", "oversight_address": "Boss@Example.org", "notices": "digest", "notice_minutes": "90",
        "notice_details": "1", "auto_cc": "cc@example.org", "auto_bcc": "bcc@example.org", "deliver": "hold",
    }  # fmt: skip
    gone_to = await send(operator, place, **wanted)
    found = await box(desk)

    assert gone_to.startswith(f"{place}?changed=")
    assert (found.oversight_mode, found.ceiling, found.undo_seconds) == ("gated_all", "gated_send", 15)
    assert found.trusted == ["@example.org", "ann@example.net", "bob@example.net"]
    assert (found.allowed, found.metadata) == (["@example.org"], {"message_class": "commercial"})
    assert (found.cap_per_hour, found.cap_per_day, found.deliver) == (1000, 0, "hold")
    assert (found.notices, found.notice_minutes, found.notice_details) == ("digest", 90, True)
    assert (found.auto_cc, found.auto_bcc, found.two_person) == (
        ["cc@example.org"],
        ["bcc@example.org"],
        True,
    )
    page = (await operator.get(place)).text
    assert {**filled(page, place), **wanted, "was": "", "digest": "", "csrf": ""} == {
        **filled(page, place), "was": "", "digest": "", "csrf": "",
        "trusted": wanted["trusted"], "oversight_address": wanted["oversight_address"],
        "cap_per_hour": wanted["cap_per_hour"],
    }  # fmt: skip


async def test_what_was_set_is_cleared_again(desk: Desk, operator: Guest, place: str) -> None:
    await desk.set(
        allowed=[], cap_per_hour=5, cap_per_day=5, retention_days=3, undo_seconds=30, two_person=True
    )
    page = await send(
        operator,
        place,
        two_person=None,
        fence="off",
        cap_per_hour="",
        retention_days="",
        undo_seconds="",
    )
    assert "This loosens" in page
    await again(operator, page, place, sure="1")
    found = await box(desk)

    assert (found.allowed, found.cap_per_hour, found.cap_per_day) == (None, None, 5)
    assert (found.retention_days, found.undo_seconds, found.two_person) == (None, None, False)


FAULTS = [
    ({"trusted": "a b"}, "trusted"),
    ({"fence": "these", "allowed": ""}, "allowed"),
    ({"fence": "these", "allowed": "nonsense@"}, "allowed"),
    ({"auto_bcc": "*"}, "auto_bcc"),
    ({"oversight_address": "nobody"}, "oversight_address"),
    ({"default_mode": "autonomous"}, "ceiling"),
    ({"default_mode": "free"}, "default_mode"),
    ({"deliver": "maybe"}, "deliver"),
    ({"notices": "often"}, "notices"),
    ({"default_mode": "monitored", "ceiling": "monitored"}, "oversight_address"),
    ({"undo_seconds": "-1"}, "undo_seconds"),
    ({"undo_seconds": "3601"}, "undo_seconds"),
    ({"cap_per_hour": "many"}, "cap_per_hour"),
    ({"cap_per_day": "1.5"}, "cap_per_day"),
    ({"retention_days": "0"}, "retention_days"),
    ({"retention_messages": "99999999999"}, "retention_messages"),
    ({"notice_minutes": ""}, "notice_minutes"),
    ({"signature": "x" * 2001}, "signature"),
    ({"display_name": "x" * 201}, "display_name"),
]


async def test_a_fault_stands_beside_its_field_and_all_that_was_written_is_kept(
    desk: Desk, operator: Guest, place: str
) -> None:
    before = await box(desk)
    for wrong, field in FAULTS:
        written = {
            "signature": "Kept & <b>whole</b>",
            "auto_cc": "kept@example.org",
            "two_person": "1",
        } | wrong
        page = await send(operator, place, **written)

        assert beside(page, field), wrong
        kept = filled(page, place)
        # A browser sends no radio that is none of those on the page.
        assert {name: kept.get(name, value) for name, value in written.items()} == written
    assert await box(desk) == before


async def test_what_loosens_is_told_and_done_only_when_said_once_more(
    desk: Desk, operator: Guest, place: str
) -> None:
    page = await send(
        operator,
        place,
        ceiling="autonomous",
        trusted="*",
        signature="Yours\n\nme",
        fence="these",
        allowed="@a.org",
    )
    told = shown(page)

    assert "Ceiling gated_send → becomes autonomous" in told
    assert "mail to anybody at all goes without a person" in told
    assert "Allowed" not in told
    assert "/figures/simulate?mailbox=" in page
    assert "ceiling=autonomous&amp;also_trusted=%2A" in page
    assert (await box(desk)).ceiling == "gated_send"

    back = await again(operator, page, place, back="1")
    assert {"ceiling": "autonomous", "trusted": "*", "signature": "Yours\n\nme"}.items() <= filled(
        back, place
    ).items()
    assert (await box(desk)).ceiling == "gated_send"
    done = await again(operator, page, place, sure="1")
    assert done.startswith(f"{place}?changed=allowed%2Cceiling%2C")
    assert ((await box(desk)).ceiling, (await box(desk)).signature) == ("autonomous", "Yours\n\nme")


async def test_the_default_alone_leaves_the_ceiling_where_it_is(
    desk: Desk, operator: Guest, place: str
) -> None:
    await desk.set(ceiling="autonomous")
    await send(operator, place, default_mode="gated_all")

    assert ((await box(desk)).oversight_mode, (await box(desk)).ceiling) == ("gated_all", "autonomous")


async def test_what_tightens_holds_again_and_says_so(desk: Desk, operator: Guest, place: str) -> None:
    await desk.set(trusted=["*"])
    await desk.call("operator", "freeze")
    await desk.send()
    gone_to = await send(operator, place, trusted="")

    assert "1 waiting mail is held again." in text(await operator.get(gone_to))


async def test_the_second_of_two_operators_is_told_and_loses_nothing(
    desk: Desk, at: House, operator: Guest, place: str
) -> None:
    opened = (await operator.get(place)).text
    async with at.signed_in("operator") as other:
        await send(other, place, display_name="Theirs", cap_per_hour="7")
    page = await again(operator, opened, place, display_name="Mine", signature="My signature")
    told = shown(page)

    assert "Somebody changed this mailbox while you wrote." in told
    assert "Display name was Agent and is Theirs . You wrote Mine" in told
    assert "Most mails an hour was empty and is 7 ." in told
    found = await box(desk)
    assert (found.display_name, found.signature, found.cap_per_hour) == ("Theirs", None, 7)
    kept = filled(page, place)
    assert (kept["display_name"], kept["signature"], kept["cap_per_hour"]) == ("Mine", "My signature", "7")

    assert (await again(operator, page, place)).startswith(place)
    found = await box(desk)
    assert (found.display_name, found.signature, found.cap_per_hour) == ("Mine", "My signature", 7)


async def test_who_is_asked_once_more_is_told_as_well(desk: Desk, operator: Guest, place: str) -> None:
    asked = await send(operator, place, trusted="*")
    await desk.set(display_name="Theirs")
    page = await again(operator, asked, place, sure="1")

    assert "Somebody changed this mailbox" in shown(page)
    assert filled(page, place)["trusted"] == "*"
    assert (await box(desk)).trusted == []


async def test_a_reviewer_looks_and_an_agents_key_never_comes_here(
    desk: Desk, reviewer: Guest, place: str
) -> None:
    page = await reviewer.get(place)

    assert '<fieldset class="whole" disabled>' in page.text
    assert "Save the settings" not in page.text
    answer = await reviewer.post(place, **filled(page.text, place) | {"display_name": "x"})
    assert answer.status_code == 403
    assert (await box(desk)).display_name == "Agent"


async def test_a_mailbox_that_is_not_there_is_a_page_that_is_not(operator: Guest) -> None:
    assert (await operator.get("/settings/mailboxes/mbx_00000000000000")).status_code == 404


async def test_an_address_that_says_what_was_saved_says_known_words_only(operator: Guest, place: str) -> None:
    page = text(await operator.get(f"{place}?changed=ceiling,%3Cb%3E,send+money&held=x"))

    assert "Saved: Ceiling ." in page or "Saved: Ceiling." in page
    assert "money" not in page


async def test_an_unconfirmed_session_is_asked_who_it_is_and_nothing_is_lost(
    desk: Desk, at: House, place: str
) -> None:
    made = await at.key(role="operator")
    desk.who["new"] = made.key_id
    async with at.signed_in("new", confirmed=False) as guest:
        asked = await send(guest, place, signature="Yours\n\nme")
        assert "Is it you?" in asked
        done = await again(guest, asked, place, confirm_secret=made.key)

    assert done.startswith(f"{place}?changed=signature")
    assert (await box(desk)).signature == "Yours\n\nme"


@pytest.mark.parametrize("was", ["", "[", "[]", "null", '{"trusted": []}'])
async def test_a_form_that_lost_what_it_was_filled_from_changes_nothing(
    desk: Desk, operator: Guest, place: str, was: str
) -> None:
    before = await box(desk)
    page = await send(operator, place, was=was, signature="Kept")

    assert "The form did not say what it was filled from." in page
    assert filled(page, place)["signature"] == "Kept"
    assert await box(desk) == before
