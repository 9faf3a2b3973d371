"""Contacts as things with an address: `client.contacts`, in short forms of two operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Unpack

from multimail.client.results import Result

if TYPE_CHECKING:
    from multimail.client.answers import ContactList, ContactView, InteractionRow
    from multimail.client.arguments import SearchContactsArguments
    from multimail.client.methods_async import AsyncMethods
    from multimail.client.methods_sync import SyncMethods

_PREFIX = "contact_"


class Deletion(Result):
    """What `delete` answers."""

    __slots__ = ()
    deleted: bool


class Contacts:
    """Contacts are named by their address or id; a name that no contact has raises `NotFound`.

    `search(email=…)` answers an empty list instead.
    """

    def __init__(self, client: SyncMethods) -> None:
        self._client = client

    def upsert(
        self,
        email: str,
        *,
        name: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        tags: str | Sequence[str] | None = None,
    ) -> ContactView:
        """Create the contact, or change it: keys of `metadata` merge, null clears one; tags are added."""
        return self._client.manage_contacts(
            action="upsert", email=email, name=name, metadata=metadata, tags=tags
        )[0]

    def get(self, email: str | None = None, *, contact_id: str | None = None) -> ContactView:
        """The contact."""
        return self._client.manage_contacts(action="get", **_named(email, contact_id))[0]

    def search(self, query: str | None = None, **conditions: Unpack[SearchContactsArguments]) -> ContactList:
        """The contacts that meet all conditions; the longest known first."""
        return self._client.search_contacts(query, **conditions)

    def update(
        self,
        email: str | None = None,
        *,
        contact_id: str | None = None,
        name: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        tags: str | Sequence[str] | None = None,
    ) -> ContactView:
        """As `upsert`, of a contact that is there."""
        named = _named(email, contact_id)
        return self._client.manage_contacts(
            action="update", name=name, metadata=metadata, tags=tags, **named
        )[0]

    def delete(self, email: str | None = None, *, contact_id: str | None = None) -> Deletion:
        """Erase the contact with its data and log. Who opted out of mail stays protected from it."""
        answer = self._client.manage_contacts(action="delete", **_named(email, contact_id))
        return Deletion({"deleted": bool(answer["deleted"])})

    def interactions(
        self, email: str | None = None, *, contact_id: str | None = None
    ) -> list[InteractionRow]:
        """What was sent to and received from the contact, the newest first, a hundred at most."""
        named = _named(email, contact_id)
        return (
            self._client.manage_contacts(action="get", include_interactions=True, **named)[0].interactions
            or []
        )


class AsyncContacts:
    """As `Contacts`, to be awaited."""

    def __init__(self, client: AsyncMethods) -> None:
        self._client = client

    async def upsert(
        self,
        email: str,
        *,
        name: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        tags: str | Sequence[str] | None = None,
    ) -> ContactView:
        """Create the contact, or change it: keys of `metadata` merge, null clears one; tags are added."""
        answer = await self._client.manage_contacts(
            action="upsert", email=email, name=name, metadata=metadata, tags=tags
        )
        return answer[0]

    async def get(self, email: str | None = None, *, contact_id: str | None = None) -> ContactView:
        """The contact."""
        return (await self._client.manage_contacts(action="get", **_named(email, contact_id)))[0]

    async def search(
        self, query: str | None = None, **conditions: Unpack[SearchContactsArguments]
    ) -> ContactList:
        """The contacts that meet all conditions; the longest known first."""
        return await self._client.search_contacts(query, **conditions)

    async def update(
        self,
        email: str | None = None,
        *,
        contact_id: str | None = None,
        name: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        tags: str | Sequence[str] | None = None,
    ) -> ContactView:
        """As `upsert`, of a contact that is there."""
        answer = await self._client.manage_contacts(
            action="update", name=name, metadata=metadata, tags=tags, **_named(email, contact_id)
        )
        return answer[0]

    async def delete(self, email: str | None = None, *, contact_id: str | None = None) -> Deletion:
        """Erase the contact with its data and log. Who opted out of mail stays protected from it."""
        answer = await self._client.manage_contacts(action="delete", **_named(email, contact_id))
        return Deletion({"deleted": bool(answer["deleted"])})

    async def interactions(
        self, email: str | None = None, *, contact_id: str | None = None
    ) -> list[InteractionRow]:
        """What was sent to and received from the contact, the newest first, a hundred at most."""
        named = _named(email, contact_id)
        answer = await self._client.manage_contacts(action="get", include_interactions=True, **named)
        return answer[0].interactions or []


def _named(email: str | None, contact_id: str | None) -> dict[str, Any]:
    """An id may stand where the address does."""
    if email is not None and contact_id is None and email.startswith(_PREFIX) and "@" not in email:
        return {"contact_id": email}
    return {"email": email, "contact_id": contact_id}
