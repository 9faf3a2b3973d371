"""The object form of a contact filter, except for its `metadata.` keys, which are anybody's."""

from typing import ClassVar

from pydantic import Field

from multimail.contract.fields import Moment
from multimail.contract.shapes import Request


class ContactFilter(Request):
    """What `filters` may hold besides `metadata.KEY`."""

    ALIASES: ClassVar = {"tags": ("tag",), "exclude_tags": ("exclude_tag",), "query": ("q", "name")}
    LISTS: ClassVar = frozenset({"tags", "exclude_tags"})
    query: str = Field(default="", max_length=320, description="Part of an address or name.")
    email: str | None = Field(default=None, max_length=320, description="Exactly this address.")
    domain: str | None = Field(default=None, max_length=255, description="Addresses at this domain.")
    tags: list[str] = Field(default_factory=list, max_length=50, description="Must carry all of these.")
    exclude_tags: list[str] = Field(
        default_factory=list, max_length=50, description="Must carry none of these."
    )
    last_contacted_before: Moment | None = Field(default=None, description="Not written to since, or never.")
    last_contacted_after: Moment | None = Field(default=None, description="Written to since.")
    last_inbound_before: Moment | None = Field(default=None, description="Not heard of since, or never.")
    last_inbound_after: Moment | None = Field(default=None, description="Heard of since.")
    replied: bool | None = Field(default=None, description="Wrote back after being written to, or did not.")
