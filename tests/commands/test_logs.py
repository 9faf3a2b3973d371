"""The log on stderr: what we say, and nothing of what passes through libraries."""

from __future__ import annotations

import subprocess
import sys

SAYS = (
    "import logging; from multimail.commands.logs import log_to_stderr; log_to_stderr({level!r});"
    "logging.getLogger('multimail.any').debug('ours'); logging.getLogger('multimail.any').error('wrong');"
    "logging.getLogger('aiosqlite').debug('jane@acme.example'); logging.getLogger('httpx').info('jane@acme.example');"
    "logging.getLogger('aiosqlite').warning('theirs')"
)


def said(level: str) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", SAYS.format(level=level)], check=True, capture_output=True, text=True
    )
    return [line.split(" ", 3)[3] for line in ran.stderr.splitlines()]


def test_at_the_finest_level_libraries_say_warnings_only() -> None:
    assert said("debug") == [
        "multimail.any: ours", "multimail.any: wrong", "aiosqlite: theirs"
    ]  # fmt: skip


def test_a_coarser_level_is_for_all() -> None:
    assert said("error") == ["multimail.any: wrong"]
