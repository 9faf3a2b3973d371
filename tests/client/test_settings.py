"""Settings come from arguments, then from the environment, then from the defaults; what cannot be right is said."""

from __future__ import annotations

import pytest

from multimail.client.errors import Invalid, Unauthenticated
from multimail.client.settings import Settings, resolved

ENVIRONMENT = {
    "MULTIMAIL_API_KEY": "mm_env",
    "MULTIMAIL_BASE_URL": "https://mail.example",
    "MULTIMAIL_TIMEOUT": "5",
}


def test_without_a_word_the_server_of_this_machine_is_meant() -> None:
    found = resolved("mm_key", None, None, None, 2, {})

    assert found == Settings("mm_key", "http://127.0.0.1:8025", 30.0, None, 2)


def test_the_environment_fills_what_no_argument_says() -> None:
    assert resolved(None, None, None, None, 2, ENVIRONMENT) == Settings("mm_env", "https://mail.example", 5.0)
    assert resolved("mm_me", "http://x.example", 7, "a@b.example", 0, ENVIRONMENT) == Settings(
        "mm_me", "http://x.example", 7.0, "a@b.example", 0
    )


@pytest.mark.parametrize(
    "url", ["http://x.example", "http://x.example/", "http://x.example/v1", " http://x.example/v1/ "]
)
def test_an_address_may_end_as_people_write_it(url: str) -> None:
    assert resolved("mm_key", url, None, None, 2, {}).base_url == "http://x.example"


@pytest.mark.parametrize("key", [None, "", "   ", "mm_ä", "mm key", "mm_\nkey"])
def test_a_key_that_cannot_be_one_is_refused_before_any_call(key: str | None) -> None:
    with pytest.raises(Unauthenticated, match="MULTIMAIL_API_KEY"):
        resolved(key, None, None, None, 2, {})


@pytest.mark.parametrize("url", ["mail.example", "ftp://mail.example", "http://", "127.0.0.1:8025"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(Invalid, match="base_url"):
        resolved("mm_key", url, None, None, 2, {})


@pytest.mark.parametrize("timeout", ["soon", "0", "-1", "nan", "1e9"])
def test_a_time_limit_that_is_none_is_refused(timeout: str) -> None:
    with pytest.raises(Invalid, match="timeout"):
        resolved("mm_key", None, None, None, 2, {"MULTIMAIL_TIMEOUT": timeout})


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:1", True),
        ("http://[::1]:1", True),
        ("http://localhost", True),
        ("http://x.example", False),
    ],
)
def test_this_machine_is_known(url: str, local: bool) -> None:
    assert Settings("mm_key", url).is_local is local


def test_settings_are_shown_without_the_key() -> None:
    assert "mm_secret" not in repr(Settings("mm_secret"))


def test_fewer_than_no_retries_are_none() -> None:
    assert resolved("mm_key", None, None, None, -3, {}).retries == 0
