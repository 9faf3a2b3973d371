"""An authenticator in software: makes passkeys and signs what a page asks, as WebAuthn Level 3 describes the bytes."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any, Final

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

_PRESENT: Final = 0x01
_VERIFIED: Final = 0x04
_ATTESTED: Final = 0x40


def text(value: bytes) -> str:
    """Base64url without padding, as browsers write it."""
    return urlsafe_b64encode(value).rstrip(b"=").decode()


@dataclass
class Authenticator:
    """One device with one key pair. `verified` says whether it looked who its user is."""

    origin: str
    verified: bool = True
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def id(self) -> str:
        return text(self._id)

    @property
    def _id(self) -> bytes:
        return hashlib.sha256(self._x + self._y).digest()

    @property
    def _x(self) -> bytes:
        return self.key.public_key().public_numbers().x.to_bytes(32, "big")

    @property
    def _y(self) -> bytes:
        return self.key.public_key().public_numbers().y.to_bytes(32, "big")

    def create(self, options: str) -> str:
        """What `navigator.credentials.create` answers."""
        asked = json.loads(options)
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: self._x, -3: self._y})
        attested = bytes(16) + len(self._id).to_bytes(2, "big") + self._id + cose
        data = self._data(asked["rp"]["id"], _ATTESTED) + attested
        client = self._client("webauthn.create", asked["challenge"])
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": text(client), "attestationObject": text(statement)})

    def get(self, options: str) -> str:
        """What `navigator.credentials.get` answers."""
        asked = json.loads(options)
        self.count += 1
        data = self._data(asked["rpId"], 0)
        client = self._client("webauthn.get", asked["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        given = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._answer({name: text(value) for name, value in given.items()})

    def _data(self, rp_id: str, flags: int) -> bytes:
        seen = _PRESENT | (_VERIFIED if self.verified else 0) | flags
        return hashlib.sha256(rp_id.encode()).digest() + bytes([seen]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response: dict[str, Any]) -> str:
        return json.dumps(
            {"id": self.id, "rawId": self.id, "type": "public-key", "response": response}
            | {"clientExtensionResults": {}}
        )
