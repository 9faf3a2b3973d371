"""The package says what it is made of: each dependency has its reason, and the lock pins all of them by hash."""

from __future__ import annotations

import re
import tomllib

import multimail
from tests.architecture.sources import PROJECT

MANIFEST = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
LOCK = (PROJECT / "requirements.lock").read_text("utf-8")


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~; ]", requirement)[0] for requirement in requirements}


def required() -> set[str]:
    return names(MANIFEST["project"]["dependencies"]) | names(MANIFEST["dependency-groups"]["dev"])


def test_every_dependency_has_a_reason_and_every_reason_a_dependency() -> None:
    page = (PROJECT / "docs/dependencies.md").read_text("utf-8")

    assert set(re.findall(r"^\| `([\w.-]+)` \|", page, re.MULTILINE)) == required()


def test_the_lock_pins_every_dependency_by_hash() -> None:
    blocks = re.split(r"\n(?=[a-z])", re.sub(r"^#.*\n", "", LOCK, flags=re.MULTILINE).strip())
    pinned = {block.partition("==")[0]: block for block in blocks}

    assert {name.replace(".", "-") for name in required()} - pinned.keys() == set()
    assert [name for name, block in pinned.items() if "--hash=sha256:" not in block] == []


def test_the_lock_names_no_place_to_fetch_from() -> None:
    assert re.findall(r"\w+://\S+|--\w*index\S*|--find\S*|--trusted\S*", LOCK) == []


def test_every_range_has_an_upper_end() -> None:
    requirements = [*MANIFEST["project"]["dependencies"], *MANIFEST["dependency-groups"]["dev"]]

    assert [line for line in requirements if not re.search(r">=[\d.]+,<[\d.]+(; \w+ != '\w+')?$", line)] == []


def test_the_changelog_knows_the_version() -> None:
    changelog = (PROJECT / "CHANGELOG.md").read_text("utf-8")

    assert "## [Unreleased]" in changelog or f"## [{multimail.__version__}]" in changelog
