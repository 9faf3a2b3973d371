"""Agents of three frameworks answer a customer with MultiMail's tools: the example as it stands, a model by script."""

from __future__ import annotations

import json
import smtplib
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.support.program import LIMIT_S, PROJECT, environment, operator_key, resident_of, run, serving


def a_customer_writes(port: int) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ann@example.com", "agent@localhost", "Parcel"
    message.set_content("Order 42 did not come.\n")
    with smtplib.SMTP("127.0.0.1", port, timeout=LIMIT_S) as client:
        client.send_message(message)


@pytest.mark.parametrize("framework", ["langchain", "openai", "pydantic_ai"])
def test_an_agent_of_a_framework_answers_and_is_held(tmp_path: Path, framework: str) -> None:
    data, key_file = tmp_path / "data", tmp_path / "agent.key"
    with serving(data) as server:
        server.until("Ctrl-C")
        operator, resident = operator_key(data), resident_of(data)
        run(
            data, "keys", "create", "helper", "--role", "agent", "--write-to", str(key_file),
            MULTIMAIL_KEY=operator,
        )  # fmt: skip
        a_customer_writes(resident.smtp_port)
        settings = {
            # A key that would make the libraries' telemetry try to call home, if it were on.
            "OPENAI_API_KEY": "sk-nothing",
            "MULTIMAIL_API_KEY": key_file.read_text("utf-8").strip(),
            "MULTIMAIL_BASE_URL": resident.base_url,
            "PYTHONWARNINGS": "default",
        }
        ran = subprocess.run(
            [sys.executable, "-m", "tests.support.scripted", framework], cwd=PROJECT, check=False,
            env=environment(data, **settings), capture_output=True, text=True, timeout=LIMIT_S,
        )  # fmt: skip
        waiting = json.loads(run(data, "pending", "--json", MULTIMAIL_KEY=operator).stdout)["pending"]

    assert (ran.returncode, ran.stdout) == (0, "held\n"), ran.stderr
    assert [(one["to"], one["subject"], one["body"]) for one in waiting] == [
        (["ann@example.com"], "Re: Parcel", "It will come on **Monday**.")
    ]
