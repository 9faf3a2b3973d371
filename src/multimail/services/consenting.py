"""What is known of the consent of a mail's recipients: asked for the facts of commercial mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from multimail.core.consent import ConsentFacts
from multimail.core.model import Mailbox, Purpose
from multimail.ports.store import Tx


def known(tx: Tx, box: Mailbox, purpose: Purpose, addresses: Sequence[str]) -> Mapping[str, ConsentFacts]:
    """Regions and the bases that count in them, by normalised address."""
    return {}
