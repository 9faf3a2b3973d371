"""What a mail is for: its class, its topic and the region whose law it is sent under; each has one spelling.

What the author says may only tighten: `commercial` is always believed, `transactional` only from an operator.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from multimail.core.errors import Problem
from multimail.core.model import MessageClass
from multimail.core.tags import read_tags

_DECLARABLE: Final = ("transactional", "commercial")
"""What mail can be declared to be; `system` is the server's own word."""
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


def of_mailbox(metadata: Mapping[str, Any], topic: str) -> MessageClass | None:
    """The class that an operator gave mail of a mailbox in its metadata: `topics` by topic, `message_class` for the
    rest. What `check_metadata` would refuse counts for nothing."""
    topics = metadata.get("topics")
    named = topics.get(topic) if isinstance(topics, Mapping) and topic else None
    for word in (named, metadata.get("message_class")):
        if word in _DECLARABLE:
            return MessageClass(word)
    return None


def check_metadata(metadata: Mapping[str, Any]) -> None:
    """Raise `invalid_setting` for a mailbox's metadata that means to say what its mail is for and does not: a class
    that is misspelt would let commercial mail pass for none."""
    _class_or_nothing(metadata.get("message_class"), "metadata.message_class")
    for field in ("topics", "lawful_basis"):
        given = metadata.get(field)
        if given is not None and not isinstance(given, Mapping):
            raise _wrong(f"metadata.{field}", 'An object such as {"newsletter": "…"}.')
    for topic, word in (metadata.get("topics") or {}).items():
        if clean_topic(topic, field="metadata.topics") != topic:
            raise _wrong(f"metadata.topics.{topic[:40]}", f"Write the topic {clean_topic(topic)!r}.")
        _class_or_nothing(word, f"metadata.topics.{topic[:40]}")
    region = metadata.get("region")
    if region is not None and (not isinstance(region, str) or clean_region(region) != region):
        raise _wrong("metadata.region", "One region such as EU, GB or US-CA, in capitals.")
    for field in ("physical_address", "sender_identity"):
        if not isinstance(metadata.get(field, ""), str):
            raise _wrong(f"metadata.{field}", "A text; lines are separated by line breaks.")


def _class_or_nothing(word: object, field: str) -> None:
    if word is not None and word not in _DECLARABLE:
        raise _wrong(field, "transactional or commercial")


def _wrong(field: str, advice: str) -> Problem:
    return Problem("invalid_setting", f"{field} cannot be understood.", field=field, advice=advice)


def believed(claimed: MessageClass | None, by_operator: MessageClass | None) -> MessageClass | None:
    """The class that counts: the operator's word, and the author's where there is none or it is stricter. Nobody
    else's mail is the server's own."""
    if claimed is MessageClass.COMMERCIAL or (by_operator is None and claimed is not MessageClass.SYSTEM):
        return claimed
    return by_operator
