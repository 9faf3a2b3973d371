"""Sign-in links: on a terminal, for people, once."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.support.program import operator_key, run, serving, terminal


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_a_link_is_not_shown_in_a_pipe(data: Path) -> None:
    done = run(data, "sign-in", cold=True, MULTIMAIL_KEY=operator_key(data))

    assert (done.returncode, done.stdout) == (6, "")


def test_a_link_on_a_terminal_leads_to_the_server_that_runs(data: Path) -> None:
    key = operator_key(data)
    with serving(data) as server:
        place = re.findall(r"http://127\.0\.0\.1:\d+", server.until("Ctrl-C stops it."))[0]
        with terminal(data, "sign-in", MULTIMAIL_KEY=key) as screen:
            assert screen.finish() == 0, screen.shown
        link = screen.shown.strip()

        assert link.startswith(f"{place}/sign-in?token=")
        with urllib.request.urlopen(link, timeout=10) as page:
            assert page.status == 200


def test_an_agent_gets_no_link(data: Path, tmp_path: Path) -> None:
    operator = operator_key(data)
    path = tmp_path / "robot"
    run(data, "keys", "create", "Robot", "--role", "reviewer", "--kind", "program", "--write-to", str(path),
        MULTIMAIL_KEY=operator)  # fmt: skip
    with serving(data) as server:
        server.until("Ctrl-C stops it.")
        with terminal(data, "sign-in", MULTIMAIL_KEY_FILE=str(path)) as screen:
            assert screen.finish() == 3

    assert "Only people sign in" in screen.shown


def test_on_the_first_start_the_link_comes_with_the_key(data: Path) -> None:
    with terminal(data, "serve") as screen:
        shown = screen.until("Ctrl-C stops it.")

    assert re.search(r"http://127\.0\.0\.1:\d+/sign-in\?token=[\w-]{43}\n", shown)
