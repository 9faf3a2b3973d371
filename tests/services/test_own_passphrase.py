"""A passphrase of one's own, set in the browser by who proves to be that person."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.errors import Problem
from multimail.services import passphrases, signing_in
from multimail.services.own_passphrase import set_own
from multimail.services.signing_in import SigningIn, Visitor
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio
WORDS = "horse battery staple"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "_COST", (2, 8, 1))


async def person(desk: Desk) -> tuple[SigningIn, str, Visitor]:
    """The way in, a reviewer's key and a session of theirs."""
    made: Any = await desk.call("operator", "create_key", name="Ann", role="reviewer")
    door = SigningIn(desk.services)
    found = await signing_in.visitor(desk.services, await door.with_secret(made.key))
    assert found is not None
    return door, made.key, found


async def refused(desk: Desk, door: SigningIn, who: Visitor, current: str, new: str) -> Problem:
    with pytest.raises(Problem) as caught:
        await set_own(desk.services, door, who, current, new)
    return caught.value


async def test_it_signs_in_and_ends_the_other_sign_ins(desk: Desk) -> None:
    door, key, who = await person(desk)
    other = await door.with_secret(key)
    await set_own(desk.services, door, who, key, f" {WORDS} ")

    assert await signing_in.visitor(desk.services, other) is None
    again = await signing_in.visitor(desk.services, await door.with_secret(WORDS))
    assert again is not None
    assert again.principal.id == who.principal.id
    assert "passphrase.set" in [one.kind for one in await desk.events()]


async def test_it_is_replaced_by_who_knows_it(desk: Desk) -> None:
    door, key, who = await person(desk)
    await set_own(desk.services, door, who, key, WORDS)
    await set_own(desk.services, door, who, WORDS, "another set of words")

    problem = await refused(desk, door, who, WORDS, "a third set of words")
    assert (problem.code, problem.field) == ("unauthenticated", "current")


async def test_what_is_no_passphrase_is_refused_before_anything_is_tried(desk: Desk) -> None:
    door, _, who = await person(desk)
    for new in ("short", "mm_looks_like_a_key"):
        problem = await refused(desk, door, who, "whatever", new)
        assert (problem.code, problem.field) == ("invalid", "passphrase")


async def test_somebody_elses_key_proves_nothing(desk: Desk) -> None:
    door, _, who = await person(desk)
    other: Any = await desk.call("operator", "create_key", name="Bob", role="reviewer")

    assert (await refused(desk, door, who, other.key, WORDS)).field == "current"
