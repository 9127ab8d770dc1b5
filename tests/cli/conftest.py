"""Runs the real command in a process of its own, on databases of its own."""

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

# Only for these tests: long enough to be accepted outside demo mode.
KEYS = {
    "GUANSHU_SECRET_KEY": "test-" * 12,
    "GUANSHU_DATA_KEYS": "A" * 43 + "=",
    "GUANSHU_PAGE_KEYS": "A:" + "p" * 40,
}


class Installation:
    """One place to run the command in: its environment, its folder, its database."""

    def __init__(self, place: Path, database: str) -> None:
        self.place = place
        self.environ = {name: text for name, text in os.environ.items() if not name.startswith("GUANSHU_")}
        self.environ |= {"GUANSHU_VAR": str(place), "GUANSHU_DATABASE_URL": database, **KEYS}

    def run(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        command = [sys.executable, "-m", "guanshu", *arguments]
        return subprocess.run(
            command, env={**self.environ, **environ}, capture_output=True, text=True, check=False, timeout=120
        )


@pytest.fixture
def install(tmp_path: Path) -> Iterator[Callable[[str], Installation]]:
    """Return a function that makes an installation with an empty database of the kind under test."""
    configured = os.environ.get("GUANSHU_DATABASE_URL", "")
    made: list[str] = []

    def make(name: str) -> Installation:
        place = tmp_path / name
        if not configured.startswith("postgres"):
            return Installation(place, f"sqlite:///{place / 'db.sqlite3'}")
        made.append(f"cli_{uuid.uuid4().hex[:12]}")
        _postgresql(configured, f"CREATE DATABASE {made[-1]}")
        return Installation(place, urlsplit(configured)._replace(path=f"/{made[-1]}").geturl())

    yield make
    for database in made:
        _postgresql(configured, f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


def _postgresql(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
