"""What a mail is for: its class, its topic and the region whose law it is sent under; each has one spelling.

What the author says may only tighten: `commercial` is always believed, `transactional` only from an operator.
"""

from __future__ import annotations

import re
from typing import Final

from multimail.core.errors import Problem
from multimail.core.model import MessageClass
from multimail.core.tags import read_tags

_REGION: Final = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")


def clean_topic(topic: str | None, *, field: str = "topic") -> str:
    """The one spelling of a topic, a code that logs may carry; "" for none. Raises `invalid` for anything else."""
    if not topic or not topic.strip():
        return ""
    names = read_tags([topic.strip().lower()], field=field)
    if len(names) != 1 or next(iter(names.values())):
        raise Problem(
            "invalid", f"{topic[:60]!a} is no topic.", field=field, advice="One name, such as newsletter."
        )
    return next(iter(names))


def clean_region(region: str | None, *, field: str = "region") -> str:
    """The one spelling of a region: EU, or a country with or without its part (ISO 3166); "" for none."""
    if not region or not region.strip():
        return ""
    text = region.strip().upper()
    if not _REGION.fullmatch(text):
        advice = "Write EU, GB, US or US-CA."
        raise Problem("invalid", f"{region[:20]!a} is no region.", field=field, advice=advice)
    return text


def believed(claimed: MessageClass | None, by_operator: MessageClass | None) -> MessageClass | None:
    """The class that counts: the operator's word, and the author's where there is none or it is stricter. Nobody
    else's mail is the server's own."""
    if claimed is MessageClass.COMMERCIAL or (by_operator is None and claimed is not MessageClass.SYSTEM):
        return claimed
    return by_operator
