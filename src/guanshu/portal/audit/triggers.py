"""Triggers that refuse to change or remove what the trail holds.

Armed by a migration and again after every `guanshu migrate`, because Django's AlterField on SQLite rebuilds the table
and drops its triggers without a word.
"""

from collections.abc import Iterator, Mapping

from django.db.backends.base.base import BaseDatabaseWrapper

# Table -> its unique keys: INSERT OR REPLACE removes the rows it collides with, and no DELETE trigger sees it.
_Tables = Mapping[str, tuple[tuple[str, ...], ...]]
TABLES: _Tables = {
    "portal_saverecord": (("id",), ("report", "seq"), ("actor", "request")),
    "portal_auditrecord": (("id",), ("stream", "seq")),
    "portal_auditseal": (("number",),),
}
_REFUSAL = "append-only"


def arm(connection: BaseDatabaseWrapper) -> None:
    """Make the trail's tables append-only; doing it twice does no harm.

    A table that an early migration does not know yet is left out; `armed` asks for all of them.
    """
    there = set(connection.introspection.table_names())
    tables = {table: keys for table, keys in TABLES.items() if table in there}
    _run(connection, _sqlite_arms(tables) if connection.vendor == "sqlite" else _postgresql_arms(tables))


def disarm(connection: BaseDatabaseWrapper) -> None:
    """Remove the triggers (tests that must empty the tables; never in operation)."""
    if connection.vendor == "sqlite":
        _run(connection, [f"DROP TRIGGER IF EXISTS {name}" for name in _sqlite_names()])
    else:
        there = set(connection.introspection.table_names()) & set(TABLES)
        _run(connection, [f"DROP TRIGGER IF EXISTS {t}_{x} ON {t}" for t in there for x in ("rows", "truncate")])


def armed(connection: BaseDatabaseWrapper) -> bool:
    """Return whether every trigger is there and switched on."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            wanted = set(_sqlite_names())
        else:
            # 'A' = fires always, even where somebody set session_replication_role to replica.
            cursor.execute(
                "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE t.tgenabled = 'A' AND c.relnamespace = current_schema()::regnamespace"
            )
            wanted = {f"{table}_{what}" for table in TABLES for what in ("rows", "truncate")}
        return wanted <= {row[0] for row in cursor.fetchall()}


def _run(connection: BaseDatabaseWrapper, statements: Iterator[str] | list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _sqlite_names() -> Iterator[str]:
    for table in TABLES:
        yield from (f"{table}_update", f"{table}_delete", f"{table}_replace")


def _sqlite_arms(tables: _Tables) -> Iterator[str]:
    for table, keys in tables.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is {_REFUSAL}'); END"
        same = [" AND ".join(f"{name} = NEW.{name}" for name in key) for key in keys]
        there = f"SELECT 1 FROM {table} WHERE "  # noqa: S608 - names of ours  # nosec B608
        taken = " OR ".join(f"EXISTS ({there}{each})" for each in same)
        yield f"CREATE TRIGGER IF NOT EXISTS {table}_update BEFORE UPDATE ON {table} {refuse}"
        yield f"CREATE TRIGGER IF NOT EXISTS {table}_delete BEFORE DELETE ON {table} {refuse}"
        yield f"CREATE TRIGGER IF NOT EXISTS {table}_replace BEFORE INSERT ON {table} WHEN {taken} {refuse}"


def _postgresql_arms(tables: _Tables) -> Iterator[str]:
    yield (
        "CREATE OR REPLACE FUNCTION guanshu_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '% is {_REFUSAL}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; "
        "END $$"
    )
    for table in tables:
        yield (
            f"CREATE OR REPLACE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION guanshu_append_only()"
        )
        yield (
            f"CREATE OR REPLACE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION guanshu_append_only()"
        )
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_rows"
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_truncate"
