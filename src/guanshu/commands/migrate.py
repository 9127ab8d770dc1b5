"""`guanshu migrate`: bring the database's schema up to date."""

import argparse

from guanshu.commands.setup import start_django
from guanshu.commands.shared import OK, say

NAME = "migrate"
HELP = "建立或更新数据库结构，并启用防篡改触发器"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare nothing."""


def run(_arguments: argparse.Namespace) -> int:
    """Migrate and arm."""
    start_django()
    from guanshu.portal.domain.maintenance.database import migrate

    migrate()
    say("数据库结构已是最新，防篡改触发器已启用。")
    return OK
