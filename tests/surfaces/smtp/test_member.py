"""One receiving process, started, handed connections and ended."""

from __future__ import annotations

import asyncio
import errno
import socket

import pytest

from multimail.surfaces.smtp.member import Member
from multimail.surfaces.smtp.receiver import ReceiverSettings
from tests.surfaces.smtp.receiving import COMMAND, Recorder, until

pytestmark = pytest.mark.anyio

SETTINGS = ReceiverSettings(port=0)


async def test_it_says_when_it_is_ready_and_ends_when_told() -> None:
    gone: list[Member] = []
    member = Member(Recorder(), gone.append)
    assert not member.ready
    await member.start(COMMAND, SETTINGS)
    await until(lambda: member.ready)
    await member.end(1.0)
    assert not member.ready
    await until(lambda: gone == [member])


async def test_it_is_told_none_of_our_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("MULTIMAIL_KEY", "mm_secret")
    found = tmp_path_factory.mktemp("x") / "environment"
    gone: list[Member] = []
    member = Member(Recorder(), gone.append)
    await member.start(("/bin/sh", "-c", f"env > {found}"), SETTINGS)
    await until(lambda: gone)
    await member.end(0.0)
    names = {line.partition("=")[0] for line in found.read_text().splitlines()}
    assert "PATH" in names
    assert "MULTIMAIL_KEY" not in names


async def test_a_program_that_is_not_there_is_said_to_be() -> None:
    member = Member(Recorder(), lambda _: None)
    with pytest.raises(FileNotFoundError):
        await member.start(("/no/such/program",), SETTINGS)
    await member.end(0.0)


async def test_a_connection_it_has_no_room_for_is_still_ours() -> None:
    member = Member(Recorder(), lambda _: None)
    await member.start(("/bin/sh", "-c", "exec sleep 60"), SETTINGS)
    pairs: list[tuple[socket.socket, socket.socket]] = []
    taken = True
    while taken:  # nobody reads what is handed over
        pairs.append(socket.socketpair())
        taken = member.take(pairs[-1][0])
    assert member.connections == len(pairs) - 1
    assert pairs[-1][0].fileno() != -1
    assert {one.fileno() for one, _ in pairs[:-1]} == {-1}
    await member.end(0.0)
    for pair in pairs:
        for one in pair:
            one.close()


async def test_without_descriptors_none_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left() -> tuple[socket.socket, socket.socket]:
        raise OSError(errno.EMFILE, "Too many open files")

    member = Member(Recorder(), lambda _: None)
    monkeypatch.setattr(socket, "socketpair", none_left)
    with pytest.raises(OSError, match="Too many open files"):
        await member.start(COMMAND, SETTINGS)
    with socket.socket() as connection:
        assert not member.take(connection)
    await member.end(0.0)


async def test_one_that_does_not_end_is_made_to() -> None:
    gone = asyncio.Event()
    member = Member(Recorder(), lambda _: gone.set())
    await member.start(("/bin/sh", "-c", "trap '' TERM; exec sleep 60"), SETTINGS)
    await member.end(0.0)
    async with asyncio.timeout(10):
        await gone.wait()
