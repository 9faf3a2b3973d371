"""Importing the package costs nothing, its names are one client, and the client knows nothing of the server."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

import multimail
import multimail_sdk

SERVER = ("services", "surfaces", "adapters", "contract", "wiring", "commands", "config", "mime", "ports")
NAMES = [name for name in multimail.__all__ if name != "__version__"]


def loaded_by(program: str) -> set[str]:
    """The modules that a new process has after a program."""
    code = f"{program}\nimport sys\nprint(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    return set(done.stdout.split())


def test_importing_it_loads_no_other_part_of_it() -> None:
    modules = loaded_by("import multimail")

    assert {name for name in modules if name.startswith("multimail")} == {"multimail"}
    assert modules & {"httpx2", "pydantic", "asyncio"} == set()


@pytest.mark.parametrize(
    "program",
    [
        "import multimail; multimail.Client('mm_key', 'http://127.0.0.1:1').close()",
        "import multimail; multimail.AsyncClient('mm_key')",
        "from multimail import verify_webhook, errors, MultimailError",
        "from multimail_sdk import MultiMailClient; MultiMailClient(api_key='mm_key')",
    ],
)
def test_a_client_loads_nothing_of_the_server_and_no_pydantic(program: str) -> None:
    modules = loaded_by(program)

    assert {
        name
        for name in modules
        if name.split(".")[:1] == ["multimail"] and name.split(".")[1:2] in [[room] for room in SERVER]
    } == set()
    assert modules & {"pydantic", "mcp", "starlette", "aiosqlite"} == set()


def test_the_names_of_the_client_are_one_class() -> None:
    sync: Any = {multimail.Client, multimail.MultimailClient, multimail.MultiMailClient, multimail.MultiMail}
    asynchronous: Any = {
        multimail.AsyncClient, multimail.AsyncMultimailClient, multimail.AsyncMultiMailClient, multimail.AsyncMultiMail,
    }  # fmt: skip

    assert len(sync) == len(asynchronous) == 1


@pytest.mark.parametrize("name", multimail.__all__)
def test_every_name_is_there_and_the_same_under_the_second_package(name: str) -> None:
    assert getattr(multimail, name) is getattr(multimail_sdk, name)
    assert name in dir(multimail)
    assert sorted(multimail_sdk.__all__) == sorted(multimail.__all__)


def test_another_name_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Klient'"):
        _ = multimail.Klient


def test_an_exception_is_caught_by_the_name_it_has_in_the_package() -> None:
    with pytest.raises(multimail.MultimailError):
        multimail.Client(" ", base_url="nowhere")

    assert issubclass(multimail.errors.NotFound, multimail.MultimailError)
