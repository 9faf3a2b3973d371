"""A failed call is made again only where that is safe and may help, and never sooner than the server wishes."""

from __future__ import annotations

import pytest

from multimail.client.errors import ConnectionFailed, Details, MultimailError, Timeout, class_for
from multimail.client.retries import LONGEST_PAUSE, Try, pause


def refused(status: int, retry_after: float | None = None, retry: bool = True) -> MultimailError:
    return class_for(status)("No.", Details(status=status, retry_after=retry_after, retry=retry))


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (ConnectionFailed("Broken."), True),
        (Timeout("Late."), True),
        (refused(503), True),
        (refused(503, retry=False), False),
        (refused(429, 1.0), True),
        (refused(429), False),
        (refused(502), True),
        (refused(504), True),
        (refused(500), False),
        (refused(423), False),
        (refused(409), False),
        (refused(507), False),
        (refused(401), False),
        (refused(422), False),
        (MultimailError("What?"), False),
    ],
    ids=repr,
)
def test_only_what_passes_is_tried_again(error: MultimailError, again: bool) -> None:
    assert (pause(Try(error, True, 0, 2), 0.0) is not None) is again


def test_what_must_not_be_done_twice_is_tried_once() -> None:
    assert pause(Try(ConnectionFailed("Broken."), False, 0, 2), 0.0) is None


def test_after_its_retries_a_call_fails() -> None:
    tries = [pause(Try(Timeout("Late."), True, number, 2), 0.0) is not None for number in range(4)]

    assert tries == [True, True, False, False]


def test_the_pauses_grow_to_a_limit_and_differ_from_client_to_client() -> None:
    pauses = [
        [pause(Try(Timeout("Late."), True, number, 99), chance) for chance in (0, 1)] for number in range(7)
    ]

    assert pauses[:3] == [[0.125, 0.25], [0.25, 0.5], [0.5, 1.0]]
    assert pauses[6] == [LONGEST_PAUSE / 2, LONGEST_PAUSE]


def test_the_wish_of_the_server_is_the_pause_unless_it_is_too_long_to_wait() -> None:
    assert pause(Try(refused(429, 2.0), True, 0, 2), 0.5) == 2.0
    assert pause(Try(refused(503, 3600.0), True, 0, 2), 0.5) is None
