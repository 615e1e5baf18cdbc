"""Tables that the database itself refuses to change or empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import DDL, event, text

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

APPEND_ONLY: list[str] = []
_VERBS = ("update", "delete")

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def _name(table: str, verb: str) -> str:
    return f"{table}_refuses_{verb}"


def statements(table: str, dialect: str) -> list[str]:
    """Return the DDL that makes a table append-only on a database; safe to run again."""
    made = [_FUNCTION] if dialect == "postgresql" else []
    for verb in _VERBS:
        name = _name(table, verb)
        if dialect == "postgresql":
            made.append(f'DROP TRIGGER IF EXISTS {name} ON "{table}"')
            made.append(
                f'CREATE TRIGGER {name} BEFORE {verb.upper()} ON "{table}"'
                " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
        else:
            made.append(
                f'CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb.upper()} ON "{table}"'
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    return made


def make_append_only(table: Table) -> None:
    """Have the table refuse UPDATE and DELETE wherever it is created from the models."""
    APPEND_ONLY.append(table.name)
    for dialect in ("sqlite", "postgresql"):
        for statement in statements(table.name, dialect):
            event.listen(
                table,
                "after_create",
                DDL(statement.replace("%", "%%")).execute_if(dialect=dialect),  # type: ignore[no-untyped-call]
            )


def missing_triggers(connection: Connection) -> list[str]:
    """Return the names of triggers that should stand in this database and do not."""
    source = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    standing = set(connection.scalars(text(source)))
    return [
        _name(table, verb)
        for table in APPEND_ONLY
        for verb in _VERBS
        if _name(table, verb) not in standing
    ]
