"""The kinds of events: a closed table whose names follow the lifecycle."""

from __future__ import annotations

import re

from multimail.core.events import KINDS
from multimail.core.lifecycle import HELD, OUTBOUND


def test_a_kind_names_a_thing_and_what_happened_to_it_and_says_so_in_a_sentence() -> None:
    assert [kind for kind in KINDS if not re.fullmatch(r"[a-z]+\.[a-z_]+", kind)] == []
    assert [kind for kind, meaning in KINDS.items() if not meaning.endswith(".")] == []


def test_every_state_that_mail_is_moved_to_outside_oversight_has_its_event() -> None:
    without = {"draft", "sending", "rejected", "changes_requested", "escalated"}

    assert {f"message.{state}" for state in OUTBOUND.states.keys() - without} <= KINDS.keys()


def test_every_decision_has_its_event() -> None:
    decided = {"approved", "rejected", *(HELD - {"pending_approval"})}

    assert {f"oversight.{what}" for what in decided} <= KINDS.keys()
