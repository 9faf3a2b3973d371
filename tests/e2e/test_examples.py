"""The examples do what their first lines say, against a real server."""

from __future__ import annotations

import json
import os
import smtplib
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

from tests.support.program import LIMIT_S, PROJECT, environment, operator_key, resident_of, run, serving

ANSWERING = (sys.executable, str(PROJECT / "examples" / "answer_customer.py"))
APPROVING = (sys.executable, str(PROJECT / "examples" / "approve_by_rule.py"))


def host_configuration(folder: Path) -> Path:
    """What a host holds: as in `mcp.json`, with the interpreter of this environment."""
    entry = json.loads((PROJECT / "mcp.json").read_text("utf-8"))
    entry["mcpServers"]["multimail"]["command"] = sys.executable
    path = folder / "mcp.json"
    path.write_text(json.dumps(entry), "utf-8")
    return path


def mail(port: int, subject: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Ann <ann@example.com>", "agent@localhost", subject
    message["Message-ID"] = f"<{subject.replace(' ', '.')}@example.com>"
    message.set_content("Order 42 did not come.\n")
    with smtplib.SMTP("127.0.0.1", port, timeout=LIMIT_S) as client:
        client.send_message(message)


def test_an_agent_answers_a_customer_under_review(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data) as server:
        server.until("Ctrl-C")
        key = operator_key(data)
        mail(resident_of(data).smtp_port, "Where is my parcel?")
        agent = subprocess.Popen(
            [*ANSWERING, str(host_configuration(tmp_path))],
            env=environment(data, PATIENCE="40"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        with agent:
            assert agent.stdout is not None
            lines = [agent.stdout.readline(), agent.stdout.readline()]
            waiting = json.loads(run(data, "pending", "--json", MULTIMAIL_KEY=key).stdout)["pending"]
            run(
                data,
                "decide",
                waiting[0]["message_id"],
                "approve",
                "--revised-body",
                "It is late.",
                MULTIMAIL_KEY=key,
            )
            rest, complaints = agent.communicate(timeout=LIMIT_S)

    assert (agent.returncode, complaints) == (0, "")
    assert lines[0] == "ann@example.com wrote: Where is my parcel?\n"
    assert "pending_approval" in lines[1]
    assert "a person decided: approve" in rest
    assert "+It is late." in rest


def test_a_program_approves_by_rule_and_passes_the_rest_on(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data) as server:
        server.until("Ctrl-C")
        operator = operator_key(data)
        key_file = tmp_path / "program.key"
        made = run(
            data, "keys", "create", "rule", "--role", "reviewer", "--kind", "program", "--write-to", str(key_file),
            MULTIMAIL_KEY=operator,
        )  # fmt: skip
        for address in ("bob@example.com", "eve@elsewhere.example"):
            run(data, "send", "--to", address, "--subject", "Hello", "--body", "Good day.")
        ran = subprocess.run(
            [*APPROVING, "example.com"], check=False, capture_output=True, text=True, timeout=LIMIT_S,
            env={
                **os.environ,
                "MULTIMAIL_KEY": key_file.read_text("utf-8").strip(),
                "MULTIMAIL_URL": f"{resident_of(data).base_url}/mcp",
            },
        )  # fmt: skip

    assert (made.returncode, ran.returncode, ran.stderr) == (0, 0, "")
    assert "to bob@example.com: approve, now " in ran.stdout
    assert "to eve@elsewhere.example: escalate, now escalated" in ran.stdout
    assert ran.stdout.endswith("2 looked at\n")
