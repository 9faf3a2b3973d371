"""The text of a step for one contact: its slots, filled with what is known of him."""

from __future__ import annotations

from multimail.core.sequences import Step
from multimail.core.templates import slots
from multimail.ports.reading import Contact
from multimail.ports.store import Tx
from multimail.services import templates
from multimail.services.templates import Text


def text_of(tx: Tx, step: Step) -> Text:
    """Subject and body with their slots, the step's own or its template's."""
    if not step.template:
        return Text(step.subject, step.body)
    stored = templates.usable(tx, step.template)
    return Text(stored.subject, stored.body, stored.id)


def values_of(contact: Contact) -> dict[str, str]:
    """What slots are filled with: name and address, and what is known of the contact that is a word or a number."""
    known = {
        name: str(value)
        for name, value in contact.metadata.items()
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    }
    name = contact.name or contact.address.rpartition("@")[0]
    return known | {"name": name, "email": contact.address}


def as_far_as_known(step: Step, values: dict[str, str]) -> Text:
    """A step's own text for whoever sends it: filled, or with its slots where something is not known."""
    text = Text(step.subject, step.body)
    return text.filled(values) if all(name in values for name in slots(step.subject, step.body)) else text
