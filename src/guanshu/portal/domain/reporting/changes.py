"""A saved change may settle a comment: the cell it is about no longer shows what the comment found there."""

from collections.abc import Collection
from datetime import datetime

from guanshu.portal.models import CellComment
from guanshu.portal.queries.reports import OpenReport
from guanshu.portal.queries.shown import comparable


def mark_changed(opened: OpenReport, touched: Collection[str], now: datetime) -> None:
    """Bring `changed_at` of the last return's comments up to date with the report as it is after a save.

    A calculated cell changes with its parts; one that shows again what the comment found has not been changed after
    all. What has no text to compare (a person's name, an order of rows, a tick) is changed when it was written. One
    statement, more only when a comment's cell really changed.
    """
    comments = CellComment.objects.filter(report=opened.report, round=opened.report.round)
    for comment in comments.only("address", "value", "changed_at"):
        text = comparable(opened, comment.address)
        if text is None:
            changed = comment.changed_at is not None or comment.address in touched
        else:
            changed = text != comment.value
        if changed != (comment.changed_at is not None):
            CellComment.objects.filter(pk=comment.pk).update(changed_at=now if changed else None)
