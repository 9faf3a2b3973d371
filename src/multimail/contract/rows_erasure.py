"""Operation rows: erasing a person, and the record of it. For operators; no agent is offered them."""

from typing import Final

from multimail.contract import erasure
from multimail.contract.operation import CLI, REST, Effect, Example, Operation, Toolset
from multimail.contract.rows_mail import COMMON
from multimail.core.model import Scope

_NOT_FOR_MODELS: Final = frozenset({CLI, REST})

ROWS: Final[tuple[Operation, ...]] = (
    Operation(
        name="erase_person",
        title="Erase a person",
        description="Erase an address, its names and numbers from all that is kept, mail too. It stays suppressed.",
        request=erasure.ErasePerson,
        view=erasure.ErasureView,
        scope=Scope.ADMIN,
        effect=Effect.REMOVE,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=(*COMMON, "invalid_address", "conflict"),
        examples=(Example("Somebody", {"email": "gone@example.org", "confirm_email": "gone@example.org"}),),
        positional=("email", "confirm_email"),
        surfaces=_NOT_FOR_MODELS,
    ),
    Operation(
        name="list_erasures",
        title="List erasures",
        description="Who was erased when, as proofs that name nobody; with an address, whether it was.",
        request=erasure.ListErasures,
        view=erasure.ErasureList,
        scope=Scope.ADMIN,
        effect=Effect.READ,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=(*COMMON, "invalid_address", "invalid_cursor"),
        examples=(Example("All", {}), Example("One", {"email": "gone@example.org"})),
        surfaces=_NOT_FOR_MODELS,
    ),
)
