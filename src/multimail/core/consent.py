"""Whose consent commercial mail needs: one row a region, asked at every way out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from multimail.core.model import MessageClass

NO_CONSENT: Final = "no_consent"


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """What is known of one recipient's consent, for the topic of the mail: the regions whose law holds, and the
    bases that count in each. Only evidence that no agent brought about is here."""

    regions: tuple[str, ...] = ()
    bases: tuple[tuple[str, str], ...] = ()


def lacking(known: ConsentFacts | None, message_class: MessageClass | None) -> str:
    """Why somebody gets no mail of this class for want of consent, or ""."""
    if known is None or message_class is not MessageClass.COMMERCIAL:
        return ""
    given = {region for region, _ in known.bases}
    return "" if all(region in given for region in known.regions) else NO_CONSENT
