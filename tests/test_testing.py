"""The package that tests of other software import: quick, and nothing of the server in it before one starts."""

from __future__ import annotations

import subprocess
import sys

import pytest

import multimail.testing

LOADED = """
import sys
import multimail.testing.plugin
print(sorted(name for name in sys.modules if name.startswith("multimail")))
"""


def test_the_plugin_loads_nothing_of_the_server() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", LOADED], check=True, capture_output=True, text=True, timeout=60
    )

    assert loaded.stdout.strip() == "['multimail', 'multimail.testing', 'multimail.testing.plugin']"


def test_the_server_is_loaded_when_it_is_named() -> None:
    from multimail.testing.serving import server

    assert multimail.testing.server is server
    assert set(multimail.testing.__all__) <= set(dir(multimail.testing))
    assert all(getattr(multimail.testing, name) for name in multimail.testing.__all__)


def test_what_is_not_there_is_not_made_up() -> None:
    with pytest.raises(AttributeError, match="serve"):
        _ = multimail.testing.serve
