"""Who is not written to: added with a reason, found again, and let go with another by an operator only."""

from __future__ import annotations

import re
from typing import Any

import pytest

from multimail.services import address_keys
from multimail.services.suppressing import Ban, suppress
from multimail.surfaces.web.people import suppressed
from tests.support.desk import Desk
from tests.support.filled import beside, filled, send
from tests.support.guest import Guest, text

pytestmark = pytest.mark.anyio
AT, LIFT = "/people/suppressed", "/people/suppressed/lift"
ANN = "ann@example.org"


async def record(desk: Desk, **ban: Any) -> None:
    wanted = Ban(**{"reason": "hard_bounce", "source": "test", "address": ANN} | ban)
    await desk.write(lambda tx: suppress(tx, wanted, desk.clock.now()))


async def test_an_address_is_suppressed_with_a_reason(desk: Desk, operator: Guest) -> None:
    gone_to = await send(operator, AT, address="Ann@example.org", note="asked, by telephone")
    page = text(await operator.get(gone_to))

    assert "Suppressed. What was approved" in page
    assert "ann@example.org an operator suppressed this address operator all mailboxes" in page
    assert "asked, by telephone" in page
    sent = await desk.send()
    assert (sent.status, sent.suppressed) == ("suppressed", [ANN])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"address": ""}, "address"),
        ({"address": "ann"}, "address"),
        ({"note": "x" * 257}, "note"),
        ({"topic": "two, of them"}, "topic"),
        ({"reason": "erasure"}, "reason"),
    ],
)
async def test_a_fault_stands_beside_its_field_and_all_is_kept(
    desk: Desk, operator: Guest, wrong: dict[str, str], field: str
) -> None:
    written = {"address": ANN, "note": "Kept", "reason": "unsubscribe", "topic": "news"} | wrong
    page = await send(operator, AT, **written)

    assert beside(page, field)
    kept = filled(page, AT)
    assert {name: kept.get(name, value) for name, value in written.items()} == written
    assert not await desk.read(lambda tx: tx.suppressions.any())


async def test_it_is_lifted_with_a_reason_and_stands_among_what_is_over(desk: Desk, operator: Guest) -> None:
    await record(desk)
    asked = await operator.get(f"{LIFT}?address={ANN}")
    assert "mail to this address came back for good" in text(asked)
    page = await send(operator, f"{LIFT}?address={ANN}", LIFT)
    assert beside(page, "note")

    await send(operator, f"{LIFT}?address={ANN}", LIFT, note="new address book, Monday")

    assert "Nobody" in text(await operator.get(AT))
    over = text(await operator.get(f"{AT}?list=lifted"))
    assert ANN in over
    assert "new address book, Monday" in over


async def test_what_is_about_one_topic_stands_against_an_address_too(desk: Desk, operator: Guest) -> None:
    await record(desk, reason="unsubscribe", topic="offers")

    assert "stands against it: unsubscribed" in text(await operator.get(f"{LIFT}?address={ANN}"))
    assert "Nothing stands against it now." in text(await operator.get(f"{LIFT}?address=bob@example.org"))
    assert "is not a usable mail address" in text(await operator.get(f"{LIFT}?address=bob"))


async def test_an_erased_person_has_no_name_here_and_is_lifted_only_where_that_is_said(
    desk: Desk, operator: Guest
) -> None:
    key = await desk.read(lambda tx: address_keys.address_key(tx, ANN))
    await record(desk, reason="erasure", address=None, key=key)
    page = await operator.get(AT)
    assert "an erased person" in text(page)
    assert ANN not in page.text

    await send(operator, f"{LIFT}?address={ANN}", LIFT, note="came back")
    assert "an erased person" in text(await operator.get(AT))
    await send(operator, f"{LIFT}?address={ANN}", LIFT, note="came back", erasure="1")
    assert "an erased person" not in text(await operator.get(AT))


async def test_tags_that_mean_the_same_are_lists_of_their_own_and_lifted_too(
    desk: Desk, operator: Guest
) -> None:
    await desk.call("operator", "tag_email", email=ANN, tags=["suppressed"])
    assert ANN in text(await operator.get(f"{AT}?list=tag-suppressed"))
    assert ANN not in text(await operator.get(f"{AT}?list=tag-unsubscribed"))

    await send(operator, f"{LIFT}?address={ANN}", LIFT, note="asked for it")

    assert list(await desk.contact_tags()) == ["mail_again"]


async def test_a_long_list_goes_on_and_is_searched(
    desk: Desk, operator: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suppressed, "_PAGE", 2)
    for name in ("ann", "bob", "cleo"):
        await record(desk, address=f"{name}@example.org", reason="complaint" if name == "bob" else "manual")
    first = await operator.get(AT)
    more = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert more is not None
    second = text(await operator.get(more[1].replace("&amp;", "&")))

    assert ("cleo@" in text(first), "ann@" in text(first), "ann@" in second) == (True, False, True)
    found = text(await operator.get(f"{AT}?q=BOB@"))
    assert ("bob@" in found, "ann@" in found) == (True, False)
    assert "bob@" in text(await operator.get(f"{AT}?reason=complaint"))
    assert "Nobody on this list fits." in text(await operator.get(f"{AT}?q=zoe"))


async def test_a_reviewer_is_shown_neither_the_list_nor_the_way_to_it(desk: Desk, reviewer: Guest) -> None:
    await record(desk)

    assert (await reviewer.get(AT)).status_code == 403
    assert (await reviewer.get(f"{LIFT}?address={ANN}")).status_code == 403
    answer = await reviewer.post(LIFT, address=ANN, note="because")
    assert answer.status_code == 403
    assert AT not in (await reviewer.get("/people/unsubscribes")).text
