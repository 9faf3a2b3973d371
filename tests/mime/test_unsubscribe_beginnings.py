"""A line that begins like no request is none: looking at its beginning first changes no answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.mime import unsubscribe, unsubscribe_words

WORDS = (
    "unsubscribe un-subscribed opt out me stop all quit remove removed us delete no more emails abmelden abbestellen "
    "austragen désinscription désabonner désinscrire baja dar de cancelar suscripción la cancellami disiscrivimi "
    "uitschrijven afmelden please hello, hi. dear team, hey! hallo, pls kindly just can could you now i we would like "
    "to be want taken off from my this list take drop sending cease mailing "
    "contacting do not don't never contact mail write the invoice is late"
).split()


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join))
def test_no_request_is_overlooked(line: str) -> None:
    found = unsubscribe.says_unsubscribe("", line)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unsubscribe, "opening", lambda text: "…")
        patch.setattr(unsubscribe_words, "opening", lambda text: "…")
        assert unsubscribe.says_unsubscribe("", line) == found
