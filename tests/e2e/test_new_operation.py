"""A new operation is a row, a function and a line: no surface is touched, and every surface has it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters

from tests.support.program import LIMIT_S, PROJECT, environment

pytestmark = pytest.mark.anyio

ROW = '''
from multimail.contract.shapes import Request, View
from pydantic import Field


class CountMail(Request):
    """Arguments of `count_mail`."""

    mailbox: str | None = Field(default=None, description="Mailbox id or address.")


class MailCount(View):
    """How many."""

    unread: int


ROWS += (
    Operation(
        name="count_mail", title="Count mail", description="How many mails are unread.", request=CountMail,
        view=MailCount, scope=Scope.READ, effect=Effect.READ, toolset=Toolset.AGENT, idempotent=True,
        problems=COMMON, examples=(Example("All", {}),),
    ),
)
'''
FUNCTION = """

def _count_mail(tx, call, request):
    from multimail.contract.rows_mail import MailCount
    from multimail.services import access

    box = access.mailbox(tx, call.principal, request.mailbox)
    return MailCount(unread=tx.mailboxes.unread_and_pending(box.id)[0])


BINDINGS["count_mail"] = Binding(_count_mail)
"""
TABLE = '\n_ROWS["count_mail"] = _none\n'


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with one operation more, its generated files written anew."""
    copy = tmp_path_factory.mktemp("extended")
    # What is compiled comes along.
    unneeded = shutil.ignore_patterns("*-pytest-*.pyc", "screenshots")
    for folder in ("src", "tools", "docs"):
        shutil.copytree(PROJECT / folder, copy / folder, ignore=unneeded)
    package = copy / "src" / "multimail"
    for name, text in (
        ("contract/rows_mail.py", ROW),
        ("services/bindings.py", FUNCTION),
        ("services/mode_table.py", TABLE),
    ):
        with (package / name).open("a", encoding="utf-8") as file:
            file.write(text)
    subprocess.run(
        [sys.executable, "-m", "tools.fresh"],
        cwd=copy, env=environment(copy / "data", PYTHONPATH=f"{copy / 'src'}:{copy}"), check=True, timeout=LIMIT_S,
        capture_output=True,
    )  # fmt: skip
    return copy


async def test_an_agents_host_has_it(extended: Path, tmp_path: Path) -> None:
    parameters = StdioServerParameters(
        command=sys.executable, args=["-m", "multimail", "mcp"], cwd=extended,
        env=environment(tmp_path / "data", PYTHONPATH=str(extended / "src")),
    )  # fmt: skip
    async with Client(parameters) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        answer = await client.call_tool("count_mail", {})

    assert tools["count_mail"].annotations is not None
    assert tools["count_mail"].annotations.read_only_hint is True
    assert answer.structured_content == {"unread": 0}


def test_the_command_line_and_the_reference_have_it(extended: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "multimail", "count_mail", "--json"], cwd=extended, check=False, capture_output=True,
        text=True, timeout=LIMIT_S, env=environment(tmp_path / "data", PYTHONPATH=str(extended / "src")),
    )  # fmt: skip

    assert (done.returncode, json.loads(done.stdout)) == (0, {"unread": 0}), done.stderr
    assert "## count_mail" in (extended / "docs/reference/operations.md").read_text("utf-8")


def test_no_surface_changed(extended: Path) -> None:
    surfaces = Path("src/multimail/surfaces")
    mine = {path.relative_to(PROJECT) for path in (PROJECT / surfaces).rglob("*.py")}
    changed = [path for path in mine if (PROJECT / path).read_bytes() != (extended / path).read_bytes()]

    assert mine
    assert changed == []
