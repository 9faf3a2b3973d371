"""Which tools a role is shown, in what order, and what they cost in a model's context."""

from __future__ import annotations

import json

import pytest

from multimail.contract.registry import BY_NAME
from multimail.core.model import ROLE_SCOPES, Role, Scope
from multimail.surfaces.mcp.catalogue import names, tools_for

MOST_TOOLS, MOST_BYTES = 25, 26_000


def shown(*scopes: Scope) -> list[str]:
    return [tool.name for tool in tools_for(frozenset(scopes)).tools]


def test_an_agents_list_stays_within_its_price() -> None:
    listed = tools_for(ROLE_SCOPES[Role.AGENT])
    wire = listed.model_dump_json(by_alias=True, exclude_none=True).encode()
    # Some hosts put the tools before their model with a space after each comma and colon.
    spaced = json.dumps([tool.model_dump(by_alias=True, exclude_none=True) for tool in listed.tools])

    assert len(listed.tools) <= MOST_TOOLS
    assert len(wire) <= len(spaced) <= MOST_BYTES


@pytest.mark.parametrize("role", Role)
def test_a_role_is_shown_exactly_what_its_scopes_allow_in_the_registrys_order(role: Role) -> None:
    allowed = [name for name in names() if BY_NAME[name].scope in ROLE_SCOPES[role]]

    assert shown(*ROLE_SCOPES[role]) == allowed
    assert allowed == [name for name in BY_NAME if name in allowed]


def test_no_agent_is_shown_what_loosens_anything() -> None:
    review = {name for name, row in BY_NAME.items() if row.toolset != "agent"}

    assert review & set(shown(*ROLE_SCOPES[Role.AGENT])) == set()


def test_no_scope_no_tool() -> None:
    assert shown() == []
    assert set(shown(Scope.READ)) < set(shown(Scope.READ, Scope.TAG))
