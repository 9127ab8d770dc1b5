"""The one settings file. Everything a deployment chooses comes from GUANSHU_* environment variables."""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

BASE = Path(__file__).resolve().parent
PROJECT = Path(os.environ.get("GUANSHU_HOME", Path.cwd()))
VAR = Path(os.environ.get("GUANSHU_VAR", PROJECT / "var"))

DEMO = os.environ.get("GUANSHU_DEMO") == "1"
DEBUG = False
