"""Who acts at the command line: the key's principal, the built-in agent, or a person who proves it."""

from __future__ import annotations

from pathlib import Path

import pytest

from multimail import config
from multimail.commands import identity
from multimail.core.errors import Problem
from multimail.core.model import Scope
from multimail.services.first_start import BUILT_IN_AGENT
from tests.support.program import operator_key, run, terminal


@pytest.mark.parametrize("scope", [Scope.READ, Scope.TAG, Scope.SEND, Scope.CONTACTS])
def test_without_a_key_the_built_in_agent_does_what_agents_may(tmp_path: Path, scope: Scope) -> None:
    with identity.session(config.load(data=tmp_path / "data"), scope) as session:
        assert session.principal_id == BUILT_IN_AGENT


@pytest.mark.parametrize("scope", [Scope.OVERSIGHT, Scope.ADMIN])
def test_what_agents_may_not_needs_a_key_where_nobody_can_be_asked(tmp_path: Path, scope: Scope) -> None:
    with (
        pytest.raises(Problem, match="unauthenticated"),
        identity.session(config.load(data=tmp_path / "data"), scope),
    ):
        pytest.fail("somebody was let in")


def test_a_wrong_key_is_nobody_not_even_the_agent(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("mm_wrong", "utf-8")
    settings = config.load(data=tmp_path / "data", key_file=tmp_path / "key")

    with pytest.raises(Problem, match="unauthenticated"), identity.session(settings, Scope.READ):
        pytest.fail("somebody was let in")


def test_a_key_typed_at_the_terminal_is_not_shown(tmp_path: Path) -> None:
    key = operator_key(tmp_path / "data")

    with terminal(tmp_path / "data", "freeze") as screen:
        screen.until("key or passphrase: ")
        screen.type(key)
        assert screen.finish() == 0, screen.shown

    assert key not in screen.shown


def test_after_three_wrong_tries_it_ends(tmp_path: Path) -> None:
    operator_key(tmp_path / "data")

    with terminal(tmp_path / "data", "freeze") as screen:
        for _ in range(3):
            screen.until("key or passphrase: ")
            screen.type("wrong")
        assert screen.finish() == 3


def test_deciding_without_a_key_is_refused_in_a_pipe(tmp_path: Path) -> None:
    done = run(tmp_path / "data", "decide", "msg_00000000000000", "approve")

    assert (done.returncode, done.stdout) == (3, "")
    assert "--key-file" in done.stderr
