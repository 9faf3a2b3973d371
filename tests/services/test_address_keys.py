"""Keys that stand for addresses."""

from __future__ import annotations

import pytest

from multimail.ports.store import Tx
from multimail.services import address_keys
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


async def test_an_address_has_one_key_however_it_is_spelt_and_others_have_others(desk: Desk) -> None:
    def keys(tx: Tx) -> tuple[bytes, ...]:
        spelt = ("ann@example.org", " Ann@Example.ORG ", "bob@example.org")
        return tuple(address_keys.address_key(tx, one) for one in spelt)

    ann, again, bob = await desk.services.store.read(keys)

    assert ann == again != bob
    assert len(ann) == 16


async def test_many_keys_are_those_of_each(desk: Desk) -> None:
    def keys(tx: Tx) -> tuple[dict[str, bytes], bytes]:
        many = address_keys.address_keys(tx, ("ann@example.org", "straße@bücher.example"))
        return many, address_keys.address_key(tx, "STRAßE@xn--bcher-kva.example")

    many, key = await desk.services.store.read(keys)

    assert many["straße@bücher.example"] == key
    assert set(many) == {"ann@example.org", "straße@bücher.example"}


def test_without_the_secret_a_key_cannot_be_guessed_from_the_address() -> None:
    first, second = (address_keys.key_of(secret, "ann@example.org") for secret in (b"a" * 32, b"b" * 32))

    assert first != second
