"""What a program's key may decide on, and what it has to hand on to a person. Pure: addresses in, names out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from multimail.core.addresses import domain_of, listed
from multimail.core.model import ApprovalLimit


@dataclass(frozen=True, slots=True)
class Breach:
    """One bound that a mail is outside of: its name for the record, and a reason without any address."""

    limit: str
    reason: str


def breaches(
    limit: ApprovalLimit, mailbox_id: str, addresses: Sequence[str], *, handed_on: bool
) -> tuple[Breach, ...]:
    """The bounds that a mail to these recipients is outside of. What was handed on before is a person's."""
    found = []
    if limit.mailboxes is not None and mailbox_id not in limit.mailboxes:
        found.append(Breach("mailboxes", "The mailbox is outside this key's approval limit."))
    strange = () if limit.domains is None else _strange(limit.domains, addresses)
    if strange:
        named = ", ".join(strange[:3]) + (f" and {len(strange) - 3} more" if len(strange) > 3 else "")
        found.append(Breach("domains", f"Outside this key's approval limit: recipients at {named}."))
    if limit.max_recipients is not None and len(addresses) > limit.max_recipients:
        reason = f"{len(addresses)} recipients; this key's approval limit is {limit.max_recipients}."
        found.append(Breach("max_recipients", reason))
    if handed_on and not found:
        found.append(Breach("handed_on", "It was handed on to a person, who decides."))
    return tuple(found)


def _strange(domains: Sequence[str], addresses: Sequence[str]) -> list[str]:
    outside = [one for one in addresses if not listed(domains, one)]
    return list(dict.fromkeys(domain_of(one) for one in outside))
