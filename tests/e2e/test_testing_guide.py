"""The guide for testing is right: its examples are the tests of a stranger's project, and they pass there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.stranger import PROJECT, install, pytest

GUIDE = (PROJECT / "docs" / "testing.md").read_text("utf-8")


def test_every_example_passes_as_it_stands(tmp_path: Path) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    folder = tmp_path / "project"
    folder.mkdir()
    for number, block in enumerate(blocks):
        (folder / f"test_example_{number}.py").write_text(block, "utf-8")

    said = pytest(install(tmp_path), folder)

    assert f" {sum(block.count('def test_') for block in blocks)} passed" in said, said
    assert len(blocks) == 5
