"""Statements that run at every save are planned once a connection where the database can keep plans."""

import pytest
from django.db import connection

from guanshu.portal.access import own_report
from tests.cast import Cast
from tests.portal.conftest import Save


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans in no time")
def test_postgresql_keeps_the_plans_of_a_save(cast: Cast, save: Save) -> None:
    for number in range(8):
        save({"land_area": (f"{number}" if number else "", f"{number + 1}")}, report=own_report(cast.filler))
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        kept = " ".join(statement for (statement,) in cursor.fetchall())
    assert "free_this_year" in kept
    assert "FOR NO KEY UPDATE" in kept
