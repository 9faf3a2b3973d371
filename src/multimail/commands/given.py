"""What was given before and beside a command: the options that choose data folder and key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from multimail.config import Settings


def settings_of(context: click.Context) -> Settings:
    """The settings of this call: the options, then the environment, then the defaults."""
    from multimail import config

    return config.load(**{name: context.obj[name] for name in ("data", "key_file")})
