"""The WebAuthn library behind the port: asks for user verification, never for attestation.

Wiring loads this module when the first person uses a passkey: it brings 70 ms and 7 MB.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, structs
from webauthn.helpers.exceptions import WebAuthnException

from multimail.core.errors import Problem
from multimail.ports.passkeys import Passkey, Place

_SHOWN_AS: Final = "MultiMail"
_LONGEST: Final = 64 * 1024


class WebAuthn:
    """See `ports.passkeys.Authenticator`."""

    def creation_options(
        self, place: Place, user: tuple[str, str], challenge: str, known: Sequence[str]
    ) -> str:
        """`user` is the principal's id and name; a passkey in `known` is not made twice."""
        options = webauthn.generate_registration_options(
            rp_id=place.rp_id,
            rp_name=_SHOWN_AS,
            user_id=user[0].encode(),
            user_name=user[1],
            challenge=challenge.encode(),
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                user_verification=structs.UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=_descriptors(known),
        )
        return webauthn.options_to_json(options)

    def created(self, place: Place, challenge: str, answer: str) -> tuple[str, bytes, int]:
        """Id, public key and sign count of a new passkey."""
        try:
            found = webauthn.verify_registration_response(
                credential=_bounded(answer),
                expected_challenge=challenge.encode(),
                expected_rp_id=place.rp_id,
                expected_origin=place.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError):
            raise _refused() from None
        return _text(found.credential_id), found.credential_public_key, found.sign_count

    def request_options(self, place: Place, challenge: str, known: Sequence[str]) -> str:
        """Any of the passkeys in `known` may answer."""
        options = webauthn.generate_authentication_options(
            rp_id=place.rp_id,
            challenge=challenge.encode(),
            allow_credentials=_descriptors(known),
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        )
        return webauthn.options_to_json(options)

    def answered(self, place: Place, challenge: str, answer: str, passkey: Passkey) -> int:
        """The new sign count of the passkey that answered."""
        try:
            found = webauthn.verify_authentication_response(
                credential=_bounded(answer),
                expected_challenge=challenge.encode(),
                expected_rp_id=place.rp_id,
                expected_origin=place.origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError):
            raise _refused() from None
        return found.new_sign_count


def _descriptors(known: Sequence[str]) -> list[Any]:
    return [structs.PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known]


def _text(credential: bytes) -> str:
    return bytes_to_base64url(credential)


def _bounded(answer: str) -> str:
    if len(answer) > _LONGEST:
        raise _refused()
    return answer


def _refused() -> Problem:
    return Problem(
        "unauthenticated",
        "The passkey was not accepted.",
        field="passkey",
        advice="Try again, or type your passphrase or key.",
    )
