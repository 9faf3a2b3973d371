"""Failpoints: named, free unless armed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from multimail.core import failpoints


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    failpoints.disarm()


def test_an_armed_hit_reports_its_name_until_disarmed() -> None:
    seen: list[str] = []
    failpoints.hit("store.before_commit")
    failpoints.arm(seen.append)
    failpoints.hit("store.after_commit")
    failpoints.disarm()
    failpoints.hit("store.before_answer")

    assert seen == ["store.after_commit"]


def test_a_hit_may_raise() -> None:
    def fail(name: str) -> None:
        raise OSError(name)

    failpoints.arm(fail)

    with pytest.raises(OSError, match="before_begin"):
        failpoints.hit("store.before_begin")


def test_every_failpoint_is_explained() -> None:
    assert all(len(sentence.split()) >= 4 for sentence in failpoints.FAILPOINTS.values())
