"""Take the pictures of the 填报指导手册 anew: the browser's test of them, told to keep what it sees.

Usage: python tools/guide_pictures.py
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEST = "tests/e2e/test_guide_pictures.py::test_the_pictures_show_the_screens_as_they_are"


def main() -> int:
    """Take them and return the exit status."""
    command = [sys.executable, "tools/with_sqlite.py", sys.executable, "-m", "pytest", "-p", "no:xdist", TEST]
    return subprocess.call(command, cwd=ROOT, env={**os.environ, "GUANSHU_GUIDE_PICTURES": "take"})


if __name__ == "__main__":
    sys.exit(main())
