"""The doctor finds what is wrong, blames nothing that is right, and changes nothing."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path

import pytest

from multimail import config
from multimail.commands import doctor, install
from multimail.commands.doctor import Finding, Level
from multimail.config import Settings
from multimail.wiring.folder import DATABASE
from tests.support.account import account
from tests.support.program import run, serving


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in [name for name in os.environ if name.startswith("MULTIMAIL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    account(tmp_path / "data", {})
    return config.load(data=tmp_path / "data", http_port=0, smtp_port=0)


def found(settings: Settings, about: str) -> list[tuple[Level, str]]:
    return [(one.level, one.what) for one in doctor.examine(settings) if one.about == about]


def worst(settings: Settings, about: str) -> Level:
    order = list(Level)
    return max((level for level, _ in found(settings, about)), key=order.index)


def test_a_sound_installation_has_no_faults_but_the_boundary_is_told(settings: Settings) -> None:
    findings = doctor.examine(settings)

    assert [one for one in findings if one.level is Level.FAULT] == []
    assert [one.about for one in findings if one.level is Level.WARNING] == ["boundary"]


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert found(config.load(data=tmp_path / "none"), "data folder")[0][0] is Level.NOTE
    assert not (tmp_path / "none").exists()


def test_a_file_that_others_may_read_is_a_fault(settings: Settings) -> None:
    (settings.folder / DATABASE).chmod(0o644)

    assert found(settings, "data folder") == [(Level.FAULT, f"Others may look into {DATABASE}.")]


def test_a_damaged_database_is_a_fault(settings: Settings) -> None:
    path = settings.folder / DATABASE
    content = bytearray(path.read_bytes())
    content[20 * 4096 : 40 * 4096] = b"\xff" * (20 * 4096)
    path.write_bytes(content)

    assert worst(settings, "database") is Level.FAULT


def test_a_port_that_somebody_else_has_is_a_fault(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        busy = settings.model_copy(update={"http_port": port})

        (level, what), *_ = found(busy, "ports")
        assert level is Level.FAULT
        assert what.endswith(f"(process {os.getpid()}).")


def test_a_resident_that_answers_is_fine(settings: Settings) -> None:
    with serving(settings.folder) as server:
        server.until("Ctrl-C stops it.")

        assert worst(settings, "resident") is Level.OK
        assert found(settings, "http")[0][0] is Level.OK
        assert found(settings, "smtp")[0][0] is Level.OK


def test_ports_that_do_not_answer_are_faults() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    assert {doctor._http(port).level, doctor._smtp(port).level} == {Level.FAULT}


def test_a_relay_that_cannot_be_reached_is_a_fault_without_its_password(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    away = config.load(data=settings.data, relay=f"smtp+insecure://me:hunter2@127.0.0.1:{port}")

    ((level, what),) = found(away, "relay")
    assert level is Level.FAULT
    assert "hunter2" not in what


def test_a_relay_that_cannot_be_understood_is_a_fault(settings: Settings) -> None:
    assert worst(config.load(data=settings.data, relay="gopher://x"), "relay") is Level.FAULT


def test_a_misspelt_variable_is_a_warning_with_its_right_name(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULTIMAIL_RELAI", "smtp://x")

    (finding,) = [one for one in doctor.examine(settings) if one.about == "environment"]
    assert (finding.level, finding.advice) == (Level.WARNING, "Did you mean MULTIMAIL_RELAY?")


@pytest.mark.parametrize(
    ("entry", "level"),
    [
        (None, Level.NOTE),
        ({"command": sys.executable}, Level.WARNING),
        ({"command": "multimail"}, Level.FAULT),
        ({"command": "/gone/python"}, Level.FAULT),
    ],
)
def test_a_hosts_entry_is_tried(settings: Settings, entry: dict[str, str] | None, level: Level) -> None:
    path = install.path_of("claude-desktop")
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"mcpServers": {"multimail": entry}} if entry else {}), "utf-8")

    assert worst(settings, "claude-desktop") is level


def test_the_entry_that_install_writes_is_fine(settings: Settings) -> None:
    install.write(install.path_of("claude-code"), install.entry(settings))

    assert worst(settings, "claude-code") is Level.OK


def test_a_hosts_file_that_is_broken_is_a_fault(settings: Settings) -> None:
    install.path_of("claude-code").write_text("{", "utf-8")

    assert worst(settings, "claude-code") is Level.FAULT


def test_only_faults_make_the_exit_code_one(capsys: pytest.CaptureFixture[str]) -> None:
    warning, fault = (
        Finding("a", Level.WARNING, "odd", "see"),
        Finding("b", Level.FAULT, "broken\x1b[2J", "mend"),
    )

    assert (doctor.report([warning], as_json=False), doctor.report([fault], as_json=False)) == (0, 1)
    assert "\x1b" not in capsys.readouterr().out


def test_the_report_is_json_where_asked_for(tmp_path: Path) -> None:
    done = run(tmp_path / "data", "doctor", "--json", cold=True)

    assert "boundary" in [one["about"] for one in json.loads(done.stdout)["findings"]]
