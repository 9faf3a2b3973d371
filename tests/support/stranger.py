"""A project of somebody else's: the distribution is installed in it as a wheel is, and its tests run on their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

PROJECT = Path(__file__).resolve().parents[2]
_NOT_THEIRS = ("langsmith_plugin", "schemathesis", "cacheprovider")
"""Plugins of this machine that a stranger does not have, and that cost time."""


def install(folder: Path) -> Path:
    """The distribution's files and metadata, as on the path of an installation."""
    (wheel,) = WheelBuilder(str(PROJECT)).build(directory=str(folder), versions=["standard"])
    site, sources = folder / "site", PROJECT / "src"
    with zipfile.ZipFile(wheel) as files:
        files.extractall(site)
        ours = [name for name in files.namelist() if (sources / name).exists()]
    # Compiled, as installers leave it: what is compiled here belongs to sources of the same time.
    for name in ours:
        shutil.copystat(sources / name, site / name)
    for compiled in sources.rglob("__pycache__"):
        shutil.copytree(compiled, site / compiled.relative_to(sources))
    return site


def pytest(site: Path, folder: Path, *options: str) -> str:
    """What pytest prints about the tests in the folder; warnings are errors."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(site)}
    without = [word for name in _NOT_THEIRS for word in ("-p", f"no:{name}")]
    command = [sys.executable, "-m", "pytest", "-W", "error", "--strict-markers", "-ra", *without, *options]
    done = subprocess.run(
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True, timeout=150
    )
    return done.stdout + done.stderr
