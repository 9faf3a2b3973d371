"""What a search of contacts asks for, in all the ways it may be written, as one resolved search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from multimail.contract.contact_filter import ContactFilter
from multimail.contract.contacts import SearchContacts
from multimail.core.addresses import domain_of, normalise, parse_address
from multimail.core.errors import Problem
from multimail.core.tags import read_tags, written
from multimail.core.times import Micros, from_datetime
from multimail.ports.contacts import ContactSearch
from multimail.ports.reading import Sight
from multimail.services.context import Call

Scalar = str | int | float | bool | None

_METADATA: Final = "metadata"
_MOST: Final = 20
_LONGEST: Final = 200


def sight_of(call: Call) -> Sight:
    """What the caller sees of the log: its own mailboxes' lines, and nothing of held mail where it is an agent."""
    return Sight(call.principal.mailboxes, see_hidden=not call.principal.is_agent)


def contact_search(call: Call, request: SearchContacts) -> ContactSearch:
    """The search of a request; `filters` and the fields beside it add up."""
    data = {key: value for key, value in request.filters.items() if not _is_metadata(key)}
    chosen = ContactFilter.parse_within(data, "filters")
    email = _same("email", request.email, chosen.email)
    domain = _same("domain", request.domain, chosen.domain)
    return _ordered(
        ContactSearch(
            sight=sight_of(call),
            query=_same("query", request.query.strip(), chosen.query.strip()) or "",
            contact_id=request.contact_id,
            email=normalise(parse_address(email, field="email").address) if email else None,
            domain=domain_of("x@" + domain.strip().removeprefix("@")) if domain else None,
            tags=_tags([*request.tags, *chosen.tags], "tags"),
            exclude_tags=_tags([*request.exclude_tags, *chosen.exclude_tags], "exclude_tags"),
            metadata=_metadata(request.filters),
            last_contacted_before=_at(chosen.last_contacted_before),
            last_contacted_after=_at(chosen.last_contacted_after),
            last_inbound_before=_at(chosen.last_inbound_before),
            last_inbound_after=_at(chosen.last_inbound_after),
            replied=chosen.replied,
        )
    )


def _ordered(search: ContactSearch) -> ContactSearch:
    """Where only times are asked for, the page is in their order: the longest silent first, or the newest. A reader of
    some mailboxes would learn from it what happened in others."""
    narrowed = search.query or search.contact_id or search.email or search.domain or search.tags
    if narrowed or search.sight.mailbox_ids is not None or any(v is not None for _, v in search.metadata):
        return search
    asked = {
        "-contacted": search.last_contacted_after,
        "contacted": search.last_contacted_before,
        "-inbound": search.last_inbound_after,
        "inbound": search.last_inbound_before,
    }
    return replace(search, order=next((order for order, at in asked.items() if at is not None), ""))


def _is_metadata(key: str) -> bool:
    return key == _METADATA or key.startswith(f"{_METADATA}.")


def _metadata(filters: dict[str, Any]) -> tuple[tuple[str, Scalar], ...]:
    pairs = tuple(_pairs({key: value for key, value in filters.items() if _is_metadata(key)}))
    if len(pairs) > _MOST:
        raise Problem("invalid", f"More than {_MOST} conditions on metadata.", field="filters")
    for path, value in pairs:
        _check(path, value)
    return pairs


def _pairs(filters: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in filters.items():
        if key == _METADATA and isinstance(value, dict):
            yield from value.items()
        else:
            yield key.removeprefix(f"{_METADATA}."), value


def _check(path: str, value: Any) -> None:
    field = f"filters.{_METADATA}.{path}"[:80]
    if not path or path == _METADATA or len(path) > _LONGEST or '"' in path or not path.isprintable():
        advice = "Like metadata.plan; a key with a double quote cannot be looked up."
        raise Problem("invalid", "A metadata key that cannot be searched.", field=field, advice=advice)
    if not isinstance(value, str | int | float | bool | None):
        advice = "Compare with one text, number, true, false or null; lists and objects never compare equal."
        raise Problem("invalid", "Metadata is compared with single values only.", field=field, advice=advice)
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Problem("invalid", "The value is no valid text.", field=field) from None


def _same(name: str, beside: str | None, chosen: str | None) -> str | None:
    if beside and chosen and beside != chosen:
        raise Problem("contradiction", f"filters and {name} ask for different things.", field=name)
    return beside or chosen


def _tags(given: list[str], field: str) -> tuple[str, ...]:
    return tuple(written(name, value) for name, value in read_tags(given, field=field).items())


def _at(moment: datetime | None) -> Micros | None:
    return None if moment is None else from_datetime(moment)
