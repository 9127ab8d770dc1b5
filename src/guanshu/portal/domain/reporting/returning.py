"""A return: its note, its round, and the comments that go to the museum with it."""

from datetime import date, datetime

from guanshu.portal.models import CellComment, Report, ReturnNote
from guanshu.survey.workflow.actions import Actor


def publish_return(
    report: Report, *, by: str, actor: Actor, category: str, reason: str, at: datetime, until: date | None
) -> int:
    """Write the note of a return, publish the drafts of whoever returns, and return the number of the round."""
    number = report.round + 1
    ReturnNote.objects.create(
        report=report,
        round=number,
        by=by,
        by_role=actor.value,
        category=category,
        reason=reason,
        at=at,
        until=until,
    )
    CellComment.objects.filter(report=report, round=None, by_role=actor.value).update(round=number)
    return number
