"""Questions about cells: drafted by a reviewer, sent with the return, answered by the filler."""

from datetime import date, datetime

from django.db import transaction

from guanshu.portal.domain.reporting.freezing import open_locked
from guanshu.portal.domain.reporting.locking import lock, required
from guanshu.portal.models import Account, CellComment, Report
from guanshu.portal.problems import Unusable, WrongState
from guanshu.portal.queries.shown import comparable
from guanshu.portal.queries.standing import Operation
from guanshu.survey.definition.address import UnknownAddress

_SETTLED = "这条意见不存在、已经发出或属于他人，请刷新页面查看。"


def comment_on_cell(
    *, report: Report, actor: Account, address: str, text: str, now: datetime, today: date | None = None
) -> CellComment:
    """Draft a question about a cell, or write its draft anew; the museum sees it with the return.

    Raises NotYours, WrongState, Incomplete for an empty text, Unusable for an address the form does not have.
    """
    with transaction.atomic():
        locked = lock(report, actor, now=now, today=today)
        locked.require(Operation.COMMENT)
        wanted = required(text, "意见")
        opened = open_locked(locked.report)
        try:
            # Of people no value is copied.
            value = comparable(opened, address) or ""
        except UnknownAddress:
            raise Unusable("问卷中没有这一格，意见没有保存。请刷新页面后重试。") from None
        comment, made = CellComment.objects.update_or_create(
            report=locked.report,
            address=address,
            by_role=locked.actor.value,
            round=None,
            defaults={"text": wanted, "value": value, "by": actor.username, "at": locked.moment},
        )
        locked.note(Operation.COMMENT.value, address=address, comment=comment.pk, again=not made)
    return comment


def withdraw_comment(*, report: Report, actor: Account, comment: int, now: datetime) -> None:
    """Remove a draft; what was sent stays. Raises NotYours, WrongState."""
    with transaction.atomic():
        locked = lock(report, actor, now=now)
        locked.require(Operation.COMMENT)
        drafts = CellComment.objects.filter(report=locked.report, round=None, by_role=locked.actor.value)
        found = drafts.filter(pk=comment).first()
        if found is None:
            raise WrongState(_SETTLED)
        drafts.filter(pk=comment).delete()
        locked.note("withdraw_comment", address=found.address, comment=comment)


def reply_to_comment(
    *, report: Report, actor: Account, comment: int, text: str, now: datetime, today: date | None = None
) -> CellComment:
    """Answer a question of the last return; until the report is handed in again the answer can be written anew.

    Raises NotYours, WrongState, Incomplete for an empty text.
    """
    with transaction.atomic():
        locked = lock(report, actor, now=now, today=today)
        locked.require(Operation.REPLY)
        found = CellComment.objects.filter(report=locked.report, pk=comment, round__isnull=False).first()
        if found is None:
            raise WrongState("没有这条意见，或意见还没有发出。请刷新页面查看。")
        found.reply, found.replied_by, found.replied_at = required(text, "答复"), actor.username, locked.moment
        found.save(update_fields=["reply", "replied_by", "replied_at"])
        locked.note(Operation.REPLY.value, address=found.address, comment=comment)
    return found
