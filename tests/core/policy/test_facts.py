"""Facts: what they say about themselves."""

from __future__ import annotations

from multimail.core.model import MessageClass, Mode
from tests.core.policy.cases import facts


def test_the_mode_that_holds_is_the_effective_one() -> None:
    assert facts(Mode.GATED_ALL).effective is Mode.GATED_ALL


def test_system_mail_is_what_the_server_says_is_and_never_what_an_author_claims() -> None:
    assert facts(operator_class=MessageClass.SYSTEM).is_system
    assert not facts(claimed_class=MessageClass.SYSTEM).is_system


def test_consent_and_reputation_have_their_place_and_are_empty_until_somebody_knows_better() -> None:
    known = facts()

    assert (known.reputation.bounce_rate, known.reputation.complaint_rate) == (0.0, 0.0)
