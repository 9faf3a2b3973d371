"""Sign-in: who gets a session, how long it holds, and that nothing stored opens anything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from multimail.core.errors import Problem
from multimail.core.times import HOUR, MINUTE
from multimail.services import passphrases, signing_in
from multimail.services.signing_in import SigningIn, Visitor, make_link
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

PASSPHRASE = "correct horse battery staple"


async def link(desk: Desk, who: str = "reviewer") -> str:
    now = desk.clock.now()
    return await desk.write(lambda tx: make_link(tx, desk.services.ids, desk.who[who], now))


async def visit(desk: Desk, session_id: str) -> str | None:
    """The name of who that session belongs to."""
    found = await signing_in.visitor(desk.services, session_id)
    return found.principal.name if found else None


async def opened(desk: Desk, who: str = "reviewer") -> str:
    return await SigningIn(desk.services).with_link(await link(desk, who))


async def refused(attempt: Callable[[], object]) -> str:
    with pytest.raises(Problem) as caught:
        await attempt()  # type: ignore[misc]
    return caught.value.code


async def test_a_link_signs_in_once(desk: Desk) -> None:
    token = await link(desk)

    assert await visit(desk, await SigningIn(desk.services).with_link(token)) == "reviewer"
    assert await refused(lambda: SigningIn(desk.services).with_link(token)) == "unauthenticated"


async def test_of_many_at_once_one_is_signed_in_by_a_link(desk: Desk) -> None:
    token = await link(desk)
    tries = await asyncio.gather(
        *(SigningIn(desk.services).with_link(token) for _ in range(8)), return_exceptions=True
    )

    assert len([one for one in tries if isinstance(one, str)]) == 1


async def test_a_link_is_over_after_five_minutes(desk: Desk) -> None:
    early, late = await link(desk), await link(desk)
    desk.later(5 * MINUTE - 1)
    assert await visit(desk, await SigningIn(desk.services).with_link(early)) == "reviewer"
    desk.later(1)

    assert await refused(lambda: SigningIn(desk.services).with_link(late)) == "unauthenticated"


async def test_a_session_lasts_twelve_hours(desk: Desk) -> None:
    session = await opened(desk)
    desk.later(12 * HOUR - 1)
    assert await visit(desk, session) == "reviewer"
    desk.later(1)

    assert await visit(desk, session) is None


async def test_a_revoked_key_ends_its_sessions_and_links_at_once(desk: Desk) -> None:
    session, token = await opened(desk), await link(desk)
    await desk.call("operator", "revoke_key", key_id=desk.who["reviewer"])

    assert await visit(desk, session) is None
    assert await refused(lambda: SigningIn(desk.services).with_link(token)) == "unauthenticated"


async def test_a_key_that_expires_takes_its_sessions_along(desk: Desk) -> None:
    made = await desk.call("operator", "create_key", name="Ann", role="reviewer", expires_at=desk.at(HOUR))
    session = await SigningIn(desk.services).with_secret(made.key)
    assert await visit(desk, session) == "Ann"
    desk.later(HOUR)

    assert await visit(desk, session) is None


@pytest.mark.parametrize("role", ["reviewer", "operator", "owner"])
async def test_a_persons_key_signs_in(desk: Desk, role: str) -> None:
    made = await desk.call("operator", "create_key", name="Ann", role=role)

    assert await visit(desk, await SigningIn(desk.services).with_secret(f" {made.key}\n")) == "Ann"


@pytest.mark.parametrize(
    "settings", [{"role": "agent"}, {"role": "viewer"}, {"role": "operator", "kind": "program"}]
)
async def test_keys_of_agents_and_programs_do_not(desk: Desk, settings: dict[str, str]) -> None:
    made = await desk.call("operator", "create_key", name="it", **settings)

    assert await refused(lambda: SigningIn(desk.services).with_secret(made.key)) == "forbidden"


async def test_a_passphrase_signs_its_holder_in(desk: Desk) -> None:
    stored = passphrases.hashed(PASSPHRASE, b"s" * 16)
    await desk.write(lambda tx: tx.principals.set_passphrase_hash(desk.who["second"], stored))

    assert await visit(desk, await SigningIn(desk.services).with_secret(PASSPHRASE)) == "second"
    assert await refused(lambda: SigningIn(desk.services).with_secret(PASSPHRASE + "r")) == "unauthenticated"


@pytest.mark.parametrize("secret", ["", "   ", "mm_wrong", "x" * 2000, "\ud800"])
async def test_anything_else_does_not(desk: Desk, secret: str) -> None:
    assert await refused(lambda: SigningIn(desk.services).with_secret(secret)) == "unauthenticated"


async def test_after_ten_wrong_passphrases_in_a_minute_none_is_looked_at_but_keys_work(desk: Desk) -> None:
    signing = SigningIn(desk.services)
    made = await desk.call("operator", "create_key", name="Ann", role="reviewer")
    codes = [await refused(lambda: signing.with_secret("not the passphrase")) for _ in range(11)]

    assert codes == ["unauthenticated"] * 10 + ["busy"]
    assert await visit(desk, await signing.with_secret(made.key)) == "Ann"
    desk.later(MINUTE)
    assert await refused(lambda: signing.with_secret("not the passphrase")) == "unauthenticated"


async def test_passphrases_are_tried_one_at_a_time_and_few_may_wait(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    signing, hold = SigningIn(desk.services), asyncio.Event()
    under_way: list[int] = []

    async def slow(passphrase: str) -> None:
        under_way.append(1)
        await hold.wait()

    monkeypatch.setattr(signing, "_recognised", slow)
    tries = [asyncio.create_task(signing.with_secret("not the passphrase")) for _ in range(5)]
    done, _ = await asyncio.wait(tries, return_when=asyncio.FIRST_COMPLETED)
    assert [task.exception().code for task in done] == ["busy"]  # type: ignore[union-attr]
    assert len(under_way) == 1
    hold.set()
    await asyncio.gather(*tries, return_exceptions=True)

    assert len(under_way) == 4


async def test_signing_in_ends_the_browsers_old_session_and_makes_a_new_id(desk: Desk) -> None:
    old = await opened(desk, "second")
    new = await SigningIn(desk.services).with_link(await link(desk), old)

    assert new != old
    assert await visit(desk, old) is None
    assert await visit(desk, new) == "reviewer"


async def test_signing_out_ends_this_session_only(desk: Desk) -> None:
    here, there = await opened(desk), await opened(desk)
    who = await signing_in.visitor(desk.services, here)
    assert who is not None
    await signing_in.sign_out(desk.services, who)

    assert (await visit(desk, here), await visit(desk, there)) == (None, "reviewer")
    kinds = [one.kind for one in await desk.events() if one.principal_id == desk.who["reviewer"]]
    assert kinds == ["session.opened", "session.opened", "session.closed"]


async def test_neither_session_ids_nor_links_are_in_the_data_file(desk: Desk) -> None:
    token = await link(desk)
    session = await opened(desk)
    files = b"".join(path.read_bytes() for path in desk.path.parent.iterdir())

    assert signing_in.hashed(token).encode() in files
    assert token.encode() not in files
    assert session.encode() not in files


async def test_only_an_owner_answers_as_a_host_would_assert(desk: Desk) -> None:
    visitors = {}
    for who in ("owner", "reviewer"):
        found = await signing_in.visitor(desk.services, await opened(desk, who))
        assert isinstance(found, Visitor)
        visitors[who] = found

    asserted = visitors["owner"].caller("abc").asserted
    assert asserted is not None
    assert (asserted.host, asserted.digest) == ("review page", "abc")
    assert visitors["owner"].caller().asserted is None
    assert visitors["reviewer"].caller("abc").asserted is None
    assert visitors["reviewer"].caller().surface == "web"
