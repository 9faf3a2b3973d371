"""The form of a new key: its fields with a sentence each, and the arguments that they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from multimail.contract.administration import MailboxView
from multimail.core.errors import Problem
from multimail.surfaces.web.settings.fields import (
    TICKED,
    Choice,
    Field,
    Section,
    entries,
    filled,
    given,
    names,
    number,
)

BOX: Final = "box_"
"""Before the id of a mailbox, the name of its box in the form."""
_ROLES: Final = (
    Choice("agent", "agent", "Reads, tags and writes. The mailbox's mode says what of it waits for a person."),
    Choice("reviewer", "reviewer", "Reads everything, decides on what waits, freezes. Writes nothing of its own."),
    Choice("viewer", "viewer", "Reads, and changes nothing."),
    Choice("operator", "operator", "Everything, also these settings and other keys."),
    Choice("owner", "owner", "An agent at the person's own host: each decision is that person's own answer there."),
)  # fmt: skip
_KINDS: Final = (
    Choice("", "As the role says"),
    Choice("person", "A person: signs in to these pages"),
    Choice("agent", "An agent"),
    Choice("program", "A program"),
)
_WHERE: Final = (
    Choice("all", "All mailboxes", "Also those that are made later."),
    Choice("some", "Only these", "To the key, the others are not there."),
)
SECTIONS: Final = (
    Section("who", "Who uses it", (
        Field("name", "Name", "Stands in the record beside everything that is done with it.", example="Ann, review",
              longest=100, required=True),
        Field("role", "Role", "", "radio", _ROLES),
        Field("kind", "What is behind it", "Only people sign in to these pages.", "select", _KINDS),
    )),
    Section("where", "Where", (Field("where", "Mailboxes", "", "radio", _WHERE),)),
    Section("bounds", "Bounds", (
        Field("expires_at", "Ends", "Refused from then on. A day or a time in UTC; empty: it stays valid.",
              example="2027-03-01 18:00"),
        Field("cap_per_hour", "Most mails an hour", "Empty: no cap of its own. 0: none at all.", "number"),
        Field("cap_per_day", "Most mails a day", "Empty: no cap of its own. 0: none at all.", "number"),
    )),
    Section("deciding", "Deciding", (
        Field("elicitation", "May decide through a question of the host",
              "An owner's host asks its person, and the answer counts as the decision.", "check"),
        Field("self_approving", "May decide on mail it sent itself",
              "For an agent's or operator's key. Nobody else looks at such mail; each time is recorded.", "check"),
        Field("limit_domains", "A deciding program may approve mail to these domains only",
              "One on each line. What is outside any of these three bounds goes to a person.", "area", rows=2),
        Field("limit_recipients", "… with at most so many recipients", "Copies count.", "number"),
        Field("limit_mailboxes", "… from these mailboxes", "Addresses, one on each line.", "area", rows=2),
    ), "For programs and owners. A person who reviews needs none of it."),
)  # fmt: skip
LABELS: Final[dict[str, str]] = {one.name: one.label for section in SECTIONS for one in section.fields}
BESIDE: Final = {
    "mailboxes": "where", "mailbox": "limit_mailboxes",
    "approval_limit": "limit_domains", "approval_limit.domains": "limit_domains",
    "approval_limit.max_recipients": "limit_recipients", "approval_limit.mailboxes": "limit_mailboxes",
}  # fmt: skip
EMPTY: Final = dict.fromkeys(names(SECTIONS), "") | {
    "role": "agent", "where": "all", "elicitation": TICKED,
}  # fmt: skip
"""A form that nobody wrote in yet."""


def ticked(form: Mapping[str, str], boxes: Iterable[MailboxView]) -> dict[str, str]:
    """The boxes of the mailboxes as they were ticked."""
    return {f"{BOX}{box.mailbox_id}": form.get(f"{BOX}{box.mailbox_id}", "") for box in boxes}


def arguments(form: Mapping[str, str]) -> dict[str, Any]:
    """What `create_key` is asked for."""
    filled(form, "name")
    found = given(
        name=form["name"].strip(),
        role=form["role"],
        kind=form["kind"],
        expires_at=form["expires_at"].strip(),
        cap_per_hour=number(form["cap_per_hour"], "cap_per_hour"),
        cap_per_day=number(form["cap_per_day"], "cap_per_day"),
        approval_limit=_limit(form),
    )
    if form["where"] == "some":
        found["mailboxes"] = _some(form)
    return found | {name: bool(form[name]) for name in ("self_approving", "elicitation")}


def _some(form: Mapping[str, str]) -> list[str]:
    chosen = [name.removeprefix(BOX) for name, value in form.items() if name.startswith(BOX) and value]
    if not chosen:
        raise Problem(
            "invalid", "No mailbox is ticked.", field="mailboxes", advice="Tick one, or choose all."
        )
    return chosen


def _limit(form: Mapping[str, str]) -> dict[str, Any] | None:
    """The bounds that were written, or None for no limit at all."""
    found = given(max_recipients=number(form["limit_recipients"], "limit_recipients"))
    lists = {"domains": entries(form["limit_domains"]), "mailboxes": entries(form["limit_mailboxes"])}
    found |= {name: listed for name, listed in lists.items() if listed}
    return found or None
