"""Guards in the database: every way around the tables is refused, and the file always has the present ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from multimail.adapters.store.triggers import Gate, Guard, Lifecycle, WriteOnce, differ, install

STEPS = {
    "draft": frozenset({"held", "dropped"}),
    "held": frozenset({"sending"}),
    "sending": frozenset({"sent"}),
}
GUARDS: tuple[Guard, ...] = (
    Lifecycle("mails", "status", frozenset({"draft", "held"}), STEPS, when="NEW.way = 'out'", name="out"),
    Lifecycle(
        "mails", "status", frozenset({"unread"}), {"unread": frozenset({"read"})}, "NEW.way = 'in'", "in"
    ),
    Gate("mails", "status", frozenset({"sending"}), "NEW.approved = NEW.digest", name="approved"),
    WriteOnce("mails", ("way",)),
    WriteOnce("mails", ("digest",), unless="OLD.status = 'draft'", code="changed"),
)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(":memory:", isolation_level=None)
    opened.execute("CREATE TABLE mails (id INTEGER PRIMARY KEY, way, status, digest, approved)")
    install(opened, GUARDS)
    yield opened
    opened.close()


def mail(connection: sqlite3.Connection, status: str, approved: str | None = "a") -> None:
    """One outbound mail, walked to `status`."""
    connection.execute("INSERT INTO mails VALUES (1, 'out', 'draft', 'a', ?)", [approved])
    walk = {"draft": [], "held": ["held"], "sending": ["held", "sending"], "dropped": ["dropped"]}
    for step in walk[status]:
        connection.execute("UPDATE mails SET status = ?", [step])


def refused(connection: sqlite3.Connection, sql: str) -> str:
    """The text of the refusal; nothing has changed then."""
    before = connection.execute("SELECT * FROM mails").fetchall()
    with pytest.raises(sqlite3.IntegrityError) as error:
        connection.execute(sql)
    assert error.value.sqlite_errorname == "SQLITE_CONSTRAINT_TRIGGER"
    assert connection.execute("SELECT * FROM mails").fetchall() == before
    return str(error.value)


@pytest.mark.parametrize("old", ["draft", "held", "sending", "dropped"])
@pytest.mark.parametrize("new", ["draft", "held", "sending", "sent", "dropped", "read", "unheard"])
def test_a_move_is_made_when_the_table_has_it_and_else_refused(
    connection: sqlite3.Connection, old: str, new: str
) -> None:
    mail(connection, old)
    update = f"UPDATE mails SET status = '{new}'"
    if new == old or new in STEPS.get(old, ()):
        connection.execute(update)
        assert connection.execute("SELECT status FROM mails").fetchone() == (new,)
    else:
        assert refused(connection, update) == "illegal_move:mails.status"


@pytest.mark.parametrize(
    "insert",
    [
        "INSERT INTO mails VALUES (1, 'out', 'sent', 'a', 'a')",
        "INSERT INTO mails VALUES (1, 'out', 'unread', 'a', 'a')",
        "INSERT INTO mails VALUES (1, 'in', 'draft', 'a', 'a')",
        "INSERT INTO mails VALUES (1, 'out', NULL, 'a', 'a')",
        "INSERT OR REPLACE INTO mails VALUES (1, 'out', 'sending', 'a', 'a')",
        "INSERT OR IGNORE INTO mails VALUES (1, 'out', 'sending', 'a', 'a')",
    ],
)
def test_a_row_is_not_born_in_another_state(connection: sqlite3.Connection, insert: str) -> None:
    assert refused(connection, insert) == "illegal_move:mails.status"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE mails SET status = NULL",
        "UPDATE OR REPLACE mails SET status = 'sent'",
        "INSERT INTO mails VALUES (1, 'out', 'draft', 'a', 'a') ON CONFLICT DO UPDATE SET status = 'sent'",
        "WITH due AS (SELECT id FROM mails) UPDATE mails SET status = 'sent' WHERE id IN due RETURNING id",
    ],
)
def test_no_form_of_statement_goes_around_the_table(connection: sqlite3.Connection, statement: str) -> None:
    mail(connection, "held")

    assert refused(connection, statement) == "illegal_move:mails.status"


@pytest.mark.parametrize("approved", [None, "b"])
def test_a_gate_stays_closed_without_what_it_asks_for(
    connection: sqlite3.Connection, approved: str | None
) -> None:
    mail(connection, "held", approved)

    assert refused(connection, "UPDATE mails SET status = 'sending'") == "illegal_move:mails.status"


def test_a_gate_is_for_the_rows_it_names_only(connection: sqlite3.Connection) -> None:
    gate = Gate("mails", "status", frozenset({"sending"}), "NEW.approved", "approved", when="NEW.way <> 'in'")
    install(connection, (gate,))
    connection.execute("INSERT INTO mails VALUES (1, 'in', 'sending', 'a', 0)")

    assert refused(connection, "INSERT INTO mails VALUES (2, 'out', 'sending', 'a', 0)")
    assert refused(connection, "UPDATE mails SET way = 'out', status = 'sending'")


def test_what_is_written_once_stays(connection: sqlite3.Connection) -> None:
    mail(connection, "held")

    assert refused(connection, "UPDATE mails SET way = 'in'") == "conflict:mails.way"
    assert refused(connection, "UPDATE mails SET digest = 'b', approved = 'b'") == "changed:mails.digest"
    assert refused(connection, "UPDATE mails SET digest = NULL") == "changed:mails.digest"


def test_what_is_written_once_may_change_where_that_is_allowed(connection: sqlite3.Connection) -> None:
    mail(connection, "draft")
    connection.execute("UPDATE mails SET digest = 'b', way = 'out'")

    assert connection.execute("SELECT digest FROM mails").fetchone() == ("b",)


def test_the_moves_are_readable_in_the_file(connection: sqlite3.Connection) -> None:
    rows = connection.execute(
        "SELECT old, new FROM legal WHERE guard = 'mails.status:in' ORDER BY old"
    ).fetchall()

    assert rows == [("", "unread"), ("unread", "read")]


def test_installed_guards_are_recognised(connection: sqlite3.Connection) -> None:
    assert not differ(connection, GUARDS)
    assert differ(connection, GUARDS[:1])


@pytest.mark.parametrize(
    "damage",
    [
        "DROP TRIGGER guard_mails_status_out_move",
        "INSERT INTO legal VALUES ('mails.status:out', 'draft', 'sent')",
        "DELETE FROM legal WHERE new = 'sent'",
        "DROP TABLE legal",
        "CREATE TRIGGER guard_mails_old BEFORE INSERT ON mails BEGIN SELECT 1; END",
        "ALTER TABLE mails RENAME COLUMN approved TO cleared",
        "DROP TABLE mails; CREATE TABLE mails (id INTEGER PRIMARY KEY, way, status, digest, approved)",
    ],
)
def test_guards_that_were_lost_or_altered_are_put_back(connection: sqlite3.Connection, damage: str) -> None:
    connection.executescript(damage)
    assert differ(connection, GUARDS)
    if "RENAME" not in damage:
        install(connection, GUARDS)
        assert not differ(connection, GUARDS)


def test_guards_that_cannot_be_installed_leave_the_old_ones(connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        install(connection, [WriteOnce("nowhere", ("column",))])

    assert not differ(connection, GUARDS)


def test_two_triggers_of_one_name_are_a_mistake(connection: sqlite3.Connection) -> None:
    with pytest.raises(ValueError, match="one name"):
        install(connection, [WriteOnce("mails", ("way",)), WriteOnce("mails", ("way",), code="changed")])
