"""The import contracts bite: each is broken on purpose, in a copy of the source, and must be reported."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import PROJECT

# One file for each way to go wrong, and one broken contract for each line that is not a repetition.
WRONG = {
    "utils.py": "",
    "core/upward.py": "import multimail.services",
    "surfaces/cli/sideways.py": "import multimail.surfaces.web",
    "adapters/store/sideways.py": "import multimail.adapters.transport",
    "adapters/transport/upward.py": "import multimail.contract",
    "services/there.py": "import multimail.services.back",
    "services/back.py": "import multimail.services.there",
    "mime/stranger.py": "import aiosmtpd",
}


def contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": f"{folder / 'src'}{os.pathsep}{folder}", "COLUMNS": "200"}
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True, timeout=120
    )


def copied(folder: Path) -> Path:
    for name in ("src/multimail", "tools"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / ".importlinter", folder)
    return folder


def test_every_contract_reports_the_import_it_forbids(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    for name, text in WRONG.items():
        (folder / "src/multimail" / name).write_text(f"{text}\n", "utf-8")

    done = contracts(folder)

    assert done.returncode == 1
    assert "Contracts: 0 kept, 6 broken." in done.stdout


def test_the_contracts_hold_for_the_source_as_it_is(tmp_path: Path) -> None:
    done = contracts(copied(tmp_path))

    assert "0 broken." in done.stdout, done.stdout + done.stderr
