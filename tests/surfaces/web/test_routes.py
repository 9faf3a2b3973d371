"""Which paths belong to the pages, and where a browser may be sent."""

from __future__ import annotations

import pytest

from multimail.surfaces.web.routes import is_own


@pytest.mark.parametrize("path", ["/review", "/inbox?q=is:unread&after=2026-01-01", "/mail/msg_0"])
def test_pages_of_ours_are_our_own(path: str) -> None:
    assert is_own(path)


@pytest.mark.parametrize(
    "path", ["", "//evil.example", "/review/../x", "/inbox?//x", "https://evil.example", "/v1/x", "/reviews"]
)
def test_anything_else_is_not(path: str) -> None:
    assert not is_own(path)
