"""`multimail install`: one entry in a host's configuration; what else stands there is never touched."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from multimail.config import Settings, default_data
from multimail.core.errors import Problem

SERVER: Final = "multimail"
SERVERS: Final = "mcpServers"
HOSTS: Final = {"claude-desktop": "Claude Desktop", "claude-code": "Claude Code"}


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the host's file; `backup` is the file as it was, if there was one and it changed."""

    path: Path
    changed: bool
    backup: Path | None


def entry(settings: Settings) -> dict[str, Any]:
    """How a host starts the door: this very interpreter by its path, so that nothing is looked up by name."""
    environment = {}
    if settings.folder != default_data().resolve():
        environment["MULTIMAIL_DATA"] = str(settings.folder)
    if settings.key_file is not None:
        environment["MULTIMAIL_KEY_FILE"] = str(settings.key_file.expanduser().absolute())
    # Not resolved: behind the link, the interpreter has left its environment.
    command = {"command": str(Path(sys.executable).absolute()), "args": ["-m", "multimail", "mcp"]}
    return {**command, **({"env": environment} if environment else {})}


def path_of(host: str) -> Path:
    """Where the host keeps its configuration on this system."""
    home = Path.home()
    if host == "claude-code":
        return home / ".claude.json"
    if sys.platform == "darwin":
        folder = home / "Library" / "Application Support"
    elif sys.platform == "win32":
        folder = Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming")
    else:
        folder = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    return folder / "Claude" / "claude_desktop_config.json"


def read(path: Path) -> dict[str, Any]:
    """The configuration; empty where there is no file. `invalid_setting` for what is no JSON object."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise _broken(path, str(error)) from None
    try:
        found = json.loads(text) if text.strip() else {}
    except ValueError as error:
        raise _broken(path, str(error)) from None
    if not isinstance(found, dict) or not isinstance(found.get(SERVERS, {}), dict):
        raise _broken(path, f"it is no object, or its {SERVERS} is none")
    return found


def write(path: Path, new: Mapping[str, Any]) -> Written:
    """Put the entry in; the old file is kept beside the new one, which takes its place in one step."""
    found = read(path)
    servers = found.get(SERVERS, {})
    if servers.get(SERVER) == new:
        return Written(path, changed=False, backup=None)
    text = json.dumps({**found, SERVERS: {**servers, SERVER: new}}, indent=2, ensure_ascii=False) + "\n"
    # A link stays one: dotfiles are often kept elsewhere.
    target = path.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    backup = _backup(target) if target.exists() else None
    _replace(target, text)
    return Written(path, changed=True, backup=backup)


def _backup(target: Path) -> Path:
    """The file as it was before our first entry: a later one does not take its place."""
    copy = target.with_name(f"{target.name}.before-multimail")
    if not copy.exists():
        shutil.copy2(target, copy)
    return copy


def _replace(target: Path, text: str) -> None:
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o600
    try:
        with os.fdopen(
            os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8"
        ) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _broken(path: Path, why: str) -> Problem:
    return Problem(
        "invalid_setting",
        f"{path} cannot be read as the host's configuration: {why}.",
        field="config",
        advice="Nothing was changed. Mend the file, or put the entry in yourself: --print shows it.",
    )
