"""There is one way out: one place hands mail to a transport, and nobody else can reach the network with mail."""

from __future__ import annotations

import ast

from tests.architecture.sources import sources

# The one function that hands bytes to a transport.
WAY_OUT = "src/multimail/services/outbox.py"
# What it hands over is made of what was approved here, a copy for each recipient.
COPIES = "src/multimail/services/copies.py"

# Who may speak SMTP as a client, and why nobody else does.
SMTP_CLIENTS = {
    "src/multimail/adapters/transport/": "the transports",
    "src/multimail/commands/demo.py": "the demo's customer, who writes to the demo's own server",
}


def places(method: str) -> list[str]:
    """The files that call a method of this name, once for each call."""
    outside = (source for source in sources("src") if not source.name.startswith("src/multimail/adapters/"))
    return [
        source.name
        for source in outside
        for call in source.calls()
        if isinstance(call.func, ast.Attribute) and call.func.attr == method
    ]


def builders(name: str) -> set[str]:
    return {
        source.name
        for source in sources("src")
        for call in source.calls()
        if isinstance(call.func, ast.Name) and call.func.id == name
    }


def test_one_call_hands_mail_to_a_transport() -> None:
    assert places("deliver") == [WAY_OUT]


def test_only_the_way_out_builds_what_a_transport_takes() -> None:
    assert builders("HandOver") == {COPIES}
    assert builders("OwnCopies") == {WAY_OUT}


def test_nobody_else_speaks_smtp_as_a_client() -> None:
    found = {
        source.name
        for source in sources("src")
        for _, name in source.imports()
        if name.partition(".")[0] in {"smtplib", "aiosmtplib"}
    }

    assert [name for name in found if not name.startswith(tuple(SMTP_CLIENTS))] == []
