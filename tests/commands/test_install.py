"""The entry in a host's file: ours alone is written, the rest stays byte for byte what it meant."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from multimail import config
from multimail.commands import install
from multimail.core.errors import Problem

OTHER = {"mcpServers": {"files": {"command": "/bin/files", "args": ["–ü"]}}, "theme": "dark"}
ENTRY = {"command": "/usr/bin/python3", "args": ["-m", "multimail", "mcp"]}


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "MULTIMAIL_DATA"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_the_entry_names_this_interpreter_by_its_path(home: Path) -> None:
    assert install.entry(config.load()) == {"command": sys.executable, "args": ["-m", "multimail", "mcp"]}
    assert Path(sys.executable).is_absolute()


def test_a_data_folder_or_key_of_ones_own_goes_along(home: Path) -> None:
    entry = install.entry(config.load(data=home / "other", key_file=home / "key"))

    assert entry["env"] == {
        "MULTIMAIL_DATA": str((home / "other").resolve()),
        "MULTIMAIL_KEY_FILE": str(home / "key"),
    }


@pytest.mark.parametrize(
    ("platform", "host", "expected"),
    [
        ("linux", "claude-desktop", ".config/Claude/claude_desktop_config.json"),
        ("darwin", "claude-desktop", "Library/Application Support/Claude/claude_desktop_config.json"),
        ("win32", "claude-desktop", "AppData/Roaming/Claude/claude_desktop_config.json"),
        ("linux", "claude-code", ".claude.json"),
    ],
)
def test_each_host_has_its_file(
    monkeypatch: pytest.MonkeyPatch, home: Path, platform: str, host: str, expected: str
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.delenv("APPDATA", raising=False)

    assert install.path_of(host) == home / expected


def test_a_new_file_has_the_entry(tmp_path: Path) -> None:
    path = tmp_path / "Claude" / "config.json"

    written = install.write(path, ENTRY)

    assert json.loads(path.read_text("utf-8")) == {"mcpServers": {"multimail": ENTRY}}
    assert (written.changed, written.backup) == (True, None)


def test_other_servers_and_settings_stay_and_the_old_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    before = json.dumps(OTHER)
    path.write_text(before, "utf-8")
    path.chmod(0o640)

    written = install.write(path, ENTRY)

    found = json.loads(path.read_text("utf-8"))
    assert found["mcpServers"].pop("multimail") == ENTRY
    assert found == OTHER
    assert written.backup is not None
    assert (written.backup.read_text("utf-8"), path.stat().st_mode & 0o777) == (before, 0o640)


def test_writing_it_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    install.write(path, ENTRY)
    before = path.stat()

    assert not install.write(path, ENTRY).changed
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_the_first_backup_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text("{}", "utf-8")
    install.write(path, ENTRY)

    written = install.write(path, {**ENTRY, "env": {}})

    assert written.backup is not None
    assert written.backup.read_text("utf-8") == "{}"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    real = tmp_path / "dotfiles" / "config.json"
    real.write_text("{}", "utf-8")
    (tmp_path / "config.json").symlink_to(real)

    install.write(tmp_path / "config.json", ENTRY)

    assert (tmp_path / "config.json").is_symlink()
    assert "multimail" in real.read_text("utf-8")


@pytest.mark.parametrize("text", ["{broken", "[]", '{"mcpServers": []}', '{"mcpServers": {} // comment\n}'])
def test_what_cannot_be_understood_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.json"
    path.write_text(text, "utf-8")

    with pytest.raises(Problem) as caught:
        install.write(path, ENTRY)

    assert caught.value.code == "invalid_setting"
    assert path.read_text("utf-8") == text
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("text", ["", "\ufeff{}"])
def test_an_empty_file_or_one_with_a_byte_order_mark_is_fine(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.json"
    path.write_text(text, "utf-8")

    assert install.write(path, ENTRY).changed
