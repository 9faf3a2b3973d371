"""Before a mail is filed: recipients that are known, and reading that never fails."""

from __future__ import annotations

import pytest

from multimail.core.times import SECOND
from multimail.services import inbound_reading
from multimail.services.inbound_reading import Taken, read_any
from tests.support.letters import envelope, letter

pytestmark = pytest.mark.anyio


def test_an_address_is_remembered_for_a_second() -> None:
    taken = Taken()
    taken.add("bob@example.com", 5)
    assert [taken.holds("bob@example.com", now) for now in (5, 4 + SECOND, 5 + SECOND, 4)] == [
        True, True, False, False,
    ]  # fmt: skip
    assert not taken.holds("eve@example.com", 5)


def test_only_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbound_reading, "_MOST_REMEMBERED", 2)
    taken = Taken()
    for address in ("a@x.org", "b@x.org", "c@x.org"):
        taken.add(address, 0)
    assert [taken.holds(address, 0) for address in ("a@x.org", "b@x.org", "c@x.org")] == [False, False, True]


@pytest.mark.parametrize("size", [10, 200_000])
async def test_a_mail_is_read_whatever_its_size(size: int) -> None:
    found = await read_any(envelope(letter("x" * size)))
    assert found is not None
    assert len(found.text) == size


async def test_a_mail_that_cannot_be_read_is_none(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(inbound_reading, "read", fails)
    assert await read_any(envelope(letter("x"))) is None
    assert "could not be read" in caplog.text
