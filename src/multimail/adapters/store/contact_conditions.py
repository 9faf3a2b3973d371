"""What a search of contacts asks for, as conditions about the alias `c` of `contacts`."""

from __future__ import annotations

from typing import Final

from multimail.adapters.store import dialect, interactions
from multimail.adapters.store.search_sql import Where, contains, tag_is
from multimail.core.addresses import domain_of, normalise
from multimail.ports.contacts import ContactSearch

CONTACTED: Final = "coalesce(c.last_contacted, c.noted)"
"""When the account last wrote to somebody. Who keeps that time in the contact's own data is heard where the log has
none."""
CARRIES: Final = "EXISTS (SELECT 1 FROM tags t WHERE t.kind = 'contact' AND t.target = c.id AND {condition})"
Scalar = str | int | float | bool | None


def conditions(
    search: ContactSearch, facts: interactions.Facts, where: Where, *, listed: bool = False
) -> None:
    """Add all of them but the place in the list; where the search is `listed` along indexes, without what those say
    exactly: the tags."""
    if not search.sight.see_hidden:
        where.add("c.hidden = 0")
    exact = {"c.id =": search.contact_id, "c.address =": search.email, "c.domain =": search.domain}
    for comparison, value in exact.items():
        if value is not None:
            where.add(f"{comparison} {where.bind(value)}")
    for part in parts(search.query):
        where.add(_asked(part, where))
    for tag in (tag for tag in search.tags if not listed or tag.endswith("=")):
        where.add(CARRIES.format(condition=tag_is(tag, where)))
    for tag in search.exclude_tags:
        where.add(f"NOT {CARRIES.format(condition=tag_is(tag, where))}")
    for path, wanted in search.metadata:
        where.add(_metadata(path, wanted, where))
    _facts(search, facts, where)


def parts(query: str) -> list[str]:
    """The words of a search, which may stand anywhere in address and name: all of them must."""
    return query.replace("\0", " ").split()


def _asked(part: str, where: Where) -> str:
    """A whole address means nobody else: neither who is at the same domain nor an address that ends with it."""
    if is_address(part):
        return f"c.address = {where.bind(normalise(part))}"
    found = contains(("c.address", "c.name"), part, where)
    domain = own_script(part)
    return f"({found} OR c.domain = {where.bind(domain)})" if domain else found


def own_script(part: str) -> str:
    """The ASCII form in which a domain is stored that is written in its own script; empty for what is none."""
    return "" if part.isascii() or "@" in part.lstrip("@") else domain_of(f"x@{part.lstrip('@')}")


def is_address(query: str) -> bool:
    """Whether the words of a search are a whole address."""
    local, _, domain = query.rpartition("@")
    return bool(local) and "." in domain and not any(map(str.isspace, query))


def _facts(search: ContactSearch, facts: interactions.Facts, where: Where) -> None:
    """What happened with a contact, as this reader sees it."""
    contacted = (
        CONTACTED if search.sight.mailbox_ids is None else f"coalesce({facts.last_contacted}, c.noted)"
    )
    if search.last_contacted_before is not None:
        where.add(f"coalesce({contacted} < {where.bind(search.last_contacted_before)}, TRUE)")
    if search.last_contacted_after is not None:
        where.add(f"{contacted} >= {where.bind(search.last_contacted_after)}")
    if search.last_inbound_before is not None:
        where.add(f"coalesce({facts.last_inbound} < {where.bind(search.last_inbound_before)}, TRUE)")
    if search.last_inbound_after is not None:
        where.add(f"{facts.last_inbound} >= {where.bind(search.last_inbound_after)}")
    if search.replied is not None:
        where.add(f"{facts.replied} = {where.bind(int(search.replied))}")


def _metadata(path: str, value: Scalar, where: Where) -> str:
    """A dotted path is a key with dots in it or a way into objects. Only scalars are ever equal to anything."""
    keys = [[path], path.split(".")] if "." in path else [[path]]
    return "(" + " OR ".join(_scalar(way, value, where) for way in keys) + ")"


def _scalar(way: list[str], value: Scalar, where: Where) -> str:
    bound = where.bind(dialect.json_path(way)).removeprefix(":")
    kind, found = dialect.json_kind("c.metadata", bound), dialect.json_field("c.metadata", bound)
    if value is None:
        return f"coalesce({kind}, 'null') = 'null'"
    text = text_of(value)
    ways = [f"({kind} = 'text' AND {found} = {where.bind(text)})"]
    ways += [f"({kind} IN ('integer', 'real') AND {found} = {where.bind(n)})" for n in numbers(value)]
    if text in ("true", "false"):
        ways.append(f"{kind} = '{text}'")
    return f"coalesce({' OR '.join(ways)}, FALSE)"


def text_of(value: str | int | float | bool) -> str:
    """A value as a text that it equals."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def numbers(value: str | int | float | bool) -> tuple[int | float, ...]:
    """The number that a value is or spells, if the database can hold it."""
    if isinstance(value, bool):
        return ()
    try:
        number = value if not isinstance(value, str) else int(value) if value.isdecimal() else float(value)
    except ValueError:
        return ()
    return () if isinstance(number, int) and abs(number) >= 2**63 else (number,)
