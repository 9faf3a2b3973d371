"""Records of consent: written down with proof, taken back at once, and the same once more is the same."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import DAY, HOUR
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

ANN = "ann@example.org"


async def record(desk: Desk, who: str = "operator", **more: Any) -> Any:
    return await desk.call(who, "record_consent", **{"email": ANN, "topic": "newsletter", **more})


async def withdraw(desk: Desk, who: str = "operator", **more: Any) -> Any:
    return await desk.call(who, "withdraw_consent", **{"email": ANN, **more})


async def listed(desk: Desk, **asked: Any) -> list[Any]:
    return list((await desk.call("operator", "list_consents", **asked)).consents)


async def test_a_record_has_its_proof_and_whose_word_it_is(desk: Desk) -> None:
    made = await record(desk, region="eu", source="sign-up form", evidence={"url": "https://x.example"})

    (one,) = await listed(desk, email=ANN)
    assert one == made.consent
    assert (one.email, one.topic, one.region, one.basis, one.counts) == (
        ANN,
        "newsletter",
        "EU",
        "consent",
        True,
    )
    assert (one.provenance, one.source, one.evidence) == (
        "operator",
        "sign-up form",
        {"url": "https://x.example"},
    )
    assert (one.by, one.contact_id, made.note) == (desk.who["operator"], made.contact_id, None)


async def test_an_agents_record_is_kept_and_says_that_it_opens_nothing(desk: Desk) -> None:
    made = await record(desk, "agent")

    assert (made.consent.provenance, made.consent.counts) == ("agent", False)
    assert "an operator has to record it" in made.note
    assert await listed(desk, live=True) == []


async def test_the_same_record_again_is_the_same_answer(desk: Desk) -> None:
    first = await record(desk)
    desk.later(HOUR)
    again = await record(desk)

    assert (again.repeated, again.consent) == (True, first.consent)
    assert len(await listed(desk)) == 1
    assert (await record(desk, region="EU")).repeated is None
    assert (await record(desk, basis="soft_opt_in")).repeated is None
    assert (await record(desk, "agent")).repeated is None


async def test_after_a_withdrawal_the_same_record_is_a_new_one(desk: Desk) -> None:
    first = await record(desk, region="DE")
    await withdraw(desk, topic="newsletter", region="EU")

    second = await record(desk, region="DE")

    assert second.repeated is None
    assert second.consent.consent_id != first.consent.consent_id


async def test_a_withdrawal_ends_what_it_covers_and_nothing_else(desk: Desk) -> None:
    for topic, region in (("newsletter", "EU"), ("newsletter", "BR"), ("offers", "DE"), ("", "")):
        await record(desk, topic=topic, region=region)

    gone = await withdraw(desk, region="EU", source="by telephone")

    assert (gone.ended, gone.consent.basis, gone.consent.source) == (2, "withdrawal", "by telephone")
    assert {(one.topic, one.region) for one in await listed(desk, live=True)} == {
        ("newsletter", "BR"),
        (None, None),
    }


async def test_a_withdrawal_again_is_the_same_answer_and_after_a_new_record_another(desk: Desk) -> None:
    first = await withdraw(desk, topic="newsletter")
    again = await withdraw(desk, topic="newsletter")
    await record(desk)
    third = await withdraw(desk, topic="newsletter")

    assert (first.repeated, again.repeated, third.repeated) == (None, True, None)
    assert again.consent == first.consent
    assert (first.ended, third.ended) == (0, 1)


async def test_an_agent_may_take_consent_back_but_not_give_it_again(desk: Desk) -> None:
    await record(desk)
    await withdraw(desk, "agent")
    await record(desk, "agent")

    assert await listed(desk, live=True) == []


async def test_consent_given_before_it_was_taken_back_stays_taken_back(desk: Desk) -> None:
    desk.later(DAY)
    await withdraw(desk, topic="newsletter")

    made = await record(desk, given_at=desk.at(-HOUR))

    assert "taken back later" in made.note


async def test_who_is_suppressed_all_the_same_is_said(desk: Desk) -> None:
    await desk.call("operator", "suppress_address", address=ANN)

    assert "unsuppress_address" in (await record(desk)).note


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"email": "nobody"}, "invalid_address", "email"),
        ({"email": None}, "invalid", "email"),
        ({"email": None, "contact_id": "contact_00000000000000"}, "not_found", "contact_id"),
        ({"region": "Europe"}, "invalid", "region"),
        ({"topic": "a,b"}, "invalid", "topic"),
        ({"basis": "hope"}, "invalid", "basis"),
        ({"given_at": "2099-01-01"}, "invalid_time", "given_at"),
        ({"expires_at": "2020-01-01"}, "invalid_time", "expires_at"),
        ({"source": "two\nlines"}, "header_injection", "source"),
        ({"evidence": {"x": "y" * 40_000}}, "too_large", "evidence"),
    ],
)
async def test_what_is_wrong_is_refused_and_nothing_is_written(
    desk: Desk, wrong: dict[str, Any], code: str, field: str
) -> None:
    problem = await desk.refused("operator", "record_consent", **({"email": ANN, "topic": "news"} | wrong))

    assert (problem.code, problem.field) == (code, field)
    assert await listed(desk) == []


async def test_the_list_is_paged_newest_first_and_filtered(desk: Desk) -> None:
    for number in range(5):
        await record(desk, email=f"p{number}@example.org", topic="odd" if number % 2 else "even")

    first = await desk.call("operator", "list_consents", limit=3)
    rest = await desk.call("operator", "list_consents", limit=3, cursor=first.cursor)

    assert [one.email[1] for one in (*first.consents, *rest.consents)] == ["4", "3", "2", "1", "0"]
    assert rest.cursor is None
    assert len(await listed(desk, topic="odd")) == 2
    assert await listed(desk, email="stranger@example.org") == []
    assert (
        await desk.refused("operator", "list_consents", topic="x", cursor=first.cursor)
    ).code == "invalid_cursor"


async def test_the_log_holds_codes_and_no_address(desk: Desk) -> None:
    await record(desk, region="EU", source="form")
    await withdraw(desk, topic="newsletter")

    told = [one for one in await desk.events() if one.kind.startswith("consent.")]
    assert [(one.kind, one.data) for one in told] == [
        ("consent.recorded", {"basis": "consent", "topic": "newsletter", "region": "EU", "by": "operator"}),
        ("consent.withdrawn", {"topic": "newsletter", "ended": 1}),
    ]


async def test_records_outlive_their_contact_and_know_the_person_again(desk: Desk) -> None:
    await record(desk)
    await desk.call("operator", "manage_contacts", action="delete", email=ANN)

    (one,) = await listed(desk, email=ANN)
    assert (one.counts, one.contact_id, one.email) == (True, None, None)
