"""Settings: where they come from, and what a wrong one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from multimail import config
from multimail.config import Settings
from multimail.core.errors import Problem


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(config.variable(name), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)


def test_without_an_environment_everything_is_on_loopback_and_nothing_leaves() -> None:
    settings = config.load()

    assert (settings.smtp_host, settings.smtp_port) == ("127.0.0.1", 1025)
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 8025)
    assert (settings.relay_url(), settings.key_text()) == ("", "")


@pytest.mark.parametrize(
    ("platform", "folder"),
    [("linux", ".local/share/multimail"), ("darwin", "Library/Application Support/multimail")],
)
def test_data_is_where_this_system_keeps_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, folder: str
) -> None:
    monkeypatch.setattr("sys.platform", platform)

    assert config.default_data() == tmp_path / folder


def test_data_on_windows_is_where_local_applications_keep_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))

    assert config.default_data() == tmp_path / "Local" / "multimail"


def test_an_option_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MULTIMAIL_DATA", "/elsewhere")

    assert config.load(data=tmp_path, key_file=None).folder == tmp_path.resolve()
    assert config.load(data=None).folder == Path("/elsewhere")


def test_two_names_of_a_folder_are_one_account(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert config.load(data=tmp_path / "link").folder == config.load(data=tmp_path / "real").folder


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("smtp_port", "99999"),
        ("http_port", "web"),
        ("public_url", "mail.example.com"),
        ("public_url", "https://user@mail.example.com"),
        ("hostname", "not a host"),
        ("log_level", "loud"),
        ("failpoint", "store.before_begin:0"),
        ("max_recipients", "0"),
    ],
)
def test_a_wrong_value_is_named_by_its_variable_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(config.variable(name), value)

    with pytest.raises(Problem) as caught:
        config.load()

    assert (caught.value.code, caught.value.field) == ("invalid_setting", name)
    assert config.variable(name) in caught.value.message
    assert caught.value.advice == Settings.model_fields[name].description


def test_a_secret_is_not_shown_by_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULTIMAIL_RELAY", "smtp://me:hunter2@relay.example")

    settings = config.load()

    assert "hunter2" not in repr(settings)
    assert settings.relay_url() == "smtp://me:hunter2@relay.example"


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "relay").write_text("smtp://relay.example\n", "utf-8")
    monkeypatch.setenv("MULTIMAIL_RELAY_FILE", str(tmp_path / "relay"))

    assert config.load().relay_url() == "smtp://relay.example"


def test_a_secret_given_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MULTIMAIL_KEY", "mm_one")
    monkeypatch.setenv("MULTIMAIL_KEY_FILE", str(tmp_path / "key"))

    with pytest.raises(Problem, match="MULTIMAIL_KEY and MULTIMAIL_KEY_FILE are both set"):
        config.load()


def test_a_file_named_as_an_option_comes_before_a_secret_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MULTIMAIL_KEY", "mm_agent")
    (tmp_path / "key").write_text("mm_operator\n", "utf-8")

    assert config.load(key_file=tmp_path / "key").key_text() == "mm_operator"


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "key").write_bytes(content)

    with pytest.raises(Problem, match="cannot be read") as caught:
        config.load(key_file=tmp_path / "key").key_text()

    assert caught.value.field == "key_file"


def test_a_misspelt_variable_is_found_with_the_name_it_was_meant_to_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MULTIMAIL_SMTP_PROT", "2525")
    monkeypatch.setenv("MULTIMAIL_TEST_CHROMIUM", "/usr/bin/chromium")

    assert config.misspelt() == {"MULTIMAIL_SMTP_PROT": "MULTIMAIL_SMTP_PORT"}


def test_every_setting_says_what_it_is_for() -> None:
    assert [
        name for name, field in Settings.model_fields.items() if not (field.description or "").endswith(".")
    ] == []
