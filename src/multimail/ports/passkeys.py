"""Ports for passkeys (WebAuthn): what is kept of them, and what checks what a browser's authenticator says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from multimail.core.times import Micros


@dataclass(frozen=True, slots=True)
class Place:
    """Where the browser is: the origin as it names it, and the host name that passkeys are bound to."""

    origin: str
    rp_id: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """A public key of a person's authenticator; `id` is base64url, as browsers write it."""

    id: str
    principal_id: str
    name: str
    rp_id: str
    public_key: bytes
    sign_count: int
    created_at: Micros
    used_at: Micros | None = None


class Authenticator(Protocol):
    """The rules of WebAuthn Level 3, sections 7.1 and 7.2. Options are JSON for the browser's own parser.

    Answers come from outside: whatever is wrong with one raises `unauthenticated`. User verification is required.
    """

    def creation_options(
        self, place: Place, user: tuple[str, str], challenge: str, known: Sequence[str]
    ) -> str: ...
    def created(self, place: Place, challenge: str, answer: str) -> tuple[str, bytes, int]: ...
    def request_options(self, place: Place, challenge: str, known: Sequence[str]) -> str: ...
    def answered(self, place: Place, challenge: str, answer: str, passkey: Passkey) -> int: ...


class Passkeys(Protocol):
    """The passkeys of all people."""

    def of(self, principal_id: str, rp_id: str | None = None) -> list[Passkey]: ...
    def get(self, passkey_id: str) -> Passkey | None: ...
    def insert(self, passkey: Passkey) -> None: ...
    def used(self, passkey_id: str, sign_count: int, at: Micros) -> None: ...
    def remove(self, principal_id: str, passkey_id: str) -> bool: ...
