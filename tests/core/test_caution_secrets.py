"""What looks like a secret, and all that does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.caution_secrets import secrets


def codes(text: str) -> list[str]:
    return [one.code for one in secrets(text)]


# Put together here, so that no scanner takes this file for a leak.
KEYS = (
    "AKIA" + "IOSFODNN7EXAMPLE",
    "ghp_" + "a1B2" * 9,
    "github_pat_" + "a1B2_" * 10,
    "glpat-" + "a1b2c3d4e5f6g7h8i9j0",
    "xoxb-" + "123456789012-abcdefghijkl",
    "sk_live_" + "a1b2c3d4e5f6g7h8i9j0",
    "sk-proj-" + "abcdefghijk1234567890abcd",
    "AIza" + "Sy0123456789abcdefghijklmnopqrstuvw",
    "SG." + "abcdefghijklmnop1234.abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "npm_" + "a1B2" * 9,
    "hf_" + "abcdefghijABCDEFGHIJ0123456789",
    "123456789:AA" + "abcdefghijklmnopqrstuvwxyz0123456",
    "eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIE",
    "postgres://app:s3cret@db.example.com/x",
    "Authorization: Bearer " + "abcdef1234567890",
)


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_known_by_its_shape_wherever_it_stands(key: str) -> None:
    for text in (key, f"Here it is: {key}.", f"`{key}`", f'{{"k": "{key}"}}'):
        assert codes(text) == ["secret_like"], text


@pytest.mark.parametrize(
    "text",
    [
        "password: hunter2x", "Password = P@ssw0rd!", "Your password is hunter2x", "**Password:** `Xy7$kkab`",
        "Passwort: Sommer2024!", "Das Passwort lautet Sommer2024!", "pw: abc123", "password: 123456",
        "The API key is abc123def456", "api_key=abc123def456", "client_secret: 'Zk3-99xx'", "passphrase: one2three4",
    ],
)  # fmt: skip
def test_what_is_named_a_password_and_looks_like_one_is_found(text: str) -> None:
    assert codes(text) == ["secret_like"]


@pytest.mark.parametrize(
    "text",
    [
        "Your password is required.", "The password is case-sensitive.", "password: ********", "password: {{password}}",
        "password: <your-password1>", "Password: [your password]", "api_key = ${API_KEY_1}", "password: see attachment",
        "Reset your password: https://example.com/reset?id=12ab", "Forgot your password? Write to help@example.com.",
        "Access code 1234", "Your door code is 482913#", "The token is expired since 2024-05-01", "PIN is 123456",
        "API key expires on 2024-05-05", "tracking 1Z999AA10123456784", "Order 4111111111111111",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8", "id 550e8400-e29b-41d4-a716-446655440000",
        "sk-learn is a library, sk-SK a language", "+49 170 1234567", "msg_ck09ae375ax4jr", "https://example.com:8080/a",
        "Call 0800 123 4567 8901", "Meet Bob: bob@example.com", "Invoice 2024-0001-0002-0003", "1111 1111 1111 1111",
    ],
)  # fmt: skip
def test_ordinary_mail_is_left_alone(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "IBAN: DE89 3704 0044 0532 0130 00", "DE89370400440532013000", "ES91 2100 0418 4502 0005 1332 THEN CALL",
        "4111 1111 1111 1111", "3782-822463-10005", "Visa 4111111111111111",
    ],
)  # fmt: skip
def test_accounts_and_cards_are_known_by_their_check_digits(text: str) -> None:
    assert codes(text) == ["payment_details"]


@pytest.mark.parametrize(
    "text", ["DE88 3704 0044 0532 0130 00", "4111 1111 1111 1112", "Visa 9111111111111111"]
)
def test_numbers_without_the_check_digits_are_not(text: str) -> None:
    assert codes(text) == []


def test_a_secret_is_not_written_out_again() -> None:
    (one,) = secrets("password: hunter2x and " + KEYS[1])

    assert one.where == (f"token of GitHub: ghp_…{KEYS[1][-2:]}", "password: hunt…")


@given(st.text(), st.text())
def test_whatever_is_said_more_takes_no_finding_away(text: str, more: str) -> None:
    assert {*codes(text)} <= {*codes(f"{text}\n\n\n{more}")}


@pytest.mark.parametrize("key", KEYS)
@given(more=st.text(max_size=60))
def test_no_text_behind_a_key_hides_it(key: str, more: str) -> None:
    assert "secret_like" in codes(f"{key}\n\n\n{more}")


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1",
        "A1",
        "a-",
        "eyJ",
        "eyJaaaaaaaaaaa.",
        "sk-",
        "AB12 ",
        "://",
        "a:",
        "password: ",
        "1234 ",
        "x@",
        " ",
    ],
)
def test_long_texts_are_read_in_linear_time(piece: str) -> None:
    """In a time that grows with the square this would not end."""
    assert set(codes(piece * (250_000 // len(piece)))) <= {"secret_like", "payment_details"}
