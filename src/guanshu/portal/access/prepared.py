"""A queryset compiled to SQL once, run with other values many times, and planned once by PostgreSQL.

Django builds the statement anew at every use. For the wide one that opens a museum's own report that takes 1.4 ms, as
long as the check of the whole report (bench/save.py), and every save and every page needs it. PostgreSQL takes as long
again to parse and plan it.
"""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar, cast

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)


def planned_cursor() -> CursorWrapper:
    """Return a cursor whose statements PostgreSQL plans once a connection (prepared statements, psycopg's count).

    Django's own cursors put the values into the text, so that every statement is a new one. One statement at a time.
    """
    if connection.vendor != "postgresql":
        return connection.cursor()
    from psycopg import Cursor

    connection.ensure_connection()
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return wrap(cast("Any", Cursor(connection.connection)))


class Prepared(Generic[M]):
    """A queryset over one model, with select_related and annotations.

    `values` maps a name to the stand-in that the queryset was filtered with; a stand-in must not occur elsewhere in it.
    """

    def __init__(self, queryset: QuerySet[M], values: Mapping[str, object]) -> None:
        compiler: Any = queryset.query.get_compiler(using="default")
        sql, parameters = compiler.as_sql()
        names = {value: name for name, value in values.items()}
        self._sql: str = sql
        # What stands at each place: the name of a value, or None and the constant itself.
        self._parameters = tuple((names.get(value), value) for value in parameters)
        self._select = compiler.select
        self._annotations: Mapping[str, int] = compiler.annotation_col_map
        populators: Any = get_related_populators
        self._related = populators(compiler.klass_info, self._select, "default")
        own = compiler.klass_info["select_fields"]
        self._own = slice(own[0], own[-1] + 1)
        self._fields = [column[0].target.attname for column in self._select[self._own]]
        self._model: type[M] = queryset.model
        # They only ask the connection for its time zone, which all threads share.
        self._compiler = compiler
        self._converters = compiler.get_converters([column[0] for column in self._select])

    def first(self, **values: object) -> M | None:
        """Return the first row with these values in place of the stand-ins, None when there is none."""
        with planned_cursor() as cursor:
            parameters: list[Any] = [values[name] if name else fixed for name, fixed in self._parameters]
            cursor.execute(self._sql, parameters)
            row = cursor.fetchone()
        return None if row is None else self._build(row)

    def _build(self, row: tuple[Any, ...]) -> M:
        if self._converters:
            row = next(iter(self._compiler.apply_converters([row], self._converters)))
        found = self._model.from_db("default", self._fields, cast("Any", row[self._own]))
        for populator in self._related:
            populator.populate(row, found)
        for name, position in self._annotations.items():
            setattr(found, name, row[position])
        return found
