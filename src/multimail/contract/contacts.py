"""Requests and answers about contacts and what happened with them."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from multimail.contract.fields import SENDER_NAMES, Limit, Moment, hidden
from multimail.contract.shapes import Request, View


class SearchContacts(Request):
    """Arguments of `search_contacts`; all conditions together."""

    ALIASES: ClassVar = {"tags": ("tag",), "filters": ("filter",), "mailbox": SENDER_NAMES}
    LISTS: ClassVar = frozenset({"tags", "exclude_tags"})
    OBJECTS: ClassVar = frozenset({"metadata", "filters"})
    query: str = Field(default="", max_length=320, description="Part of an address or name, or a domain.")
    email: str | None = Field(default=None, max_length=320, description="Exactly this address.")
    domain: str | None = Field(default=None, max_length=255, description="Addresses at this domain.")
    tags: list[str] = Field(default_factory=list, description="Must carry all of these.")
    exclude_tags: list[str] = Field(default_factory=list, description="Must carry none of these.")
    filters: dict[str, Any] = Field(
        default_factory=dict,
        description="metadata.KEY, last_contacted_before / _after, last_inbound_before / _after.",
    )
    include_interactions: bool = Field(default=False, description="With the newest interactions of each.")
    limit: Limit = 20
    cursor: str | None = Field(default=None, max_length=400, description="From the previous page.")
    mailbox: str | None = hidden()
    contact_id: str | None = hidden(max_length=40)


class ManageContacts(SearchContacts):
    """Arguments of `manage_contacts`; searching is the default action."""

    ALIASES: ClassVar = {**SearchContacts.ALIASES, "contact_id": ("id",), "email": ("address",)}
    LISTS: ClassVar = SearchContacts.LISTS
    action: Literal["search", "get", "upsert", "add", "update", "delete"] = Field(
        default="search", description="What to do."
    )
    contact_id: str | None = Field(default=None, description="The contact, or give its email.")
    name: str | None = Field(default=None, max_length=200, description="Name to store.")
    metadata: dict[str, Any] | None = Field(default=None, description="Keys to merge; null clears a key.")
    upsert: bool | None = hidden()


class InteractionRow(View):
    """One thing that happened with a contact."""

    kind: str
    message_id: str | None = None
    thread_id: str | None = None
    mailbox_id: str
    mailbox_deleted: bool | None = None
    at: Moment


class ContactView(View):
    """A contact as stored."""

    contact_id: str
    email: str
    name: str
    tags: list[str]
    metadata: dict[str, Any]
    last_contacted: Moment | None = None
    last_inbound: Moment | None = None
    replied: bool = False
    interaction_count: int = 0
    thread_count: int = 0
    latest_thread_id: str | None = None
    created_at: Moment
    interactions: list[InteractionRow] | None = None


class ContactList(View):
    """A page of contacts; `manage_contacts` answers one contact as a page of one."""

    contacts: list[ContactView]
    count: int
    cursor: str | None = None
    action: str | None = None
    deleted: bool | None = None


class InspectContact(Request):
    """Arguments of `inspect_contact`: one of the two."""

    ALIASES: ClassVar = {"contact_id": ("id",), "email": ("address",)}
    contact_id: str | None = Field(default=None, max_length=40, description="The contact, or give its email.")
    email: str | None = Field(default=None, max_length=320, description="Its address.")


class FieldRow(View):
    """Who said what stands in a field. `evidence` is what somebody with authority said where that is something else:
    consent and regions rest on it, and never on an agent's word."""

    field: str
    value: Any = None
    source: str
    by: str | None = None
    at: Moment | None = None
    evidence: Any = None
    evidence_source: str | None = None


class ContactInspection(View):
    """A contact with its log, and who said what of it."""

    contact: ContactView
    fields: list[FieldRow]
