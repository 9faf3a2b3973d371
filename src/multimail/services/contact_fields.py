"""Who said what of a contact, as the services ask and write it down. Evidence is what an operator, an import or a mail
said; an agent's word is kept as well, and nothing that loosens may rest on it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from multimail.core import provenance
from multimail.core.model import Principal, Scope
from multimail.core.provenance import Evidence, Said, Source
from multimail.ports.reading import Contact
from multimail.ports.store import Tx
from multimail.services.context import Call


@dataclass(frozen=True, slots=True)
class Known:
    """One field: its value of today with who said it (None where there is none), and the evidence for it."""

    value: Any
    said: Said
    evidence: Evidence | None


def source_of(principal: Principal) -> Source:
    """Whose word it is: who may administer is an operator, as for tags, and everybody else has no authority."""
    return Source.OPERATOR if Scope.ADMIN in principal.scopes else Source.AGENT


def said_by(call: Call) -> Said:
    """The caller, now."""
    return Said(source_of(call.principal), call.principal.id, call.now)


def known(tx: Tx, addresses: Sequence[str], keys: Sequence[str]) -> dict[str, dict[str, Known]]:
    """Of each normalised address that is a contact, the `keys` of its data of which anything is known. One statement.

    For what tightens look at `value` and `evidence`, for what loosens at `evidence` alone.
    """
    fields = {key: provenance.metadata_field(key) for key in keys}
    found = {}
    for address, said in tx.contacts.said_of(addresses, list(fields.values())).items():
        values = provenance.fields_of(said.name, said.metadata)
        each = {key: _known(field, values, said.lines) for key, field in fields.items()}
        found[address] = {key: one for key, one in each.items() if one is not None}
    return found


def of_contact(tx: Tx, contact: Contact) -> dict[str, Known]:
    """Every field of a contact, with those that an agent took away and for which there is evidence."""
    lines = tx.contacts.said(contact.id)
    values = provenance.fields_of(contact.name, contact.metadata)
    fields = [*values, *(field for field in lines if field != provenance.ALL and field not in values)]
    each = {field: _known(field, values, lines) for field in fields}
    return {field: one for field, one in each.items() if one is not None}


def note(tx: Tx, before: Contact | None, after: Contact, said: Said, given: Collection[str] = ()) -> None:
    """Write down who said what changed, and what was said anew: `given` are fields of what was asked for."""
    old = provenance.fields_of(before.name, before.metadata) if before else {}
    # Of whom nothing is there any more, evidence may be.
    lines = tx.contacts.said(after.id) if before or not said.source.is_evidence else {}
    new = provenance.fields_of(after.name, after.metadata)
    changes = provenance.rewritten(old, new, lines, said, given)
    if changes:
        tx.contacts.note(after.id, changes)


def _known(field: str, values: Mapping[str, Any], lines: Mapping[str, provenance.Field]) -> Known | None:
    evidence = provenance.evidence(field, values, lines)
    if field not in values and evidence is None:
        return None
    return Known(values.get(field), provenance.line_of(field, lines).said, evidence)
