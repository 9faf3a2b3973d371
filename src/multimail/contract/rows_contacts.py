"""Operation rows: contacts as people look at them. Models have `search_contacts` and `manage_contacts`."""

from typing import Final

from multimail.contract import contacts
from multimail.contract.operation import CLI, REST, Effect, Example, Operation, Toolset
from multimail.contract.rows_mail import COMMON
from multimail.core.model import Scope

ROWS: Final[tuple[Operation, ...]] = (
    Operation(
        name="inspect_contact",
        title="Look into a contact",
        description="A contact with its newest interactions, and of every field who said it and when.",
        request=contacts.InspectContact,
        view=contacts.ContactInspection,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*COMMON, "not_found", "invalid_address"),
        examples=(Example("By address", {"email": "ann@example.com"}),),
        positional=("email",),
        surfaces=frozenset({CLI, REST}),
    ),
)
