"""What an authenticator says is believed only where question, place, person and key are right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from multimail.adapters.passkeys import WebAuthn
from multimail.core.errors import Problem
from multimail.ports.passkeys import Passkey, Place
from tests.support.authenticator import Authenticator

HERE = Place("http://localhost:8025", "localhost")
ADA = ("key_ada", "Ada")


def kept(device: Authenticator) -> Passkey:
    """A passkey as it is kept once the device made it."""
    options = WebAuthn().creation_options(HERE, ADA, "first", [])
    passkey_id, public_key, count = WebAuthn().created(HERE, "first", device.create(options))
    return Passkey(passkey_id, ADA[0], "Phone", HERE.rp_id, public_key, count, 0)


def test_a_passkey_answers_for_its_person() -> None:
    device = Authenticator(HERE.origin)
    passkey = kept(device)
    options = WebAuthn().request_options(HERE, "second", [passkey.id])

    assert passkey.id == device.id
    assert WebAuthn().answered(HERE, "second", device.get(options), passkey) == 1


def test_it_is_not_made_twice_on_one_device() -> None:
    passkey = kept(Authenticator(HERE.origin))

    assert passkey.id in WebAuthn().creation_options(HERE, ADA, "again", [passkey.id])


@pytest.mark.parametrize("fault", ["question", "origin", "key", "count", "unverified", "garbage", "huge"])
def test_nothing_else_is_believed(fault: str) -> None:
    device = Authenticator(HERE.origin)
    passkey = kept(device)
    options = WebAuthn().request_options(HERE, "second", [passkey.id])
    if fault == "origin":
        device.origin = "http://localhost:9000"
    device.verified = fault != "unverified"
    answer = {"garbage": '{"id": [', "huge": "x" * 100_000}.get(fault) or device.get(options)
    if fault == "key":
        passkey = replace(passkey, public_key=kept(Authenticator(HERE.origin)).public_key)
    if fault == "count":
        passkey = replace(passkey, sign_count=5)

    with pytest.raises(Problem) as caught:
        WebAuthn().answered(HERE, "third" if fault == "question" else "second", answer, passkey)

    assert (caught.value.code, caught.value.field) == ("unauthenticated", "passkey")


@pytest.mark.parametrize("answer", ["", "null", "[]", '{"id": "x"}', '{"id": 7, "rawId": 7}'])
def test_what_is_no_passkey_is_not_kept(answer: str) -> None:
    with pytest.raises(Problem, match="not accepted"):
        WebAuthn().created(HERE, "first", answer)
