"""What is known of the consent of a mail's recipients: asked for the facts of commercial mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from multimail.core import consent, consent_regions
from multimail.core.consent import ConsentFacts
from multimail.core.errors import Problem
from multimail.core.message_class import clean_region
from multimail.core.model import Mailbox, Purpose
from multimail.core.times import Micros
from multimail.ports.store import Tx
from multimail.services import address_keys, contact_fields

REGION_KEYS: Final = ("region", "regions")
"""Where a contact's data says where somebody is: one region, or several."""
_MOST: Final = 50
_Regions = tuple[frozenset[str], frozenset[str]]
_NOWHERE: Final[_Regions] = (frozenset(), frozenset())


def known(
    tx: Tx, box: Mailbox, purpose: Purpose, addresses: Sequence[str], now: Micros
) -> Mapping[str, ConsentFacts]:
    """Regions and the bases that count in them, by normalised address: of everybody. Two statements."""
    places = _places(tx, addresses)
    keys = address_keys.address_keys(tx, addresses)
    records = tx.consents.records(list(keys.values()))
    found = {}
    for address in addresses:
        trusted, added = places.get(address, _NOWHERE)
        regions = consent_regions.judged(purpose.region, trusted, added, region_of(box))
        found[address] = consent.known(regions, records.get(keys[address], ()), purpose.topic, now)
    return found


def region_of(box: Mailbox) -> str:
    """Where the mailbox's recipients are, if an operator said so and nothing better is known."""
    return next(iter(_read(box.metadata.get("region"))), "")


def regions_of(tx: Tx, address: str) -> _Regions:
    """Where somebody is known to be, and where else somebody said who cannot be relied on."""
    return _places(tx, [address]).get(address, _NOWHERE)


def _places(tx: Tx, addresses: Sequence[str]) -> dict[str, _Regions]:
    found = {}
    for address, fields in contact_fields.known(tx, addresses, REGION_KEYS).items():
        trusted = _union(one.evidence.value for one in fields.values() if one.evidence is not None)
        said = _union(one.value for one in fields.values())
        found[address] = (trusted, said - trusted)
    return found


def _union(values: Iterable[Any]) -> frozenset[str]:
    return frozenset(region for value in values for region in _read(value))


def _read(value: Any) -> tuple[str, ...]:
    """The regions in a value that anybody may have written; what is none counts for nothing."""
    given = value if isinstance(value, list) else value.split(",") if isinstance(value, str) else ()
    found = []
    for one in given[:_MOST]:
        try:
            found.append(clean_region(one) if isinstance(one, str) else "")
        except Problem:
            continue
    return tuple(region for region in found if region)
