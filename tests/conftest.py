"""What every test that uses a database needs: a real database, and triggers that are where they should be."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Put SQLite's test database into a file: an in-memory one has neither WAL nor the writers' queue."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        database["TEST"] = {**database.get("TEST", {}), "NAME": str(path)}


@pytest.fixture(autouse=True)
def _trail(request: pytest.FixtureRequest) -> Iterator[None]:
    """Arm the trail's triggers for every test with a database, disarm where the tables are emptied afterwards."""
    marker = request.node.get_closest_marker("django_db")
    wanted = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    if marker is None and not wanted:
        yield
        return
    # The seals of one test's database are no seals of the next one's.
    request.getfixturevalue("settings").GUANSHU_SEALS = request.getfixturevalue("tmp_path") / "seals.log"
    # Before the triggers, so that it is torn down (and empties the tables) after they are gone.
    request.getfixturevalue("_django_db_helper")
    from django.db import connection

    from guanshu.portal import audit
    from guanshu.portal.queries.forms import form

    # The database forgets after every test and may use a key again for another form; in operation it never does.
    form.cache_clear()
    if not audit.armed(connection):
        audit.arm(connection)
    yield
    if _commits(request, marker):
        audit.disarm(connection)


def _commits(request: pytest.FixtureRequest, marker: Any) -> bool:
    if {"transactional_db", "live_server"} & set(request.fixturenames):
        return True
    return marker is not None and bool(marker.kwargs.get("transaction") or (marker.args and marker.args[0]))
