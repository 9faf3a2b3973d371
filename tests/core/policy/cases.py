"""Facts for tests of the policy: a mail that no rule minds, and any facts at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from multimail.core.model import MessageClass, Mode
from multimail.core.policy.facts import CapFacts, Facts, RecipientFacts
from multimail.core.policy.modes import EffectiveMode

STRANGER = RecipientFacts("ann@example.org", visible=True, automatic=False, trusted=False, allowed=None)
FRIEND = replace(STRANGER, address="bob@example.org", trusted=True)
COPY = replace(STRANGER, address="archive@here.example", visible=False, automatic=True)
FREE = Facts("send_email", EffectiveMode(None, Mode.AUTONOMOUS), (STRANGER,))
"""Mail to a stranger from an autonomous mailbox without any bound."""


def facts(mode: Mode = Mode.AUTONOMOUS, *recipients: RecipientFacts, **more: Any) -> Facts:
    known: dict[str, Any] = {"mode": EffectiveMode(None, mode), "recipients": recipients or (STRANGER,)}
    return replace(FREE, **(known | more))


modes = st.sampled_from(Mode)
classes = st.sampled_from((None, *MessageClass))
tags = st.lists(st.sampled_from(("unsubscribed", "suppressed", "vip")), max_size=2, unique=True).map(tuple)
people = st.builds(
    RecipientFacts, st.sampled_from([f"p{number}@example.org" for number in range(20)]), st.booleans(),
    st.booleans(), st.booleans(), st.sampled_from((None, True, False)), tags,
)  # fmt: skip
caps = st.builds(CapFacts, st.just("key"), st.just("hour"), st.integers(0, 2), st.integers(0, 2))
any_facts = st.builds(
    Facts,
    operation=st.just("send_email"),
    mode=st.builds(EffectiveMode, st.none(), modes),
    recipients=st.lists(people, min_size=1, max_size=14, unique_by=lambda one: one.address).map(tuple),
    claimed_class=st.none(),
    operator_class=st.sampled_from((None, MessageClass.TRANSACTIONAL, MessageClass.COMMERCIAL)),
    placeholders=st.sampled_from(((), ("[REVIEWER: price]",))),
    oversight_address=st.sampled_from(("", "boss@here.example")),
    deliver=st.sampled_from(("live", "capture", "hold")),
    frozen=st.booleans(),
    caps=st.lists(caps, max_size=2).map(tuple),
    open_drafts=st.integers(0, 3),
    open_drafts_limit=st.integers(1, 3),
)
"""What an operator and the world have set; what the author claims is left to the property."""
