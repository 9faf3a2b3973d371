"""vCards (RFC 2426, RFC 6350) to people and back: whoever an address book exports, once for each of their addresses.

Total: a card that cannot be read gives nobody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

DATA: Final = "x-multimail-data"
"""A property of our own: a contact's data as JSON, so that nothing is lost between two of our servers."""
_BREAKS: Final = re.compile(r"[\r\n\t]+")
_NAMED: Final = {"org": "organization", "title": "title", "tel": "phone", "tz": "timezone"}


@dataclass(frozen=True, slots=True)
class Card:
    """A person with one or more addresses. `data` is JSON text of ours; `details` what the card says besides."""

    addresses: tuple[str, ...]
    name: str = ""
    tags: tuple[str, ...] = ()
    data: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


def read(text: str) -> Card | None:
    """One card, from its BEGIN to its END."""
    import vobject  # noqa: PLC0415 - every server can read cards, and few ever do

    try:
        card = vobject.readOne(text, allowQP=True)
        if card.name != "VCARD":
            return None
        return _card(card.contents)
    except Exception:  # noqa: BLE001 - the library raises whatever it stumbles over
        return None


def _card(contents: Mapping[str, Sequence[Any]]) -> Card:
    addresses = tuple(dict.fromkeys(text for one in contents.get("email", ()) if (text := _text(one.value))))
    tags = tuple(
        text for one in contents.get("categories", ()) for part in _parts(one.value) if (text := part)
    )
    details = {
        key: text
        for name, key in _NAMED.items()
        for one in contents.get(name, ())[:1]
        if (text := " ".join(_parts(one.value)))
    }
    data = next((str(one.value) for one in contents.get(DATA, ())), "")
    name = _name(contents)
    return Card(addresses, "" if name in addresses else name, tags, data, details)


def _name(contents: Mapping[str, Sequence[Any]]) -> str:
    full = next((text for one in contents.get("fn", ()) if (text := _text(one.value))), "")
    if full:
        return full
    parts = next((one.value for one in contents.get("n", ())), None)
    names = (getattr(parts, part, "") for part in ("prefix", "given", "additional", "family", "suffix"))
    joined = " ".join(text for one in names if (text := " ".join(_parts(one))))
    return joined or next((text for one in contents.get("nickname", ()) if (text := _text(one.value))), "")


def _parts(value: Any) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    return [text for one in values if (text := _text(one))]


def _text(value: Any) -> str:
    """One line, with the spaces that stand in it."""
    return _BREAKS.sub(" ", value).strip() if isinstance(value, str) else ""


def write(address: str, name: str, tags: Sequence[str], data: Mapping[str, Any]) -> str:
    """A card of version 3.0 in UTF-8, with the line ends that the format has."""
    import vobject  # noqa: PLC0415

    card = vobject.vCard()
    card.add("fn").value = name or address
    family = name.rpartition(" ")[2]
    given = name.rpartition(" ")[0]
    card.add("n").value = vobject.vcard.Name(family=family, given=given)
    card.add("email").value = address
    card.email.type_param = "INTERNET"
    if tags:
        card.add("categories").value = list(tags)
    if data:
        card.add(DATA).value = json.dumps(data, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    text: str = card.serialize()
    return text
