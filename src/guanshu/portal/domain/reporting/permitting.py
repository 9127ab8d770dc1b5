"""What the levels above allow one museum: a finding to stand, more time, or put on record that time has run out."""

from datetime import date, datetime

from django.db import transaction

from guanshu.portal.domain.reporting.freezing import open_locked
from guanshu.portal.domain.reporting.locking import Locked, lock, required
from guanshu.portal.domain.reporting.performing import perform
from guanshu.portal.models import Account, Extension, Report, Waiver
from guanshu.portal.problems import Incomplete, WrongState
from guanshu.portal.queries.standing import Operation
from guanshu.survey.checks.findings import CheckClass
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.rules import day


def waive_finding(
    *, report: Report, actor: Account, key: str, reason: str, now: datetime, today: date | None = None
) -> Waiver:
    """Let one 准强制性 finding (the address of its explanation) stand for this report.

    Raises NotYours, WrongState (also when there is no such finding now, or it is allowed already), Incomplete.
    """
    with transaction.atomic():
        locked = lock(report, actor, now=now, today=today)
        locked.require(Operation.WAIVE)
        wanted = required(reason, "核准的理由")
        findings = open_locked(locked.report).evaluation.findings
        if not any(finding.key == key and finding.cls is CheckClass.QUASI for finding in findings):
            raise WrongState("报表中现在没有这条准强制性审核问题，可能已经改正。请刷新页面查看。")
        if Waiver.objects.filter(report=locked.report, key=key, withdrawn_at=None).exists():
            raise WrongState("这条准强制性审核问题已经核准，不必重复操作。")
        waiver = Waiver.objects.create(
            report=locked.report, key=key, reason=wanted, by=actor.username, at=locked.moment
        )
        locked.note(Operation.WAIVE.value, key=key, reason=wanted)
    return waiver


def withdraw_waiver(*, report: Report, actor: Account, waiver: int, now: datetime) -> None:
    """Take a waiver back; the finding blocks again. Raises NotYours, WrongState."""
    with transaction.atomic():
        locked = lock(report, actor, now=now)
        locked.require(Operation.WITHDRAW_WAIVER)
        found = Waiver.objects.filter(report=locked.report, pk=waiver, withdrawn_at=None).first()
        if found is None:
            raise WrongState("这项核准已经撤销，或不属于这份报表。请刷新页面查看。")
        Waiver.objects.filter(pk=found.pk).update(withdrawn_at=locked.moment)
        locked.note(Operation.WITHDRAW_WAIVER.value, key=found.key)


def grant_extension(
    *, report: Report, actor: Account, until: date, reason: str, now: datetime, today: date | None = None
) -> Extension:
    """Let one museum submit until a later day, for the first time or after a return.

    Raises NotYours, WrongState, Incomplete (also for a day that is no later than the one there is).
    """
    with transaction.atomic():
        locked = lock(report, actor, now=now, today=today)
        locked.require(Operation.EXTEND)
        wanted = required(reason, "延期的理由")
        _check_later(locked, until)
        extension = Extension.objects.create(
            report=locked.report, until=until, reason=wanted, by=actor.username, at=locked.moment
        )
        if locked.standing.facts.past.returned:
            Report.objects.filter(pk=report.pk).update(window_until=until)
        locked.note(Operation.EXTEND.value, until=until.isoformat(), reason=wanted)
    return extension


def _check_later(locked: Locked, until: date) -> None:
    facts = locked.standing.facts
    if until < facts.today:
        raise Incomplete(f"延期后的截止日期不能早于今天（{day(facts.today)}）。")
    before = facts.window_until if facts.past.returned else facts.deadline
    if before is not None and until <= before:
        raise Incomplete(f"现在的截止日期是 {day(before)}，延期后的日期应晚于这一天。")


def record_overdue(*, report: Report, actor: Account, reason: str, now: datetime, today: date | None = None) -> Report:
    """Put on record, with the reason, that a museum did not come: 逾期未报, or 未按期完成 after a return.

    Raises NotYours, WrongState, Incomplete.
    """
    with transaction.atomic():
        locked = lock(report, actor, now=now, today=today)
        locked.require(Operation.RECORD_OVERDUE)
        if locked.standing.facts.past.returned:
            return perform(
                report=report, actor=actor, action=Action.RECORD_UNFINISHED, now=now, reason=reason, today=today
            )
        wanted = required(reason, "逾期未报的原因")
        locked.report.overdue_reason = wanted
        Report.objects.filter(pk=report.pk).update(overdue_reason=wanted)
        locked.note(Operation.RECORD_OVERDUE.value, reason=wanted)
    return locked.report
