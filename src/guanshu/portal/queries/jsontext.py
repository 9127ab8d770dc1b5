"""A text inside a JSON column by keys that may look like numbers: Django would take table `1` for a place in a list."""

import json
from typing import Any

from django.db.models import Expression, Func, TextField


class JsonText(Func):
    """The text at a path of keys in a column; NULL where there is none. `JsonText("snapshot", ("tables", "7-3"))`."""

    output_field = TextField()

    def __init__(self, column: "str | Expression", keys: tuple[str, ...] = (), **extra: Any) -> None:
        super().__init__(column, **extra)
        self.keys = keys

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # noqa: ARG002 - Django calls it so
        """Return SQLite's way: a path with quoted keys."""
        inner, parameters = compiler.compile(self.source_expressions[0])
        path = "$" + "".join(f".{json.dumps(key)}" for key in self.keys)
        return f"JSON_EXTRACT({inner}, %s)", (*parameters, path)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # noqa: ARG002 - Django calls it so
        """Return PostgreSQL's way: an array of keys."""
        inner, parameters = compiler.compile(self.source_expressions[0])
        return f"({inner} #>> %s)", (*parameters, list(self.keys))
