"""Run a command with a throw-away SQLite file as the database.

Usage: python tools/with_sqlite.py COMMAND [ARG ...]
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> int:
    """Run the command and return its exit status."""
    with tempfile.TemporaryDirectory(prefix="guanshu-sqlite-") as place:
        environ = {
            **os.environ,
            "GUANSHU_DATABASE_URL": f"sqlite:///{Path(place) / 'db.sqlite3'}",
            "GUANSHU_VAR": place,
        }
        return subprocess.call(sys.argv[1:], env=environ)


if __name__ == "__main__":
    sys.exit(main())
