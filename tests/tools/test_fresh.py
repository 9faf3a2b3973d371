"""Generated files are written when stale, and a stale one is named with its difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.fresh import GENERATORS, PROJECT, stale, write

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_that_differs_is_shown_with_its_difference(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("old\n", "utf-8")

    found = stale(tmp_path, {"page.md": lambda: "new\n"})

    assert found["page.md"].splitlines()[-2:] == ["-old", "+new"]


def test_a_missing_file_is_stale_even_when_its_text_is_empty(tmp_path: Path) -> None:
    assert stale(tmp_path, {"page.md": lambda: ""}) == {"page.md": ""}


def test_writing_makes_everything_fresh(tmp_path: Path) -> None:
    generators = {"docs/a.md": lambda: "a\n", "b.md": lambda: "b\n"}

    assert write(tmp_path, generators) == ["docs/a.md", "b.md"]
    assert write(tmp_path, generators) == []
    assert stale(tmp_path, generators) == {}


def test_every_generated_file_of_the_project_is_there() -> None:
    assert [name for name in GENERATORS if not (PROJECT / name).is_file()] == []
