"""This server calls the public network over https; itself and private networks only where that was opened."""

from __future__ import annotations

import pytest

from multimail.core.errors import Problem
from multimail.core.reach import LONGEST, Reach, Target, check_url, read_url, refusal

CLOSED, LOOPBACK, PRIVATE = Reach(), Reach(loopback=True), Reach(private=True)
OPEN = Reach(loopback=True, private=True)

THIS_MACHINE = ("127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1")
IN_PRIVATE = (
    "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.127.255.254", "fc00::1", "fd12::1",
    "::ffff:10.0.0.1", "2002:0a00:0001::1", "64:ff9b::c0a8:101",
)  # fmt: skip
NOWHERE = (
    "0.0.0.0", "0.1.2.3", "::", "169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "fe80::1",
    "192.0.0.192", "100.100.100.200", "168.63.129.16", "fd00:ec2::254", "::ffff:100.100.100.200", "3fff::1",
    "fe80::1%eth0", "224.0.0.1", "ff02::1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.7",
    "192.0.0.1", "fec0::1", "2001:db8::1", "2001::1", "::7f00:1", "2002:a9fe:a9fe::1", "64:ff9b:1::1",
)  # fmt: skip
PUBLIC = ("93.184.215.14", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "172.32.0.1")


@pytest.mark.parametrize("address", THIS_MACHINE)
def test_this_machine_is_called_only_where_that_was_opened(address: str) -> None:
    assert refusal(address, "https", PRIVATE) == "it leads to this machine"
    assert refusal(address, "http", LOOPBACK) is None


@pytest.mark.parametrize("address", IN_PRIVATE)
def test_private_networks_are_called_only_where_that_was_opened(address: str) -> None:
    assert refusal(address, "https", LOOPBACK) == "it leads into a private network"
    assert refusal(address, "http", PRIVATE) is None


@pytest.mark.parametrize("address", NOWHERE)
def test_some_addresses_are_never_called(address: str) -> None:
    assert refusal(address, "https", OPEN) == "it leads to an address that is not public"


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_network_is_called_over_https_only(address: str) -> None:
    assert refusal(address, "https", CLOSED) is None
    assert "https" in (refusal(address, "http", OPEN) or "")


def test_a_url_is_taken_apart() -> None:
    assert read_url("https://Hooks.example.com/a?b=1") == Target("https", "hooks.example.com", 443, "/a?b=1")
    assert read_url("http://[::1]:8000") == Target("http", "::1", 8000, "/")


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://example.com/x", "example.com"),
        ("https://example.com:443/x", "example.com"),
        ("https://example.com:8443/x", "example.com:8443"),
        ("http://[::1]:8000/", "[::1]:8000"),
    ],
)
def test_the_host_header_names_the_port_where_it_is_not_the_usual_one(url: str, authority: str) -> None:
    assert read_url(url).authority == authority


@pytest.mark.parametrize(
    "url",
    [
        "", "example.com", "ftp://example.com/", "https://", "https:///x", "https://a b/", "https://example.com:99999/",
        "https://user:secret@example.com/", "https://exämple.com/", "https://example.com/\r\nX: y", "https://[::1/",
        "https://example.com\\@127.0.0.1/", f"https://example.com/{'x' * LONGEST}",
    ],
)  # fmt: skip
def test_what_is_no_usable_url_is_refused(url: str) -> None:
    with pytest.raises(Problem) as caught:
        read_url(url)

    assert (caught.value.code, caught.value.field) == ("invalid", "url")


@pytest.mark.parametrize(
    ("url", "reach"),
    [
        ("https://example.com/", CLOSED),
        ("http://localhost:8000/", LOOPBACK),
        ("http://me.localhost/", LOOPBACK),
        ("http://127.0.0.1:8000/", LOOPBACK),
        ("http://crm.corp/", PRIVATE),
        ("https://10.0.0.1/", PRIVATE),
    ],
)
def test_what_may_be_called_is_taken(url: str, reach: Reach) -> None:
    assert check_url(url, reach) == read_url(url)


@pytest.mark.parametrize(
    ("url", "reach"),
    [
        ("http://example.com/", LOOPBACK),
        ("https://localhost/", PRIVATE),
        ("https://127.0.0.1/", CLOSED),
        ("https://169.254.169.254/latest", OPEN),
        ("http://1.1.1.1/", OPEN),
    ],
)
def test_what_can_be_known_to_be_out_of_reach_is_refused_at_once(url: str, reach: Reach) -> None:
    with pytest.raises(Problem, match="cannot be called"):
        check_url(url, reach)
