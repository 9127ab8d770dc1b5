"""`python -m tests.portal.workflow.dying_transitions STATE ACTION`: kill a transition before each of its writes.

After each kill everything is as it was, or, when the commit was through, as after the transition; nothing in between.
"""

import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402

from guanshu.portal.domain.maintenance.database import migrate  # noqa: E402
from guanshu.portal.domain.reporting import comment_on_cell, record_overdue  # noqa: E402
from guanshu.portal.models import StoredFile  # noqa: E402
from guanshu.portal.queries.verification import verify_audit  # noqa: E402
from guanshu.survey.workflow.actions import Action  # noqa: E402
from guanshu.survey.workflow.states import State  # noqa: E402
from tests.cast import NOW, make_cast  # noqa: E402
from tests.portal.dying import deaths, tell  # noqa: E402
from tests.portal.workflow.conftest import Way, keep  # noqa: E402
from tests.portal.workflow.test_no_half_state import LATER, everything  # noqa: E402


def main(state: State, action: Action) -> None:
    """Kill, look, kill again one write later."""
    way = Way(make_cast()).to(state)
    given: dict[str, Any] = {}
    if state is State.AWAITING_STAMP:
        way.stamp()
    if action is Action.DECLARE_EXEMPT:
        given["file"] = keep(way.report, StoredFile.EXEMPTION, NOW)
    if state is State.SUBMITTED:
        comment_on_cell(report=way.report, actor=way.cast.province, address="land_area", text="?", now=NOW)

    def work() -> None:
        if action is Action.BEGIN:
            way.type({"land_area": "9100"})
        elif action is Action.RECORD_UNFINISHED:
            record_overdue(report=way.report, actor=way.cast.province, reason="多次联系未果", now=LATER)
        else:
            way.do(action, **given)

    before = everything()
    for step in deaths(work, Path(str(settings.FILE_UPLOAD_TEMP_DIR))):
        tell(step)
        assert list(verify_audit()) == []
        if step in {"committed", "through"}:
            # It cannot be done twice, so this is the end: the run that was killed after its commit did all of it.
            assert everything() != before
            return
        assert everything() == before


if __name__ == "__main__":
    migrate()
    main(State(sys.argv[1]), Action(sys.argv[2]))
