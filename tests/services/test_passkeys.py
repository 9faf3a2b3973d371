"""A person's passkeys confirm that person's sessions: one question, one answer, five minutes."""

from __future__ import annotations

import pytest

from multimail.adapters.passkeys import WebAuthn
from multimail.core.errors import Problem
from multimail.core.times import MINUTE
from multimail.ports.passkeys import Place
from multimail.services import passkeys, signing_in
from multimail.services.passkeys import Door
from multimail.services.signing_in import SigningIn, Visitor
from tests.support.authenticator import Authenticator
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio
HERE = Place("http://localhost:8025", "localhost")


async def signed_in(desk: Desk, who: str = "reviewer") -> tuple[str, Visitor]:
    services = desk.services
    token = await desk.write(
        lambda tx: signing_in.make_link(tx, services.ids, desk.who[who], services.clock.now())
    )
    session = await SigningIn(services).with_link(token)
    visitor = await signing_in.visitor(services, session)
    assert visitor is not None
    return session, visitor


async def with_passkey(desk: Desk, door: Door, who: Visitor) -> Authenticator:
    device = Authenticator(HERE.origin)
    options = await passkeys.creation_options(door, who)
    await passkeys.add(door, who, "Phone", device.create(options))
    return device


@pytest.fixture
def door(desk: Desk) -> Door:
    return Door(desk.services, WebAuthn(), HERE)


async def test_a_passkey_confirms_the_session_of_its_person(desk: Desk, door: Door) -> None:
    session, who = await signed_in(desk)
    device = await with_passkey(desk, door, who)
    assert not who.confirmed
    await passkeys.confirm(door, who, device.get(await passkeys.request_options(door, who)))

    again = await signing_in.visitor(desk.services, session)
    assert again is not None
    assert again.confirmed
    assert [(one.name, one.sign_count) for one in await passkeys.mine(desk.services, who)] == [("Phone", 1)]
    assert [one.kind for one in await desk.events()][-2:] == ["passkey.added", "session.confirmed"]


async def test_an_answer_counts_once(desk: Desk, door: Door) -> None:
    _, who = await signed_in(desk)
    device = await with_passkey(desk, door, who)
    answer = device.get(await passkeys.request_options(door, who))
    await passkeys.confirm(door, who, answer)

    with pytest.raises(Problem, match="answered already"):
        await passkeys.confirm(door, who, answer)


async def test_a_question_is_open_for_five_minutes(desk: Desk, door: Door) -> None:
    _, who = await signed_in(desk)
    device = await with_passkey(desk, door, who)
    answer = device.get(await passkeys.request_options(door, who))
    desk.clock.advance(5 * MINUTE)

    with pytest.raises(Problem, match="took too long"):
        await passkeys.confirm(door, who, answer)


async def test_somebody_elses_passkey_confirms_nothing(desk: Desk, door: Door) -> None:
    _, who = await signed_in(desk)
    device = await with_passkey(desk, door, who)
    session, other = await signed_in(desk, "second")
    await with_passkey(desk, door, other)
    answer = device.get(await passkeys.request_options(door, other))

    with pytest.raises(Problem, match="not a passkey of yours"):
        await passkeys.confirm(door, other, answer)
    again = await signing_in.visitor(desk.services, session)
    assert again is not None
    assert not again.confirmed


async def test_without_a_passkey_nothing_is_asked(desk: Desk, door: Door) -> None:
    _, who = await signed_in(desk)

    assert await passkeys.request_options(door, who) == ""


async def test_one_removes_ones_own_only(desk: Desk, door: Door) -> None:
    _, who = await signed_in(desk)
    device = await with_passkey(desk, door, who)
    _, other = await signed_in(desk, "second")
    with pytest.raises(Problem, match="no such passkey"):
        await passkeys.remove(desk.services, other, device.id)
    await passkeys.remove(desk.services, who, device.id)

    assert await passkeys.mine(desk.services, who) == []
