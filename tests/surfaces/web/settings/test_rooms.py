"""Which rooms of the settings are of use to whom."""

from __future__ import annotations

import pytest

from multimail.core.model import ROLE_SCOPES, Principal, PrincipalKind, Role
from multimail.surfaces.web.routes import is_page
from multimail.surfaces.web.settings.rooms import ROOMS, open_to


@pytest.mark.parametrize(
    ("role", "titles"),
    [
        (Role.VIEWER, ["Your account"]),
        (Role.REVIEWER, ["Mailboxes", "Your account"]),
        (Role.OPERATOR, [room.title for room in ROOMS]),
    ],
)
def test_a_person_is_offered_what_is_of_use(role: Role, titles: list[str]) -> None:
    who = Principal("key_00000000000000", PrincipalKind.PERSON, "Ann", role, ROLE_SCOPES[role])

    assert [room.title for room in open_to(who)] == titles


def test_what_concerns_everything_is_not_offered_to_who_is_limited_to_some_mailboxes() -> None:
    who = Principal(
        "key_00000000000000",
        PrincipalKind.PERSON,
        "Ann",
        Role.OPERATOR,
        ROLE_SCOPES[Role.OPERATOR],
        mailboxes=(),
    )

    assert {room.title for room in ROOMS} - {room.title for room in open_to(who)} == {"Keys", "Webhooks"}


def test_a_room_is_a_page_and_says_what_it_is_for() -> None:
    assert all(is_page(room.path) and room.text.endswith(".") for room in ROOMS)
