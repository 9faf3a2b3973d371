"""What a mail hides from whoever looks at it, shown as hidden: read again from the mail as it came."""

from __future__ import annotations

from typing import Final

from multimail.contract.reading import HiddenPart
from multimail.mime.hidden import hidden_text
from multimail.mime.parse import parse
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services.convert import shown

REASONS: Final = frozenset(
    {"comment", "attribute", "display_none", "invisible", "tiny", "off_screen", "same_color"}
)
"""How HTML hides text. Invisible characters are made visible where they stand."""
MOST: Final = 20


def hidden_parts(tx: Tx, message: StoredMessage) -> list[HiddenPart] | None:
    """The hidden texts of an arrived mail that has any, each by its beginning; the first ones of very many."""
    if message.direction != "inbound" or not message.hidden_text.keys() & REASONS:
        return None
    raw = tx.revisions.raw(message.id, message.revision)
    if raw is None:
        return None
    found = hidden_text(parse(raw).html)[:MOST]
    return [HiddenPart(reason=one.reason, text=shown(one.text)) for one in found]
