"""The data folder is its owner's alone, and no other folder is ever changed into one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from multimail.core.errors import Problem
from multimail.wiring import folder


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_new_folder_is_closed_to_others(tmp_path: Path) -> None:
    assert mode(folder.prepare(tmp_path / "a" / "data")) == 0o700


def test_an_open_folder_of_ours_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / folder.DATABASE).touch()

    assert mode(folder.prepare(tmp_path)) == 0o700


def test_a_folder_of_other_files_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "photo.jpg").touch()

    with pytest.raises(Problem) as caught:
        folder.prepare(tmp_path)

    assert (caught.value.code, caught.value.field) == ("invalid_setting", "data")
    assert mode(tmp_path) == 0o755


def test_a_file_in_its_place_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "data").touch()

    with pytest.raises(Problem, match="cannot be used"):
        folder.prepare(tmp_path / "data")


def test_a_private_file_is_whole_and_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"

    assert folder.write_private(path, b"one")
    assert folder.write_private(path, b"two")
    assert (path.read_bytes(), mode(path)) == (b"two", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_the_first_file_wins_where_none_may_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "file"

    assert folder.write_private(path, b"first", replace=False)
    assert not folder.write_private(path, b"second", replace=False)
    assert path.read_bytes() == b"first"


def test_the_seal_is_made_once_however_many_ask_for_it(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        seals = set(pool.map(lambda _: folder.seal_key(tmp_path / "data"), range(32)))

    assert [len(seal) for seal in seals] == [32]
    assert mode(tmp_path / "data" / folder.SEAL) == 0o600
