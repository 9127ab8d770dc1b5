"""The report's history: one record in its own stream for whatever happens to it."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from guanshu.portal import audit, clock
from guanshu.portal.models import AuditRecord, Report, Role
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.calendar import day_of
from guanshu.survey.workflow.states import State

_SHANGHAI = ZoneInfo("Asia/Shanghai")


def stream_of(report: Report) -> str:
    """Return the name of the stream in which a report's history is kept."""
    return f"report:{report.number}"


def entry(report: Report, *, actor: str, role: str, action: str, **details: Any) -> audit.Entry:
    """Return one event of a report's history, for whoever notes something of many reports (audit.record_each)."""
    return audit.Entry(stream_of(report), actor, action, report.number, {"role": role, **details})


def note(report: Report, *, actor: str, role: str, action: str, now: datetime, **details: Any) -> AuditRecord:
    """Append one event to the report's history; the caller holds the report's row. No personal data in `details`."""
    return audit.record(
        stream=stream_of(report),
        actor=actor,
        action=action,
        object=report.number,
        details={"role": role, **details},
        now=now,
    )


def note_begin(report: Report, actor: str, now: datetime) -> None:
    """Note that the first value was saved; the caller has written the new state."""
    report.state_since = business_moment(now, clock.today(now))
    Report.objects.filter(pk=report.pk).update(state_since=report.state_since)
    step = {"from": State.NOT_STARTED.value, "to": State.FILLING.value, "version": report.version}
    note(report, actor=actor, role=Role.FILLER.value, action=Action.BEGIN.value, now=now, **step)


def business_moment(now: datetime, today: date) -> datetime:
    """Return the moment as the business calendar has it: this time of the day, on the business day.

    The audit trail keeps real time; deadlines, windows and ageing are counted from this one.
    """
    if day_of(now) == today:
        return now
    local = now.astimezone(_SHANGHAI)
    return datetime.combine(today, time(local.hour, local.minute, local.second), tzinfo=_SHANGHAI)
