"""Paths are split before they are decoded, and literal segments come before parameters."""

from __future__ import annotations

import pytest

from multimail.surfaces.http.paths import Paths, decode, path_of


def paths() -> Paths[str]:
    found: Paths[str] = Paths()
    for method, template in [
        ("GET", "/v1/contacts"), ("GET", "/v1/contacts/{contact}"), ("DELETE", "/v1/contacts/{contact}"),
        ("GET", "/v1/contacts/mine"), ("GET", "/v1/contacts/{contact}/tags/{tag}"),
    ]:  # fmt: skip
        found.add(method, template, f"{method} {template}")
    return found


@pytest.mark.parametrize(
    ("path", "methods", "parameters"),
    [
        ("/v1/contacts", {"GET"}, {}),
        ("/v1/contacts/mine", {"GET"}, {}),
        ("/v1/contacts/ann@example.org", {"GET", "DELETE"}, {"contact": "ann@example.org"}),
        ("/v1/contacts/a%2Fb%2Bc%25d@x.org", {"GET", "DELETE"}, {"contact": "a/b+c%d@x.org"}),
        ("/v1/contacts/a+b@x.org/tags/%C3%A9", {"GET"}, {"contact": "a+b@x.org", "tag": "é"}),
    ],
)
def test_what_a_path_knows(path: str, methods: set[str], parameters: dict[str, str]) -> None:
    found = paths().find(path)

    assert found is not None
    assert (set(found.methods), dict(found.parameters)) == (methods, parameters)


@pytest.mark.parametrize(
    "path",
    ["/", "", "/v1", "/v1/contacts/", "/v1//contacts", "//v1/contacts", "/v1/contacts/a/b", "/v1/contacts/%FF",
     "/v1/contacts/" + "x" * 1001],
)  # fmt: skip
def test_what_no_path_is(path: str) -> None:
    assert paths().find(path) is None


def test_a_table_with_a_route_twice_is_a_mistake() -> None:
    found = paths()

    with pytest.raises(ValueError, match="twice"):
        found.add("GET", "/v1/contacts/{contact}", "again")
    with pytest.raises(ValueError, match="twice"):
        found.add("PUT", "/v1/contacts/{other}", "another name")


def test_the_path_as_sent_has_no_query_and_is_made_where_it_is_missing() -> None:
    assert path_of({"raw_path": b"/a%2Fb?x=1", "path": "/a/b"}) == "/a%2Fb"
    assert path_of({"path": "/a b/é"}) == "/a%20b/%C3%A9"


def test_half_an_encoding_is_its_own_text() -> None:
    assert decode("100%") == "100%"
