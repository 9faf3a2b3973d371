"""The demo plays the whole conversation, on an account of its own."""

from __future__ import annotations

from pathlib import Path

from tests.support.program import run

STEPS = (
    "A mailbox for the agent",
    "writes over SMTP",
    "may not send alone",
    "A person reviews it",
    "It leaves over SMTP",
    "learns the outcome (delivered)",
    "the same conversation",
    "What the record says",
)


def test_the_demo_plays_to_its_end_and_touches_nothing_of_the_persons(tmp_path: Path) -> None:
    done = run(tmp_path / "data", "demo", MULTIMAIL_RELAY_FILE="/no/such/relay", MULTIMAIL_KEY="mm_none")

    assert (done.returncode, done.stderr) == (0, "")
    places = [done.stdout.find(step) for step in STEPS]
    assert -1 not in places
    assert places == sorted(places)
    assert not (tmp_path / "data").exists()


def test_what_the_demo_shows_is_what_happened(tmp_path: Path) -> None:
    told = run(tmp_path / "data", "demo", cold=True).stdout

    assert "-yes, the room is **yours on Thursday at ten**. It costs 20 euros an hour." in told
    assert "message.delivered" in told
    assert "(3 mails, thread_" in told
