"""Django's SQLite backend with the profile of design §3: WAL, full synchronisation, a queue of writers."""

import contextlib
from collections.abc import Iterator
from sqlite3 import Row
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from guanshu.portal.sqlite.queue import QueueTimeout, WritersQueue, queue_for

_TIMEOUT = 20.0
# Statements that write nothing, or that begin and end transactions and are handled by the wrapper itself.
_READS = ("SELECT", "PRAGMA", "EXPLAIN", "BEGIN", "COMMIT", "ROLLBACK", "END", "SAVEPOINT", "RELEASE")


class QueuedCursor(base.SQLiteCursorWrapper):
    """A cursor whose writes outside a transaction wait for their turn like every other write."""

    wrapper: "DatabaseWrapper"
    _rows: Iterator[Any] | None = None

    def execute(self, query: str, params: Any = None) -> "QueuedCursor":
        """Run one statement."""
        self._rows = None
        if not self.wrapper.must_queue(query):
            super().execute(query, params)
            return self
        with self.wrapper.turn():
            super().execute(query, params)
            if self.description is not None:
                # INSERT … RETURNING commits only when its last row is fetched: do that while it is our turn.
                self._rows = iter(super().fetchall())
        return self

    def executemany(self, query: str, param_list: Any) -> "QueuedCursor":
        """Run one statement with many sets of parameters."""
        self._rows = None
        if not self.wrapper.must_queue(query):
            super().executemany(query, param_list)
            return self
        with self.wrapper.turn():
            super().executemany(query, param_list)
        return self

    def fetchone(self) -> Any:
        """Return the next row or None."""
        return super().fetchone() if self._rows is None else next(self._rows, None)

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        """Return the next rows."""
        if self._rows is None:
            return super().fetchmany(size)
        return [row for row, _ in zip(self._rows, range(size or 1), strict=False)]

    def fetchall(self) -> list[Any]:
        """Return the remaining rows."""
        return super().fetchall() if self._rows is None else list(self._rows)

    def __next__(self) -> Row | Any:
        return super().__next__() if self._rows is None else next(self._rows)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that takes its turn before BEGIN and gives it back after COMMIT, ROLLBACK or close."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: WritersQueue | None = None

    def get_connection_params(self) -> dict[str, Any]:
        """Return the connection's settings: every transaction takes the write lock at once."""
        params = super().get_connection_params()
        # A transaction that reads first and then writes would fail instead of waiting (design §3).
        self.transaction_mode = "IMMEDIATE"
        params.setdefault("timeout", _TIMEOUT)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a new connection with WAL and full synchronisation."""
        connection = super().get_new_connection(conn_params)
        if not self.is_in_memory_db():
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                with self.turn():
                    connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA journal_size_limit=67108864")
        return connection

    def create_cursor(self, name: str | None = None) -> QueuedCursor:  # noqa: ARG002
        """Return a cursor that knows this wrapper."""
        cursor: QueuedCursor = self.connection.cursor(factory=QueuedCursor)
        cursor.wrapper = self
        return cursor

    def must_queue(self, query: str) -> bool:
        """Return whether a statement writes and nobody has taken the turn for it yet."""
        if self._turn is not None or self.is_in_memory_db() or self.connection.in_transaction:
            return False
        start = query.lstrip()[:24].upper()
        return not start.startswith(_READS) or start.startswith("PRAGMA WAL_CHECKPOINT")

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the turn for one statement, and on until the end of the transaction it may have begun."""
        self._enter()
        try:
            yield
        finally:
            if self.connection is None or not self.connection.in_transaction:
                self._leave()

    def _enter(self) -> None:
        if self._turn is not None or self.is_in_memory_db():
            return
        queue = queue_for(str(self.settings_dict["NAME"]))
        try:
            queue.enter(_TIMEOUT)
        except QueueTimeout:
            raise OperationalError("database is locked: another writer did not finish in time") from None
        self._turn = queue

    def _leave(self) -> None:
        if self._turn is not None:
            queue, self._turn = self._turn, None
            queue.leave()

    def _start_transaction_under_autocommit(self) -> None:
        self._enter()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        # Only after success: when COMMIT fails, Django rolls back and the turn ends there.
        self._leave()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._leave()

    def _close(self) -> None:
        # The last connection to close writes the checkpoint; that is a write like any other.
        with contextlib.suppress(OperationalError):
            self._enter()
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._leave()
