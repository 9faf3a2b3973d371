"""Whose clock counts: a recipient's time zone, by what is known of him, else of his domain, else of the mailbox."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from functools import cache, lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from multimail.core.addresses import domain_of, normalise
from multimail.core.errors import Problem
from multimail.core.model import Mailbox
from multimail.ports.store import Tx
from multimail.services import contact_fields
from multimail.services.contact_fields import Known

DEFAULT: Final = "UTC"
_FIELD: Final = "timezone"
_LONGEST: Final = 64


@cache
def _names() -> dict[str, str]:
    """Every zone of the IANA database, by its name without regard to case."""
    return {name.casefold(): name for name in available_timezones()}


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo | None:
    """The zone of this name; None for what is none, such as an offset."""
    known = _names().get(name.strip().casefold()) if len(name) <= _LONGEST else None
    return ZoneInfo(known) if known is not None else None


def clean_zone(name: str, field: str = "timezone") -> str:
    """The one spelling of a zone's name; raises `invalid` for what is none."""
    zone = zone_named(name)
    if zone is None:
        raise Problem(
            "invalid", f"{name[:60]!a} is no time zone.", field=field,
            advice="Give a name of the IANA database, such as Europe/Berlin.",
        )  # fmt: skip
    return zone.key


def zones(tx: Tx, box: Mailbox, addresses: Iterable[str]) -> dict[str, tzinfo]:
    """The zone of each address. What nobody can read as a zone counts as not given."""
    named = {one: normalise(one) for one in addresses}
    people = contact_fields.known(tx, list(named.values()), [_FIELD])
    contacts = {one: _said(fields[_FIELD]) for one, fields in people.items() if _FIELD in fields}
    missing = {domain_of(one) for one in named.values() if contacts.get(one) is None}
    domains = tx.pace.zones_of_domains(sorted(missing)) if missing else {}
    own = _read(box.metadata.get(_FIELD)) or ZoneInfo(DEFAULT)
    return {
        given: contacts.get(one) or _read(domains.get(domain_of(one))) or own for given, one in named.items()
    }


def _said(known: Known) -> ZoneInfo | None:
    """By whoever has authority; an agent's word counts where they have said nothing, and moves nobody's quiet hours."""
    return (_read(known.evidence.value) if known.evidence else None) or _read(known.value)


def _read(name: Any) -> ZoneInfo | None:
    return zone_named(name) if isinstance(name, str) else None
