"""省级审核通过 of one of several reports that were looked at together: bound to what was seen of it."""

from datetime import date, datetime

from django.db import transaction

from guanshu.portal.domain.reporting.locking import lock
from guanshu.portal.domain.reporting.performing import check_allowed, perform
from guanshu.portal.models import Account, Report
from guanshu.portal.problems import WrongState
from guanshu.portal.queries.several import drafts_of, obstacle, seen_as
from guanshu.portal.queries.signs import read_signs
from guanshu.survey.workflow.actions import Action


def approve_seen(
    *, report: Report, actor: Account, seen: str, thin_accepted: bool, now: datetime, today: date | None = None
) -> Report:
    """Approve a clean report as it was seen on the summary, with 开始审核 before it when nobody has begun.

    seen: `queries.several.seen_as` of the report on the summary; thin_accepted: whether its thin explanations were
    accepted by a tick of their own. Raises NotYours, WrongState with what happened to it meanwhile.
    """
    with transaction.atomic():
        locked = lock(report, actor, now=now, today=today)
        found = locked.report
        against = obstacle(found, drafts_of([found]).get(found.pk, 0))
        if against:
            raise WrongState(against)
        check_allowed(locked, Action.APPROVE)
        if seen_as(found) != seen:
            raise WrongState(f"查看后科技馆重新提交过（现为 V{found.version}），没有通过。请重新查看。")
        told = read_signs([found]).get(found.pk)
        if told is not None and told.thin and not thin_accepted:
            raise WrongState(f"有 {len(told.thin)} 条核实说明过于简单，需要单独勾选确认，没有通过。")
        if not locked.standing.facts.past.review_started:
            perform(report=found, actor=actor, action=Action.START_REVIEW, now=now, today=today)
        return perform(report=found, actor=actor, action=Action.APPROVE, now=now, today=today)
