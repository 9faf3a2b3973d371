"""Door codes by mail, each seen by a person first, with nothing but HTTP and two keys.

    MULTIMAIL_API_KEY=<an agent’s key>   python examples/access_alert.py tell ann@example.com "North door" "Code: 4711."
    MULTIMAIL_API_KEY=<a reviewer’s key> python examples/access_alert.py review

The agent's key may send and never decide; the reviewer's may decide and never send. `gated_send` holds this mail
even where the mailbox would let it go. A decision names the digest of what was shown: had the draft changed in
between, it would be refused instead of approved unseen.
"""

from __future__ import annotations

import os
import sys

import httpx2

SERVER = os.environ.get("MULTIMAIL_BASE_URL", "http://127.0.0.1:8025")
MAILBOX = os.environ.get("MAILBOX", "agent@localhost")
VERBS = {"a": "approve", "r": "reject", "e": "escalate"}


def tell(http: httpx2.Client, email: str, place: str, text: str) -> None:
    """Ask for a mail to exactly one person; it waits for a decision."""
    answer = http.post(
        "/v1/send_email",
        json={
            "from": MAILBOX,
            "to": email,
            "subject": f"Access: {place}",
            "body": f"{text}\n\nIf you did not ask for this, call the front desk at once.",
            "oversight_mode": "gated_send",
            "tags": ["access"],
            "metadata": {"event_type": "access", "place": place},
        },
    )
    held = answer.raise_for_status().json()
    print(held["message_id"], held["status"])


def review(http: httpx2.Client) -> None:
    """Show a person everything that waits, and pass on what they say."""
    waiting = http.get("/v1/list_pending", params={"mailbox": MAILBOX, "tag": "access"}).raise_for_status()
    for item in waiting.json()["pending"]:
        people = ", ".join([*item["to_list"], *item["cc"], *item["bcc"]])
        print(f"\nTo: {people}\nSubject: {item['subject']}\n\n{item['body']}\n")
        verb = VERBS.get(input("[a]pprove, [r]eject or [e]scalate? ").strip().lower(), "")
        if not verb:
            continue
        decision = {"message_id": item["message_id"], "digest": item["digest"], "decision": verb}
        answer = http.post("/v1/decide_email", json=decision)
        said = answer.json()
        print(said["detail"] if answer.is_error else f"{said['decision']}: {said['status']}")


if __name__ == "__main__":
    key = {"Authorization": f"Bearer {os.environ['MULTIMAIL_API_KEY']}"}
    with httpx2.Client(base_url=SERVER, headers=key, timeout=10) as client:
        if sys.argv[1] == "tell":
            tell(client, *sys.argv[2:])
        else:
            review(client)
