"""What the campaign benchmark measures: `multimail serve` as it is, or with every rule about whom to write to left out.

Left out are suppression, consent, pace, the last look before a mail leaves, reputation and breakers, and each
recipient's own link and envelope sender; everything else of a send is the same.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from multimail.__main__ import main
from multimail.services import (
    consenting,
    leaving,
    pacing,
    rechecking,
    reputation_counts,
    returns,
    suppressing,
)
from multimail.services.leaving import Marks
from multimail.services.rechecking import Seen

BARE = "bare"


def _always(value: Any) -> Callable[..., Any]:
    return lambda *_, **__: value


def leave_rules_out() -> None:
    """For this process; in the places that the use cases ask."""
    for module, name, value in (
        (suppressing, "reasons", {}),
        (consenting, "known", {}),
        (pacing, "waits", {}),
        (rechecking, "see", Seen()),
        (rechecking, "barred_since", []),
        (reputation_counts, "join", None),
        (reputation_counts, "settled", None),
        (returns, "refused", None),
        (leaving, "links", ""),
    ):
        setattr(module, name, _always(value))
    vars(pacing)["let_go"] = lambda tx, call, claim, ids: ids
    setattr(Marks, "copy", lambda self, raw, delivery: raw)  # noqa: B010 - its type is that of a method
    setattr(Marks, "envelope_sender", lambda self, delivery: self.sender)  # noqa: B010


if __name__ == "__main__":
    if sys.argv.pop() == BARE:
        leave_rules_out()
    main()
