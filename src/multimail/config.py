"""The settings: their names, types, defaults and help; read once at the top and handed down from there.

Each is an environment variable, `MULTIMAIL_` and the field's name in capitals. What a field means stands in its
description, from which the reference page and the error messages are made.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from multimail.core.errors import Problem
from multimail.core.text import nearest

PREFIX: Final = "MULTIMAIL_"
_NOT_OURS: Final = ("MULTIMAIL_TEST_", "MULTIMAIL_BENCH_")

Port = Annotated[int, Field(ge=0, le=65_535)]


def default_data() -> Path:
    """Where applications of this user keep their data on this system."""
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "multimail"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "multimail"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "multimail"


class Settings(BaseSettings):
    """Everything an operator may set about a process; what belongs to a mailbox is set on the mailbox."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, env_ignore_empty=True)

    data: Path = Field(
        default_factory=default_data,
        description="The data folder: one folder is one account. Any number of processes may share it.",
    )
    smtp_host: str = Field(
        default="127.0.0.1", description="The address of this machine that SMTP listens on."
    )
    smtp_port: Port = Field(default=1025, description="The port that SMTP listens on; 0 takes a free one.")
    smtp_processes: int = Field(
        default=2,
        ge=0,
        le=16,
        description="Processes that help to receive mail while eight or more peers send at once; 0 for none.",
    )
    http_host: str = Field(
        default="127.0.0.1", description="The address of this machine that HTTP listens on."
    )
    http_port: Port = Field(default=8025, description="The port that HTTP listens on; 0 takes a free one.")
    public_url: str = Field(
        default="",
        pattern=r"^$|^https?://[^/?#@\s]+/?$",
        description="How people reach the HTTP port from elsewhere, such as https://mail.example.com; used in links.",
    )
    hostname: str = Field(
        default="localhost",
        pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$",
        description="The name this server calls itself in SMTP greetings and message ids.",
    )
    relay: SecretStr | None = Field(
        default=None,
        description="Where mail leaves to: smtp://user:password@host:587 (TLS required), smtps://host:465 or"
        " smtp+insecure://host:25. Without a relay nothing leaves this machine.",
    )
    relay_file: Path | None = Field(
        default=None, description="A file that holds the relay's URL, so that it is in no environment."
    )
    key: SecretStr | None = Field(
        default=None,
        description="The key that `multimail mcp` and the commands act with; without one they act as the built-in"
        " agent.",
    )
    key_file: Path | None = Field(default=None, description="A file that holds that key.")
    start_resident: bool = Field(
        default=True,
        description="Whether doors start the resident process, which keeps timers and sends, when none runs.",
    )
    ask_seconds: float = Field(
        default=45.0, ge=1, le=600, description="How long `decide_email` waits for the person at the host."
    )
    max_message_bytes: int = Field(
        default=25 * 1024 * 1024, ge=65_536, le=100 * 1024 * 1024, description="The largest mail, in or out."
    )
    max_recipients: int = Field(default=100, ge=1, le=1000, description="The most recipients of one mail.")
    max_visible_recipients: int = Field(
        default=10, ge=1, le=1000, description="A mail with more recipients in To and Cc is held."
    )
    max_open_drafts: int = Field(default=50, ge=1, le=10_000, description="The most held mails of one key.")
    held_days: int = Field(default=7, ge=1, le=365, description="Days after which held mail expires.")
    cap_per_hour: int | None = Field(
        default=None,
        ge=0,
        description="The most mails an hour from all mailboxes together; empty is no limit.",
    )
    cap_per_day: int | None = Field(default=None, ge=0, description="And a day.")
    thread_rate_per_hour: int = Field(
        default=30,
        ge=1,
        le=10_000,
        description="Mails an hour into one thread from which on a loop is assumed.",
    )
    rate_per_minute: int = Field(
        default=60_000,
        ge=1,
        le=100_000_000,
        description="The most requests a minute that one key may make over REST.",
    )
    webhook_private_networks: bool = Field(
        default=False,
        description="Whether webhooks may point into private networks, such as 10.0.0.0/8, over http too.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="How much goes to the log on stderr."
    )
    failpoint: str = Field(
        default="",
        pattern=r"^$|^[a-z_]+\.[a-z_]+(:[1-9]\d{0,8})?$",
        description="NAME:COUNT kills this process when it passes that failpoint for the COUNTth time; for tests.",
    )

    @model_validator(mode="after")
    def _one_of_each(self) -> Settings:
        for name in ("relay", "key"):
            if getattr(self, name) is not None and getattr(self, f"{name}_file") is not None:
                raise Problem(
                    "contradiction",
                    f"{variable(name)} and {variable(f'{name}_file')} are both set.",
                    field=name,
                    advice="Set one of them.",
                )
        return self

    @property
    def folder(self) -> Path:
        """The data folder, absolute and resolved: two names of one folder are the same account."""
        return self.data.expanduser().resolve()

    def relay_url(self) -> str:
        """The relay's URL, or the empty string; it is a secret."""
        return _secret(self.relay, self.relay_file, "relay_file")

    def key_text(self) -> str:
        """The key, or the empty string."""
        return _secret(self.key, self.key_file, "key_file")


def load(**given: Any) -> Settings:
    """The settings of this environment; `given` (options of the command line) comes before it.

    Raises `invalid_setting`, which names the variable and says what belongs into it, never what was in it.
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    for name in ("relay", "key"):
        if f"{name}_file" in chosen:
            # The option stands for the whole secret: the environment's own does not contradict it.
            chosen.setdefault(name, None)
    try:
        return Settings(**chosen)
    except ValidationError as error:
        raise _invalid(error) from None


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def misspelt() -> dict[str, str]:
    """Variables of this environment that look like settings and are none, each with the name most like it."""
    known = [variable(name) for name in Settings.model_fields]
    return {
        name: "".join(nearest(name, known, 1))
        for name in sorted(os.environ)
        if name.startswith(PREFIX) and name not in known and not name.startswith(_NOT_OURS)
    }


def _invalid(error: ValidationError) -> Problem:
    first = error.errors(include_url=False, include_input=False)[0]
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, Problem):
        return cause
    name = str(first["loc"][0]) if first["loc"] else ""
    known = Settings.model_fields.get(name)
    advice = (known.description or "") if known else ""
    return Problem("invalid_setting", f"{variable(name)}: {first['msg']}.", field=name, advice=advice)


def _secret(value: SecretStr | None, file: Path | None, field: str) -> str:
    if value is not None:
        return value.get_secret_value().strip()
    if file is None:
        return ""
    try:
        return file.expanduser().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise Problem(
            "invalid_setting",
            f"{file} cannot be read: {reason}.",
            field=field,
            advice=f"{variable(field)} names it.",
        ) from None
